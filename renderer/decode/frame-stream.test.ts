import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { countOfFault } from '../../core/contract/frame-faults.ts';
import { streamedFrames } from './frame-stream.ts';
import { SpareBuffers } from './spare-buffers.ts';

interface Plain {
  readonly frame: number;
  readonly fragments: readonly number[][];
}

function encode(frames: readonly Plain[]): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  const u32 = (v: number) => out.push(v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >>> 24) & 255);
  for (const { frame, fragments } of frames) {
    u32(frame);
    u32(fragments.length);
    for (const f of fragments) u32(f.length);
    for (const f of fragments) out.push(...f);
  }
  return Uint8Array.from(out);
}

/** A body that comes in pieces of these lengths, over and over. */
function bodyOf(bytes: Uint8Array<ArrayBuffer>, pieces: readonly number[]) {
  let at = 0;
  let n = 0;
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      if (at === bytes.length) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const to = Math.min(bytes.length, at + pieces[n++ % pieces.length]!);
      controller.enqueue(bytes.slice(at, to));
      at = to;
    },
  });
}

/** Each buffer is written over when its frame has been looked at, as it is in a worker. */
async function decode(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizes: readonly number[] = [],
): Promise<Plain[]> {
  const buffers = new SpareBuffers(2);
  const found: Plain[] = [];
  for await (const { frame, fragments, buffer } of streamedFrames(body, sizes, buffers)) {
    found.push({ frame, fragments: fragments.map((f) => [...f]) });
    new Uint8Array(buffer).fill(0xee);
    buffers.give(buffer);
  }
  return found;
}

const byte = fc.integer({ min: 0, max: 255 });
const frame = fc.record({
  frame: fc.nat(9999),
  fragments: fc.array(fc.array(byte, { maxLength: 9 }), { maxLength: 4 }),
});
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('the framed stream', () => {
  test('gives frames as they went in, however they come and whatever sizes were expected', async () => {
    const sizes = fc.array(fc.nat(30), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 5 }),
        pieces,
        sizes,
        async (frames, lengths, expected) => {
          expect(await decode(bodyOf(encode(frames), lengths), expected)).toEqual(frames);
        },
      ),
    );
  });

  test('gives those that are whole when it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        pieces,
        async (frames, cut, lengths) => {
          const bytes = encode(frames);
          const rest = await decode(bodyOf(bytes.slice(0, Math.max(0, bytes.length - cut)), lengths));
          expect(rest).toEqual(frames.slice(0, rest.length));
          expect(rest.length).toBeLessThan(frames.length);
        },
      ),
    );
  });

  test('ends at an absurd count or length', async () => {
    const first = { frame: 7, fragments: [[1, 2, 3]] };
    for (const junk of [
      [0, 0, 0, 0, 255, 255, 255, 254],
      [0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 1],
    ]) {
      const bytes = Uint8Array.from([...encode([first]), ...junk]);
      expect(await decode(bodyOf(bytes, [5]))).toEqual([first]);
    }
  });

  test('says why a frame has no bytes where the host cannot read its file', async () => {
    const first = { frame: 7, fragments: [[1, 2, 3]] };
    const count = new Uint8Array(Uint32Array.of(9, countOfFault(problem('FILE_MISSING'))).buffer);
    const bytes = Uint8Array.from([...count, ...encode([first])]);
    const found: unknown[] = [];
    for await (const { frame: n, fault } of streamedFrames(bodyOf(bytes, [5]), [], new SpareBuffers(1)))
      found.push([n, fault?.code]);
    expect(found).toEqual([
      [9, 'FILE_MISSING'],
      [7, undefined],
    ]);
  });

  test('throws what breaks the connection, after the frames before it', async () => {
    const bytes = encode([{ frame: 1, fragments: [[1, 2]] }]);
    let isSent = false;
    const body = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (isSent) controller.error(new TypeError('network'));
        else controller.enqueue(bytes);
        isSent = true;
      },
    });
    const found: number[] = [];
    const read = async (): Promise<void> => {
      for await (const { frame: n } of streamedFrames(body, [2, 2], new SpareBuffers(1))) found.push(n);
    };
    await expect(read()).rejects.toThrow('network');
    expect(found).toEqual([1]);
  });

  test('is given up by who stops reading', async () => {
    let isCancelled = false;
    const bytes = encode([{ frame: 1, fragments: [[1, 2]] }]);
    const body = new ReadableStream({
      type: 'bytes',
      pull: (controller) => controller.enqueue(bytes.slice()),
      cancel() {
        isCancelled = true;
      },
    });
    for await (const { frame: n } of streamedFrames(body, [2], new SpareBuffers(1))) {
      expect(n).toBe(1);
      break;
    }
    await expect.poll(() => isCancelled).toBe(true);
  });
});

test('buffers are used again where they are large enough, and few are kept', () => {
  const buffers = new SpareBuffers(1);
  const large = buffers.take(100_000);
  expect(large.byteLength).toBe(131_072);
  buffers.give(large);
  buffers.give(new ArrayBuffer(10));
  expect(buffers.take(5)).toBe(large);
  buffers.give(large);
  expect(buffers.take(200_000)).not.toBe(large);
  expect(buffers.take(5)).not.toBe(large);
});
