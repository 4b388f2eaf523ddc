/** Malformed classes of pixels and values (reliability.md M44 onwards) as the header scan sees them. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { evenJpeg, flags, jpeg, jpegFile, plain, rejected, zeros } from '../fixtures/malformed-dicom.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, file, meta, sliceWith, sliceWithout, u16, u32 } = raw;

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
  it('M17 encapsulated pixels whose element has a length, with items or without', () => {
    const j = evenJpeg();
    const items = [...raw.itemStart(0), ...raw.itemStart(j.length), ...j];
    for (const [value, count] of [
      [items, 1],
      [[...items, ...raw.itemStart(j.length), ...j], 2],
      [j, 1],
    ] as const) {
      const found = scan(
        bytesSource(Uint8Array.from(jpegFile(element(0x7fe0, 0x10, 'OB', value), String(count)))),
      );
      const frames = found.ok && found.value.pixel.kind === 'encapsulated' ? found.value.pixel.frames : [];
      expect(frames.map((parts) => parts.map(({ length }) => length))).toEqual(
        new Array(count).fill([j.length]),
      );
      expect(found.ok && found.value.flags.map(({ code }) => code)).toEqual(['PIXEL_ENCODING_MISMATCH']);
      expect(found.ok && found.value.transferSyntaxUID).toBe(raw.jpegBaseline);
    }
  });
  it('M17 a stream in pixels that are called uncompressed', () => {
    const stream = [...jpeg(64, 64), ...zeros(jpeg().length % 2)];
    const scanned = (pixels: raw.Bytes) => {
      const size = [element(0x28, 0x10, 'US', u16(64)), element(0x28, 0x11, 'US', u16(64))];
      const found = scan(bytesSource(file(sliceWith(...size, element(0x7fe0, 0x10, 'OW', pixels)), meta())));
      return found.ok ? found.value : undefined;
    };
    const found = scanned(stream);
    expect(found?.transferSyntaxUID).toBe(raw.jpegBaseline);
    expect(found?.flags.map(({ code }) => code)).toEqual(['PIXEL_ENCODING_MISMATCH']);
    expect(found?.pixel).toMatchObject({ kind: 'encapsulated', frames: [[{ length: stream.length }]] });
    // As many bytes as uncompressed pixels take are pixels, whatever they look like.
    const { BitsAllocated = 0 } = found?.attributes ?? {};
    const whole = [...stream, ...zeros((64 * 64 * BitsAllocated) / 8 - stream.length)];
    expect(scanned(whole)?.pixel.kind).toBe('native');
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
    expect(flags(file(sliceWith(element(0x7fe0, 0x10, 'OW', zeros(32)))))).toEqual(['FRAME_COUNT_MISMATCH']);
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
    expect(flags(file(sliceWith(element(0x28, 0x103, 'US', u16(2)))))).toEqual(['PIXEL_ATTRIBUTES']);
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
    ).toEqual(['RESCALE_INVALID', 'WINDOW_INVALID']);
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
    for (const [spacing, read] of [
      ['0.5\\0.7\\', [0.5, 0.7]],
      ['0,5\\0,7', [0.5, 0.7]],
      ['0.5\\\\0.7', undefined],
    ] as const) {
      const found = scan(bytesSource(Uint8Array.from(file(sliceWith(element(0x28, 0x30, 'DS', spacing))))));
      expect(found.ok && found.value.attributes.PixelSpacing).toEqual(read);
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
  it('the modality LUT of an angiogram is left out', () => {
    const lut = raw.sequence(0x28, 0x3000, [
      ...element(0x28, 0x3002, 'US', [...u16(2), ...u16(0), ...u16(10)]),
      ...element(0x28, 0x3006, 'OW', [...u16(80), ...u16(900)]),
    ]);
    const tableOf = (sopClass: string) => {
      const elements = raw.slice();
      elements.set(0x00080016, element(8, 0x16, 'UI', sopClass));
      elements.set(0x00283000, lut);
      const found = scan(bytesSource(Uint8Array.from(file(raw.inOrder(elements)))));
      return found.ok && found.value.modalityLut;
    };
    expect(tableOf('1.2.840.10008.5.1.4.1.1.12.1')).toBeUndefined();
    expect(tableOf('1.2.840.10008.5.1.4.1.1.1')).toMatchObject({ firstMapped: 0, bits: 10 });
  });
  it('a reconstructed NM object begins where its one detector says', () => {
    const detector = [
      ...element(0x20, 0x32, 'DS', '1\\2\\3 '),
      ...element(0x20, 0x37, 'DS', '1\\0\\0\\0\\1\\0 '),
    ];
    const placeOf = (type: string) => {
      const elements = raw.slice();
      elements.delete(0x00200032);
      elements.set(0x00080008, element(8, 8, 'CS', type));
      elements.set(0x00540022, raw.sequence(0x54, 0x22, detector));
      const found = scan(bytesSource(Uint8Array.from(file(raw.inOrder(elements)))));
      return found.ok && found.value.attributes.ImagePositionPatient;
    };
    expect(placeOf('ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION ')).toEqual([1, 2, 3]);
    expect(placeOf('ORIGINAL\\PRIMARY\\TOMO\\EMISSION ')).toBeUndefined();
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

it('greys that are said to begin with white and with black are told', () => {
  const flagsOf = (photometric: string, shape: string): string[] =>
    flags(file(sliceWith(element(0x28, 4, 'CS', photometric), element(0x2050, 0x20, 'CS', shape))));
  expect(flagsOf('MONOCHROME1', 'IDENTITY')).toEqual(['GREYS_UNCLEAR']);
  expect(flagsOf('MONOCHROME1', 'INVERSE')).toEqual([]);
  expect(flagsOf('MONOCHROME2', 'IDENTITY')).toEqual([]);
});

it('a colour space counts whatever its case and spaces; one that nobody knows is told', () => {
  const found = (photometric: string) => {
    const scanned = scan(bytesSource(file(sliceWith(element(0x28, 4, 'CS', photometric)))));
    if (!scanned.ok) throw new Error(scanned.problem.code);
    const { attributes, flags: told } = scanned.value;
    return [attributes.PhotometricInterpretation, ...told.map(({ code }) => code)];
  };
  expect(found('monochrome1')).toEqual(['MONOCHROME1']);
  expect(found('Monochrome 1')).toEqual(['MONOCHROME1']);
  expect(found('PALETTE_COLOR')).toEqual(['PALETTE COLOR', 'LUT_INVALID']);
  expect(found('MONOCHROME')).toEqual(['MONOCHROME', 'PIXEL_ATTRIBUTES']);
});

it('colours that a supplemental palette lays over greys are told', () => {
  const palette = [0, 1, 2].flatMap((n) => [
    element(0x28, 0x1101 + n, 'US', [...u16(4), ...u16(4000), ...u16(16)]),
    element(0x28, 0x1201 + n, 'OW', zeros(8)),
  ]);
  const flagsOf = (presentation: string) =>
    flags(file(sliceWith(element(8, 0x9205, 'CS', presentation), ...palette)));
  expect(flagsOf('COLOR')).toEqual(['COLOURS_LEFT_OUT']);
  expect(flagsOf('MONOCHROME')).toEqual([]);
});
