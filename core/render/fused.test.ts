import { describe, expect, it } from 'vitest';
import { bench, type VoxelFunction } from '../../native/harness.ts';
import { applyPoint, matrixFromColumns, moved, normalise, spacingMm } from '../geometry/matrices.ts';
import { type PatientPoint, patientVector, type VolumeGeometry } from '../geometry/types.ts';
import {
  fitCamera,
  halfHeightMm,
  orbit,
  type StandardView,
  viewFromPatientMatrix,
  withLens,
} from '../scene/camera.ts';
import type { FusionLayer } from '../scene/fusion.ts';
import { presetPart, volumePreset } from '../scene/presets.ts';
import type { Camera, VolumeScene } from '../scene/types.ts';
import { type FusedScene, layOver, overlayColours, overlayScene } from './fused.ts';
import { renderSlice } from './slice.ts';
import { transferTable } from './transfer.ts';
import type { Frame, VolumeInfo } from './types.ts';
import { renderVolume } from './volume.ts';

/** Two volumes of one body: other axes, spacings, sizes and origins. Turned by 30° about z, and by 3-4-5 about x. */
const [c, s] = [Math.cos(Math.PI / 6), 0.5];
const under: VolumeGeometry = {
  size: [70, 60, 50],
  patientFromIndex: matrixFromColumns([0.8 * c, 0.8 * s, 0], [-s, c, 0], [0, 0, 1.2], [-120, 33, 410]),
};
const over: VolumeGeometry = {
  size: [24, 26, 30],
  patientFromIndex: matrixFromColumns([4, 0, 0], [0, 2.4, 1.8], [0, -1.8, 2.4], [-160, 45, 375]),
};
const picture = { width: 160, height: 120 };
const layer: FusionLayer = { series: '1.2.3', group: 'g', map: 'hot', opacity: 0.6, low: 0, high: 1000 };

function volumeOf(geometry: VolumeGeometry, voxel: VoxelFunction) {
  const b = bench(geometry.size, 'int16', voxel, { maxOutputPixels: picture.width * picture.height });
  const info: VolumeInfo = {
    geometry,
    scalarType: 'int16',
    layout: b.layout,
    rescale: { slope: 1, intercept: 0 },
    ...{ min: 0, max: 1000, percentiles: new Float32Array(1001) },
  };
  return (scene: FusedScene): Frame => {
    const size = scene.kind === 'slice' ? scene : picture;
    const count = size.width * size.height;
    if (scene.kind === 'slice') renderSlice(b.kernels, info, scene)(0, size.height);
    else {
      const table = transferTable(info, scene.transfer, scene.shiftHu);
      renderVolume(b.kernels, info, scene, size, { quality: 'rest', table, skipping: true })(0, size.height);
    }
    const rgba = Uint8ClampedArray.from(b.rgba.subarray(0, 4 * count));
    return {
      width: size.width,
      height: size.height,
      rgba,
      values: b.values.slice(0, count),
      coarse: 1,
    } as Frame;
  };
}

/** A ball of 1000 in the second volume, that falls off to 0 at its edge. */
const ballAt = (centre: PatientPoint, radiusMm: number): VoxelFunction => {
  return (i, j, k) => {
    const p = applyPoint(over.patientFromIndex, [i, j, k]);
    const away = Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]);
    return Math.round(1000 * Math.min(1, Math.max(0, 1 - away / radiusMm)));
  };
};

const sceneOf = (camera: Camera, part: Partial<VolumeScene> = {}): VolumeScene => ({
  kind: 'volume',
  camera,
  ...presetPart(volumePreset('bone')!),
  background: [0, 0, 0],
  ...part,
});

/** Where the camera sees a point, in pixels. */
function seenAt(camera: Camera, point: PatientPoint): readonly [number, number] {
  const [x, y, depth] = applyPoint(viewFromPatientMatrix(camera), point);
  const half = halfHeightMm(camera);
  const eye = camera.lens.kind === 'perspective' ? half / Math.tan(camera.lens.viewAngleRad / 2) : Infinity;
  const shrink = eye === Infinity ? 1 : eye / (eye + depth);
  const pixelMm = (2 * half) / picture.height;
  return [
    (x * shrink) / pixelMm + (picture.width - 1) / 2,
    (y * shrink) / pixelMm + (picture.height - 1) / 2,
  ];
}

/** Middle of the colours, each pixel as heavy as it is opaque. */
function middleOf(colours: Uint32Array): readonly [number, number] {
  let [sum, x, y] = [0, 0, 0];
  for (const [n, word] of colours.entries()) {
    const w = word >>> 24;
    sum += w;
    x += w * (n % picture.width);
    y += w * Math.floor(n / picture.width);
  }
  return [x / sum, y / sum];
}

const spot = applyPoint(under.patientFromIndex, [48, 22, 31]) as PatientPoint;
const cameras = (['A', 'P', 'L', 'R', 'H', 'F'] as readonly StandardView[]).flatMap((side) => {
  const straight = fitCamera(under, side, picture.width / picture.height);
  const turned = orbit(straight, straight.focalPoint, 0.5, -0.4);
  return [straight, turned, withLens(turned, 'perspective')];
});

describe('a second series over 3D', () => {
  const drawOver = volumeOf(over, ballAt(spot, 14));

  it('lies where the camera of the first sees it, by its own geometry', () => {
    expect(Math.max(...spacingMm(over.patientFromIndex))).toBe(4);
    for (const camera of cameras) {
      const colours = overlayColours(drawOver(overlayScene(sceneOf(camera))), layer, 'volume');
      const [x, y] = middleOf(colours);
      const [seenX, seenY] = seenAt(camera, spot);
      expect(Math.hypot(x - seenX, y - seenY)).toBeLessThan(1);
      // Far from the ball all is clear, within and without the second volume.
      expect(colours.filter((word) => word >>> 24 === 0).length).toBeGreaterThan(colours.length / 2);
    }
  });

  it('is the largest value of the ray whatever the first is drawn as, and keeps to its clip planes', () => {
    const [camera] = cameras;
    const [x, y] = seenAt(camera!, spot).map(Math.round) as [number, number];
    const at = y * picture.width + x;
    const mean = sceneOf(camera!, {
      ...{ mode: 'mean', isHu: true, shiftHu: 300, stepMm: 20 },
      layers: [{ index: 1, role: 'removed', colour: [0, 0, 0], opacity: 1 }],
    });
    const plain = drawOver(overlayScene(sceneOf(camera!))).values!;
    expect(drawOver(overlayScene(mean)).values).toEqual(plain);
    expect(plain[at]!).toBeGreaterThan(780);
    const normal = normalise(patientVector(0.2, 1, 0.1));
    const clipped = (byMm: number): number => {
      const origin = moved(spot, normal, byMm) as PatientPoint;
      return drawOver(overlayScene(sceneOf(camera!, { clipPlanes: [{ origin, normal }] }))).values![at]!;
    };
    // Of a ball's cone of 14 mm: all of it, then from 7 mm off its top on.
    expect(clipped(-6)).toBeCloseTo(plain[at]!, -1);
    expect(clipped(7)).toBeLessThan(560);
    expect(clipped(7)).toBeGreaterThan(350);
    expect(clipped(16) || 0).toBe(0);
  });

  it('leaves the picture as it is where it is clear, and mixes by the formula where it is not', () => {
    const drawUnder = volumeOf(under, (i) => (i > 30 ? 600 : 0));
    const scene = sceneOf(cameras[1]!, { background: [40, 60, 80] });
    const [base, first, second] = [drawUnder(scene), drawUnder(scene), drawOver(overlayScene(scene))];
    layOver(first, second, layer, 'volume');
    let mixed = 0;
    for (const [n, value] of second.values!.entries()) {
      const share = Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value / 1000));
      const alpha = 0.6 * share;
      const hot = [3 * share, 3 * share - 1, 3 * share - 2].map((x) => 255 * Math.min(1, Math.max(0, x)));
      for (const [channel, colour] of hot.entries()) {
        const expected = base.rgba[4 * n + channel]! * (1 - alpha) + colour * alpha;
        // 256 steps of colours, each of 8 bits.
        expect(Math.abs(first.rgba[4 * n + channel]! - expected)).toBeLessThanOrEqual(3);
      }
      if (alpha > 0.05) mixed += 1;
    }
    expect(mixed).toBeGreaterThan(100);
  });

  it('must have the pixels of the picture that it lies over', () => {
    const frame = drawOver(overlayScene(sceneOf(cameras[0]!)));
    expect(() => layOver({ ...frame, width: 80 }, frame, layer, 'volume')).toThrow(RangeError);
    expect(() => overlayColours({ ...frame, values: null }, layer, 'volume')).toThrow(RangeError);
  });
});

it('a second series over a plane is cut by the same plane and slab, linearly', () => {
  const scene = overlayScene({
    kind: 'slice',
    plane: { origin: spot, right: patientVector(1, 0, 0), down: patientVector(0, 0, -1) },
    ...{ spacingMm: 0.5, width: 101, height: 81, slabMm: 10, projection: 'mip', interpolation: 'cubic' },
    window: { kind: 'window', function: 'SIGMOID', centre: 9, width: 9, invert: true },
    background: [1, 2, 3],
    fusion: layer,
  });
  expect(scene).toMatchObject({ slabMm: 10, projection: 'mip', interpolation: 'linear' });
  expect(scene).not.toHaveProperty('fusion');
  const { values } = volumeOf(over, ballAt(spot, 14))(scene);
  // The ball's top is blunt in voxels this large; 22 mm beside its middle there is nothing.
  expect(values![40 * 101 + 50]!).toBeGreaterThan(780);
  expect(values![40 * 101 + 6]!).toBe(0);
});
