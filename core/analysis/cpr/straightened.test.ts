import { describe, expect, it } from 'vitest';
import { patientPoint } from '../../geometry/types.ts';
import type { SampledLine } from '../types.ts';
import { arcFromPicture, pictureFromArc } from './arcs.ts';
import { foldedAreas, hasFolds, safeColumns } from './folds.ts';
import { lengthInPicture, lengthOfWay } from './lengths.ts';
import { cprPicture } from './picture.ts';
import { patientFromPicture } from './picture-rows.ts';
import { placeFromPatient, placesFromPatient } from './places.ts';
import { arc, helix, straight } from './test-lines.ts';
import type { CprOptions, CprPicture } from './types.ts';

const made = (line: SampledLine, options: Partial<CprOptions> = {}): CprPicture => {
  const picture = cprPicture(line, 'straightened', { spacingMm: 0.5, widthMm: 20, ...options });
  if (!picture.ok) throw new Error(picture.problem.code);
  return picture.value;
};

describe('a straightened picture', () => {
  it('shows a torus’ wall as straight edges, its middle in the middle column', () => {
    // Points of a torus at `around` about its tube of 4 mm: a column of its own, the same in every row.
    const r = 25;
    const line = arc(r, 2);
    for (const angleRad of [0, 0.4, 1.9, -2.6]) {
      const picture = made(line, { angleRad, widthMm: 20 });
      for (let s = 1; s < line.lengthMm; s += 3.7)
        for (const side of [-4, 0, 4]) {
          // At this angle the row leaves the tube's middle by cos outwards and by sin along tangent × right.
          const out = side * Math.cos(angleRad);
          const up = side * Math.sin(angleRad);
          const p = patientPoint(10 + (r + out) * Math.cos(s / r), 20 + (r + out) * Math.sin(s / r), 30 - up);
          const place = placeFromPatient(picture, p)!;
          expect(Math.abs(place.row - s / 0.5)).toBeLessThan(0.05);
          expect(Math.abs(place.column - (19.5 + side / 0.5))).toBeLessThan(0.05);
          expect(Math.abs(place.offMm)).toBeLessThan(0.01);
          expect(Math.abs(place.sMm! - s)).toBeLessThan(0.02);
        }
    }
  });
  it('does not twist along a helix: its rows turn by the torsion alone', () => {
    const [r, c] = [10, 3];
    const line = helix(r, c, 131);
    const picture = made(line);
    const w = Math.hypot(r, c);
    for (let row = 0; row < picture.height - 1; row += 1) {
      const s = row * 0.5;
      // The frame against the principal normal, in closed form: turned back by torsion · s.
      const n = [-Math.cos(s / w), -Math.sin(s / w), 0];
      const cos = n.reduce((sum, x, a) => sum + x * picture.rows.across[3 * row + a]!, 0);
      expect(Math.abs(cos - Math.cos((c / (w * w)) * s))).toBeLessThan(2e-4);
    }
    // Neighbouring rows are turned against each other only as their tangents are.
    for (let row = 1; row < picture.height - 1; row += 1) {
      const mixed = (one: Float64Array, other: Float64Array): number =>
        [0, 1, 2].reduce((sum, a) => sum + one[3 * row + a]! * other[3 * row - 3 + a]!, 0);
      const { across, through } = picture.rows;
      expect(Math.abs(mixed(across, through) - mixed(through, across)) / 2).toBeLessThan(1e-4);
    }
  });
  it('keeps rows and directions at right angles, with across × through onwards', () => {
    const line = helix(8, 5, 60, 4);
    const { rows, height } = made(line, { angleRad: 0.7, marginMm: 3 });
    for (let row = 0; row < height; row += 1) {
      const [a, t] = [
        rows.across.subarray(3 * row, 3 * row + 3),
        rows.through.subarray(3 * row, 3 * row + 3),
      ];
      expect(Math.hypot(...a)).toBeCloseTo(1, 9);
      expect(Math.hypot(...t)).toBeCloseTo(1, 9);
      expect(a[0]! * t[0]! + a[1]! * t[1]! + a[2]! * t[2]!).toBeCloseTo(0, 9);
      expect(a[0]! * t[1]! - a[1]! * t[0]!).toBeGreaterThan(0);
    }
  });
  it('goes there and back: picture → patient → picture within a tenth of a pixel', () => {
    for (const line of [arc(25, 2.5), helix(12, 6, 90)])
      for (const angleRad of [0, 1.1]) {
        const picture = made(line, { angleRad, widthMm: 18, marginMm: 2 });
        for (let row = 0; row < picture.height - 1; row += 3.3)
          for (let column = 0.2; column < picture.width - 1; column += 4.1) {
            const p = patientFromPicture(picture, { column, row })!;
            const sMm = arcFromPicture(picture, { column, row });
            const back =
              sMm === undefined ? placesFromPatient(picture, p)[0]! : placeFromPatient(picture, p, sMm)!;
            expect(Math.hypot(back.column - column, back.row - row)).toBeLessThan(0.1);
            expect(Math.abs(back.offMm)).toBeLessThan(2e-3);
          }
      }
  });
  it('stands on the line between stations that lie far apart, too', () => {
    const r = 12;
    const picture = made(arc(r, 2.5, 5));
    for (let row = 0; row < picture.height - 1; row += 1) {
      const [x, y, z] = picture.rows.across.subarray(3 * row, 3 * row + 3) as unknown as [
        number,
        number,
        number,
      ];
      const a = row / 2 / r;
      expect(Math.abs(x * Math.sin(a) - y * Math.cos(a)) + Math.abs(z)).toBeLessThan(2e-3);
      const centre = picture.rows.centres.subarray(3 * row, 3 * row + 2);
      expect(Math.hypot(centre[0]! - 10, centre[1]! - 20)).toBeCloseTo(r, 1);
    }
  });
  it('puts what it shows before what merely lies nearer to the line in another row', () => {
    const picture = made(helix(12, 6, 150), { widthMm: 80, angleRad: 1.2 });
    // Far aside of one turn, near to another.
    let others = 0;
    for (let row = 5; row < picture.height - 5; row += 11)
      for (let column = 3; column < picture.width; column += 13) {
        const [first, ...rest] = placesFromPatient(picture, patientFromPicture(picture, { column, row })!);
        expect(Math.abs(first!.offMm)).toBeLessThanOrEqual(0.5);
        others += rest.filter((place) => place.distanceMm < first!.distanceMm - 1).length;
      }
    expect(others).toBeGreaterThan(5);
  });
  it('lists both places of a point that a bend shows twice', () => {
    // The line comes past on one side of the circle and on the other.
    const line = arc(12, 3.6);
    const picture = made(line, { widthMm: 60 });
    const p = patientPoint(10 + 5, 20 + 1, 30);
    const places = placesFromPatient(picture, p);
    expect(places).toHaveLength(2);
    const away = Math.hypot(5, 1);
    expect(places[0]!.distanceMm).toBeCloseTo(12 - away, 2);
    expect(places[1]!.distanceMm).toBeCloseTo(12 + away, 2);
    const angle = Math.atan2(1, 5);
    expect(placeFromPatient(picture, p, 0)!.row).toBeCloseTo((12 * angle) / 0.5, 1);
    expect(placeFromPatient(picture, p, line.lengthMm)!.row).toBeCloseTo((12 * (angle + Math.PI)) / 0.5, 1);
  });
  it('has no place for a point that no row reaches, nor a point for a place outside', () => {
    const picture = made(straight([0, 0, 0], [0, 0, 1], [1, 0, 0], 40));
    expect(placesFromPatient(picture, patientPoint(0, 0, 45))).toEqual([]);
    expect(placesFromPatient(picture, patientPoint(11, 0, 20))).toEqual([]);
    expect(placesFromPatient(picture, patientPoint(Number.NaN, 0, 20))).toEqual([]);
    expect(patientFromPicture(picture, { column: -0.6, row: 4 })).toBeUndefined();
    expect(patientFromPicture(picture, { column: 4, row: 81 })).toBeUndefined();
    expect(patientFromPicture(picture, { column: 19.5, row: 80 })![2]).toBeCloseTo(40, 9);
    // Off the sheet, but within a row: how far in front is said.
    expect(placesFromPatient(picture, patientPoint(3, 6, 20))[0]).toMatchObject({ row: 40, offMm: 6 });
  });
  it('gives arc lengths both ways, nothing beyond the ends', () => {
    const line = arc(30, 1.5);
    const picture = made(line, { marginMm: 5 });
    expect(pictureFromArc(picture, 0)).toEqual({ column: 19.5, row: 10 });
    expect(arcFromPicture(picture, { column: 3, row: 10 + 2 * 21.3 })).toBeCloseTo(21.3, 9);
    expect(arcFromPicture(picture, { column: 3, row: 9.7 })).toBe(0);
    expect(arcFromPicture(picture, { column: 3, row: 9.3 })).toBeUndefined();
    expect(arcFromPicture(picture, { column: 3, row: 11 + 2 * line.lengthMm })).toBeUndefined();
  });
});

describe('lengths in a straightened picture', () => {
  it('are those of the tube: 100π mm read 314.2 ± 0.3', () => {
    const line = arc(100, Math.PI, 0.5);
    const picture = made(line);
    const [from, to] = [pictureFromArc(picture, 0), pictureFromArc(picture, line.lengthMm)];
    const length = lengthInPicture(picture, from, to);
    expect(length.ok && Math.abs(length.value - 100 * Math.PI)).toBeLessThan(0.01);
  });
  it('aside of the line are those of the patient, and across it those of the row', () => {
    const line = arc(40, 1);
    const picture = made(line, { widthMm: 30 });
    const inner = { column: 29.5 - 20, row: 10 };
    // 10 mm towards the centre a circle of 30 mm.
    const along = lengthInPicture(picture, inner, { ...inner, row: 60 });
    expect(along.ok && along.value).toBeCloseTo((25 * 30) / 40, 2);
    const across = lengthInPicture(picture, { column: 2, row: 31 }, { column: 42, row: 31 });
    expect(across.ok && across.value).toBeCloseTo(20, 9);
    const way = lengthOfWay(picture, [
      { column: 2, row: 31 },
      { column: 42, row: 31 },
      { column: 29.5, row: 31 },
    ]);
    expect(way.ok && way.value).toBeCloseTo(26.25, 9);
  });
  it('are refused outside of the picture', () => {
    const picture = made(arc(40, 1));
    const outside = lengthInPicture(picture, { column: 2, row: 0 }, { column: 2, row: 9000 });
    expect(outside).toMatchObject({ ok: false, problem: { code: 'INPUT_INVALID' } });
  });
});

describe('folds', () => {
  it('of a ring of 8 mm with 12 mm on either side begin 8 mm inwards', () => {
    const picture = made(arc(8, 3, 0.2), { widthMm: 24, spacingMm: 0.25 });
    const safe = safeColumns(picture);
    for (const row of [0, 20, 50, 90]) {
      // Right points outwards: the inner side is on the left.
      expect(safe.last[row]).toBe(picture.width - 1);
      expect(Math.abs((47.5 - safe.first[row]!) * 0.25 - 8)).toBeLessThanOrEqual(0.25);
    }
    expect(hasFolds(picture, safe)).toBe(true);
    const [area, ...others] = foldedAreas(picture, safe);
    expect(others).toEqual([]);
    expect(Math.min(...area!.map((p) => p.column))).toBe(-0.5);
    expect(Math.abs(Math.max(...area!.map((p) => p.column)) - (47.5 - 32))).toBeLessThanOrEqual(1);
    expect(area![0]!.row).toBe(-0.5);
  });
  it('are on the side towards which the line bends, and none where it does not', () => {
    const line = arc(8, 3, 0.2);
    const back = made(line, { widthMm: 24, angleRad: Math.PI });
    const turned = safeColumns(back);
    expect(turned.first[30]).toBe(0);
    expect(Math.abs((turned.last[30]! - 23.5) * 0.5 - 8)).toBeLessThanOrEqual(0.5);
    // Rows along the ring's axis are a cylinder.
    const aside = made(line, { widthMm: 24, angleRad: Math.PI / 2 });
    expect(hasFolds(aside, safeColumns(aside))).toBe(false);
    // But a slab of 18 mm reaches beyond its axis everywhere, and one of 14 mm does not.
    expect(safeColumns(aside, 14).first[30]).toBe(0);
    const whole = safeColumns(aside, 18);
    expect(whole.first[30]).toBeGreaterThan(whole.last[30]!);
    expect(foldedAreas(aside, whole)).toHaveLength(1);
    const fine = made(arc(40, 1), { widthMm: 30 });
    expect(foldedAreas(fine, safeColumns(fine))).toEqual([]);
  });
  it('are what is shown twice: just inside a point has one place nearby, just beyond two', () => {
    const line = arc(8, 3, 0.2);
    const picture = made(line, { widthMm: 24, spacingMm: 0.25 });
    const at = (r: number) => patientPoint(10 + r * Math.cos(1.5), 20 + r * Math.sin(1.5), 30);
    const shown = (r: number) => placesFromPatient(picture, at(r)).length;
    expect(shown(0.5)).toBe(1);
    // A point on the other side of the centre lies in the row of the line beyond it, folded.
    const [behind] = placesFromPatient(picture, at(-0.5));
    expect(behind!.column).toBeLessThan(safeColumns(picture).first[48]!);
  });
});

describe('what makes no picture', () => {
  it('is a line without a length, or numbers that are none', () => {
    const line = arc(40, 1);
    const point = { ...line, count: 1, lengthMm: 0, stepMm: 0 };
    const asked = { spacingMm: 0.5, widthMm: 20 };
    expect(cprPicture(point, 'straightened', asked)).toMatchObject({
      ok: false,
      problem: { code: 'LINE_TOO_SHORT' },
    });
    for (const wrong of [
      { spacingMm: 0 },
      { spacingMm: Number.NaN },
      { spacingMm: 1e-4 },
      { widthMm: -1 },
      { widthMm: 1e9 },
      { marginMm: Number.POSITIVE_INFINITY },
      { angleRad: Number.NaN },
    ])
      for (const mode of ['straightened', 'stretched', 'projected'] as const)
        expect(cprPicture(line, mode, { ...asked, ...wrong })).toMatchObject({
          ok: false,
          problem: { code: 'INPUT_INVALID' },
        });
  });
});
