import { describe, expect, it } from 'vitest';
import { encodeAvi } from './avi.ts';

interface Chunk {
  readonly name: string;
  readonly at: number;
  readonly content: Uint8Array;
  readonly kind: string;
}

const word = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const number = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

/** Chunks one after another, as Microsoft's AVI RIFF reference has them: name, size, content, even. */
function chunksOf(bytes: Uint8Array, start = 0): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = start; at < bytes.length; ) {
    const size = number(bytes, at + 4);
    expect(at + 8 + size).toBeLessThanOrEqual(bytes.length);
    const content = bytes.subarray(at + 8, at + 8 + size);
    const name = word(bytes, at);
    chunks.push({ name, at, content, kind: name === 'LIST' || name === 'RIFF' ? word(content, 0) : '' });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

describe('encodeAvi', () => {
  const frames = [3, 8, 5].map((length, n) => new Uint8Array(length).fill(n + 1));
  const file = encodeAvi({ width: 320, height: 200, framesPerSecond: 12.5, frames })!;
  const [riff] = chunksOf(file);
  const [hdrl, movi, idx1] = chunksOf(riff!.content, 4);

  it('is one RIFF of header, pictures and index', () => {
    expect([riff!.kind, hdrl!.kind, movi!.kind, idx1!.name]).toEqual(['AVI ', 'hdrl', 'movi', 'idx1']);
    expect(file.length).toBe(riff!.content.length + 8);
  });

  it('says size, speed and codec', () => {
    const [avih, strl] = chunksOf(hdrl!.content, 4);
    expect(avih!.content.length).toBe(56);
    expect([0, 16, 24, 32, 36].map((at) => number(avih!.content, at))).toEqual([80_000, 3, 1, 320, 200]);
    const [strh, strf] = chunksOf(strl!.content, 4);
    expect(strh!.content.length).toBe(56);
    expect(word(strh!.content, 0) + word(strh!.content, 4)).toBe('vidsMJPG');
    expect(number(strh!.content, 24) / number(strh!.content, 20)).toBe(12.5);
    expect(number(strh!.content, 32)).toBe(3);
    expect(strf!.content.length).toBe(40);
    expect([4, 8].map((at) => number(strf!.content, at))).toEqual([320, 200]);
    expect(word(strf!.content, 16)).toBe('MJPG');
  });

  it('finds every picture by its index', () => {
    const list = chunksOf(movi!.content, 4);
    expect(list.map(({ content }) => [...content])).toEqual(frames.map((frame) => [...frame]));
    for (const [n, { at, content }] of list.entries()) {
      expect(word(idx1!.content, n * 16)).toBe('00dc');
      expect(number(idx1!.content, n * 16 + 8)).toBe(at);
      expect(number(idx1!.content, n * 16 + 12)).toBe(content.length);
    }
  });
});
