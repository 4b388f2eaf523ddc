import { describe, expect, it } from 'vitest';
import { applyPoint, between, dot, length, matrixFromColumns } from '../geometry/matrices.ts';
import { volumeCorners } from '../geometry/planes.ts';
import { cameraBasis, orbit, standAt, viewFromPatientMatrix, withLens } from './camera.ts';
import { turnedCameras, turntableAxes, turntableCameras } from './turntable.ts';

const geometry = {
  size: [40, 60, 90],
  patientFromIndex: matrixFromColumns([0.8, 0.1, 0], [-0.1, 0.8, 0], [0, 0, 1.5], [-30, 12, 400]),
} as const;

describe('a turntable', () => {
  const cameras = turntableCameras(geometry, 'A', 'head', 8, 1.5);

  it('begins in front, stands at the patient’s left after a quarter, behind after a half', () => {
    expect(cameras).toHaveLength(8);
    for (const [n, side] of [
      [0, 'A'],
      [2, 'L'],
      [4, 'P'],
      [6, 'R'],
    ] as const) {
      const wanted = standAt(cameras[0]!, side);
      expect(length(between(cameras[n]!.position, wanted.position))).toBeLessThan(1e-9);
      expect(dot(cameras[n]!.viewUp, wanted.viewUp)).toBeCloseTo(1, 12);
    }
  });

  it('keeps one scale, and the whole volume in every picture', () => {
    for (const view of ['A', 'L', 'H'] as const)
      for (const axis of ['head', 'left', 'anterior'] as const) {
        if (view === 'H' && axis === 'head') continue;
        const all = turntableCameras(geometry, view, axis, 24, 1.5);
        let widest = 0;
        for (const camera of all) {
          expect(camera.lens).toEqual(all[0]!.lens);
          const half = camera.lens.kind === 'orthographic' ? camera.lens.parallelScaleMm : 0;
          for (const corner of volumeCorners(geometry)) {
            const [x, y] = applyPoint(viewFromPatientMatrix(camera), corner);
            widest = Math.max(widest, Math.abs(y) / half, Math.abs(x) / (half * 1.5));
          }
        }
        expect(widest).toBeLessThan(1);
        expect(widest).toBeGreaterThan(0.95);
      }
  });

  it('of a camera of one’s own keeps its place, distance and lens', () => {
    const start = withLens(orbit(cameras[0]!, cameras[0]!.focalPoint, 0.7, 0.3), 'perspective');
    const all = turnedCameras(start, 'head', 5);
    expect(all[0]).toEqual(start);
    for (const camera of all) {
      expect(camera.lens).toEqual(start.lens);
      expect(camera.focalPoint).toEqual(start.focalPoint);
      const reach = length(between(camera.focalPoint, camera.position));
      expect(reach).toBeCloseTo(length(between(start.focalPoint, start.position)), 9);
      expect(dot(camera.viewUp, cameraBasis(camera).direction)).toBeCloseTo(0, 12);
    }
  });

  it('turns about the axis that is asked for', () => {
    for (const axis of ['head', 'left', 'anterior'] as const) {
      const [first, ...others] = turntableCameras(geometry, 'A', axis, 12, 1);
      const along = (n: number): number =>
        dot(between(first!.focalPoint, [first!, ...others][n]!.position), turntableAxes[axis]);
      for (let n = 1; n < 12; n++) expect(along(n)).toBeCloseTo(along(0), 9);
    }
  });
});
