/** Malformed files M1–M83 of the reliability catalogue, as far as a header shows them: verdict and code. */
import { describe, expect, it } from 'vitest';
import { scan } from '../../core/dicom/scan.ts';
import {
  bigEndian,
  evenJpeg,
  flags,
  implicit,
  jpeg,
  jpegFile,
  nested,
  plain,
  rejected,
  sliceWithoutPixels,
  withPixels,
  zeros,
} from '../fixtures/malformed-dicom.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, file, meta, sliceWith, sliceWithout, text, u16, u32 } = raw;

describe('start of the file', () => {
  it('unknown sequences of a big endian data set are implicit little endian (PS3.5 6.2.2)', () => {
    const [before, after] = [raw.slice(), raw.slice()];
    for (const key of before.keys()) (key < 0x00082112 ? after : before).delete(key);
    const unknown = [0x00, 0x08, 0x21, 0x12, ...text('UN'), 0, 0, 0xff, 0xff, 0xff, 0xff];
    const item = raw.implicitElement(0x8, 0x1150, '1.2.840.10008.5.1.4.1.1.2');
    const sequence = [...unknown, ...raw.itemStart(), ...item, ...raw.itemEnd, ...raw.sequenceEnd];
    const dataset = [...bigEndian(raw.inOrder(before)), ...sequence, ...bigEndian(raw.inOrder(after))];
    expect(flags(file(dataset, meta(raw.explicitBig)))).toEqual([]);
  });
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
    const filled = [...implicit(plain()), ...new Array<number>(50).fill(0xff)];
    expect(flags(file(filled, meta(raw.implicitLittle)))).toEqual(['TRAILING_BYTES']);
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
    const again = implicit(element(2, 0x10, 'UI', raw.implicitLittle));
    expect(flags(file([...again, ...implicit(plain())], meta(raw.implicitLittle)))).toEqual([
      'META_LENGTH_WRONG',
    ]);
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
    expect(flags(file(plain(), meta('1.2.840.10008.1.2.1.99')))).toEqual(['TS_MISMATCH']);
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
