/** Multipart, whatever the split. The oracle is what was written, by the rules of RFC 2046 and not by our writer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoundary, type MultipartEvent, MultipartReader } from './multipart-reader.ts';
import { closeDelimiter, partHead } from './multipart-writer.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

interface Part {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Takes the text in pieces of the given lengths, the last over and over. */
function readIn(text: string, boundary: string, lengths: readonly number[], limits = {}): MultipartEvent[] {
  const reader = new MultipartReader(boundary, limits);
  const bytes = bytesOf(text);
  const events: MultipartEvent[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = Math.max(1, lengths[Math.min(n, lengths.length - 1)] ?? bytes.length);
    // Views are valid until the next bytes only: they are copied here, as a caller would write them away.
    for (const event of reader.take(bytes.slice(at, at + length)))
      events.push(event.kind === 'data' ? { kind: 'data', bytes: event.bytes.slice() } : event);
    at += length;
  }
  return [...events, ...reader.end()];
}

function partsOf(events: readonly MultipartEvent[]): Part[] {
  const parts: { headers: Record<string, string>; body: string }[] = [];
  for (const event of events) {
    if (event.kind === 'part') parts.push({ headers: Object.fromEntries(event.headers), body: '' });
    if (event.kind === 'data') parts.at(-1)!.body += textOf(event.bytes);
  }
  return parts;
}

const kinds = (events: readonly MultipartEvent[]) => events.map(({ kind }) => kind);
const reasonOf = (events: readonly MultipartEvent[]) =>
  events.flatMap((event) => (event.kind === 'invalid' ? [event.problem.params?.['reason']] : []));

describe('MultipartReader', () => {
  it('reads the example of RFC 2046 5.1.1: preamble, a part without headers, epilogue', () => {
    const text =
      'This is the preamble.\r\n--simple boundary\r\n\r\nThis is implicitly typed.\r\nIt does NOT end with a linebreak.' +
      '\r\n--simple boundary\r\nContent-type: text/plain; charset=us-ascii\r\n\r\nIt DOES end with a linebreak.\r\n' +
      '\r\n--simple boundary--\r\n\r\nThis is the epilogue.';
    expect(partsOf(readIn(text, 'simple boundary', [7]))).toEqual([
      { headers: {}, body: 'This is implicitly typed.\r\nIt does NOT end with a linebreak.' },
      {
        headers: { 'content-type': 'text/plain; charset=us-ascii' },
        body: 'It DOES end with a linebreak.\r\n',
      },
    ]);
  });

  it('gives the same parts for any content and any split', () => {
    // Bodies out of the letters of the delimiter: beginnings of it everywhere.
    const body = fc.array(fc.constantFrom('\r', '\n', '-', 'b', 'B', '\0', '\xff'), { maxLength: 60 });
    const boundary = 'bBb';
    fc.assert(
      fc.property(
        fc.array(
          body.map((letters) => letters.join('')).filter((text) => !`\r\n${text}`.includes('\r\n--bBb')),
          { maxLength: 5 },
        ),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('', ' ', ' \t '),
        (bodies, lengths, padding) => {
          const parts = bodies.map((text) => `--bBb${padding}\r\nA: b\r\n\r\n${text}\r\n`).join('');
          const events = readIn(`${parts}--bBb--`, boundary, lengths);
          expect(partsOf(events)).toEqual(bodies.map((text) => ({ headers: { a: 'b' }, body: text })));
          expect(kinds(events).filter((kind) => kind !== 'data')).toEqual([
            ...bodies.flatMap(() => ['part', 'partEnd']),
            'end',
          ]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('never throws, and ends in exactly one way, for any bytes in any split', () => {
    const piece = fc.constantFrom('--b', '--b--', '\r\n', '\n', ':', ' ', 'x', '-', '\r\n--b', '\r\n\r\n');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (text, lengths) => {
          const events = readIn(text, 'b', lengths);
          const ends = kinds(events).filter((kind) => kind === 'end' || kind === 'invalid');
          expect(ends).toHaveLength(1);
          expect(partsOf(events)).toEqual(partsOf(readIn(text, 'b', [text.length])));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('reads what our writer writes, also without parts', () => {
    const decoder = new TextDecoder();
    const head = (n: number): string =>
      decoder.decode(partHead('b', { 'Content-Type': 'application/dicom' }, n === 0));
    const text = `${head(0)}one${head(1)}${decoder.decode(closeDelimiter('b'))}`;
    expect(partsOf(readIn(text, 'b', [4]))).toEqual([
      { headers: { 'content-type': 'application/dicom' }, body: 'one' },
      { headers: { 'content-type': 'application/dicom' }, body: '' },
    ]);
    expect(kinds(readIn(decoder.decode(closeDelimiter('b', true)), 'b', [1]))).toEqual(['end']);
  });

  it('takes folded headers as one and keeps the first of a name', () => {
    const text = '--b\r\nContent-Type: application/dicom;\r\n  a=b\r\nX: 1\r\nX: 2\r\n\r\n.\r\n--b--';
    expect(partsOf(readIn(text, 'b', [3]))[0]?.headers).toEqual({
      'content-type': 'application/dicom; a=b',
      x: '1',
    });
  });

  it('tells a body that breaks off, in every place', () => {
    const whole = 'pre\r\n--b\r\nA: b\r\n\r\nbody\r\n--b--';
    for (let length = 0; length < whole.length; length++)
      expect(reasonOf(readIn(whole.slice(0, length), 'b', [3]))).toEqual(['multipart truncated']);
    expect(reasonOf(readIn(whole, 'b', [3]))).toEqual([]);
  });

  it('holds no more than its limits', () => {
    const long = 'x'.repeat(200);
    const limits = { preambleBytes: 100, headerBytes: 100, parts: 2 };
    expect(reasonOf(readIn(`${long}\r\n--b`, 'b', [8], limits))).toEqual(['multipart preamble']);
    expect(reasonOf(readIn(`--b\r\nA: ${long}`, 'b', [8], limits))).toEqual(['multipart headers']);
    const many = '--b\r\n\r\n.\r\n'.repeat(3);
    expect(reasonOf(readIn(many, 'b', [8], limits))).toEqual(['multipart parts']);
  });

  it('knows what a boundary may be', () => {
    expect(isBoundary('a b')).toBe(true);
    expect(isBoundary("0'()+_,-./:=?")).toBe(true);
    for (const wrong of ['', 'ends with ', 'line\r\n', 'x'.repeat(71), 'ü'])
      expect(isBoundary(wrong)).toBe(false);
  });
});
