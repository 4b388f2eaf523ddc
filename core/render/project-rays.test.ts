import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDirection,
  applyPoint,
  between,
  cross,
  length,
  matrixFromColumns,
  moved,
} from '../geometry/matrices.ts';
import { cameraBasis, fitCamera, orbit, withLens } from '../scene/camera.ts';
import { presetPart, volumePreset } from '../scene/presets.ts';
import { canvasFromPatient } from '../scene/project.ts';
import type { VolumeScene } from '../scene/types.ts';
import type { RayField, VolumeInfo } from './types.ts';
import { raycastRequest } from './volume.ts';

const geometry = {
  size: [40, 50, 60],
  patientFromIndex: matrixFromColumns([0.8, 0.1, 0], [-0.1, 0.8, 0], [0, 0, 1.5], [-30, 12, 400]),
} as const;
const volume: VolumeInfo = {
  geometry,
  scalarType: 'int16',
  layout: {
    voxels: 0,
    voxelBytes: 0,
    bricks: 0,
    brickCounts: [5, 7, 8],
    control: 0,
    values: 0,
    rgba: 0,
    maxOutputPixels: 1,
  },
  rescale: { slope: 1, intercept: 0 },
  min: 0,
  max: 1,
  percentiles: new Float32Array(1001),
};
const size = { width: 300, height: 200 };

const along = ({ at, perColumn, perRow }: RayField, column: number, row: number) =>
  [0, 1, 2].map((n) => at[n]! + column * perColumn[n]! + row * perRow[n]!) as unknown as [
    number,
    number,
    number,
  ];

describe('places in a 3D picture', () => {
  it('lie on the ray that the ray caster sends through them, by either lens', () => {
    const angle = fc.double({ min: -3, max: 3, noNaN: true });
    const offset = fc.double({ min: -25, max: 25, noNaN: true });
    fc.assert(
      fc.property(angle, angle, fc.boolean(), offset, offset, offset, (a, b, isPerspective, x, y, z) => {
        const front = fitCamera(geometry, 'A');
        const turned = orbit(front, front.focalPoint, a, b);
        const camera = isPerspective ? withLens(turned, 'perspective') : turned;
        const scene: VolumeScene = {
          kind: 'volume',
          camera,
          ...presetPart(volumePreset('bone')!),
          background: [0, 0, 0],
        };
        const point = moved(camera.focalPoint, [x, y, z]);
        const at = canvasFromPatient(camera, size)(point);
        if (!at) throw new Error('behind the camera');
        const request = raycastRequest(volume, scene, size, { quality: 'rest', skipping: false });
        const [column, row] = [at.x - 0.5, at.y - 0.5];
        const origin = applyPoint(geometry.patientFromIndex, along(request.origin, column, row));
        const direction = applyDirection(
          geometry.patientFromIndex,
          along(request.directionIndex, column, row),
        );
        const off = cross(between(origin as never, point), direction as never);
        expect(length(off) / length(direction)).toBeLessThan(1e-6);
        const toPoint = between(isPerspective ? camera.position : camera.focalPoint, point);
        const depth = cameraBasis(camera).direction.reduce((sum, d, n) => sum + d * toPoint[n]!, 0);
        expect(at.depthMm).toBeCloseTo(depth, 6);
      }),
      { numRuns: 60 },
    );
  });
});
