/**
 * Cuts a byte stream into protocol data units (PS3.8 section 9.3.1), however the transport splits it.
 *
 * Theory of operation. The header of a PDU (6 bytes) and of a PDV (6 bytes) is gathered in a small buffer. A control
 * PDU is held until it is whole, in memory that grows with what has come, never with what was promised. The values in a
 * P-DATA-TF are given on as views of the input as it comes: nothing is copied, and the cost is per piece, not per byte.
 * The first fault ends the reading: whatever follows cannot be trusted to start where a PDU starts.
 */
import { type Problem, problem } from '../base/problem.ts';
import type { PduFault } from './pdu-decode.ts';
import { readU32 } from './pdu-items.ts';
import {
  associateFixedBytes,
  pduHeaderBytes,
  pduNames,
  pduType,
  pdvHeaderBytes,
  shortBodyBytes,
} from './pdu-types.ts';
import { abortReasons } from './reason-codes.ts';
import type { PdvPiece, UpperLayerLimits } from './types.ts';

/** What the framer finds, in order. */
export interface FramerSink {
  /** A whole PDU other than P-DATA-TF; `body` is valid during the call only. */
  control(type: number, body: Uint8Array): void;
  /** A P-DATA-TF PDU begins. */
  dataStart(): void;
  piece(piece: PdvPiece): void;
  /** Called once; nothing follows. */
  fault(fault: PduFault): void;
}

const phases = { header: 0, control: 1, pdvHeader: 2, value: 3, dead: 4 } as const;
type Phase = (typeof phases)[keyof typeof phases];

const firstBodyBytes = 512;
const empty = new Uint8Array(0);

export class PduFramer {
  readonly #limits: UpperLayerLimits;
  readonly #sink: FramerSink;
  readonly #header = new Uint8Array(pduHeaderBytes);
  #headerSize = 0;
  #phase: Phase = phases.header;
  #type = 0;
  /** Bytes of the current PDU that are still to come. */
  #left = 0;
  #body = empty;
  #bodySize = 0;
  #contextId = 0;
  #isCommand = false;
  #isLast = false;
  /** Bytes of the current value that are still to come. */
  #valueLeft = 0;

  constructor(limits: UpperLayerLimits, sink: FramerSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Memory held between inputs. */
  get heldBytes(): number {
    return this.#header.length + this.#body.length;
  }

  /** True between PDUs: a stream that ends elsewhere was cut off. */
  get isAtBoundary(): boolean {
    return this.#phase === phases.header && this.#headerSize === 0;
  }

  /** Reads no more: for an association that has ended. */
  stop(): void {
    this.#phase = phases.dead;
    this.#body = empty;
  }

  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#phase) {
        case phases.header:
          at = this.#takeHeader(bytes, at);
          break;
        case phases.control:
          at = this.#takeControl(bytes, at);
          break;
        case phases.pdvHeader:
          at = this.#takePdvHeader(bytes, at);
          break;
        case phases.value:
          at = this.#takeValue(bytes, at);
          break;
        default:
          return;
      }
    }
  }

  /** Fills the header buffer; gives the next offset. */
  #gather(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#header.length - this.#headerSize, bytes.length - at);
    for (let i = 0; i < count; i++) this.#header[this.#headerSize + i] = bytes[at + i]!;
    this.#headerSize += count;
    return at + count;
  }

  #takeHeader(bytes: Uint8Array, at: number): number {
    // The first byte tells other protocols from DICOM; none of them waits for five more (N1, N3).
    if (this.#headerSize === 0 && pduNames[bytes[at]!] === undefined) {
      this.#fail(problem('PDU_UNKNOWN', { type: hex(bytes[at]!) }), abortReasons.unrecognizedPdu);
      return bytes.length;
    }
    const next = this.#gather(bytes, at);
    if (this.#headerSize === this.#header.length) {
      this.#headerSize = 0;
      this.#begin(this.#header[0]!, readU32(this.#header, 2));
    }
    return next;
  }

  #begin(type: number, length: number): void {
    this.#type = type;
    this.#left = length;
    const { maxPduBytes, maxRequestBytes } = this.#limits;
    const isData = type === pduType.data;
    if (length > (isData ? maxPduBytes : maxRequestBytes)) {
      this.#fail(problem('PDU_TOO_LARGE'), abortReasons.invalidParameter);
    } else if (length < leastBytes(type) || (isShort(type) && length > shortBodyBytes)) {
      this.#invalid('length');
    } else {
      this.#phase = isData ? phases.pdvHeader : phases.control;
      if (isData) this.#sink.dataStart();
    }
  }

  #takeControl(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#left - this.#bodySize, bytes.length - at);
    if (count === this.#left) {
      this.#finishControl(bytes.subarray(at, at + count));
    } else {
      this.#hold(bytes, at, count);
      if (this.#bodySize === this.#left) this.#finishControl(this.#body.subarray(0, this.#bodySize));
    }
    return at + count;
  }

  #hold(bytes: Uint8Array, at: number, count: number): void {
    const size = this.#bodySize + count;
    if (size > this.#body.length) {
      const grown = new Uint8Array(Math.min(this.#left, Math.max(size, 2 * this.#bodySize, firstBodyBytes)));
      grown.set(this.#body.subarray(0, this.#bodySize));
      this.#body = grown;
    }
    this.#body.set(bytes.subarray(at, at + count), this.#bodySize);
    this.#bodySize = size;
  }

  #finishControl(body: Uint8Array): void {
    this.#phase = phases.header;
    this.#body = empty;
    this.#bodySize = 0;
    this.#sink.control(this.#type, body);
  }

  #takePdvHeader(bytes: Uint8Array, at: number): number {
    const next = this.#gather(bytes, at);
    if (this.#headerSize === this.#header.length) {
      this.#headerSize = 0;
      this.#beginValue(readU32(this.#header, 0));
    }
    return next;
  }

  #beginValue(length: number): void {
    const left = this.#left - 4;
    const contextId = this.#header[4]!;
    // Context id and control header belong to the length, so that 0 and 1 cannot be (N12).
    if (length < 2 || length > left) {
      this.#invalid('presentation-data-value-length');
    } else if (contextId % 2 === 0) {
      this.#invalid('presentation-context-id');
    } else {
      this.#contextId = contextId;
      this.#isCommand = (this.#header[5]! & 1) === 1;
      this.#isLast = (this.#header[5]! & 2) === 2;
      this.#left = left - 2;
      this.#valueLeft = length - 2;
      this.#phase = phases.value;
      // An empty fragment is legal, and may be the last.
      if (this.#valueLeft === 0) this.#takeValue(empty, 0);
    }
  }

  #takeValue(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#valueLeft, bytes.length - at);
    this.#valueLeft -= count;
    this.#left -= count;
    const isWhole = at === 0 && count === bytes.length;
    this.#give(isWhole ? bytes : bytes.subarray(at, at + count), this.#isLast && this.#valueLeft === 0);
    if (this.#valueLeft === 0) this.#endValue();
    return at + count;
  }

  #give(bytes: Uint8Array, isLast: boolean): void {
    this.#sink.piece({ contextId: this.#contextId, isCommand: this.#isCommand, isLast, bytes });
  }

  #endValue(): void {
    if (this.#phase === phases.dead) return;
    if (this.#left === 0) this.#phase = phases.header;
    else if (this.#left < pdvHeaderBytes) this.#invalid('presentation-data-value-length');
    else this.#phase = phases.pdvHeader;
  }

  #invalid(part: string): void {
    this.#fail(
      problem('PDU_INVALID', { where: `${pduNames[this.#type]} ${part}` }),
      abortReasons.invalidParameter,
    );
  }

  #fail(why: Problem, abortReason: number): void {
    this.stop();
    this.#sink.fault({ problem: why, abortReason });
  }
}

const isShort = (type: number): boolean => type > pduType.data || type === pduType.associateRj;

/** Shortest body that a PDU of the type can have. */
function leastBytes(type: number): number {
  if (type === pduType.data) return pdvHeaderBytes;
  return isShort(type) ? shortBodyBytes : associateFixedBytes;
}

const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
