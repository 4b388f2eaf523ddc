import { describe, expect, it } from 'vitest';
import { bench } from '../../native/harness.ts';
import { applyPoint, matrixFromColumns } from '../geometry/matrices.ts';
import type { Vec3, VolumeGeometry } from '../geometry/types.ts';
import { fitCamera, orbit, withLens } from '../scene/camera.ts';
import { presetPart, volumePresets } from '../scene/presets.ts';
import type { VolumeScene } from '../scene/types.ts';
import { volumeStatistics } from './statistics.ts';
import { transferTable } from './transfer.ts';
import type { VolumeInfo } from './types.ts';
import { renderVolume } from './volume.ts';

/** A body with lungs, vessels, bones and a screw in noise, as a scanner of 1.5 × 1.5 × 2 mm sees it. */
const size: Vec3 = [120, 96, 70];
const geometry: VolumeGeometry = {
  size,
  patientFromIndex: matrixFromColumns([1.5, 0, 0], [0, 1.5, 0], [0, 0, 2], [-90, -72, -70]),
};
const picture = { width: 128, height: 128 };

interface Organ {
  readonly hu: number;
  /** Signed distance in mm, negative inside. */
  readonly distance: (x: number, y: number, z: number) => number;
}

const organs: readonly Organ[] = [
  { hu: 45, distance: (x, y, z) => (Math.hypot(x / 78, y / 58, z / 110) - 1) * 60 },
  { hu: -860, distance: (x, y, z) => (Math.hypot((x - 34) / 24, y / 34, (z - 10) / 50) - 1) * 28 },
  { hu: -880, distance: (x, y, z) => (Math.hypot((x + 34) / 24, y / 34, (z - 10) / 50) - 1) * 28 },
  { hu: -985, distance: (x, y) => Math.hypot(x, y + 8) - 6 },
  { hu: 330, distance: (x, y, z) => Math.hypot(x - 4, y - 14 + 6 * Math.sin(z / 18)) - 7 },
  { hu: 700, distance: (x, y) => Math.hypot(x, y - 36) - 13 },
  {
    hu: 900,
    distance: (x, y, z) => Math.hypot(Math.hypot(x / 66, y / 47) * 55 - 55, (((z + 140) % 20) - 10) * 1) - 4,
  },
  { hu: 2900, distance: (x, y, z) => Math.max(Math.hypot(y - 36, z + 20) - 4, Math.abs(x) - 30) },
];

/** Values fall over a millimetre and a half, as a scanner's do, with ±20 HU of even noise. */
function huAt(i: number, j: number, k: number): number {
  const [x, y, z] = applyPoint(geometry.patientFromIndex, [i, j, k]);
  let hu = -1000;
  for (const organ of organs) {
    const share = Math.min(Math.max(0.5 - organ.distance(x, y, z) / 1.5, 0), 1);
    hu += share * (organ.hu - hu);
  }
  const noise = Math.sin(i * 12.9898 + j * 78.233 + k * 37.719) * 43758.5453;
  return Math.round(hu + 40 * (noise - Math.floor(noise) - 0.5));
}

/** Mean structural similarity of luminance over 8 × 8 windows (Wang 2004). */
function similarity(a: Uint8Array, b: Uint8Array): number {
  const { width, height } = picture;
  const grey = (p: Uint8Array, at: number): number =>
    0.2126 * p[4 * at]! + 0.7152 * p[4 * at + 1]! + 0.0722 * p[4 * at + 2]!;
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + 8 <= height; top += 4)
    for (let left = 0; left + 8 <= width; left += 4) {
      const s = { a: 0, b: 0, aa: 0, bb: 0, ab: 0 };
      for (let n = 0; n < 64; n += 1) {
        const at = (top + (n >> 3)) * width + left + (n & 7);
        const [u, v] = [grey(a, at) / 8, grey(b, at) / 8];
        s.a += u / 8;
        s.b += v / 8;
        s.aa += u * u;
        s.bb += v * v;
        s.ab += u * v;
      }
      const [va, vb, c] = [s.aa - s.a * s.a, s.bb - s.b * s.b, s.ab - s.a * s.b];
      const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
      sum += ((2 * s.a * s.b + c1) * (2 * c + c2)) / ((s.a ** 2 + s.b ** 2 + c1) * (va + vb + c2));
      windows += 1;
    }
  return sum / windows;
}

describe('the quality of 3D pictures', () => {
  const b = bench(size, 'int16', huAt, { maxOutputPixels: picture.width * picture.height });
  const { min, max, percentiles } = volumeStatistics(b.voxels as Int16Array, { slope: 1, intercept: 0 });
  const info: VolumeInfo = {
    geometry,
    scalarType: 'int16',
    layout: b.layout,
    rescale: { slope: 1, intercept: 0 },
    min,
    max,
    percentiles,
  };
  const draw = (scene: VolumeScene): Uint8Array => {
    const table = transferTable(info, scene.transfer, scene.shiftHu);
    renderVolume(b.kernels, info, scene, picture, { quality: 'rest', table, skipping: true })(
      0,
      picture.height,
    );
    return b.rgba.slice(0, picture.width * picture.height * 4);
  };
  const straight = fitCamera(geometry, 'A');
  const turned = orbit(straight, straight.focalPoint, 0.6, 0.3);
  for (const preset of volumePresets)
    it(`is that of very fine steps: ${preset.id}`, () => {
      for (const camera of [turned, withLens(turned, 'perspective')]) {
        const scene: VolumeScene = { kind: 'volume', camera, ...presetPart(preset), background: [0, 0, 0] };
        const picture = draw(scene);
        expect(new Set(picture).size).toBeGreaterThan(8);
        expect(similarity(picture, draw({ ...scene, stepMm: 0.1 }))).toBeGreaterThan(0.97);
      }
    });
});
