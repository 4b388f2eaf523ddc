import { describe, expect, it } from 'vitest';
import type { VolumeGeometry } from '../geometry/types.ts';
import { windowLevel } from './presets.ts';
import { sceneOfView } from './view.ts';

const geometry: VolumeGeometry = {
  size: [10, 10, 10],
  patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
};
/** P10·n‰ = 20·n: P1 is 200, P99 is 19,800. */
const percentiles = Float32Array.from({ length: 1001 }, (_, n) => n * 20);
const size = { width: 64, height: 64 };

describe('the window of a projection', () => {
  it('is the preset’s for CT, in HU', () => {
    const scene = sceneOfView(geometry, '3d', { Modality: 'CT' }, percentiles, { ...size, presetId: 'mip' });
    expect(scene?.window).toMatchObject({ width: 700, centre: 150 });
    expect(scene).toMatchObject({ isHu: true });
    const other = sceneOfView(geometry, '3d', { Modality: 'CT', RescaleType: 'US' }, percentiles, size);
    expect(other).not.toHaveProperty('isHu');
  });

  it('is the values’ own for PET and MR, inverted for PET', () => {
    const pet = sceneOfView(geometry, '3d', { Modality: 'PT' }, percentiles, size);
    expect(pet?.window).toEqual(windowLevel(19_600, 10_000, true));
    const mr = sceneOfView(geometry, 'A', { Modality: 'MR' }, percentiles, { ...size, presetId: 'mip' });
    expect(mr?.window).toEqual(windowLevel(19_600, 10_000));
    expect(mr).not.toHaveProperty('isHu');
  });

  it('is the one asked for, whatever the modality', () => {
    const window = windowLevel(10, 5);
    expect(sceneOfView(geometry, '3d', { Modality: 'PT' }, percentiles, { ...size, window })?.window).toEqual(
      window,
    );
  });
});
