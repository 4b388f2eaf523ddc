import { describe, expect, it } from 'vitest';
import { patientPoint, patientVector } from '../../geometry/types.ts';
import type { SampledLine } from '../types.ts';
import { arcFromPicture, pictureFromArc, stationsInRow } from './arcs.ts';
import { hasFolds, safeColumns } from './folds.ts';
import { isToScale, lengthInPicture } from './lengths.ts';
import { cprPicture } from './picture.ts';
import { patientFromPicture } from './picture-rows.ts';
import { placeFromPatient, placesFromPatient } from './places.ts';
import { arc, helix, lineOf, straight } from './test-lines.ts';
import type { CprMode, CprOptions, CprPicture } from './types.ts';

const made = (line: SampledLine, mode: CprMode, options: Partial<CprOptions> = {}): CprPicture => {
  const picture = cprPicture(line, mode, { spacingMm: 0.5, widthMm: 20, ...options });
  if (!picture.ok) throw new Error(picture.problem.code);
  return picture.value;
};
const down = patientVector(0, 0, 1);

function backAndForth(picture: CprPicture): number {
  let worst = 0;
  for (let row = 0; row < picture.height - 1; row += 3.3)
    for (let column = 0.2; column < picture.width - 1; column += 5.1) {
      const p = patientFromPicture(picture, { column, row })!;
      const away = placesFromPatient(picture, p).map((q) => Math.hypot(q.column - column, q.row - row));
      worst = Math.max(worst, Math.min(...away));
    }
  return worst;
}

describe('a stretched picture', () => {
  it('shows a helix as a straight line whose slope is its climb, at its true length', () => {
    // Seen along its axis the sheet is a cylinder: unrolled, r·angle long and c·angle high.
    const [r, c] = [10, 3];
    const w = Math.hypot(r, c);
    const line = helix(r, c, 131);
    // Rows along z: perpendicular to an axis in x.
    const picture = made(line, 'stretched', { axis: patientVector(1, 0, 0), angleRad: 0 });
    for (let row = 0; row < picture.height; row += 40)
      expect(Math.abs(picture.rows.across[3 * row]!)).toBeLessThan(1e-12);
    const along = made(line, 'stretched', { axis: patientVector(0, 1, 0), angleRad: Math.PI / 2 });
    expect(Math.abs(along.rows.across[2]!)).toBeCloseTo(1, 9);
    const [from, to] = [pictureFromArc(along, 0), pictureFromArc(along, 131)];
    expect(Math.abs((to.row - from.row) * 0.5 - (131 * r) / w)).toBeLessThan(0.05);
    expect(Math.abs(Math.abs(to.column - from.column) * 0.5 - (131 * c) / w)).toBeLessThan(0.05);
    for (let s = 0; s <= 131; s += 6.1) {
      const at = pictureFromArc(along, s);
      expect(Math.abs(at.row - (s * r) / w / 0.5)).toBeLessThan(0.1);
      const p = patientFromPicture(along, at)!;
      expect(
        Math.hypot(p[0] - r * Math.cos(s / w), p[1] - r * Math.sin(s / w), p[2] - (c * s) / w),
      ).toBeLessThan(0.02);
      expect(arcFromPicture(along, at)).toBeCloseTo(s, 1);
    }
    const length = lengthInPicture(along, from, to);
    expect(length.ok && Math.abs(length.value - 131)).toBeLessThan(0.05);
  });
  it('is isometric: a slanting way on the sheet is as long in the patient as in the picture', () => {
    const picture = made(helix(14, 5, 120), 'stretched', { axis: patientVector(0, 1, 0), angleRad: 0.3 });
    const [from, to] = [
      { column: 5, row: 7 },
      { column: picture.width - 9, row: picture.height - 12 },
    ];
    const length = lengthInPicture(picture, from, to);
    const seen = 0.5 * Math.hypot(to.column - from.column, to.row - from.row);
    expect(length.ok && Math.abs(length.value / seen - 1)).toBeLessThan(1e-3);
  });
  it('reads 314.2 ± 0.3 along a semicircular tube of 100π mm, whichever way it is turned', () => {
    const line = arc(100, Math.PI, 0.5);
    for (const angleRad of [0, 0.6, Math.PI / 2]) {
      const picture = made(line, 'stretched', { angleRad });
      let sum = 0;
      for (let s = 0; s < line.lengthMm - 1e-9; s += line.lengthMm / 200) {
        const piece = lengthInPicture(
          picture,
          pictureFromArc(picture, s),
          pictureFromArc(picture, s + line.lengthMm / 200),
        );
        sum += piece.ok ? piece.value : Number.NaN;
      }
      expect(Math.abs(sum - 100 * Math.PI)).toBeLessThan(0.3);
    }
  });
  it('goes there and back, keeps its rows parallel and never folds', () => {
    for (const line of [arc(25, 2.5), helix(12, 6, 90)])
      for (const angleRad of [0, 0.9, 2.2]) {
        const picture = made(line, 'stretched', { angleRad, marginMm: 4 });
        expect(backAndForth(picture)).toBeLessThan(0.1);
        expect(hasFolds(picture, safeColumns(picture, 40))).toBe(false);
        for (let row = 1; row < picture.height; row += 1)
          for (let a = 0; a < 3; a += 1)
            expect(picture.rows.across[3 * row + a]).toBe(picture.rows.across[a]);
      }
  });
  it('survives a line along its rows', () => {
    const line = straight([1, 2, 3], [1, 0, 0], [0, 1, 0], 30);
    const picture = made(line, 'stretched', { axis: down });
    expect(picture.height).toBe(1);
    expect(picture.rows.through.every(Number.isFinite)).toBe(true);
    expect(patientFromPicture(picture, pictureFromArc(picture, 12))![0]).toBeCloseTo(13, 6);
  });
});

describe('a projected picture', () => {
  it('shows a helix from the side as a sine, each row at its depth', () => {
    const [r, c] = [10, 3];
    const w = Math.hypot(r, c);
    const line = helix(r, c, 131);
    const picture = made(line, 'projected', { axis: down, widthMm: 30 });
    const mid = (picture.width - 1) / 2;
    for (let s = 0; s <= 131; s += 3.7) {
      const at = pictureFromArc(picture, s);
      expect(Math.abs(at.row - (c * s) / w / 0.5)).toBeLessThan(0.1);
      // The helix reaches ±10 mm about x = 0 over more than a turn.
      expect(Math.abs(at.column - (mid + (r * Math.cos(s / w)) / 0.5))).toBeLessThan(0.5);
      const p = patientFromPicture(picture, at)!;
      expect(Math.abs(p[1] - r * Math.sin(s / w))).toBeLessThan(0.5);
      const place = placeFromPatient(
        picture,
        patientPoint(r * Math.cos(s / w), r * Math.sin(s / w), (c * s) / w),
      )!;
      expect(Math.hypot(place.column - at.column, place.row - at.row)).toBeLessThan(0.1);
    }
    expect(backAndForth(picture)).toBeLessThan(0.01);
  });
  it('is not to scale and refuses a length', () => {
    const picture = made(arc(100, Math.PI, 0.5), 'projected', { axis: patientVector(0, 1, 0) });
    expect(isToScale(picture)).toBe(false);
    expect(lengthInPicture(picture, { column: 3, row: 3 }, { column: 9, row: 9 })).toEqual({
      ok: false,
      problem: { code: 'CPR_NOT_TO_SCALE' },
    });
  });
  it('knows every station of a row, and shows the part that is asked for', () => {
    // A candy cane in the plane y = 30 · x / 60: up 60 mm, over an arch, down 60 mm behind.
    const [h, r] = [60, 15];
    const line = lineOf(2 * h + Math.PI * r, 0.5, {
      point: (s) => {
        if (s < h) return [-r, -8, s];
        const a = (s - h) / r;
        if (a < Math.PI) return [-r * Math.cos(a), -8 * Math.cos(a), h + r * Math.sin(a)];
        return [r, 8, h - (s - h - Math.PI * r)];
      },
      tangent: (s) => {
        const a = Math.min(Math.max((s - h) / r, 0), Math.PI);
        return [Math.sin(a), 0, Math.cos(a)];
      },
      right: () => [0, 1, 0],
      curvature: () => 0,
    });
    const up = patientVector(0, 0, -1);
    const row = 2 * (r + h - 30);
    for (const [focusMm, shownMm] of [
      [10, 30],
      [line.lengthMm - 10, line.lengthMm - 30],
    ] as const) {
      const picture = made(line, 'projected', { axis: up, focusMm });
      const stations = stationsInRow(picture, row);
      expect(stations.map(({ sMm }) => Math.round(sMm))).toEqual([30, Math.round(line.lengthMm - 30)]);
      expect(stations.map(({ shown }) => shown)).toEqual([shownMm === 30, shownMm !== 30]);
      const seen = pictureFromArc(picture, shownMm);
      expect(Math.abs(patientFromPicture(picture, seen)![1] - (shownMm === 30 ? -8 : 8))).toBeLessThan(0.2);
      // Of two stations in the row the nearer column's.
      for (const { sMm, column } of stations)
        expect(arcFromPicture(picture, { column: column + 2, row })).toBeCloseTo(sMm, 6);
    }
    expect(stationsInRow(made(line, 'projected', { axis: up }), -3)).toEqual([]);
  });
});

describe('axes that nobody gave', () => {
  it('come from the line, also from one that closes', () => {
    for (const line of [arc(20, 2 * Math.PI), arc(20, 1), straight([0, 0, 0], [0, 0, 1], [1, 0, 0], 9)])
      for (const mode of ['stretched', 'projected'] as const) {
        const picture = made(line, mode);
        expect(picture.rows.centres.every(Number.isFinite)).toBe(true);
        expect(Math.hypot(...picture.rows.across.subarray(0, 3))).toBeCloseTo(1, 9);
        const { row, column } = pictureFromArc(picture, line.lengthMm / 3);
        expect(row).toBeGreaterThanOrEqual(0);
        expect(row).toBeLessThan(picture.height);
        expect(column).toBeGreaterThan(0);
      }
  });
});
