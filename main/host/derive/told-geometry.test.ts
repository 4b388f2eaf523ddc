import { expect, it } from 'vitest';
import { presetPart, volumePreset } from '../../../core/scene/presets.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import type { GeometryVerdict } from '../../../core/volume/types.ts';
import { turntableMovie } from '../film/turntable.ts';
import { toldGeometry } from './told-geometry.ts';

it.each([
  ['exact', 0, ''],
  ['exact', 2, ''],
  ['approximate', 0, '. Geometry of the source: approximate'],
  ['resampled', 3, '. Geometry of the source: resampled, 3 slices interpolated'],
] as const)('%s with %i slices made up', (kind, interpolatedSlices, told) => {
  expect(toldGeometry({ kind, interpolatedSlices })).toBe(told);
});

it('a film says it too', () => {
  const scene = presetPart(volumePreset('bone')!) as VolumeScene;
  const shape = { width: 8, height: 8, frames: 5, framesPerSecond: 1 };
  const verdict = { kind: 'approximate', interpolatedSlices: 0 } as GeometryVerdict;
  expect(turntableMovie(scene, 'head', shape, verdict).derivation).toBe(
    'Volume rendering (bone), one turn about the head axis in 5 frames. Geometry of the source: approximate',
  );
});
