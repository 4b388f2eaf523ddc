import { describe, expect, it } from 'vitest';
import * as raw from '../../tests/fixtures/raw-dicom.ts';
import { bytesSource } from './byte-source.ts';
import { Flags } from './flags.ts';
import type { ItemValue } from './items.ts';
import {
  expandSegments,
  lookupTables,
  overlaysOf,
  paletteOf,
  regionsOf,
  shutterOf,
} from './picture-parts.ts';
import { scan } from './scan.ts';
import { VR, vrCode } from './vr.ts';

const value = (tag: number, vr: number, bytes: readonly number[], bigEndian = false): [number, ItemValue] => [
  tag,
  { tag, vr, bytes: Uint8Array.from(bytes), bigEndian },
];
const words = (...list: number[]): number[] => list.flatMap((word) => [word & 255, (word >> 8) & 255]);
const text = (s: string): number[] => [...s].map((c) => c.charCodeAt(0));

describe('lookup tables', () => {
  it('reads 16-bit, packed 8-bit and signed tables', () => {
    const flags = new Flags();
    const items = [
      new Map([
        value(0x00283002, VR.US, words(3, 0xfffe, 12)),
        value(0x00283006, VR.OW, words(0, 2048, 4095)),
      ]),
      new Map([value(0x00283002, VR.US, words(4, 0, 8)), value(0x00283006, VR.OB, [1, 2, 3, 4])]),
    ];
    const [signed, packed] = lookupTables(items, true, flags);
    expect(signed).toMatchObject({ firstMapped: -2, bits: 12 });
    expect([...(signed?.data ?? [])]).toEqual([0, 2048, 4095]);
    expect([...(packed?.data ?? [])]).toEqual([1, 2, 3, 4]);
    expect(lookupTables(items.slice(0, 1), false, flags)[0]?.firstMapped).toBe(65_534);
    const withSign = new Map([
      value(0x00283002, VR.SS, words(3, 0xfffe, 12)),
      value(0x00283006, VR.OW, words(0, 2048, 4095)),
    ]);
    expect(lookupTables([withSign], false, flags)[0]?.firstMapped).toBe(-2);
    expect(flags.list()).toEqual([]);
  });

  it('takes 0 entries for 65,536', () => {
    const flags = new Flags();
    const data = new Array(2 * 65_536).fill(1);
    const item = new Map([value(0x00283002, VR.US, words(0, 0, 16)), value(0x00283006, VR.OW, data)]);
    expect(lookupTables([item], false, flags)[0]?.data.length).toBe(65_536);
  });
});

describe('palettes', () => {
  // PS3.3 C.7.9.2.1's segments: discrete [1, 3], then linear to 11 over 4 entries.
  it('expands discrete, linear and indirect segments', () => {
    expect([...(expandSegments(Uint16Array.of(0, 2, 1, 3, 1, 4, 11), 6) ?? [])]).toEqual([1, 3, 5, 7, 9, 11]);
    // Indirect: repeat one segment from byte offset 0.
    expect([...(expandSegments(Uint16Array.of(0, 2, 1, 3, 2, 1, 0, 0), 4) ?? [])]).toEqual([1, 3, 1, 3]);
  });

  it('expands segments of bytes, which tables 8 bits deep have', () => {
    expect([...(expandSegments(Uint8Array.of(0, 2, 1, 3, 1, 4, 11, 0), 6) ?? [])]).toEqual([
      1, 3, 5, 7, 9, 11,
    ]);
    const jump = Uint8Array.of(0, 2, 1, 3, 0, 1, 7, 2, 2, 0, 0, 0, 0);
    expect([...(expandSegments(jump, 6) ?? [])]).toEqual([1, 3, 7, 1, 3, 7]);
  });

  it('reads a palette 8 bits deep in segments of bytes', () => {
    const descriptor = [...raw.u16(4), ...raw.u16(0), ...raw.u16(8)];
    const fields = [0, 2, 9, 30, 1, 2, 200, 0];
    const palette = [1, 2, 3].flatMap((n) => [
      raw.element(0x28, 0x1100 + n, 'US', descriptor),
      raw.element(0x28, 0x1220 + n, 'OW', fields),
    ]);
    const bytes = raw.file(raw.sliceWith(raw.element(0x28, 4, 'CS', 'PALETTE COLOR'), ...palette));
    const found = scan(bytesSource(bytes));
    expect(found.ok && [...(found.value.palette?.green.data ?? [])]).toEqual([9, 30, 115, 200]);
  });

  it('refuses segments that cannot be run', () => {
    expect(expandSegments(Uint16Array.of(1, 4, 11), 4)).toBeUndefined();
    expect(expandSegments(Uint16Array.of(2, 1, 0, 0), 4)).toBeUndefined();
    expect(expandSegments(Uint16Array.of(0, 9, 1), 9)).toBeUndefined();
    expect(expandSegments(Uint16Array.of(7, 1, 1), 1)).toBeUndefined();
  });

  it('needs all three channels', () => {
    const flags = new Flags();
    const red = [value(0x00281101, VR.US, words(2, 0, 16)), value(0x00281201, VR.OW, words(0, 65_535))];
    expect(paletteOf(new Map(red), false, flags)).toBeUndefined();
    expect(flags.has('LUT_INVALID')).toBe(true);
    expect(paletteOf(new Map(), false, new Flags())).toBeUndefined();
  });
});

describe('overlays', () => {
  const plane = (bits: number[], bigEndian = false) =>
    new Map([
      value(0x60000010, VR.US, bigEndian ? [0, 3] : words(3)),
      value(0x60000011, VR.US, bigEndian ? [0, 3] : words(3)),
      value(0x60000040, VR.CS, text('R ')),
      value(0x60000050, VR.SS, bigEndian ? [0, 2, 255, 255] : words(2, 0xffff)),
      value(0x60003000, VR.OW, bits, bigEndian),
    ]);

  it('unpacks bits least significant first', () => {
    const [overlay] = overlaysOf(plane([0b10101010, 0b1]), new Flags());
    expect([...(overlay?.data ?? [])]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 1]);
    expect(overlay).toMatchObject({
      rows: 3,
      columns: 3,
      type: 'R',
      origin: [2, -1],
      frames: 1,
      group: 0x6000,
    });
  });

  it('swaps words of big endian data', () => {
    const raw = new Map(
      [...plane([0b1, 0b10101010], true)].map(([tag, v]) => [tag, { ...v, bigEndian: true }]),
    );
    const [overlay] = overlaysOf(raw, new Flags());
    expect([...(overlay?.data ?? [])]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 1]);
  });

  it('leaves out planes shorter than they say, and planes that are nowhere', () => {
    const flags = new Flags();
    expect(overlaysOf(plane([1]), flags)).toEqual([]);
    expect(flags.has('VALUE_INVALID')).toBe(true);
    const bare = [...plane([])].filter(([tag]) => tag !== 0x60003000);
    expect(overlaysOf(new Map(bare), new Flags())).toEqual([]);
    const embedded = [...bare, value(0x60000100, VR.US, words(16)), value(0x60000102, VR.US, words(12))];
    expect(overlaysOf(new Map(embedded), new Flags())[0]).toMatchObject({ bitPosition: 12 });
  });

  it('tells of a plane without a size', () => {
    const flags = new Flags();
    const sizeless = [...plane([0, 0])].filter(([tag]) => tag !== 0x60000010);
    expect(overlaysOf(new Map(sizeless), flags)).toEqual([]);
    expect(flags.has('VALUE_INVALID')).toBe(true);
  });

  it('finds a plane in bit 0 below values that begin higher', () => {
    const us = (group: number, tag: number, number: number) => raw.element(group, tag, 'US', raw.u16(number));
    const embedded = [us(0x6000, 0x10, 2), us(0x6000, 0x11, 4), us(0x6000, 0x100, 16), us(0x6000, 0x102, 0)];
    const overlays = (high: number) => {
      const found = scan(bytesSource(raw.file(raw.sliceWith(us(0x28, 0x102, high), ...embedded))));
      return found.ok && found.value.overlays?.map(({ bitPosition }) => bitPosition);
    };
    expect(overlays(15)).toEqual([0]);
    expect(overlays(11)).toBeUndefined();
  });
});

describe('shutters and regions', () => {
  it('reads every shape that is named', () => {
    const raw = new Map([
      value(0x00181600, VR.CS, text('RECTANGULAR\\CIRCULAR\\POLYGONAL')),
      ...[10, 20, 30, 40].map((edge, i) => value(0x00181602 + 2 * i, vrCode('IS'), text(String(edge)))),
      value(0x00181610, vrCode('IS'), text('5\\6')),
      value(0x00181612, vrCode('IS'), text('7')),
      value(0x00181620, vrCode('IS'), text('1\\2\\3\\4\\5\\6')),
      value(0x00181622, VR.US, words(99)),
    ]);
    expect(shutterOf(raw)).toEqual({
      rectangle: { left: 10, right: 20, top: 30, bottom: 40 },
      circle: { row: 5, column: 6, radius: 7 },
      polygon: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      presentationValue: 99,
    });
    expect(shutterOf(new Map())).toBeUndefined();
  });

  it('reads ultrasound regions that have corners', () => {
    const double = (x: number): number[] => [...new Uint8Array(new Float64Array([x]).buffer)];
    const long = (x: number): number[] => [...words(x), 0, 0];
    const item = new Map([
      value(0x00186018, VR.UL, long(1)),
      value(0x0018601a, VR.UL, long(2)),
      value(0x0018601c, VR.UL, long(300)),
      value(0x0018601e, VR.UL, long(400)),
      value(0x00186024, VR.US, words(3)),
      value(0x0018602c, VR.FD, double(0.05)),
    ]);
    expect(regionsOf([item, new Map()])).toEqual([
      expect.objectContaining({ x0: 1, y0: 2, x1: 300, y1: 400, physicalUnitsX: 3, physicalDeltaX: 0.05 }),
    ]);
  });
});
