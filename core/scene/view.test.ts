import { describe, expect, it } from 'vitest';
import type { VolumeGeometry } from '../geometry/types.ts';
import { projectionStart } from './mip-window.ts';
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
    const at = (percent: number) => percentiles[Math.round(percent * 10)];
    expect(mr?.window).toEqual(projectionStart('mip', 'MR', at));
    const mean = sceneOfView(geometry, 'A', { Modality: 'MR' }, percentiles, { ...size, presetId: 'xray' });
    expect(mean?.window).toEqual(projectionStart('mean', 'MR', at));
    expect(mr).not.toHaveProperty('isHu');
  });

  it('ends where SUV 5 lies, or five times the mean of the body, or the hottest, whatever the file of a PET says', () => {
    const own = { Modality: 'PT', WindowCenter: [5], WindowWidth: [10] } as const;
    const of = (attributes: object, values = percentiles) =>
      sceneOfView(geometry, 'axial', { ...own, ...attributes }, values, size)?.window;
    expect(of({ Units: 'GML' })).toEqual(windowLevel(5, 2.5, true));
    // Above a quarter of the mean of 10,000 it is 11,200 on average; P99.9 is 19,980.
    expect(of({ Units: 'BQML' })).toEqual(windowLevel(20_000, 10_000, true));
    // With a hot spot: 85 of a hundred values lie above a quarter of the mean of 11,801, and are 13,619 on average.
    const spot = percentiles.map((value, n) => (n > 990 ? 200_000 : value));
    expect(of({ Units: 'CNTS' }, spot)).toEqual(windowLevel(68_000, 34_000, true));
    expect(of({ Units: 'NONE' })).toEqual(windowLevel(10, 5));
  });

  it('is turned round where files say that low values are white, but not in a transfer function', () => {
    const window = windowLevel(10, 5);
    const request = { ...size, window, isFileInverted: true };
    for (const [view, presetId] of [
      ['axial', undefined],
      ['3d', 'mip'],
    ] as const) {
      const asked = { ...request, ...(presetId && { presetId }) };
      const scene = sceneOfView(geometry, view, { Modality: 'MR' }, percentiles, asked);
      expect(scene?.window, view).toEqual(windowLevel(10, 5, true));
    }
    const pet = sceneOfView(geometry, 'axial', { Modality: 'PT' }, percentiles, {
      ...size,
      isFileInverted: true,
    });
    expect(pet?.window).toMatchObject({ invert: false });
    const plain = sceneOfView(geometry, '3d', { Modality: 'CT' }, percentiles, size);
    const composite = { ...size, isFileInverted: true };
    expect(sceneOfView(geometry, '3d', { Modality: 'CT' }, percentiles, composite)).toEqual(plain);
  });

  it('is the one asked for, whatever the modality', () => {
    const window = windowLevel(10, 5);
    expect(sceneOfView(geometry, '3d', { Modality: 'PT' }, percentiles, { ...size, window })?.window).toEqual(
      window,
    );
  });
});
