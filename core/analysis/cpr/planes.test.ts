import { describe, expect, it } from 'vitest';
import { dot, normalise } from '../../geometry/matrices.ts';
import { patientFromView, planeNormal } from '../../geometry/planes.ts';
import { patientVector, viewPoint } from '../../geometry/types.ts';
import { windowLevel } from '../../scene/presets.ts';
import { samplePoints, stationPoint } from '../curve/sample-line.ts';
import { pictureFromArc } from './arcs.ts';
import { cprPicture, cprScene, stackedRows } from './picture.ts';
import { patientFromPicture } from './picture-rows.ts';
import { longitudinalPlane, sectionArcs, sectionPlane, sectionScene } from './planes.ts';
import { cprSheet, onSheet, partAt } from './sheet.ts';
import { arc, helix } from './test-lines.ts';

const options = { spacingMm: 0.5, widthMm: 20 };

describe('planes of a line', () => {
  it('across it stand on it and look onwards, whatever the angle', () => {
    const [r, c] = [10, 3];
    const w = Math.hypot(r, c);
    const line = helix(r, c, 80);
    for (const s of [0, 17.3, 80])
      for (const angleRad of [0, 1, -2]) {
        const plane = sectionPlane(line, s, angleRad);
        const onwards = normalise(
          patientVector((-r * Math.sin(s / w)) / w, (r * Math.cos(s / w)) / w, c / w),
        );
        expect(dot(planeNormal(plane), onwards)).toBeGreaterThan(1 - 1e-6);
        expect(Math.abs(dot(plane.right, plane.down))).toBeLessThan(1e-9);
        expect(plane.origin[2]).toBeCloseTo((c * s) / w, 4);
      }
  });
  it('across and the straightened picture’s rows are the same straight line', () => {
    const line = helix(10, 3, 80);
    const picture = cprPicture(line, 'straightened', { ...options, angleRad: 0.8 });
    const plane = sectionPlane(line, 30, 0.8);
    const p = patientFromView(plane, viewPoint(4, 0));
    if (!picture.ok) throw new Error(picture.problem.code);
    const q = patientFromPicture(picture.value, { column: 19.5 + 8, row: 60 });
    for (const a of [0, 1, 2] as const) expect(q?.[a]).toBeCloseTo(p[a], 9);
  });
  it('along it hold the tangent and turn about it', () => {
    const line = arc(30, 1);
    const flat = longitudinalPlane(line, 15);
    // In the arc's own plane the cut holds its centre.
    expect(patientFromView(flat, viewPoint(-30, 0))[0]).toBeCloseTo(10, 4);
    expect(patientFromView(flat, viewPoint(-30, 0))[1]).toBeCloseTo(20, 4);
    const turned = longitudinalPlane(line, 15, Math.PI / 2);
    expect(Math.abs(turned.right[2])).toBeCloseTo(1, 9);
    expect(dot(turned.down, flat.down)).toBeCloseTo(1, 9);
  });
  it('are scenes with any size at any place; places are even, from the start', () => {
    const look = {
      spacingMm: 0.25,
      width: 64,
      height: 32,
      slabMm: 1,
      projection: 'mean',
      interpolation: 'cubic',
      window: windowLevel(400, 40),
      background: [0, 0, 0],
    } as const;
    const line = arc(30, 1);
    expect(sectionScene(line, 12, look)).toEqual({ kind: 'slice', plane: sectionPlane(line, 12), ...look });
    expect(sectionArcs(line, 10)).toEqual([0, 10, 20, 30]);
    expect(sectionArcs(line, 0)).toEqual([0]);
    expect(sectionArcs({ ...line, count: 0, lengthMm: 0 }, 1)).toEqual([]);
  });
});

describe('several branches on one sheet', () => {
  it('lie beside each other, each beginning at the height of its way from the root', () => {
    const trunk = arc(30, 2);
    const branch = arc(15, 2);
    const sheet = cprSheet(
      [
        { id: 'trunk', line: trunk, startMm: 0 },
        { id: 'branch', line: branch, startMm: 20 },
      ],
      options,
      5,
    );
    if (!sheet.ok) throw new Error(sheet.problem.code);
    const [a, b] = sheet.value.parts;
    expect([a!.left, a!.top, b!.left, b!.top]).toEqual([0, 0, 50, 40]);
    expect(sheet.value.width).toBe(90);
    expect(sheet.value.height).toBe(Math.max(a!.picture.height, 40 + b!.picture.height));
    // Equal heights are equal ways from the root.
    const on = [onSheet(a!, pictureFromArc(a!.picture, 33)), onSheet(b!, pictureFromArc(b!.picture, 13))];
    expect(on[0]!.row).toBeCloseTo(on[1]!.row, 9);
    const hit = partAt(sheet.value, on[1]!);
    expect(hit?.part.id).toBe('branch');
    expect(hit?.point).toEqual(pictureFromArc(b!.picture, 13));
    expect(partAt(sheet.value, { column: 45, row: 50 })).toBeUndefined();
    expect(partAt(sheet.value, { column: 60, row: 20 })).toBeUndefined();
  });
  it('or below each other in one picture, with empty rows between', () => {
    const [one, two] = [arc(30, 0.5), arc(20, 0.5)].map((line) => {
      const picture = cprPicture(line, 'straightened', options);
      if (!picture.ok) throw new Error(picture.problem.code);
      return picture.value;
    });
    const { centres, across } = stackedRows([one!, two!], 3);
    expect(centres).toHaveLength(3 * (one!.height + 3 + two!.height));
    expect(centres[3 * one!.height]).toBeNaN();
    expect(centres[3 * (one!.height + 3)]).toBe(two!.rows.centres[0]);
    expect(across[3 * (one!.height + 3) + 1]).toBe(two!.rows.across[1]);
  });
  it('say why there is none', () => {
    const point = { ...arc(30, 1), count: 1, lengthMm: 0 };
    const sheet = cprSheet([{ id: 'a', line: point, startMm: 0 }], options);
    expect(sheet).toMatchObject({ ok: false, problem: { code: 'LINE_TOO_SHORT' } });
  });
});

describe('lines that were sampled from points', () => {
  it('go through every station, in each mode that shows them all', () => {
    const points = Array.from({ length: 30 }, (_, n) => stationPoint(helix(14, 4, 120, 4), n));
    const line = samplePoints(points, 0.4);
    for (const mode of ['straightened', 'stretched'] as const) {
      const picture = cprPicture(line, mode, options);
      if (!picture.ok) throw new Error(picture.problem.code);
      for (let n = 0; n < line.count; n += 7) {
        const s = n * line.stepMm;
        const p = patientFromPicture(picture.value, pictureFromArc(picture.value, s));
        const q = stationPoint(line, n);
        // Half a pixel; across the middle of a straightened picture nothing is between rows to be off.
        const within = mode === 'straightened' ? 0.01 : 0.25;
        expect(Math.hypot(p![0] - q[0], p![1] - q[1], p![2] - q[2])).toBeLessThan(within);
      }
      const scene = cprScene(picture.value, {
        slabMm: 0,
        projection: 'none',
        interpolation: 'linear',
        window: windowLevel(400, 40),
        background: [0, 0, 0],
      });
      expect(scene.height * 3).toBe(scene.rows.centres.length);
    }
  });
});
