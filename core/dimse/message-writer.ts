/** From messages to presentation data values that fit the peer's PDUs (PS3.7 6.3, PS3.8 annex E). */
import { encodeCommand } from './command-set.ts';
import type { Command, PdvPiece } from './types.ts';

/** Length field, context id and control header of a PDV count as part of the PDU's body (PS3.8 9.3.5). */
const pdvHeaderBytes = 6;
/** Used with peers that set no limit, and with those that allow more. */
const largestPduBytes = 256 * 1024;

/** Bytes of one fragment for a peer's maximum length (0 = no limit); even, as fragments of data sets are. */
export function fragmentBytes(maxPduBytes: number): number {
  const pdu = maxPduBytes === 0 ? largestPduBytes : Math.min(maxPduBytes, largestPduBytes);
  return Math.max(2, (pdu - pdvHeaderBytes) & ~1);
}

/**
 * Cuts a message into fragments while its data set comes in pieces: `command`, `data` as often as there are bytes,
 * `end` when the command has a data set. Every returned piece is one whole PDV. Fragments are views of what was given
 * wherever it lies in one piece; only what crosses two pieces is copied, so that given bytes may be reused after
 * the returned pieces are sent.
 */
export class MessageSplitter {
  readonly fragmentBytes: number;
  readonly #contextId: number;
  /** What is held back, because a last fragment must be known as such; at most one fragment. */
  #held: Uint8Array;
  #heldBytes = 0;

  constructor(contextId: number, maxPduBytes: number) {
    this.#contextId = contextId;
    this.fragmentBytes = fragmentBytes(maxPduBytes);
    this.#held = new Uint8Array(0);
  }

  command(command: Command): PdvPiece[] {
    const bytes = encodeCommand(command);
    const pieces: PdvPiece[] = [];
    for (let at = 0; at < bytes.length; at += this.fragmentBytes) {
      const end = Math.min(bytes.length, at + this.fragmentBytes);
      pieces.push(this.#piece(true, end === bytes.length, bytes.subarray(at, end)));
    }
    return pieces;
  }

  data(bytes: Uint8Array): PdvPiece[] {
    const pieces: PdvPiece[] = [];
    let at = 0;
    if (this.#heldBytes > 0) {
      at = Math.min(bytes.length, this.fragmentBytes - this.#heldBytes);
      this.#hold(bytes.subarray(0, at));
      if (at === bytes.length) return pieces;
      pieces.push(this.#piece(false, false, this.#held.subarray(0, this.#heldBytes)));
      this.#held = new Uint8Array(0);
      this.#heldBytes = 0;
    }
    for (; bytes.length - at > this.fragmentBytes; at += this.fragmentBytes) {
      pieces.push(this.#piece(false, false, bytes.subarray(at, at + this.fragmentBytes)));
    }
    this.#hold(bytes.subarray(at));
    return pieces;
  }

  /** The last fragment; empty only when no byte was given. */
  end(): PdvPiece[] {
    const last = this.#piece(false, true, this.#held.subarray(0, this.#heldBytes));
    this.#held = new Uint8Array(0);
    this.#heldBytes = 0;
    return [last];
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#heldBytes + bytes.length > this.#held.length) {
      const room = new Uint8Array(this.#heldBytes === 0 ? bytes.length : this.fragmentBytes);
      room.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = room;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes += bytes.length;
  }

  #piece(isCommand: boolean, isLast: boolean, bytes: Uint8Array): PdvPiece {
    return { contextId: this.#contextId, isCommand, isLast, bytes };
  }
}

/**
 * A whole message as PDVs. `dataset`: null when `command.hasDataset` is false, else its bytes in any number of
 * pieces. `maxPduBytes`: what the peer said that it can receive; 0 = no limit.
 */
export function splitMessage(
  contextId: number,
  command: Command,
  dataset: readonly Uint8Array[] | null,
  maxPduBytes: number,
): PdvPiece[] {
  if (command.hasDataset !== (dataset !== null)) throw new Error('hasDataset must tell whether there is one');
  const splitter = new MessageSplitter(contextId, maxPduBytes);
  const pieces = splitter.command(command);
  if (dataset === null) return pieces;
  for (const bytes of dataset) pieces.push(...splitter.data(bytes));
  pieces.push(...splitter.end());
  return pieces;
}
