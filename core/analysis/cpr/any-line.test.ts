import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientPoint, patientVector } from '../../geometry/types.ts';
import { samplePoints } from '../curve/sample-line.ts';
import { arcFromPicture, pictureFromArc, stationsInRow } from './arcs.ts';
import { foldedAreas, safeColumns } from './folds.ts';
import { lengthInPicture } from './lengths.ts';
import { cprPicture } from './picture.ts';
import { patientFromPicture } from './picture-rows.ts';
import { placesFromPatient } from './places.ts';
import { sectionPlane } from './planes.ts';

/** Few different coordinates, so that points coincide, lie on one line, and lines run along an axis. */
const coordinate = fc.oneof(fc.constantFrom(-20, 0, 20), fc.double({ min: -60, max: 60, noNaN: true }));
const point = fc.tuple(coordinate, coordinate, coordinate).map((p) => patientPoint(...p));
const axis = fc.option(
  fc.tuple(coordinate, coordinate, coordinate).map((v) => patientVector(...v)),
  { nil: undefined },
);

describe('pictures of any line that a hand can draw', () => {
  it('hold no number that is none, keep rows at right angles, and map both ways without a throw', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 7 }),
        fc.constantFrom('straightened' as const, 'stretched' as const, 'projected' as const),
        fc.double({ min: -7, max: 7, noNaN: true }),
        axis,
        fc.constantFrom(0, 6),
        fc.constantFrom(undefined, 3, 500),
        (points, mode, angleRad, along, marginMm, focusMm) => {
          const line = samplePoints(points, 0.8);
          const made = cprPicture(line, mode, {
            spacingMm: 1,
            widthMm: 15,
            angleRad,
            marginMm,
            ...(along && { axis: along }),
            ...(focusMm !== undefined && { focusMm }),
          });
          if (!made.ok) {
            expect(made.problem.code).toBe('LINE_TOO_SHORT');
            expect(line.lengthMm).toBe(0);
            return;
          }
          const { rows, trace, height, width } = made.value;
          for (const values of [rows.centres, rows.across, rows.through, trace])
            expect(values.every(Number.isFinite)).toBe(true);
          for (let at = 0; at < 3 * height; at += 3) {
            const [a, b, c] = rows.across.subarray(at, at + 3) as unknown as [number, number, number];
            const [d, e, f] = rows.through.subarray(at, at + 3) as unknown as [number, number, number];
            const off = [Math.hypot(a, b, c) - 1, Math.hypot(d, e, f) - 1, a * d + b * e + c * f];
            expect(Math.max(...off.map(Math.abs))).toBeLessThan(1e-6);
          }
          const { first, last } = safeColumns(made.value, 5);
          expect(first.every((x) => x >= 0 && x <= width)).toBe(true);
          expect(last.every((x) => x >= -1 && x < width)).toBe(true);
          for (const area of foldedAreas(made.value, { first, last }))
            expect(area.length).toBeGreaterThanOrEqual(4);
          const at = pictureFromArc(made.value, line.lengthMm / 3);
          expect(at.row).toBeGreaterThan(-0.5);
          expect(at.row).toBeLessThanOrEqual(height - 0.5);
          expect(stationsInRow(made.value, at.row).length).toBeGreaterThan(0);
          expect(arcFromPicture(made.value, at)).toBeGreaterThanOrEqual(0);
          const p = patientFromPicture(made.value, at);
          expect(p?.every(Number.isFinite)).toBe(true);
          for (const place of placesFromPatient(made.value, p!))
            expect(Number.isFinite(place.column + place.row + place.offMm + place.distanceMm)).toBe(true);
          const length = lengthInPicture(made.value, at, { column: 0, row: 0 });
          expect(length.ok ? Number.isFinite(length.value) : length.problem.code).toBe(
            mode === 'projected' ? 'CPR_NOT_TO_SCALE' : true,
          );
          expect(sectionPlane(line, line.lengthMm / 2).right.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });
});
