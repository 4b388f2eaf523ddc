import { expect, test } from 'vitest';
import { FrameBuffers } from './frame-buffers.ts';

const kib = 1024;

test('a buffer of the same size comes back once, others are made', () => {
  const buffers = new FrameBuffers(1024 * kib);
  const given = new ArrayBuffer(128 * kib);
  buffers.give(given);
  const other = buffers.take(256 * kib);
  expect(other.byteLength).toBe(256 * kib);
  expect(buffers.take(128 * kib)).toBe(given);
  expect(buffers.take(128 * kib)).not.toBe(given);
});

test('no more is held than the cap; the oldest goes first, small and too large ones are never kept', () => {
  const buffers = new FrameBuffers(256 * kib);
  const [a, b, c] = [128, 128, 128].map((size) => new ArrayBuffer(size * kib));
  for (const buffer of [a!, b!, c!]) buffers.give(buffer);
  expect([buffers.take(128 * kib), buffers.take(128 * kib)]).toEqual([c, b]);
  expect(buffers.take(128 * kib)).not.toBe(a);
  for (const size of [8, 512]) {
    const odd = new ArrayBuffer(size * kib);
    buffers.give(odd);
    expect(buffers.take(size * kib)).not.toBe(odd);
  }
});
