import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LookupTable } from '../dicom/types.ts';
import { autoWindow, paddingRangeOf, percentiles } from './auto-window.ts';
import { colourToRgba, paletteToRgba } from './colour.ts';
import { signedWords } from './format-fixture.ts';
import { modalityScalarType, modalityTransformOf, modalityValue, toModality } from './modality.ts';
import { frameToRgba } from './show.ts';
import type { DecodedFrame, PixelFormat } from './types.ts';
import { greyFunction, isInverted, voiWindow, windowsOf } from './voi.ts';
import { buildWindowLut, paintGrey } from './window-lut.ts';

const format = signedWords(1, 4, { bitsStored: 12, highBit: 11, pixelRepresentation: 0 });
const lut = (firstMapped: number, data: readonly number[], bits = 8): LookupTable => ({
  firstMapped,
  bits,
  data: Uint16Array.from(data),
});
const frame = (
  masked: Uint16Array | Int16Array,
  photometricInterpretation = 'MONOCHROME2',
): DecodedFrame => ({
  rows: 1,
  columns: masked.length,
  samples: 1,
  cells: masked,
  masked,
  photometricInterpretation,
  lossy: false,
});

describe('VOI functions', () => {
  test('LINEAR gives the closed form of lesson L21', () => {
    const grey = greyFunction(voiWindow(40, 400));
    expect(grey(-160)).toBe(0);
    expect(grey(40)).toBeCloseTo(127.82, 2);
    expect(grey(239)).toBe(255);
    expect(grey(-160.5)).toBe(0);
    expect(grey(240)).toBe(255);
  });

  test('LINEAR with width 1 is a threshold at center − 0.5', () => {
    const grey = greyFunction(voiWindow(100, 1));
    expect([99, 99.5, 99.6, 100].map(grey)).toEqual([0, 0, 255, 255]);
  });

  test('LINEAR_EXACT maps center ± width/2 to the ends and the center to the middle', () => {
    const grey = greyFunction(voiWindow(2, 4, 'LINEAR_EXACT'));
    expect([0, 1, 2, 3, 4].map(grey)).toEqual([0, 63.75, 127.5, 191.25, 255]);
    expect(voiWindow(0.5, 0.2)).toMatchObject({ function: 'LINEAR_EXACT' });
  });

  test('SIGMOID is half at the center and symmetric about it', () => {
    const grey = greyFunction(voiWindow(50, 80, 'SIGMOID'));
    expect(grey(50)).toBe(127.5);
    expect(grey(70)).toBeCloseTo(255 / (1 + Math.exp(-1)), 10);
    for (const d of [1, 10, 100]) expect(grey(50 + d) + grey(50 - d)).toBeCloseTo(255, 10);
  });

  test('a VOI LUT takes its ends outside and scales by its depth', () => {
    const grey = greyFunction({ kind: 'lut', lut: lut(10, [0, 512, 1023], 10) });
    expect(grey(-5)).toBe(0);
    expect(grey(11)).toBeCloseTo((512 / 1023) * 255, 10);
    expect(grey(99)).toBe(255);
  });

  test('every window rises and inversion mirrors it exactly', () => {
    const kinds = fc.constantFrom('LINEAR', 'LINEAR_EXACT', 'SIGMOID');
    const number = fc.double({ min: -3000, max: 3000, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 0.01, max: 5000, noNaN: true }),
        kinds,
        number,
        number,
        (c, w, fn, a, b) => {
          const voi = voiWindow(c, w, fn as 'LINEAR');
          const grey = greyFunction(voi);
          expect(grey(Math.min(a, b))).toBeLessThanOrEqual(grey(Math.max(a, b)));
          expect(greyFunction(voi, true)(a)).toBe(255 - grey(a));
        },
      ),
    );
  });
});

describe('windows of a file', () => {
  test('tables come first, impossible windows are left out, names stay with their windows', () => {
    const found = windowsOf(
      {
        WindowCenter: [40, 1, Number.NaN, 300],
        WindowWidth: [400, 0, 5, 1500],
        WindowCenterWidthExplanation: ['BRAIN', 'X', 'Y', 'BONE'],
        VOILUTFunction: 'SIGMOID',
      },
      [{ ...lut(0, [0, 1]), explanation: 'CHEST' }],
    );
    expect(found.map((w) => w.name)).toEqual(['CHEST', 'BRAIN', 'BONE']);
    expect(found[1]!.voi).toEqual({ kind: 'window', center: 40, width: 400, function: 'SIGMOID' });
  });

  test('floating-point pixels are windowed without integer steps', () => {
    const [found] = windowsOf({ WindowCenter: [0.5], WindowWidth: [1], VOILUTFunction: 'LINEAR' }, [], true);
    expect(found && greyFunction(found.voi)(0.25)).toBe(63.75);
  });

  test('MONOCHROME1 and INVERSE together invert once', () => {
    expect(isInverted('MONOCHROME1', { PresentationLUTShape: 'INVERSE' })).toBe(true);
    expect(isInverted('MONOCHROME1')).toBe(true);
    expect(isInverted('MONOCHROME2', { PresentationLUTShape: 'IDENTITY' })).toBe(false);
  });
});

describe('auto window', () => {
  const identity = { slope: 1, intercept: 0 };
  test('goes from the 2nd to the 98th percentile and leaves padding out', () => {
    const ramp = Int16Array.from({ length: 1001 }, (_, n) => n);
    const padded = Int16Array.from([...ramp, ...Array(5000).fill(-2000)]);
    const padding = paddingRangeOf({ PixelPaddingValue: -2000 });
    expect(autoWindow(padded, identity, padding)).toEqual(voiWindow((20 + 980 + 1) / 2, 961));
    expect(percentiles(padded, 0, 1, padding)).toEqual([0, 1000]);
    expect(percentiles(padded, 0, 1)).toEqual([-2000, 1000]);
  });

  test('its ends become black and white', () => {
    const values = fc.array(fc.integer({ min: 0, max: 65535 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(values, (list) => {
        const stored = Uint16Array.from(list);
        const grey = greyFunction(autoWindow(stored, { slope: 1, intercept: -1024 }, undefined, 0, 1));
        if (Math.max(...list) > Math.min(...list)) {
          expect(grey(Math.min(...list) - 1024)).toBe(0);
          expect(grey(Math.max(...list) - 1024)).toBeCloseTo(255, 9);
        }
      }),
    );
  });

  test('fractions use the exact form; all padding gives a window that still works', () => {
    const suv = Float32Array.from({ length: 101 }, (_, n) => n / 1000);
    const voi = autoWindow(suv, identity, undefined, 0, 1);
    expect(voi).toMatchObject({ function: 'LINEAR_EXACT' });
    expect(greyFunction(voi)(0.05)).toBeCloseTo(127.5, 3);
    const nothing = autoWindow(Int16Array.of(7, 7), identity, { low: 7, high: 7 });
    expect(greyFunction(nothing)(0)).toBe(0);
  });

  test('a padding range may be given either way round', () => {
    expect(paddingRangeOf({ PixelPaddingValue: 5, PixelPaddingRangeLimit: -3 })).toEqual({
      low: -3,
      high: 5,
    });
    expect(paddingRangeOf({})).toBe(undefined);
  });
});

describe('modality values', () => {
  test('slope and intercept, or the table in their place', () => {
    expect(modalityValue(modalityTransformOf({ RescaleSlope: 2, RescaleIntercept: -1024 }), 100)).toBe(-824);
    expect(modalityValue(modalityTransformOf({ RescaleSlope: 2 }, lut(10, [7, 9])), 11)).toBe(9);
    expect(modalityTransformOf({ RescaleSlope: 0, RescaleIntercept: 5 })).toEqual({ slope: 1, intercept: 0 });
    expect(modalityTransformOf({ RescaleSlope: Number.NaN })).toEqual({ slope: 1, intercept: 0 });
  });

  test('int16 only for unit slopes, whole intercepts and a range that fits (L18)', () => {
    const type = (slope: number, intercept: number, more: Partial<PixelFormat> = {}) =>
      modalityScalarType({ ...format, ...more }, [
        { slope: 1, intercept: 0 },
        { slope, intercept },
      ]);
    expect(type(1, -1024)).toBe('int16');
    expect(type(1.5, 0)).toBe('float32');
    expect(type(1, 0.5)).toBe('float32');
    expect(type(1, 0, { bitsStored: 16, highBit: 15 })).toBe('float32');
    expect(type(1, -32768, { bitsStored: 16, highBit: 15 })).toBe('float32');
    expect(modalityScalarType(format, [{ slope: 1, intercept: 30000 }])).toBe('float32');
    expect(type(1, 0, { samplesPerPixel: 3 })).toBe('rgb8');
    expect(type(1, 0, { element: 'FloatPixelData' })).toBe('float32');
  });

  test('values beyond int16 stop at its ends', () => {
    const out = new Int16Array(3);
    toModality(Uint16Array.of(0, 40000, 65535), { slope: 1, intercept: 0 }, out);
    expect([...out]).toEqual([0, 32767, 32767]);
    toModality(Uint16Array.of(0, 5, 65535), { slope: 1, intercept: -40000 }, out);
    expect([...out]).toEqual([-32768, -32768, 25535]);
  });

  test('alternating intercepts of one picture become one flat picture', () => {
    const a = new Int16Array(4);
    const b = new Int16Array(4);
    toModality(Uint16Array.of(5, 5, 5, 5), { slope: 1, intercept: 0 }, a);
    toModality(Uint16Array.of(1029, 1029, 1029, 1029), { slope: 1, intercept: -1024 }, b);
    expect(a).toEqual(b);
  });
});

describe('painting', () => {
  test('MONOCHROME1 and MONOCHROME2 of the same values are complementary', () => {
    const values = Uint16Array.of(0, 100, 200, 255);
    const attributes = { WindowCenter: [128], WindowWidth: [256] };
    const two = frameToRgba(frame(values), { format, attributes });
    const one = frameToRgba(frame(values, 'MONOCHROME1'), { format, attributes });
    for (let n = 0; n < two.length; n += 4) expect(one[n]! + two[n]!).toBe(255);
    expect([...two.filter((_, n) => n % 4 === 3)]).toEqual([255, 255, 255, 255]);
  });

  test.each(['MONOCHROME1', 'MONOCHROME2'])(
    'padding is black, or white with greys turned round (%s)',
    (name) => {
      const attributes = { WindowCenter: [128], WindowWidth: [256], PixelPaddingValue: 4000 };
      const limited = { ...attributes, PixelPaddingRangeLimit: 4095 };
      const reds = (isTurned: boolean) =>
        [
          ...frameToRgba(
            frame(Uint16Array.of(128, 4000, 4095), name),
            { format, attributes: limited },
            undefined,
            isTurned,
          ),
        ]
          .filter((_, n) => n % 4 === 0)
          .slice(1);
      expect(reds(false)).toEqual([0, 0]);
      expect(reds(true)).toEqual([255, 255]);
      const wide = { ...frame(Uint16Array.of(0)), masked: Uint32Array.of(4000, 128) };
      expect(frameToRgba({ ...wide, columns: 2 }, { format, attributes })[0]).toBe(0);
    },
  );

  test('a table over negative values is looked up by their low 16 bits', () => {
    const stored = Int16Array.of(-100, 0, 100);
    const table = buildWindowLut(
      { min: -100, max: 100 },
      { slope: 1, intercept: 0 },
      greyFunction(voiWindow(0.5, 201)),
    );
    const out = new Uint32Array(3);
    paintGrey(stored, table, out);
    expect([...out].map((word) => word & 255)).toEqual([0, 128, 255]);
    expect([...out].every((word) => word >>> 24 === 255)).toBe(true);
  });

  test('YBR_FULL gives the primaries of the standard’s equations, RGB passes unchanged', () => {
    const out = new Uint8ClampedArray(8);
    colourToRgba(Uint8Array.of(76, 85, 255, 255, 128, 128), 'YBR_FULL', 8, out);
    expect([...out]).toEqual([254, 0, 0, 255, 255, 255, 255, 255]);
    colourToRgba(Uint8Array.of(1, 2, 3, 250, 251, 252), 'RGB', 8, out);
    expect([...out]).toEqual([1, 2, 3, 255, 250, 251, 252, 255]);
    colourToRgba(Uint8Array.of(235, 128, 128, 16, 128, 128), 'YBR_PARTIAL_420', 8, out);
    expect([...out]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
    colourToRgba(Uint16Array.of(65535, 0, 32896, 0, 0, 0), 'RGB', 16, out);
    expect([...out.subarray(0, 3)]).toEqual([255, 0, 128]);
  });

  test('palettes clamp, shift 16-bit entries, and read 8-bit values in 16-bit tables as they are', () => {
    const out = new Uint8ClampedArray(12);
    const deep = lut(1, [0, 0x8000, 0xffff], 16);
    const small = lut(1, [0, 128, 255], 16);
    paletteToRgba(Uint8Array.of(0, 2, 9), { red: deep, green: deep, blue: deep }, out);
    expect([...out]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
    paletteToRgba(Uint8Array.of(0, 2, 9), { red: small, green: small, blue: small }, out);
    expect([...out]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
    const misnamed = lut(1, [0, 0x8000, 0xff00], 8);
    paletteToRgba(Uint8Array.of(0, 2, 9), { red: misnamed, green: misnamed, blue: misnamed }, out);
    expect([...out]).toEqual([0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
  });
});
