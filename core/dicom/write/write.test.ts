import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflateRaw } from './deflate.ts';
import { decimalString, element } from './element.ts';
import { encodeDataset, encodePart10 } from './encode.ts';
import { encodeRleFrame } from './rle.ts';
import {
  deflatedLittleEndian,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
} from './transfer-syntax.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('encodeDataset', () => {
  const rows = element(0x00280010, 'US', 513);
  it('lays one element out as PS3.5 section 7.1 says', () => {
    expect(hex(encodeDataset([rows], { syntax: explicitLittleEndian }))).toBe('28001000555302000102');
    expect(hex(encodeDataset([rows], { syntax: implicitLittleEndian }))).toBe('28001000020000000102');
    expect(hex(encodeDataset([rows], { syntax: explicitBigEndian }))).toBe('00280010555300020201');
  });
  it('pads text with a space, UIDs with a zero, and sorts by tag', () => {
    const bytes = encodeDataset(
      [
        element(0x00100020, 'LO', 'ABC'),
        element(0x00080018, 'UI', '1.2'),
        element(0x00080005, 'CS', 'ISO_IR 192'),
      ],
      { syntax: explicitLittleEndian },
    );
    expect(hex(bytes)).toBe(
      `0800050043530a00${hex(Buffer.from('ISO_IR 192'))}0800180055490400312e3200100020004c4f040041424320`,
    );
  });
  it('nests sequences with explicit lengths', () => {
    const bytes = encodeDataset([element(0x00081140, 'SQ', [[rows], []])], { syntax: explicitLittleEndian });
    expect(hex(bytes)).toBe(
      '080040115351' + '00001a000000' + 'feff00e00a000000' + '28001000555302000102' + 'feff00e000000000',
    );
  });
  it('writes words in the byte order of the syntax', () => {
    const pixels = element(0x7fe00010, 'OW', Uint16Array.of(0x0102, 0x0304));
    expect(hex(encodeDataset([pixels], { syntax: explicitBigEndian })).slice(-8)).toBe('01020304');
    expect(hex(encodeDataset([pixels], { syntax: explicitLittleEndian })).slice(-8)).toBe('02010403');
  });
  it('gives multi-frame fragments a basic offset table', () => {
    const frames = [[Uint8Array.of(1, 2, 3)], [Uint8Array.of(4, 5)]];
    const bytes = encodeDataset([element(0x7fe00010, 'OB', { frames })], { syntax: explicitLittleEndian });
    expect(hex(bytes)).toBe(
      'e07f10004f420000ffffffff' +
        'feff00e008000000' +
        '00000000' +
        '0c000000' +
        'feff00e004000000' +
        '01020300' +
        'feff00e002000000' +
        '0405' +
        'feffdde000000000',
    );
  });
});

describe('encodePart10', () => {
  it('states the length of the meta information and inflates to the same data set', () => {
    const dataset = [
      element(0x00080016, 'UI', '1.2.3'),
      element(0x00080018, 'UI', '1.2.4'),
      element(0x00100010, 'PN', '王^伟'),
    ];
    const file = encodePart10(dataset, { syntax: deflatedLittleEndian, deflate: deflateRaw });
    const view = new DataView(file.buffer);
    expect(Buffer.from(file.subarray(128, 132)).toString()).toBe('DICM');
    const start = 144 + view.getUint32(140, true);
    const inflated = inflateRawSync(file.subarray(start));
    expect(hex(inflated)).toBe(hex(encodeDataset(dataset, { syntax: explicitLittleEndian })));
  });
});

describe('deflateRaw', () => {
  it('is read back by zlib, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3000 }),
        fc.uint8Array({ maxLength: 200 }),
        (a, b) => {
          const bytes = Uint8Array.from([...a, ...b, ...a]);
          expect(hex(inflateRawSync(deflateRaw(bytes)))).toBe(hex(bytes));
        },
      ),
      { numRuns: 60 },
    );
  });
  it('shrinks long runs', () => {
    expect(deflateRaw(new Uint8Array(100_000)).length).toBeLessThan(1200);
  });
});

/** Decoder written from PS3.5 G.3.2, as the oracle. */
function decodeRle(bytes: Uint8Array, pixels: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const count = view.getUint32(0, true);
  const out = new Array<number>(pixels).fill(0);
  for (let s = 0; s < count; s++) {
    let at = view.getUint32(4 + 4 * s, true);
    let n = 0;
    while (n < pixels) {
      const head = bytes[at++]!;
      if (head < 128) for (let k = 0; k <= head; k++) out[n] = (out[n++]! << 8) | bytes[at++]!;
      else if (head > 128) {
        const value = bytes[at++]!;
        for (let k = 0; k < 257 - head; k++) out[n] = (out[n++]! << 8) | value;
      }
    }
  }
  return out;
}

describe('encodeRleFrame', () => {
  it('round-trips 16-bit frames of any width', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 1, max: 400 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (columns, runs) => {
          const flat = runs.flatMap(([value, count]) => new Array<number>(count).fill(value));
          const rows = Math.ceil(flat.length / columns);
          const samples = Uint16Array.from({ length: rows * columns }, (_, n) => flat[n] ?? 0);
          expect(decodeRle(encodeRleFrame(samples, columns), samples.length)).toEqual([...samples]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('decimalString', () => {
  it('keeps 16 characters and the value (L64)', () => {
    expect(decimalString(-9.81338674e-6)).toBe('-9.81338674e-6');
    expect(decimalString(Math.PI)).toBe('3.14159265358979');
    expect(decimalString(-0)).toBe('0');
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const text = decimalString(value);
        expect(text.length).toBeLessThanOrEqual(16);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
      }),
    );
  });
});
