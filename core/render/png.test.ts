import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng, storedZlib } from './png.ts';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Reads chunks with Node's own CRC as the oracle. */
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.subarray(0, 4).toString('latin1'), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

/** Undoes filter Sub. */
function pixels(png: Uint8Array, width: number, height: number, samples: number): number[] {
  const data = chunksOf(png).find((c) => c.type === 'IDAT')!.data;
  const raw = inflateSync(data);
  const out: number[] = [];
  for (let y = 0; y < height; y += 1) {
    const row = raw.subarray(y * (width * samples + 1), (y + 1) * (width * samples + 1));
    expect(row[0]).toBe(1);
    for (let i = 0; i < width * samples; i += 1) {
      const left = i >= samples ? out[out.length - samples]! : 0;
      out.push((row[i + 1]! + left) & 255);
    }
  }
  return out;
}

const picture = (width: number, height: number, alpha: number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: width * height * 4 }, (_, n) =>
    n % 4 === 3 ? alpha : (n * 37 + (n >> 5)) & 255,
  );

describe('PNG', () => {
  it('drops an opaque alpha and keeps every other', () => {
    for (const [width, height] of [
      [1, 1],
      [7, 3],
      [300, 90],
    ] as const) {
      const opaque = picture(width, height, 255);
      const rgb = [...opaque].filter((_, n) => n % 4 !== 3);
      expect(pixels(encodePng(opaque, width, height), width, height, 3)).toEqual(rgb);
      const clear = picture(width, height, 200);
      expect(pixels(encodePng(clear, width, height, { deflate: deflateSync }), width, height, 4)).toEqual([
        ...clear,
      ]);
    }
  });
  it('says its size, its kind and its pixel spacing', () => {
    const chunks = chunksOf(encodePng(picture(300, 90, 255), 300, 90, { spacingMm: 0.5 }));
    expect(chunks.map((c) => c.type)).toEqual(['IHDR', 'pHYs', 'IDAT', 'IEND']);
    expect([
      chunks[0]!.data.readUInt32BE(0),
      chunks[0]!.data.readUInt32BE(4),
      chunks[0]!.data[8],
      chunks[0]!.data[9],
    ]).toEqual([300, 90, 8, 2]);
    expect([chunks[1]!.data.readUInt32BE(0), chunks[1]!.data.readUInt32BE(4), chunks[1]!.data[8]]).toEqual([
      2000, 2000, 1,
    ]);
  });
  it('stores blocks of any length', () => {
    for (const length of [0, 1, 65535, 65536, 200_000]) {
      const bytes = Uint8Array.from({ length }, (_, n) => n * 31);
      expect(Buffer.compare(inflateSync(storedZlib(bytes)), Buffer.from(bytes))).toBe(0);
    }
  });
});
