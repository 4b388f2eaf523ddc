import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { lineStream } from './line-stream.ts';

/** Takes nothing until it is let, then all. */
function reader() {
  const taken: string[] = [];
  let waiting: (() => void) | null = null;
  let isOpen = false;
  const sink = new Writable({
    highWaterMark: 16,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      const take = (): void => {
        if (chunk !== '') taken.push(chunk.trimEnd());
        done();
      };
      if (isOpen) take();
      else waiting = take;
    },
  });
  const read = (): void => {
    isOpen = true;
    waiting?.();
  };
  return { sink, taken, read };
}

const limits = { heldBytes: 100, endMs: 20 };
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}`);

it('keeps lines for a late reader up to its bound, and counts the rest', async () => {
  const { sink, taken, read } = reader();
  const stream = lineStream(sink, (count) => `${count} left out`, limits);
  for (const line of lines(10, 40)) stream.write(line);
  expect(sink.writableLength).toBeLessThanOrEqual(limits.heldBytes + 8);
  read();
  await new Promise((resolve) => setImmediate(resolve));
  stream.write('line 40');
  await stream.end();
  const kept = taken.length - 2;
  expect(taken).toEqual([...lines(10, 10 + kept), `${30 - kept} left out`, 'line 40']);
  expect(kept).toBeGreaterThan(5);
});

it('ends though nobody reads', async () => {
  const { sink } = reader();
  const stream = lineStream(sink, String, limits);
  for (const line of lines(10, 40)) stream.write(line);
  await stream.end();
  expect(sink.destroyed).toBe(true);
});

it('writes all that is held before it ends', async () => {
  const { sink, taken, read } = reader();
  const stream = lineStream(sink, String, { ...limits, endMs: 5000 });
  for (const line of lines(10, 15)) stream.write(line);
  setImmediate(read);
  await stream.end();
  expect(taken).toEqual(lines(10, 15));
});

it('goes on when the reader has closed its end', async () => {
  const { sink } = reader();
  const stream = lineStream(sink, String, limits);
  sink.destroy(new Error('EPIPE'));
  await new Promise((resolve) => setImmediate(resolve));
  stream.write('line');
  await stream.end();
  expect(sink.writableLength).toBe(0);
});
