import { describe, expect, test } from 'vitest';
import { withDrawnPieces } from '../../../../core/analysis/curve/edit.ts';
import type { Centreline } from '../../../../core/analysis/types.ts';
import { cross, dot, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { patientPoint, type Vec3 } from '../../../../core/geometry/types.ts';
import { renderCurved } from '../../../../core/render/curved.ts';
import type { VolumeInfo } from '../../../../core/render/types.ts';
import { windowLevel } from '../../../../core/scene/presets.ts';
import { bench } from '../../../../native/harness.ts';
import {
  archRadiusMm,
  archZ,
  jawHu,
  jawOrigin,
  jawSize,
  jawSpacingMm,
  onArch,
  toothAngle,
  toothCount,
  toothRadiusMm,
  toothStepRad,
  toothTopZ,
} from '../../../../tests/fixtures/jaw.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { sampledOf } from './sampled.ts';
import { sectionPlane } from './section-plane.ts';
import { archLetters, type StraightPicture, straightPicture } from './straight-picture.ts';
import { xOfMm } from './strip-map.ts';
import { noVessels, panoramicView, reduceVessel, startCprView, type VesselLine } from './vessel-state.ts';

const [size, mm] = [jawSize, jawSpacingMm];
const b = bench(
  size,
  'int16',
  (i, j, k) => jawHu([jawOrigin[0] + i * mm, jawOrigin[1] + j * mm, jawOrigin[2] + k * mm]),
  { maxOutputPixels: 1200 * 420 },
);
const info: VolumeInfo = {
  geometry: {
    size,
    patientFromIndex: matrixFromColumns([mm, 0, 0], [0, mm, 0], [0, 0, mm], jawOrigin),
  },
  scalarType: 'int16',
  layout: b.layout,
  rescale: { slope: 1, intercept: 0 },
  min: 0,
  max: 2200,
  percentiles: new Float32Array(1001),
};

/** An arch through points on the axial plane, as a hand sets them one after the other. */
function drawn(angles: readonly number[], kind: Centreline['kind'] = 'dental'): VesselLine {
  const controls = angles.map((angle) => ({ pointMm: onArch(angle), snapped: false }));
  const bare: Centreline = {
    ...{ id: 'arch', kind, nameId: 'lower-dental-arch', customName: '', seriesKey: 's', groupId: 'g' },
    ...{ frameOfReferenceUID: '1', verdict: 'exact', controls },
    pieces: controls.slice(1).map(({ pointMm }, n) => ({
      pointsMm: [controls[n]!.pointMm, pointMm],
      state: 'straight' as const,
    })),
  };
  const line = withDrawnPieces({ line: bare, stale: bare.pieces.map((_, n) => n) });
  return { line, sectionMm: 40, edited: [], lesion: null, rule: 'mean' };
}

const kept = (item: VesselLine) => reduceVessel(noVessels, { kind: 'put', line: item }).lines[0]!.line;
const fromLeft = Array.from({ length: 21 }, (_, n) => 1.5 - 0.15 * n);
const fromRight = fromLeft.toReversed();
const viewport: CanvasSize = { cssWidth: 800, cssHeight: 280, width: 1200, height: 420, ratio: 1.5 };
const look = { ...startCprView, ...panoramicView };
const place = startCprView.places.straight;

const pictureOf = (line: Centreline): StraightPicture =>
  straightPicture(sampledOf(line), look, place, viewport, windowLevel(3000, 1000));

/** Values by screen pixel. */
function rendered({ scene }: StraightPicture): (x: number, y: number) => number {
  renderCurved(b.kernels, info, scene)(0, scene.height);
  const values = b.values.slice(0, scene.width * scene.height);
  return (x, y) => values[x * scene.width + y]!;
}

describe('the panoramic picture of a dental arch', () => {
  const line = kept(drawn(fromLeft));
  const picture = pictureOf(line);
  const valueAt = rendered(picture);
  const sampled = sampledOf(line);
  const startRad = 1.5;
  const { ratio } = viewport;
  /** Screen pixels, counted from the middle of the first. */
  const columnOf = (tooth: number): number =>
    xOfMm(picture.strip, archRadiusMm * (toothAngle(tooth) + startRad)) * ratio - 0.5;
  const rowOf = (z: number): number => ((archZ - z) / picture.mmPerPx + viewport.cssHeight / 2) * ratio - 0.5;

  test('has every tooth where it is, the patient’s right at the left and the head above', () => {
    const half = (1.1 * toothRadiusMm * ratio) / picture.mmPerPx;
    const rows = Array.from({ length: 8 }, (_, n) => Math.round(rowOf(archZ + 1 + 0.4 * n)));
    for (let tooth = 0; tooth < toothCount; tooth += 1) {
      const column = columnOf(tooth);
      let [sum, weight] = [0, 0];
      for (let x = Math.ceil(column - half); x <= column + half; x += 1)
        for (const y of rows) {
          const more = Math.max(0, valueAt(x, y) - 90);
          sum += more * x;
          weight += more;
        }
      expect(weight).toBeGreaterThan(0);
      expect(Math.abs(sum / weight - column)).toBeLessThan(0.5);
      // The upper edge lies half-way from tooth to air; each next one is higher.
      const at = Math.round(column);
      const level =
        (valueAt(at, Math.round(rowOf(archZ + 2))) + valueAt(at, Math.round(rowOf(toothTopZ(tooth) + 2)))) /
        2;
      let y = Math.round(rowOf(archZ + 2));
      while (valueAt(at, y - 1) > level) y -= 1;
      const edge = y - (valueAt(at, y) - level) / (valueAt(at, y) - valueAt(at, y - 1));
      expect(Math.abs(edge - rowOf(toothTopZ(tooth)))).toBeLessThan(0.5);
    }
    expect(archLetters(sampled, 0)).toMatchObject({
      left: 'R',
      right: 'L',
      bottom: expect.stringMatching(/^[FI]/),
    });
    expect(archLetters(sampled, 30)).toBeNull();
  });

  test('is true to length along the arch', () => {
    const y = viewport.cssHeight / 2;
    const x = (tooth: number): number => (columnOf(tooth) + 0.5) / ratio;
    const apart = picture.lengthMm({ x: x(0), y }, { x: x(toothCount - 1), y })!;
    expect(apart).toBeCloseTo(archRadiusMm * toothStepRad * (toothCount - 1), 0);
    expect(sampled.lengthMm).toBeCloseTo(archRadiusMm * 3, 0);
    expect(picture.folds).toBe('');
  });

  test('is the same whichever way it was drawn; a vessel keeps its way', () => {
    const [a, c] = [kept(drawn(fromRight)), line];
    expect(a.controls.map(({ pointMm }) => pointMm[0])).toEqual(c.controls.map(({ pointMm }) => pointMm[0]));
    expect(sampledOf(a).points[0]).toBeLessThan(0);
    const vessel = kept(drawn(fromLeft, 'vessel'));
    expect(sampledOf(vessel).points[0]).toBeGreaterThan(0);
    expect(sampledOf(vessel).isUpright).toBeUndefined();
    // Naming a line as an arch turns it and sets it upright.
    const lines = [{ ...drawn(fromLeft, 'vessel'), edited: [] }];
    const named = reduceVessel(
      { ...noVessels, lines },
      { kind: 'name', lineId: 'arch', nameId: 'upper-dental-arch', customName: '', lineKind: 'dental' },
    ).lines[0]!.line;
    expect(sampledOf(named).isUpright).toBe(true);
    expect(sampledOf(named).points[0]).toBeLessThan(0);
  });

  test('stands upright where the arch climbs, and its sections lie across it', () => {
    const climbing = drawn(fromRight).line;
    const pieces = climbing.pieces.map((piece) => ({
      ...piece,
      pointsMm: piece.pointsMm.map((p) => patientPoint(p[0], p[1], p[2] + 0.4 * p[1])),
    }));
    const upright = sampledOf({ pieces, kind: 'dental' });
    for (let n = 0; n < upright.count; n += 7) {
      const vector = (values: Float64Array): Vec3 => [values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!];
      const [t, r, d] = [vector(upright.tangents), vector(upright.rights), vector(upright.downs)];
      expect(dot(r, t)).toBeCloseTo(0, 9);
      expect(dot(cross(r, d), t)).toBeCloseTo(1, 9);
      // Nothing of it leans along the arch: it lies in the plane of tangent and footwards.
      expect(dot(cross(t, r), [0, 0, -1])).toBeCloseTo(0, 9);
      expect(r[2]).toBeLessThan(0);
    }
    for (const sMm of [3, 20, 36, 60]) {
      const plane = sectionPlane(sampled, sMm)!;
      const n = Math.round(sMm / sampled.stepMm);
      const tangent = Array.from(sampled.tangents.subarray(3 * n, 3 * n + 3)) as unknown as Vec3;
      expect(Math.abs(dot(cross(plane.right, plane.down), tangent))).toBeCloseTo(1, 3);
      expect(plane.down[2]).toBeCloseTo(-1, 3);
    }
  });
});
