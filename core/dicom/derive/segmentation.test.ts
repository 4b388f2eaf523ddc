import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPoint, matrixFromColumns, multiply } from '../../geometry/matrices.ts';
import type { Mat4, Vec3, VolumeGeometry } from '../../geometry/types.ts';
import { readDataset } from '../dataset.ts';
import { element } from '../write/element.ts';
import { explicitLittleEndian, implicitLittleEndian, type WriteSyntax } from '../write/transfer-syntax.ts';
import { bitAt, copyBits, hasBits } from './bit-stream.ts';
import { cielabOfRgb, rgbOfCielab } from './cielab.ts';
import { segmentCodes, segmentNameOf } from './segment-codes.ts';
import { encodeSegmentation, type Segment, type Segmentation } from './segmentation.ts';
import { type PlaceOptions, placeSegmentation } from './segmentation-place.ts';
import { type ReadSegmentation, readSegmentation } from './segmentation-read.ts';

function value<T>(result: { ok: true; value: T } | { ok: false; problem: { code: string } }): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
/** Oblique, three spacings, an origin far from zero; 7 × 5 voxels a slice: no slice begins at a byte. */
const geometry: VolumeGeometry = {
  size: [7, 5, 6],
  patientFromIndex: matrixFromColumns(
    [0.7 * c, 0.7 * s, 0],
    [-1.1 * s, 1.1 * c, 0],
    [0, 0, -2.5],
    [12.25, -80.5, 431],
  ),
};
const voxels = 7 * 5 * 6;
type Test = (i: number, j: number, k: number) => boolean;
const bitsOf = ([nx, ny, nz]: Vec3, test: Test): Uint8Array => {
  const bits = new Uint8Array(Math.ceil((nx * ny * nz) / 8));
  for (let n = 0; n < nx * ny * nz; n++) {
    const row = Math.floor(n / nx);
    if (test(n % nx, row % ny, Math.floor(row / ny))) bits[n >> 3]! |= 1 << (n & 7);
  }
  return bits;
};

const segment = (label: string, test: Test, size = geometry.size): Segment => ({
  label,
  codes: segmentCodes('bones'),
  colour: [230, 200, 120],
  algorithm: 'AUTOMATIC',
  bits: bitsOf(size, test),
});
const imageOf = (k: number) => ({ sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: `1.2.9.${k}` });
const source = {
  sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
  seriesInstanceUID: '1.2.9',
  inherited: [element(0x00100020, 'LO', 'P1'), element(0x0020000d, 'UI', '1.2.8')],
  instances: [],
};
const identity = {
  sopInstanceUID: '2.25.1',
  seriesInstanceUID: '2.25.2',
  seriesNumber: 301,
  seriesDescription: 'Bones',
  instanceNumber: 1,
  date: '20260101',
  time: '120000',
};
const segmentation = (segments: readonly Segment[], more: Partial<Segmentation> = {}): Segmentation => ({
  geometry,
  segments,
  sources: Array.from({ length: 6 }, (_, k) => ({ ...imageOf(k), isSame: true })),
  frameOfReferenceUID: '2.25.9',
  dimensionOrganizationUID: '2.25.8',
  contentLabel: 'BONES',
  contentDescription: 'Bones',
  creator: '',
  softwareVersion: '0.1.0',
  ...more,
});
const fileOf = (seg: Segmentation, syntax: WriteSyntax = explicitLittleEndian): Uint8Array => {
  const bytes = encodeSegmentation(source, identity, seg, syntax);
  if (!bytes) throw new Error('empty');
  return bytes;
};
const back = (bytes: Uint8Array, onto = geometry, options?: PlaceOptions) =>
  value(placeSegmentation(value(readSegmentation(bytes)), onto, options));

const sparse: Test = (i, j, k) => (k === 1 || k === 4) && (i + 2 * j + k) % 3 === 0;
const whole: Test = (i, j, k) => k > 0 && i > 1 && j < 4;

describe('packed bits', () => {
  it('are copied to any place from any place', () => {
    const bits = fc.uint8Array({ minLength: 12, maxLength: 12 });
    const place = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(bits, place, place, fc.integer({ min: 0, max: 60 }), (from, a, b, count) => {
        const to = new Uint8Array(13);
        copyBits(from, a, to, b, count);
        for (let n = 0; n < 104; n++)
          expect(bitAt(to, n)).toBe(n >= b && n < b + count && bitAt(from, n - b + a));
        expect(hasBits(from, a, count)).toBe(
          Array.from({ length: count }, (_, n) => bitAt(from, a + n)).some(Boolean),
        );
      }),
    );
  });
});

describe('colours', () => {
  it('come back from CIELab to one level', () => {
    const level = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(level, level, level, (r, g, b) => {
        rgbOfCielab(cielabOfRgb([r, g, b])).forEach((x, n) => {
          expect(Math.abs(x - [r, g, b][n]!)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
  it('are those of the standard: white, black, and sRGB red (L* 54.29, a* 80.81, b* 69.89 at D50)', () => {
    const lab = (rgb: Vec3): number[] => {
      const [l, a, b] = cielabOfRgb(rgb);
      return [(l / 65535) * 100, (a / 65535) * 255 - 128, (b / 65535) * 255 - 128];
    };
    expect(lab([255, 255, 255])[0]).toBeCloseTo(100, 1);
    expect(lab([0, 0, 0])[0]).toBeCloseTo(0, 1);
    [54.29, 80.81, 69.89].forEach((x, n) => {
      expect(Math.abs(lab([255, 0, 0])[n]! - x)).toBeLessThan(0.1);
    });
  });
});

describe('a segmentation', () => {
  it.each([
    ['explicit', explicitLittleEndian],
    ['implicit', implicitLittleEndian],
  ] as const)('comes back voxel by voxel: sparse, overlapping, not from slice 0, %s', (_, syntax) => {
    const segments = [segment('A', sparse), segment('B 骨', whole), segment('C', () => false)];
    const bytes = fileOf(segmentation(segments), syntax);
    const read = value(readSegmentation(bytes));
    expect(read.frames).toHaveLength(2 + 5);
    expect(read.segments.map(({ label }) => label)).toEqual(['A', 'B 骨', 'C']);
    expect(read.segments[0]).toMatchObject({ number: 1, colour: [230, 200, 120] });
    expect(segmentNameOf(read.segments[0]!.type)).toBe('bones');
    const placed = value(placeSegmentation(read, geometry, { frameOfReferenceUID: '2.25.9' }));
    expect(placed.problems).toEqual([]);
    placed.segments.forEach(({ bits }, n) => {
      expect(bits).toEqual(segments[n]!.bits);
    });
  });

  it('is the same file for the same input, and none when empty', () => {
    const seg = segmentation([segment('A', whole)]);
    expect(fileOf(seg)).toEqual(fileOf(seg));
    expect(encodeSegmentation(source, identity, segmentation([segment('A', () => false)]))).toBeUndefined();
  });

  it('says that segments overlap only where they do, and names every image once', () => {
    const told = (segments: readonly Segment[], keyword: string) =>
      value(readDataset(fileOf(segmentation(segments)))).dataset.find((one) => one.keyword === keyword);
    const apart = [segment('A', (i) => i < 3), segment('B', (i) => i > 3)];
    expect(told(apart, 'SegmentsOverlap')?.value).toEqual(['NO']);
    expect(told([segment('A', sparse), segment('B', whole)], 'SegmentsOverlap')?.value).toEqual(['YES']);
    const images = told([segment('A', sparse)], 'ReferencedSeriesSequence')?.items?.[0]?.find(
      (one) => one.keyword === 'ReferencedInstanceSequence',
    );
    expect(images?.items?.map((item) => item[1]?.value)).toEqual([['1.2.9.1'], ['1.2.9.4']]);
  });
});

/** The same voxels with axes turned round or exchanged. */
function turned(axes: Vec3, flips: readonly boolean[]): { onto: VolumeGeometry; test: (t: Test) => Test } {
  const { size } = geometry;
  const columns = axes.map((axis, n): Vec3 => {
    const v: [number, number, number] = [0, 0, 0];
    v[axis] = flips[n] ? -1 : 1;
    return v;
  }) as [Vec3, Vec3, Vec3];
  const origin: [number, number, number] = [0, 0, 0];
  axes.forEach((axis, n) => {
    if (flips[n]) origin[axis] = size[axis]! - 1;
  });
  const change: Mat4 = matrixFromColumns(...columns, origin);
  return {
    onto: {
      size: axes.map((axis) => size[axis]!) as unknown as Vec3,
      patientFromIndex: multiply(geometry.patientFromIndex, change),
    },
    test: (t) => (i, j, k) => t(...applyPoint(change, [i, j, k])),
  };
}

describe('positions decide (L58)', () => {
  const bytes = fileOf(segmentation([segment('A', sparse), segment('B', whole)]));
  it.each([
    ['reversed', [0, 1, 2], [false, false, true]],
    ['mirrored rows', [0, 1, 2], [true, true, false]],
    ['another plane', [2, 0, 1], [false, true, false]],
  ] as const)('on a volume that is %s', (_, axes, flips) => {
    const { onto, test } = turned(axes, flips);
    const placed = back(bytes, onto);
    expect(placed.problems).toEqual([]);
    expect(placed.segments[0]!.bits).toEqual(bitsOf(onto.size, test(sparse)));
    expect(placed.segments[1]!.bits).toEqual(bitsOf(onto.size, test(whole)));
  });

  const read = value(readSegmentation(bytes));
  const withFrames = (change: (frame: ReadSegmentation['frames'][number]) => object): ReadSegmentation => ({
    ...read,
    frames: read.frames.map((frame) => ({ ...frame, ...change(frame) }) as typeof frame),
  });

  it('images only where there is no position', () => {
    const lost = withFrames(() => ({ position: undefined }));
    expect(placeSegmentation(lost, geometry)).toMatchObject({ problem: { code: 'SEG_INVALID' } });
    const sliceOfInstance = new Map(Array.from({ length: 6 }, (_, k) => [`1.2.9.${k}`, k]));
    const placed = value(placeSegmentation(lost, geometry, { sliceOfInstance }));
    expect(placed.segments[0]!.bits).toEqual(bitsOf(geometry.size, sparse));
    const wrong = withFrames(() => ({ sourceInstanceUID: '1.2.9.0' }));
    expect(value(placeSegmentation(wrong, geometry, { sliceOfInstance })).segments[1]!.bits).toEqual(
      bitsOf(geometry.size, whole),
    );
  });

  it('tells what lies outside, elsewhere or nowhere', () => {
    const shorter = { ...geometry, size: [7, 5, 3] as const };
    const cut = value(placeSegmentation(read, shorter, { frameOfReferenceUID: '2.25.77' }));
    expect(cut.problems.map(({ code, params }) => [code, params])).toEqual([
      ['SEG_OTHER_FRAME', undefined],
      ['SEG_OUTSIDE', { frames: 1 + 3 }],
    ]);
    expect(cut.segments[1]!.bits).toEqual(bitsOf(shorter.size, whole));
    const halfLost = withFrames(({ segment: number }) => (number === 1 ? { position: undefined } : {}));
    expect(value(placeSegmentation(halfLost, geometry)).problems).toMatchObject([
      { code: 'SEG_NO_POSITION', params: { frames: 2 } },
    ]);
  });
});

describe('another grid', () => {
  const m = geometry.patientFromIndex;
  const column = (n: number, by: number): Vec3 => [m[n]! * by, m[4 + n]! * by, m[8 + n]! * by];

  it('takes the nearest pixel, thick slices filling what they cover, and says so', () => {
    // Twice as fine along i, three times along k; the finer voxels lie evenly within the coarse ones.
    const at = applyPoint(m, [-0.25, 0, -1 / 3]);
    const fine: VolumeGeometry = {
      size: [14, 5, 18],
      patientFromIndex: matrixFromColumns(column(0, 0.5), column(1, 1), column(2, 1 / 3), at),
    };
    const placed = back(fileOf(segmentation([segment('A', whole)])), fine);
    expect(placed.problems.map(({ code }) => code)).toEqual(['SEG_GRID_DIFFERS']);
    const expected = bitsOf(fine.size, (i, j, k) => whole(i >> 1, j, Math.floor(k / 3)));
    expect(placed.segments[0]!.bits).toEqual(expected);
  });

  it('from thinner voxels too', () => {
    const coarse: VolumeGeometry = {
      size: [7, 5, 3],
      patientFromIndex: matrixFromColumns(column(0, 1), column(1, 1), column(2, 2), [m[3]!, m[7]!, m[11]!]),
    };
    const placed = back(fileOf(segmentation([segment('A', whole)])), coarse);
    expect(placed.segments[0]!.bits).toEqual(bitsOf(coarse.size, (i, j, k) => whole(i, j, 2 * k)));
  });
});

describe('what is no segmentation', () => {
  it('is refused with its reason, whatever the bytes', () => {
    const bytes = fileOf(segmentation([segment('A', whole)]));
    expect(readSegmentation(new Uint8Array(500))).toMatchObject({ ok: false });
    expect(readSegmentation(bytes.slice(0, bytes.length - 12))).toMatchObject({ ok: false });
    fc.assert(
      fc.property(
        fc.integer({ min: 132, max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const damaged = bytes.slice();
          damaged[at] = byte;
          const read = readSegmentation(damaged);
          if (read.ok) placeSegmentation(read.value, geometry);
        },
      ),
      { numRuns: 200 },
    );
    expect(voxels).toBe(210);
  });
});
