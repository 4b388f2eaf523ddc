import { describe, expect, test } from 'vitest';
import type { ScalarField } from '../../../../core/analysis/types.ts';
import { between, length, matrixFromColumns } from '../../../../core/geometry/matrices.ts';
import { type Mat4, patientPoint } from '../../../../core/geometry/types.ts';
import { fitCamera, withLens } from '../../../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../../../core/scene/presets.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { screenPoint } from '../volume/volume-clip.tsx';
import { pickPoint } from './pick-3d.ts';
import { volumePicture } from './volume-picture.ts';

const count = 48;
const ball = patientPoint(20, -30, 55);
const radiusMm = 14;

/** A ball of 600 HU in air, oblique voxels. */
function ballField(): ScalarField {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const patientFromIndex = matrixFromColumns(
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1.2],
    [ball[0] - 13, ball[1] - 31, ball[2] - 29],
  );
  const voxels = new Int16Array(count ** 3).fill(-1000);
  for (let n = 0; n < voxels.length; n += 1) {
    const [i, j, k] = [n % count, Math.floor(n / count) % count, Math.floor(n / count ** 2)];
    const m = patientFromIndex;
    const at = (row: number): number =>
      m[4 * row]! * i + m[4 * row + 1]! * j + m[4 * row + 2]! * k + m[4 * row + 3]!;
    if (Math.hypot(at(0) - ball[0], at(1) - ball[1], at(2) - ball[2]) <= radiusMm) voxels[n] = 600;
  }
  return {
    geometry: { size: [count, count, count], patientFromIndex },
    voxels,
    rescale: { slope: 1, intercept: 0 },
  };
}

const field = ballField();
const size = { cssWidth: 400, cssHeight: 300 };
const none = (): number => 0;
const sceneOf = (
  preset: string,
  lens: 'orthographic' | 'perspective',
  view: 'A' | 'L' | 'H',
): VolumeScene => ({
  kind: 'volume',
  camera: withLens(fitCamera(field.geometry, view, 4 / 3), lens),
  ...presetPart(volumePreset(preset)!),
  background: [0, 0, 0],
});

describe('a click in 3D', () => {
  test('takes the surface that is seen there, in both lenses and from every side', () => {
    for (const lens of ['orthographic', 'perspective'] as const) {
      for (const view of ['A', 'L', 'H'] as const) {
        const scene = sceneOf('bone', lens, view);
        const [x, y] = screenPoint(scene.camera, size, ball);
        for (const [dx, dy] of [
          [0, 0],
          [20, -12],
          [-25, 10],
        ] as const) {
          const p = pickPoint(field, scene, size, [x + dx, y + dy], none)!;
          expect(Math.abs(length(between(ball, p)) - radiusMm)).toBeLessThan(1.8);
          const back = screenPoint(scene.camera, size, p);
          expect(Math.hypot(back[0] - x - dx, back[1] - y - dy)).toBeLessThan(0.01);
          // The near side.
          const toViewer = between(p, scene.camera.position);
          expect(length(toViewer)).toBeLessThan(length(between(ball, scene.camera.position)));
        }
      }
    }
  });

  test('is nothing beside the body, and behind a cut', () => {
    const scene = sceneOf('bone', 'orthographic', 'A');
    expect(pickPoint(field, scene, size, [3, 3], none)).toBeNull();
    const [x, y] = screenPoint(scene.camera, size, ball);
    const cut = {
      origin: patientPoint(ball[0], ball[1] + 40, ball[2]),
      normal: between(patientPoint(0, 0, 0), patientPoint(0, 1, 0)),
    };
    expect(pickPoint(field, { ...scene, clipPlanes: [cut] }, size, [x, y], none)).toBeNull();
  });

  test('takes the brightest place of a maximum projection', () => {
    const bright = { ...field, voxels: field.voxels.slice() };
    const middle = (24 * count + 24) * count + 24;
    bright.voxels[middle] = 900;
    const m = field.geometry.patientFromIndex;
    const at = patientPoint(
      m[0]! * 24 + m[1]! * 24 + m[2]! * 24 + m[3]!,
      m[4]! * 24 + m[5]! * 24 + m[6]! * 24 + m[7]!,
      m[8]! * 24 + m[9]! * 24 + m[10]! * 24 + m[11]!,
    );
    const scene = sceneOf('mip', 'orthographic', 'A');
    const p = pickPoint(bright, scene, size, screenPoint(scene.camera, size, at), none)!;
    expect(length(between(at, p))).toBeLessThan(1);
  });

  test('takes the darkest place within the body of a minimum projection of HU', () => {
    const dark = { ...field, voxels: field.voxels.slice() };
    dark.voxels[(24 * count + 24) * count + 24] = -900;
    const m = field.geometry.patientFromIndex;
    const [x, y, z] = [0, 4, 8].map((row) => 24 * (m[row]! + m[row + 1]! + m[row + 2]!) + m[row + 3]!);
    const at = patientPoint(x!, y!, z!);
    const scene = { ...sceneOf('minip', 'orthographic', 'A'), isHu: true };
    const p = pickPoint(dark, scene, size, screenPoint(scene.camera, size, at), none)!;
    expect(length(between(at, p))).toBeLessThan(1);
    // The air around is darker still.
    const air = pickPoint(dark, { ...scene, isHu: false }, size, screenPoint(scene.camera, size, at), none)!;
    expect(length(between(at, air))).toBeGreaterThan(5);
  });
});

test('the centreline tool clicks through what masks leave out of the picture', () => {
  const scene = sceneOf('bone', 'orthographic', 'A');
  const volume = { ...field, scalarType: 'float32' };
  const stack = { volume: () => volume, range: { percentile: none } } as unknown as OpenStack;
  // The nearer half of the ball is removed: what is seen is its middle.
  const m = field.geometry.patientFromIndex;
  const isNear = (n: number): boolean => {
    const [i, j, k] = [n % count, Math.floor(n / count) % count, Math.floor(n / count ** 2)];
    return m[4]! * i + m[5]! * j + m[6]! * k + m[7]! < ball[1];
  };
  const spot = screenPoint(scene.camera, size, ball);
  const seen = volumePicture(scene, stack, size, () => isNear).patientAt(...spot);
  expect(seen && length(between(ball, seen))).toBeLessThan(3);
  const whole = volumePicture(scene, stack, size, () => () => false).patientAt(...spot);
  expect(whole && length(between(ball, whole))).toBeGreaterThan(radiusMm - 2);
});

test('finds the surface of what is a hundredth of a millimetre across, as it is drawn', () => {
  const small = field.geometry.patientFromIndex.map((x, n) => (n < 12 ? x / 2000 : x)) as unknown as Mat4;
  const micro = { ...field, geometry: { ...field.geometry, patientFromIndex: small } };
  const camera = fitCamera(micro.geometry, 'A', 4 / 3);
  const scene: VolumeScene = { ...sceneOf('bone', 'orthographic', 'A'), camera };
  const centre = patientPoint(ball[0] / 2000, ball[1] / 2000, ball[2] / 2000);
  const found = pickPoint(micro, scene, size, screenPoint(scene.camera, size, centre), none);
  expect(found && length(between(centre, found)) * 2000).toBeGreaterThan(radiusMm - 3);
});
