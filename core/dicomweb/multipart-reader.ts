/**
 * Reads multipart/related as it streams in (RFC 2046 5.1, PS3.18 8.6.1.2). Sans IO: bytes in, events out, whatever the
 * split. Part bodies are never held: at most one possible delimiter and one part's headers are.
 */
import { type Problem, problem } from '../base/problem.ts';

export type MultipartEvent =
  /** Names in lower case. */
  | { readonly kind: 'part'; readonly headers: ReadonlyMap<string, string> }
  /** A view of what was taken, valid until the next `take`. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'partEnd' }
  /** The close delimiter: what follows is ignored. */
  | { readonly kind: 'end' }
  /** Nothing more comes after it. WEB_ANSWER_INVALID. */
  | { readonly kind: 'invalid'; readonly problem: Problem };

export interface MultipartLimits {
  /** What may stand before the first delimiter. */
  readonly preambleBytes: number;
  /** All headers of one part. */
  readonly headerBytes: number;
  readonly parts: number;
}

const usualLimits: MultipartLimits = { preambleBytes: 65_536, headerBytes: 16_384, parts: 4_000_000 };
/** White space that may follow a boundary on its line. */
const paddingBytes = 256;
const boundaryForm = /^[\x20-\x7e]{0,69}[\x21-\x7e]$/;
const [cr, lf, dash] = [0x0d, 0x0a, 0x2d];
const nothing = new Uint8Array(0);

/** RFC 2046: at most 70 printable characters, the last no space. Some senders go beyond its narrower alphabet. */
export const isBoundary = (text: string): boolean => boundaryForm.test(text);

type Place = 'preamble' | 'headers' | 'body' | 'epilogue' | 'failed';
/** What follows a delimiter: more bytes needed, another part, the end, or it was no delimiter. */
type After = { readonly kind: 'wait' | 'close' | 'none' } | { readonly kind: 'part'; readonly next: number };

export class MultipartReader {
  readonly #delimiter: Uint8Array;
  readonly #shifts: Uint8Array;
  readonly #limits: MultipartLimits;
  #place: Place = 'preamble';
  /** A line end is thought before the first byte: the first delimiter has none of its own. */
  #held: Uint8Array = Uint8Array.of(cr, lf);
  #preamble = 0;
  #parts = 0;

  /** @param boundary of the content type; `isBoundary` must hold. */
  constructor(boundary: string, limits: Partial<MultipartLimits> = {}) {
    if (!isBoundary(boundary)) throw new Error('No boundary');
    this.#delimiter = Uint8Array.from(`\r\n--${boundary}`, (letter) => letter.charCodeAt(0));
    this.#shifts = shiftsOf(this.#delimiter);
    this.#limits = { ...usualLimits, ...limits };
  }

  /** What the next bytes bring. */
  take(chunk: Uint8Array): MultipartEvent[] {
    const events: MultipartEvent[] = [];
    if (this.#place === 'epilogue' || this.#place === 'failed') return events;
    let bytes = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    this.#held = nothing;
    while (bytes.length > 0) {
      const rest = this.#place === 'headers' ? this.#headers(bytes, events) : this.#content(bytes, events);
      if (rest === undefined) break;
      bytes = rest;
    }
    return events;
  }

  /** The stream is over: an answer that breaks off is told. */
  end(): MultipartEvent[] {
    const isWhole = this.#place === 'epilogue' || this.#place === 'failed';
    return isWhole ? [] : [this.#failed('truncated')];
  }

  /** Headers up to their empty line; undefined = all of `bytes` is held or ignored. */
  #headers(bytes: Uint8Array, events: MultipartEvent[]): Uint8Array | undefined {
    const end = headersEnd(bytes);
    if (end > this.#limits.headerBytes || (end < 0 && bytes.length > this.#limits.headerBytes)) {
      events.push(this.#failed('headers'));
      return undefined;
    }
    if (end < 0) {
      this.#held = bytes.slice();
      return undefined;
    }
    events.push({ kind: 'part', headers: headersOf(bytes.subarray(0, end)) });
    this.#place = 'body';
    return bytes.subarray(end);
  }

  /** Preamble or body up to the next delimiter; undefined = all of `bytes` is used or held. */
  #content(bytes: Uint8Array, events: MultipartEvent[]): Uint8Array | undefined {
    const delimiter = this.#delimiter;
    for (let from = 0; ; ) {
      const at = find(bytes, delimiter, this.#shifts, from);
      if (at < 0) {
        const keep = partialLength(bytes, delimiter, from);
        this.#give(bytes.subarray(0, bytes.length - keep), events);
        if (this.#place !== 'failed') this.#held = bytes.slice(bytes.length - keep);
        return undefined;
      }
      const after = afterDelimiter(bytes, at + delimiter.length);
      if (after.kind === 'none') {
        from = at + 1;
        continue;
      }
      this.#give(bytes.subarray(0, at), events);
      if (this.#place === 'failed') return undefined;
      if (after.kind === 'wait') {
        this.#held = bytes.slice(at);
        return undefined;
      }
      return this.#delimited(after, bytes, events);
    }
  }

  #delimited(after: After, bytes: Uint8Array, events: MultipartEvent[]): Uint8Array | undefined {
    if (this.#place === 'body') events.push({ kind: 'partEnd' });
    if (after.kind !== 'part') {
      this.#place = 'epilogue';
      events.push({ kind: 'end' });
      return undefined;
    }
    this.#parts += 1;
    if (this.#parts > this.#limits.parts) {
      events.push(this.#failed('parts'));
      return undefined;
    }
    this.#place = 'headers';
    return bytes.subarray(after.next);
  }

  #give(bytes: Uint8Array, events: MultipartEvent[]): void {
    if (bytes.length === 0) return;
    if (this.#place === 'body') {
      events.push({ kind: 'data', bytes });
      return;
    }
    this.#preamble += bytes.length;
    if (this.#preamble > this.#limits.preambleBytes) events.push(this.#failed('preamble'));
  }

  #failed(reason: string): MultipartEvent {
    this.#place = 'failed';
    this.#held = nothing;
    return { kind: 'invalid', problem: problem('WEB_ANSWER_INVALID', { reason: `multipart ${reason}` }) };
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Horspool's table: how far the search may move on, by the byte under the pattern's last place. */
function shiftsOf(pattern: Uint8Array): Uint8Array {
  const shifts = new Uint8Array(256).fill(pattern.length);
  for (let i = 0; i + 1 < pattern.length; i++) shifts[pattern[i]!] = pattern.length - 1 - i;
  return shifts;
}

/** First place of `pattern` from `from` on, or −1. */
function find(bytes: Uint8Array, pattern: Uint8Array, shifts: Uint8Array, from: number): number {
  const last = pattern.length - 1;
  for (let at = from; at + last < bytes.length; at += shifts[bytes[at + last]!]!) {
    let i = last;
    while (i >= 0 && bytes[at + i] === pattern[i]) i--;
    if (i < 0) return at;
  }
  return -1;
}

/** How many bytes at the end may be the beginning of `pattern`. */
function partialLength(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  for (let length = Math.min(pattern.length - 1, bytes.length - from); length > 0; length--) {
    const start = bytes.length - length;
    let i = 0;
    while (i < length && bytes[start + i] === pattern[i]) i++;
    if (i === length) return length;
  }
  return 0;
}

function afterDelimiter(bytes: Uint8Array, start: number): After {
  let at = start;
  if (bytes[at] === dash) {
    if (at + 1 >= bytes.length) return { kind: 'wait' };
    return { kind: bytes[at + 1] === dash ? 'close' : 'none' };
  }
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  if (at - start > paddingBytes) return { kind: 'none' };
  if (at >= bytes.length || (bytes[at] === cr && at + 1 >= bytes.length)) return { kind: 'wait' };
  return bytes[at] === cr && bytes[at + 1] === lf ? { kind: 'part', next: at + 2 } : { kind: 'none' };
}

/** Where the body begins, or −1 while the empty line has not come. */
function headersEnd(bytes: Uint8Array): number {
  if (bytes[0] === cr && bytes[1] === lf) return 2;
  for (let at = bytes.indexOf(cr); at >= 0; at = bytes.indexOf(cr, at + 1)) {
    if (bytes[at + 1] === lf && bytes[at + 2] === cr && bytes[at + 3] === lf) return at + 4;
  }
  return -1;
}

/** A name given twice keeps its first value. */
function headersOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const text = String.fromCharCode(...bytes).replace(/\r\n[ \t]+/g, ' ');
  for (const line of text.split('\r\n')) {
    const mark = line.indexOf(':');
    const name = line.slice(0, Math.max(0, mark)).trim().toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(mark + 1).trim());
  }
  return headers;
}
