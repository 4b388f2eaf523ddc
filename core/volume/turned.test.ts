import { expect, it } from 'vitest';
import { oblique, planKeys, scanWith, sliceAt } from '../../tests/fixtures/scans.ts';
import { buildSeriesPlan } from './plan.ts';

/** A head's matrix: 0.4 × 0.8 mm pixels. */
const size = 512;

/** Slice `n` turned about the normal by `degrees`. */
function turned(n: number, degrees: number) {
  const angle = (degrees * Math.PI) / 180;
  const mix = (a: readonly number[], b: readonly number[], part: number): number[] =>
    a.map((x, axis) => x * Math.cos(angle) + part * b[axis]! * Math.sin(angle));
  const orientation = [...mix(oblique.row, oblique.column, 1), ...mix(oblique.column, oblique.row, -1)];
  const item = sliceAt(n, 2.5 * n, {
    Rows: size,
    Columns: size,
    ImageOrientationPatient: orientation,
  });
  const range = { offset: 1000, length: 2 * size * size };
  const scan = scanWith(item.scan.attributes, { pixel: { kind: 'native', element: 'PixelData', range } });
  return { ...item, scan };
}

/** A turn moves the outermost pixel (PS3.3 C.7.6.2.1.1) along a chord about the first one. */
const apartMm = (degrees: number): number =>
  2 * Math.sin((degrees * Math.PI) / 360) * Math.hypot(...[0.8, 0.4].map((mm) => mm * (size - 1)));

it('slices turned against each other say how far their edges lie apart', () => {
  const { groups } = buildSeriesPlan(
    [0, 1, 2, 3, 4, 5].map((n) => turned(n, n === 3 ? 0.09 : 0)),
    planKeys,
  );
  expect(groups.map(({ frames }) => frames.length)).toEqual([6]);
  const { kind, residualMm, reasons } = groups[0]!.verdict;
  expect([kind, reasons.map(({ code }) => code)]).toEqual(['approximate', ['GEOMETRY_TURNS_VARY']]);
  expect(residualMm).toBeCloseTo(apartMm(0.09), 6);
});

it('slices whose directions differ by their digits only stay exact', () => {
  const { groups } = buildSeriesPlan(
    [0, 1, 2, 3, 4, 5].map((n) => turned(n, n % 2 ? 0.002 : 0)),
    planKeys,
  );
  expect(groups[0]!.verdict).toMatchObject({ kind: 'exact', reasons: [] });
  expect(groups[0]!.verdict.residualMm).toBeCloseTo(apartMm(0.002), 6);
});
