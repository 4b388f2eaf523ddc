/** Malformed files M1–M83 of the reliability catalogue, as far as a header shows them: verdict and code. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, file, meta, sliceWith, sliceWithout, text, u16, u32 } = raw;
const plain = (): number[] => raw.inOrder(raw.slice());
const zeros = (count: number): number[] => new Array(count).fill(0);
const rejected = (bytes: Uint8Array): string => {
  const result = scan(bytesSource(bytes));
  return result.ok ? `stored with ${result.value.flags.map((flag) => flag.code)}` : result.problem.code;
};
const flags = (bytes: Uint8Array): string[] => {
  const result = scan(bytesSource(bytes));
  return result.ok ? result.value.flags.map((flag) => flag.code).sort() : [`rejected ${result.problem.code}`];
};
const withPixels = (pixels: raw.Bytes, frames?: string): number[] => [
  ...sliceWithoutPixels(frames),
  ...pixels,
];
const sliceWithoutPixels = (frames?: string): number[] => {
  const elements = raw.slice();
  elements.delete(0x7fe00010);
  if (frames !== undefined) elements.set(0x00280008, element(0x28, 8, 'IS', frames));
  return raw.inOrder(elements);
};
const bigEndian = (dataset: raw.Bytes): number[] => {
  const out: number[] = [];
  for (let at = 0; at < dataset.length; ) {
    const vr = String.fromCharCode(dataset[at + 4]!, dataset[at + 5]!);
    const long = vr === 'OW' || vr === 'OB';
    const length = long
      ? dataset[at + 8]! + dataset[at + 9]! * 256
      : dataset[at + 6]! + dataset[at + 7]! * 256;
    const head = dataset.slice(at, at + (long ? 12 : 8));
    out.push(head[1]!, head[0]!, head[3]!, head[2]!, head[4]!, head[5]!);
    if (long) out.push(0, 0, 0, 0, length >> 8, length & 255);
    else out.push(length >> 8, length & 255);
    const value = dataset.slice(at + head.length, at + head.length + length);
    if (vr === 'US' || vr === 'OW') for (let i = 0; i < length; i += 2) out.push(value[i + 1]!, value[i]!);
    else out.push(...value);
    at += head.length + length;
  }
  return out;
};
const implicit = (dataset: raw.Bytes): number[] => {
  const out: number[] = [];
  for (let at = 0; at < dataset.length; ) {
    const vr = String.fromCharCode(dataset[at + 4]!, dataset[at + 5]!);
    const head = vr === 'OW' || vr === 'OB' ? 12 : 8;
    const length =
      head === 12 ? dataset[at + 8]! + dataset[at + 9]! * 256 : dataset[at + 6]! + dataset[at + 7]! * 256;
    out.push(...dataset.slice(at, at + 4), ...u32(length), ...dataset.slice(at + head, at + head + length));
    at += head + length;
  }
  return out;
};
const jpeg = (rows = 2, columns = 4, marker = 0xc0, precision = 8): number[] => [
  ...[
    0xff,
    0xd8,
    0xff,
    marker,
    0,
    11,
    precision,
    rows >> 8,
    rows & 255,
    columns >> 8,
    columns & 255,
    1,
    1,
    0x11,
    0,
  ],
  ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 0xff, 0xd9],
];
const evenJpeg = (): number[] => (jpeg().length % 2 ? [...jpeg(), 0] : jpeg());
const nested = (depth: number): number[] => {
  let inner: number[] = [];
  for (let i = 0; i < depth; i++)
    inner = [...element(0x40, 0xa730, 'SQ', [], 0xffffffff), ...raw.itemStart(), ...inner];
  for (let i = 0; i < depth; i++) inner.push(...raw.itemEnd, ...raw.sequenceEnd);
  return inner;
};
const jpegFile = (pixels: raw.Bytes, frames?: string): Uint8Array =>
  file(
    [...withPixels(pixels, frames)].map((byte) => byte),
    meta(raw.jpegBaseline),
  );

describe('start of the file', () => {
  it('the sound file is stored without flags', () => {
    expect(flags(file(plain()))).toEqual([]);
    expect(flags(file(implicit(plain()), meta(raw.implicitLittle)))).toEqual([]);
    expect(flags(file(bigEndian(plain()), meta(raw.explicitBig)))).toEqual([]);
  });
  it('M1 no preamble', () => {
    expect(flags(Uint8Array.from(plain()))).toEqual(['NO_PREAMBLE', 'TS_GUESSED']);
    expect(flags(Uint8Array.from(implicit(plain())))).toEqual(['NO_PREAMBLE', 'TS_GUESSED']);
    expect(flags(Uint8Array.from(bigEndian(plain())))).toEqual(['NO_PREAMBLE', 'TS_GUESSED']);
    expect(flags(Uint8Array.from([...meta(), ...plain()]))).toEqual(['NO_PREAMBLE']);
  });
  it('M2 M3 preambles', () => {
    const preamble = (start: string): number[] => [...text(start), ...zeros(128 - start.length)];
    expect(flags(file(plain(), meta(), preamble('II*\0')))).toEqual(['PREAMBLE_NONZERO']);
    for (const start of ['MZ', '\u007fELF', '#!/bin/sh', '%PDF-1.7']) {
      expect(flags(file(plain(), meta(), preamble(start)))).toEqual(['PREAMBLE_EXECUTABLE']);
    }
  });
  it('M4 M26 M27 trailing bytes and padding', () => {
    for (const tail of [
      text('PK\u0003\u0004 a whole archive'),
      text('<html></html>'),
      zeros(2),
      zeros(512),
    ]) {
      expect(flags(file([...plain(), ...tail]))).toEqual(['TRAILING_BYTES']);
      expect(flags(file([...sliceWithoutPixels(), ...tail]))).toEqual(['TRAILING_BYTES']);
    }
    expect(flags(file([...plain(), ...element(0xfffc, 0xfffc, 'OB', zeros(300))]))).toEqual([]);
  });
  it('M5 M6 meta length absent or wrong', () => {
    expect(flags(file(plain(), meta().slice(12)))).toEqual(['META_LENGTH_WRONG']);
    for (const length of [4, 4000, 0xffffffff]) {
      const head = [...element(2, 0, 'UL', u32(length)), ...meta().slice(12)];
      expect(flags(file(plain(), head))).toEqual(['META_LENGTH_WRONG']);
    }
  });
  it('M7 meta in implicit VR or big endian', () => {
    expect(flags(file(plain(), implicit(meta())))).toContain('META_ENCODING');
  });
  it('M8 group 0002 in the data set', () => {
    expect(flags(file([...plain(), ...[]], [...meta()]))).toEqual([]);
    const dataset = [
      ...element(8, 5, 'CS', 'ISO_IR 100'),
      ...element(2, 0x10, 'UI', raw.explicitLittle),
      ...plain(),
    ];
    expect(flags(file(dataset))).toContain('META_IN_DATASET');
  });
  it('M9 a meta element of 2 GiB', () => {
    expect(
      rejected(file(plain(), [...meta(), ...raw.tag(2, 0x100), ...text('Z?'), 0, 0, ...u32(2 ** 31)])),
    ).toBe('LENGTH_BEYOND_EOF');
  });
  it('M10 nothing after DICM, or after the meta group', () => {
    expect(rejected(file([], []))).toBe('TRUNCATED_HEADER');
    expect(rejected(file([]))).toBe('TRUNCATED_HEADER');
  });
  it('M11 M12 what is no DICOM', () => {
    const others = [
      [],
      zeros(1),
      zeros(131),
      zeros(132),
      zeros(5000),
      text('plain text, many words '.repeat(30)),
    ];
    others.push(
      [0xff, 0xd8, 0xff, 0xe0, ...zeros(500)],
      text('%PDF-1.7\n'.repeat(80)),
      text('MZ'.repeat(300)),
    );
    for (const bytes of others) expect(rejected(Uint8Array.from(bytes))).toBe('NOT_DICOM');
  });
});

describe('transfer syntax', () => {
  it('M13 missing', () => {
    const head = meta('');
    expect(flags(file(plain(), head))).toEqual(['TS_GUESSED']);
    expect(flags(file(bigEndian(plain()), head))).toEqual(['TS_GUESSED']);
  });
  it('M14 M15 declared otherwise', () => {
    expect(flags(file(implicit(plain()), meta(raw.explicitLittle)))).toEqual(['TS_MISMATCH']);
    expect(flags(file(plain(), meta(raw.implicitLittle)))).toEqual(['TS_MISMATCH']);
    expect(flags(file(bigEndian(plain()), meta(raw.explicitLittle)))).toEqual(['TS_MISMATCH']);
    expect(flags(file(plain(), meta(raw.explicitBig)))).toEqual(['TS_MISMATCH']);
  });
  it('M16 unknown', () => {
    expect(flags(file(plain(), meta('1.2.3.4.5')))).toEqual(['TS_UNSUPPORTED']);
  });
  it('M17 M18 pixels coded otherwise', () => {
    expect(flags(file(plain(), meta(raw.jpegBaseline)))).toEqual(['PIXEL_ENCODING_MISMATCH']);
    expect(flags(file(withPixels(raw.encapsulated([], [evenJpeg()]))))).toEqual(['PIXEL_ENCODING_MISMATCH']);
    const lossless = [...jpeg(2, 4, 0xc3, 16), 0];
    expect(flags(jpegFile(raw.encapsulated([], [lossless])))).toEqual(['PIXEL_ENCODING_MISMATCH']);
  });
});

describe('structure', () => {
  it('M19 meta and data set disagree', () => {
    expect(flags(file(sliceWith(element(8, 0x18, 'UI', '1.2.3.5'))))).toEqual(['META_DATASET_MISMATCH']);
  });
  it('M20 odd length', () => {
    expect(flags(file(sliceWith(element(0x10, 0x4000, 'LT', text('odd')))))).toEqual(['LENGTH_ODD']);
  });
  it('M21 M22 M28 lengths past the end', () => {
    const upTo = sliceWithoutPixels();
    expect(rejected(file([...upTo, ...element(0x40, 0x555, 'OB', zeros(4), 0x7ffffff0)]))).toBe(
      'LENGTH_BEYOND_EOF',
    );
    expect(rejected(file([...upTo, ...element(0x40, 0x555, 'OB', zeros(4), 0xfffffffe)]))).toBe(
      'LENGTH_OVERFLOW',
    );
    expect(rejected(file([...upTo, ...element(0x40, 0x555, 'LO', 'x', 100)]))).toBe('TRUNCATED_HEADER');
    expect(rejected(file(sliceWithoutPixels().slice(0, -3)))).toBe('TRUNCATED_HEADER');
  });
  it('M23 undefined length of a text', () => {
    expect(rejected(file([...sliceWithoutPixels(), ...element(0x40, 0x555, 'UT', 'x', 0xffffffff)]))).toBe(
      'LENGTH_UNDEFINED',
    );
  });
  it('M24 M25 too much before the pixels', () => {
    const head = file(sliceWithoutPixels());
    const grown = (size: number, extra: Uint8Array) => {
      const total = head.length + extra.length + size;
      const start = new Uint8Array([...head, ...extra]);
      return {
        size: total,
        read: (at: number, n: number) => {
          const out = new Uint8Array(Math.min(n, total - at));
          if (at < start.length) out.set(start.subarray(at, Math.min(start.length, at + out.length)));
          return out;
        },
      };
    };
    const long = scan(grown(300 * 2 ** 20, Uint8Array.from(element(0x40, 0x555, 'OB', [], 300 * 2 ** 20))));
    expect(long).toMatchObject({ ok: false, problem: { code: 'VALUE_TOO_LONG' } });
    const mib = 2 ** 20;
    const block = element(0x41, 0x1001, 'OB', [], 200 * mib);
    const many = {
      size: head.length + 3 * (12 + 200 * mib),
      read: (at: number, n: number) => {
        const out = new Uint8Array(n);
        for (let i = 0; i < n; i++) {
          const inBlock = (at + i - head.length) % (12 + 200 * mib);
          const byte = at + i < head.length ? head[at + i] : block[inBlock];
          out[i] = byte ?? 0;
          if (inBlock === 2) out[i] = 1 + Math.floor((at + i - head.length) / (12 + 200 * mib));
        }
        return out;
      },
    };
    expect(scan(many)).toMatchObject({ ok: false, problem: { code: 'HEADER_TOO_LARGE' } });
  });
  it('M29 M30 M31 order and duplicates', () => {
    const swapped = [...element(8, 0x60, 'CS', 'CT'), ...sliceWithout(0x00080060)];
    expect(flags(file(swapped))).toEqual(['TAG_ORDER']);
    const twice = (bytes: number[]): Uint8Array =>
      file([...sliceWithout(0x00080060, 0x7fe00010), ...bytes, ...bytes]);
    expect(flags(twice(element(0x40, 0x254, 'LO', 'x')))).toEqual(['TAG_DUPLICATE']);
    const second = (...bytes: number[]): Uint8Array => file([...sliceWithoutPixels(), ...bytes]);
    expect(rejected(second(...element(0x10, 0x20, 'LO', 'P2')))).toBe('IDENTITY_AMBIGUOUS');
    expect(rejected(second(...element(0x20, 0xd, 'UI', '1.2.9')))).toBe('IDENTITY_AMBIGUOUS');
    expect(flags(second(...element(0x10, 0x20, 'LO', 'P1')))).toEqual(['TAG_DUPLICATE', 'TAG_ORDER']);
  });
  it('M32 M33 value representations', () => {
    const zz = [...raw.tag(0x40, 0x555), ...text('ZZ'), 0, 0, ...u32(4), 1, 2, 3, 4];
    expect(flags(file([...sliceWithoutPixels(), ...zz]))).toEqual(['VR_INVALID']);
    const short = [...raw.tag(0x40, 0x254), 0, 0, ...u16(4), 1, 2, 3, 4];
    expect(flags(file(sliceWith(short)))).toEqual(['VR_INVALID']);
    expect(flags(file(sliceWith(element(0x28, 0x10, 'LO', '2'))))).toEqual(['VR_MISMATCH']);
    expect(flags(file(sliceWith(element(0x10, 0x10, 'OB', 'Doe^Jane'))))).toEqual(['VR_MISMATCH']);
  });
  it('M34 UN of undefined length holds implicit items', () => {
    const inner = raw.implicitElement(8, 0x1150, '1.2.3 ');
    const un = [
      ...element(8, 0x1140, 'UN', [], 0xffffffff),
      ...raw.itemStart(),
      ...inner,
      ...raw.itemEnd,
      ...raw.sequenceEnd,
    ];
    expect(flags(file(sliceWith(un)))).toEqual([]);
  });
  it('M36 M37 nesting', () => {
    expect(flags(file([...sliceWithoutPixels(), ...nested(63)]))).toEqual([]);
    expect(rejected(file([...sliceWithoutPixels(), ...nested(65)]))).toBe('NESTING_TOO_DEEP');
    expect(rejected(file([...sliceWithoutPixels(), ...nested(1100)]))).toBe('NESTING_TOO_DEEP');
  });
  it('M38 too many elements', () => {
    const head = file(sliceWithoutPixels());
    const count = 2_000_010;
    const bytes = new Uint8Array(head.length + count * 8);
    bytes.set(head);
    for (let i = 0; i < count; i++)
      bytes.set(
        [0x41 + Math.floor(i / 65_000), 0, i & 255, (i >> 8) & 255, 76, 79, 0, 0],
        head.length + i * 8,
      );
    expect(rejected(bytes)).toBe('TOO_MANY_ELEMENTS');
  });
  it('M39 sequences never closed', () => {
    const open = element(0x40, 0xa730, 'SQ', [], 0xffffffff);
    expect(rejected(file([...sliceWithoutPixels(), ...open]))).toBe('SEQUENCE_UNTERMINATED');
    expect(
      rejected(
        file([...sliceWithoutPixels(), ...open, ...raw.itemStart(), ...element(0x40, 0xa040, 'CS', 'TEXT')]),
      ),
    ).toBe('SEQUENCE_UNTERMINATED');
    expect(
      rejected(
        file([
          ...sliceWithoutPixels(),
          ...open,
          ...raw.itemStart(),
          ...raw.itemEnd,
          ...element(0x40, 0xa731, 'CS', 'X'),
        ]),
      ),
    ).toBe('SEQUENCE_UNTERMINATED');
  });
  it('M40 M41 delimiters', () => {
    expect(flags(file([...sliceWithoutPixels(), ...raw.itemEnd]))).toEqual(['DELIMITER_STRAY']);
    expect(flags(file([...sliceWithoutPixels(), ...raw.sequenceEnd]))).toEqual(['DELIMITER_STRAY']);
    const lying = [
      ...element(0x40, 0xa730, 'SQ', [], 0xffffffff),
      ...raw.itemStart(),
      ...raw.tag(0xfffe, 0xe00d),
      ...u32(0xffffffff),
      ...raw.sequenceEnd,
    ];
    expect(flags(file([...sliceWithoutPixels(), ...lying]))).toEqual(['DELIMITER_LENGTH']);
  });
  it('M42 M43 sequence lengths', () => {
    const inner = element(8, 0x1150, 'UI', '1.2.34');
    const item = [...raw.itemStart(inner.length), ...inner];
    const sized = (length: number): number[] => element(8, 0x1140, 'SQ', item, length);
    expect(flags(file(sliceWith(sized(item.length))))).toEqual([]);
    expect(flags(file(sliceWith(sized(item.length - 8))))).toEqual(['SEQUENCE_LENGTH']);
    expect(flags(file(sliceWith(sized(item.length + 12))))).toEqual(['SEQUENCE_LENGTH']);
    const larger = [...raw.itemStart(inner.length + 9), ...inner];
    expect(
      rejected(file([...sliceWithoutPixels(), ...element(8, 0x1140, 'SQ', larger, larger.length)])),
    ).toMatch(/SEQUENCE_OVERRUN|TRUNCATED_HEADER/);
  });
});

describe('pixels', () => {
  it('M44 M45 M46 M47 offset tables and fragments', () => {
    const j = evenJpeg();
    const half = [j.slice(0, 16), j.slice(16)];
    expect(flags(jpegFile(raw.encapsulated([], [j, j, j]), '3'))).toEqual([]);
    const offsets = [0, j.length + 8, 2 * (j.length + 8)];
    expect(flags(jpegFile(raw.encapsulated(offsets.flatMap(u32), [j, j, j]), '3'))).toEqual([]);
    for (const wrong of [
      [0, 4, 9],
      [offsets[2]!, offsets[1]!, 0],
      [0, 2 ** 30, 2 ** 31],
    ]) {
      expect(flags(jpegFile(raw.encapsulated(wrong.flatMap(u32), [j, j, j]), '3'))).toEqual(['BOT_INVALID']);
    }
    expect(flags(jpegFile(raw.encapsulated([0, 0, 0], [j, j]), '2'))).toEqual(['BOT_INVALID']);
    expect(flags(jpegFile(raw.encapsulated([], [...half, ...half]), '2'))).toEqual([
      'FRAME_BOUNDARY_GUESSED',
    ]);
    expect(flags(jpegFile(raw.encapsulated([], [j, j]), '3'))).toEqual(['FRAME_COUNT_MISMATCH']);
    expect(flags(jpegFile(raw.encapsulated([], [j, j, j]), '2'))).toContain('FRAME_COUNT_MISMATCH');
  });
  it('M48 M49 cut', () => {
    const j = evenJpeg();
    expect(flags(jpegFile(raw.encapsulated([], [j], [])))).toEqual(['PIXEL_UNTERMINATED']);
    const whole = jpegFile(raw.encapsulated([], [j]));
    expect(flags(whole.slice(0, -14))).toEqual(['PIXEL_TRUNCATED']);
  });
  it('M50 more than four million fragments', () => {
    const head = jpegFile(element(0x7fe0, 0x10, 'OB', [], 0xffffffff));
    const empty = raw.itemStart(0);
    const source = {
      size: head.length + 4_000_010 * 8,
      read: (at: number, n: number) =>
        Uint8Array.from({ length: n }, (_, i) => head[at + i] ?? empty[(at + i - head.length) % 8] ?? 0),
    };
    expect(scan(source)).toMatchObject({ ok: false, problem: { code: 'TOO_MANY_FRAGMENTS' } });
  });
  it('M51 M52 M54 native lengths', () => {
    expect(flags(file(sliceWith(element(0x7fe0, 0x10, 'OW', zeros(14)))))).toEqual(['PIXEL_TRUNCATED']);
    expect(flags(file(sliceWith(element(0x7fe0, 0x10, 'OW', zeros(20)))))).toEqual(['PIXEL_LENGTH_MISMATCH']);
    const huge = sliceWith(element(0x28, 0x10, 'US', u16(65_535)), element(0x28, 0x11, 'US', u16(65_535)));
    expect(flags(file(huge))).toContain('PIXEL_TRUNCATED');
  });
  it('M53 M56 M57 M59 M60 attributes', () => {
    expect(flags(file(sliceWithout(0x00280010)))).toEqual(['PIXEL_ATTRIBUTES']);
    expect(flags(file(sliceWith(element(0x28, 0x10, 'US', u16(0)))))).toEqual(['PIXEL_ATTRIBUTES']);
    expect(flags(file(sliceWith(element(0x28, 0x10, 'US', [...u16(2), ...u16(2)]))))).toEqual([
      'PIXEL_ATTRIBUTES',
    ]);
    for (const frames of ['-1', '0', '2147483648', 'abc']) {
      const found = flags(file(sliceWith(element(0x28, 8, 'IS', frames))));
      expect(
        found.some((code) => code === 'PIXEL_ATTRIBUTES' || code === 'VALUE_INVALID'),
        frames,
      ).toBe(true);
    }
    expect(
      flags(file(sliceWith(element(0x28, 0x101, 'US', u16(17)), element(0x28, 0x102, 'US', u16(16))))),
    ).toEqual(['BIT_DEPTH']);
    expect(flags(file(sliceWith(element(0x28, 0x102, 'US', u16(15)))))).toEqual(['BIT_DEPTH']);
    expect(flags(file(sliceWith(element(0x28, 0x100, 'US', u16(24)))))).toContain('PIXEL_FORMAT_UNSUPPORTED');
    expect(flags(file(sliceWith(element(0x28, 2, 'US', u16(2)))))).toContain('PIXEL_FORMAT_UNSUPPORTED');
    expect(flags(file(sliceWith(element(0x28, 4, 'CS', 'RGB'))))).toEqual(['PIXEL_ATTRIBUTES']);
  });
  it('M55 M64 streams of another size', () => {
    expect(flags(jpegFile(raw.encapsulated([], [[...jpeg(65_535, 65_535), 0]])))).toContain(
      'FRAME_TOO_LARGE',
    );
    expect(flags(jpegFile(raw.encapsulated([], [[...jpeg(3, 4), 0]])))).toEqual(['CODESTREAM_MISMATCH']);
  });
  it('M61 tables shorter than they say', () => {
    const lut = (descriptor: number[], data: number[]): number[] =>
      raw.sequence(0x28, 0x3010, [
        ...element(0x28, 0x3002, 'US', descriptor.flatMap(u16)),
        ...element(0x28, 0x3006, 'OW', data),
      ]);
    expect(flags(file(sliceWith(lut([4, 0, 12], zeros(8)))))).toEqual([]);
    expect(flags(file(sliceWith(lut([256, 0, 12], zeros(8)))))).toEqual(['LUT_INVALID']);
    expect(flags(file(sliceWith(raw.sequence(0x28, 0x3010, element(0x28, 0x3006, 'OW', zeros(8))))))).toEqual(
      ['LUT_INVALID'],
    );
  });
  it('M63 windows', () => {
    expect(
      flags(file(sliceWith(element(0x28, 0x1050, 'DS', '40'), element(0x28, 0x1051, 'DS', '0')))),
    ).toEqual(['WINDOW_INVALID']);
    expect(
      flags(file(sliceWith(element(0x28, 0x1052, 'DS', '0'), element(0x28, 0x1053, 'DS', '0')))),
    ).toEqual(['WINDOW_INVALID']);
  });
  it('M72 deflated data damaged', () => {
    const deflated = '1.2.840.10008.1.2.1.99';
    const packed = [...deflateRawSync(Uint8Array.from(plain()))];
    expect(flags(file(packed, meta(deflated)))).toEqual([]);
    expect(rejected(file(packed.slice(0, -20), meta(deflated)))).toBe('DEFLATE_DAMAGED');
    const damaged = packed.map((byte, i) => (i === 5 ? byte ^ 0xff : byte));
    expect(rejected(file(damaged, meta(deflated)))).not.toBe('stored with ');
  });
});

describe('values', () => {
  it('M35 M74 M79 values against their VR', () => {
    for (const spacing of ['abc', '1e99999', '0,5\\0,5', '0.123456789012345678\\0.5']) {
      expect(flags(file(sliceWith(element(0x28, 0x30, 'DS', spacing)))), spacing).toContain('VALUE_INVALID');
    }
    for (const date of ['00000000', '19991332', '1999.12.31', '99991231']) {
      expect(flags(file(sliceWith(element(8, 0x20, 'DA', date)))), date).toEqual(['VALUE_INVALID']);
    }
    expect(flags(file(sliceWith(element(0x10, 0x10, 'PN', 'Doe\u0000\u0001x'))))).toEqual(['VALUE_INVALID']);
    const override = [...new TextEncoder().encode('a\u202eb')];
    expect(
      flags(file(sliceWith(element(8, 5, 'CS', 'ISO_IR 192'), element(0x10, 0x10, 'PN', [...override, 32])))),
    ).toEqual(['VALUE_INVALID']);
  });
  it('M73 character sets', () => {
    expect(flags(file(sliceWith(element(8, 5, 'CS', 'ISO_IR 999'))))).toEqual(['CHARSET_INVALID']);
    expect(
      flags(
        file(sliceWith(element(8, 5, 'CS', 'GB18030'), element(0x10, 0x10, 'PN', [0xcd, 0xf5, 0x81, 0x20]))),
      ),
    ).toEqual(['CHARSET_INVALID']);
    expect(flags(file(sliceWith(element(0x10, 0x10, 'PN', [0xce, 0xe2, 0xce, 0xc0, 0xc9, 0xfa]))))).toEqual([
      'CHARSET_GUESSED',
    ]);
  });
  it('M75 M76 UIDs', () => {
    for (const key of [0x00080016, 0x00080018, 0x0020000d, 0x0020000e]) {
      expect(rejected(file(sliceWithout(key)))).toBe('UID_MISSING');
    }
    for (const uid of ['1.2.x', '1.02.3', '../../etc', '1..2', `1.${'2'.repeat(70)}`, '1.2\u00003']) {
      expect(flags(file(sliceWith(element(0x20, 0xe, 'UI', uid)))), uid).toEqual(['UID_INVALID']);
    }
  });
  it('M80 private elements', () => {
    const creator = element(9, 0x10, 'LO', 'MAKER');
    expect(flags(file(sliceWith(creator, element(9, 0x1001, 'LO', 'x'))))).toEqual([]);
    expect(flags(file(sliceWith(element(9, 0x1001, 'LO', 'x'))))).toEqual(['PRIVATE_INVALID']);
    expect(flags(file([...element(1, 0x10, 'LO', 'x'), ...plain()]))).toEqual(['PRIVATE_INVALID']);
  });
  it('M81 functional groups', () => {
    const frame = raw.sequence(0x20, 0x9113, element(0x20, 0x32, 'DS', '1\\2\\3'));
    const groups = (count: number): number[] => raw.sequence(0x5200, 0x9230, ...new Array(count).fill(frame));
    const two = (count: number): Uint8Array =>
      file(sliceWith(element(0x28, 8, 'IS', '2'), groups(count), element(0x7fe0, 0x10, 'OW', zeros(32))));
    expect(flags(two(2))).toEqual([]);
    expect(flags(two(3))).toEqual(['FUNCTIONAL_GROUPS']);
  });
  it('M82 M83 geometry', () => {
    for (const orientation of ['0\\0\\0\\0\\0\\0', '1\\0\\0\\1\\0\\0', '1\\0\\0\\0\\1.1\\0']) {
      expect(flags(file(sliceWith(element(0x20, 0x37, 'DS', orientation))))).toEqual(['GEOMETRY_INVALID']);
    }
    for (const spacing of ['0\\0', '-1\\1', '1e9\\1']) {
      expect(flags(file(sliceWith(element(0x28, 0x30, 'DS', spacing))))).toEqual(['GEOMETRY_INVALID']);
    }
  });
});
