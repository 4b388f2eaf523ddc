import { describe, expect, it } from 'vitest';
import { countVoxels, isSameMask, maskOf } from '../../core/analysis/mask/mask.ts';
import { decodeMask } from '../../core/analysis/mask/run-length.ts';
import type { ScalarField } from '../../core/analysis/types.ts';
import type { Result } from '../../core/base/result.ts';
import { indexPoint, patientPoint, type Vec3 } from '../../core/geometry/types.ts';
import { type MadeMask, maskOperations } from './mask-operations.ts';

const size: Vec3 = [24, 20, 16];
const inA = (i: number, j: number, k: number): boolean => i < 8 && j > 3 && j < 9 && k > 2 && k < 9;
const inB = (i: number, j: number, k: number): boolean =>
  i > 12 && i < 20 && j > 3 && j < 15 && k > 2 && k < 13;
/** Two bright blocks apart from each other, in air; millimetres are voxels. */
const field: ScalarField = {
  geometry: { size, patientFromIndex: [1, 0, 0, 5, 0, 1, 0, -7, 0, 0, 1, 11, 0, 0, 0, 1] as never },
  voxels: new Int16Array(size[0] * size[1] * size[2]).map((_, n) => {
    const i = n % size[0];
    const j = Math.floor(n / size[0]) % size[1];
    return inA(i, j, Math.floor(n / (size[0] * size[1]))) || inB(i, j, Math.floor(n / (size[0] * size[1])))
      ? 300
      : -1000;
  }),
  rescale: { slope: 1, intercept: 0 },
};
const a = maskOf(size, inA);
const b = maskOf(size, inB);
const range = { low: 150, high: Number.POSITIVE_INFINITY };
const go = (): boolean => true;

function madeOf(result: Result<MadeMask>): MadeMask {
  if (!result.ok) throw new Error(result.problem.code);
  const { mask, runs, volume } = result.value;
  // Run lengths and volume are those of the mask.
  const decoded = decodeMask(size, runs);
  expect(decoded.ok && isSameMask(decoded.value, mask)).toBe(true);
  expect(volume.voxels).toBe(countVoxels(mask));
  return result.value;
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.code);

describe('a part that is clicked', () => {
  const point = indexPoint(3, 5, 5);

  it('of what is seen goes, or stays alone', () => {
    const dropped = madeOf(maskOperations.part(field, { point, how: 'drop', range }, go));
    expect(isSameMask(dropped.mask, a)).toBe(true);
    const kept = madeOf(maskOperations.part(field, { point, how: 'keep', range }, go));
    expect(isSameMask(kept.mask, b)).toBe(true);
  });

  it('is not found where masks hide it, and adds to what was taken away before', () => {
    expect(codeOf(maskOperations.part(field, { point, how: 'drop', range, hidden: a }, go))).toBe(
      'MASK_EMPTY',
    );
    const join = { mask: b, operation: 'or' } as const;
    const both = madeOf(maskOperations.part(field, { point, how: 'drop', range, join }, go));
    expect(countVoxels(both.mask)).toBe(countVoxels(a) + countVoxels(b));
  });

  it('of a layer stays inside the layer', () => {
    const mask = maskOf(size, (i, j, k) => inA(i, j, k) && k < 5);
    const kept = madeOf(
      maskOperations.part(field, { point: indexPoint(3, 5, 4), how: 'keep', range, mask }, go),
    );
    expect(isSameMask(kept.mask, mask)).toBe(true);
    const empty = maskOperations.part(field, { point: indexPoint(3, 5, 4), how: 'drop', range, mask }, go);
    expect(codeOf(empty)).toBe('MASK_EMPTY');
  });
});

describe('scissors', () => {
  /** Looking along k: a picture's millimetres are the patient's x and y. */
  const plane = { origin: patientPoint(0, 0, 0), right: [1, 0, 0], down: [0, 1, 0] } as never;
  const cut = {
    outline: [
      [5 - 1, -7 - 1],
      [5 + 9.5, -7 - 1],
      [5 + 9.5, -7 + 21],
      [5 - 1, -7 + 21],
    ] as never,
    side: 'inside',
  } as const;

  it('take from a layer what is under the outline, and add to what was cut before', () => {
    const join = {
      mask: maskOf(size, (i, j, k) => inA(i, j, k) || inB(i, j, k)),
      operation: 'without',
    } as const;
    const left = madeOf(maskOperations.scissors(field, { view: { plane }, cut, join }, go));
    expect(isSameMask(left.mask, b)).toBe(true);
    const add = { mask: b, operation: 'or' } as const;
    const cutAway = madeOf(maskOperations.scissors(field, { view: { plane }, cut, join: add }, go));
    expect(
      isSameMask(
        cutAway.mask,
        maskOf(size, (i, j, k) => i < 10 || inB(i, j, k)),
      ),
    ).toBe(true);
  });

  it('of another volume are refused', () => {
    const join = { mask: maskOf([3, 3, 3], () => true), operation: 'without' } as const;
    expect(codeOf(maskOperations.scissors(field, { view: { plane }, cut, join }, go))).toBe(
      'MASK_OTHER_VOLUME',
    );
  });
});

describe('a region from a click', () => {
  it('is the block it is in, with its seed', () => {
    const grown = maskOperations.grow(field, { point: indexPoint(15, 8, 6), tolerance: null }, go);
    const made = madeOf(grown);
    expect(isSameMask(made.mask, b)).toBe(true);
    expect(grown.ok && grown.value.seed).toBe(300);
    const outside = maskOperations.grow(field, { point: indexPoint(-4, 0, 0), tolerance: 10 }, go);
    expect(codeOf(outside)).toBe('MASK_POINT_OUTSIDE');
  });
});

it('a stopped piece of work says so', () => {
  expect(codeOf(maskOperations.threshold(field, range, () => false))).toBe('CANCELLED');
});
