import { describe, expect, it } from 'vitest';
import type { EncodedFilm } from './film.ts';
import { encodeMp4 } from './mp4.ts';
import { encodeWebm } from './webm.ts';

const film: EncodedFilm = {
  width: 320,
  height: 200,
  framesPerSecond: 12.5,
  frames: Array.from({ length: 70 }, (_, n) => ({
    bytes: Uint8Array.from({ length: 5 + (n % 7) * 60 }, () => n + 1),
    isKey: n % 30 === 0,
  })),
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const latin = (bytes: Uint8Array, at: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(at, end));

describe('encodeMp4', () => {
  const file = encodeMp4(film, Uint8Array.of(1, 2, 3, 4));
  /** Content of the first box with each name of the path (ISO/IEC 14496-12, 4.2). */
  const find = (path: string): { at: number; content: Uint8Array } => {
    let [at, end] = [0, file.length];
    for (const [name, skip = '0'] of path.split('/').map((part) => part.split('+'))) {
      while (latin(file, at + 4, at + 8) !== name) {
        const size = view(file).getUint32(at);
        if (size < 8 || at + size >= end) throw new Error(`no ${name} in ${path}`);
        at += size;
      }
      end = at + view(file).getUint32(at);
      at += 8 + Number(skip);
    }
    return { at, content: file.subarray(at, end) };
  };
  const numbers = (path: string): number[] => {
    const { content } = find(path);
    return Array.from({ length: content.length >> 2 }, (_, n) => view(content).getUint32(n * 4));
  };
  const table = 'moov/trak/mdia/minf/stbl';

  it('is made of boxes that fill it exactly, the index before the pictures', () => {
    const names: string[] = [];
    let at = 0;
    for (; at < file.length; at += view(file).getUint32(at)) names.push(latin(file, at + 4, at + 8));
    expect(at).toBe(file.length);
    expect(names).toEqual(['ftyp', 'moov', 'mdat']);
  });

  it('says how long and how large it is', () => {
    const [, , , perSecond, duration] = numbers('moov/mvhd');
    expect(duration! / perSecond!).toBeCloseTo(70 / 12.5, 9);
    const track = numbers('moov/trak/tkhd');
    expect(track.slice(-2)).toEqual([320 << 16, 200 << 16]);
    expect(numbers(`${table}/stts`)).toEqual([0, 1, 70, 1000]);
    const entry = find(`${table}/stsd+8/avc1`).content;
    expect([view(entry).getUint16(24), view(entry).getUint16(26)]).toEqual([320, 200]);
    expect([...find(`${table}/stsd+8/avc1+78/avcC`).content]).toEqual([1, 2, 3, 4]);
  });

  it('finds every picture, and those that stand alone', () => {
    expect(numbers(`${table}/stss`)).toEqual([0, 3, 1, 31, 61]);
    const [, , count, ...sizes] = numbers(`${table}/stsz`);
    expect(count).toBe(70);
    let at = numbers(`${table}/stco`)[2]!;
    expect(at).toBe(find('mdat').at);
    for (const [n, size] of sizes.entries()) {
      expect([...file.subarray(at, at + size)]).toEqual([...film.frames[n]!.bytes]);
      at += size;
    }
    expect(at).toBe(file.length);
  });
});

interface Element {
  readonly id: number;
  /** Where the element begins. */
  readonly at: number;
  readonly content: Uint8Array;
}

/** Elements one after another (EBML, RFC 8794): an id, a size, content. */
function elementsOf(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const idLength = Math.clz32(bytes[at]!) - 23;
    let id = 0;
    for (let n = 0; n < idLength; n++) id = id * 256 + bytes[at + n]!;
    at += idLength;
    const sizeLength = Math.clz32(bytes[at]!) - 23;
    let size = bytes[at]! & (0xff >> sizeLength);
    for (let n = 1; n < sizeLength; n++) size = size * 256 + bytes[at + n]!;
    at += sizeLength;
    expect(at + size).toBeLessThanOrEqual(bytes.length);
    found.push({ id, at: start, content: bytes.subarray(at, at + size) });
    at += size;
  }
  return found;
}

describe('encodeWebm', () => {
  const [head, segment] = elementsOf(encodeWebm(film, 'V_VP9'));
  const parts = elementsOf(segment!.content);
  const one = (elements: readonly Element[], id: number): Uint8Array =>
    elements.find((element) => element.id === id)!.content;
  const whole = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

  it('says what it is, how long and how large', () => {
    expect([head!.id, segment!.id]).toEqual([0x1a45dfa3, 0x18538067]);
    expect(latin(one(elementsOf(head!.content), 0x4282), 0, 4)).toBe('webm');
    const info = elementsOf(one(parts, 0x1549a966));
    expect(whole(one(info, 0x2ad7b1))).toBe(1_000_000);
    expect(view(one(info, 0x4489)).getFloat64(0)).toBeCloseTo(5600, 9);
    const track = elementsOf(one(elementsOf(one(parts, 0x1654ae6b)), 0xae));
    expect(latin(one(track, 0x86), 0, 5)).toBe('V_VP9');
    const video = elementsOf(one(track, 0xe0));
    expect([whole(one(video, 0xb0)), whole(one(video, 0xba))]).toEqual([320, 200]);
  });

  it('has the pictures in their order, each at its time, and cues where one stands alone', () => {
    const clusters = parts.filter(({ id }) => id === 0x1f43b675);
    let n = 0;
    for (const { content } of clusters) {
      const inside = elementsOf(content);
      const startMs = whole(one(inside, 0xe7));
      for (const { content: block } of inside.filter(({ id }) => id === 0xa3)) {
        expect(block[0]).toBe(0x81);
        expect(startMs + view(block).getInt16(1)).toBe(n * 80);
        expect(block[3] === 0x80).toBe(film.frames[n]!.isKey);
        expect([...block.subarray(4)]).toEqual([...film.frames[n]!.bytes]);
        n++;
      }
    }
    expect(n).toBe(70);
    const cues = elementsOf(one(parts, 0x1c53bb6b)).map(({ content }) => elementsOf(content));
    expect(cues.map((cue) => whole(one(cue, 0xb3)))).toEqual([0, 2400, 4800]);
    const places = cues.map((cue) => whole(one(elementsOf(one(cue, 0xb7)), 0xf1)));
    expect(places).toEqual(clusters.map(({ at }) => at));
  });
});
