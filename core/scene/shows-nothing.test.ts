import { describe, expect, it } from 'vitest';
import type { VolumeGeometry } from '../geometry/types.ts';
import { volumePresets } from './presets.ts';
import { showsNothing } from './shows-nothing.ts';
import type { OpacityPoint, VolumeScene } from './types.ts';
import { sceneOfView } from './view.ts';

const geometry: VolumeGeometry = {
  size: [10, 10, 10],
  patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
};

function scene(points: readonly (readonly [number, number])[], part: Partial<VolumeScene> = {}): VolumeScene {
  const asked = { width: 10, height: 10, presetId: 'bone' };
  const made = sceneOfView(geometry, '3d', { Modality: 'CT' }, new Float32Array(1001), asked);
  if (made?.kind !== 'volume') throw new Error('no scene of a volume');
  const opacity = points.map(([value, o]): OpacityPoint => ({ value, opacity: o }));
  return { ...made, transfer: { ...made.transfer, unit: 'modality', opacity }, ...part };
}

const rising = [
  [100, 0],
  [200, 1],
] as const;

describe('a transfer function shows nothing', () => {
  it('where all values lie below its first opacity, and something as soon as one is above', () => {
    expect(showsNothing(scene(rising), { min: -1000, max: 99 })).toBe(true);
    expect(showsNothing(scene(rising), { min: -1000, max: 101 })).toBe(false);
    // Constant beyond its last point.
    expect(showsNothing(scene(rising), { min: 5000, max: 6000 })).toBe(false);
  });

  it('between two of its hills, and below a falling one', () => {
    const hills = [
      [0, 0],
      [10, 1],
      [20, 0],
      [100, 0],
      [110, 1],
      [120, 0],
    ] as const;
    expect(showsNothing(scene(hills), { min: 30, max: 90 })).toBe(true);
    expect(showsNothing(scene(hills), { min: 19, max: 90 })).toBe(false);
    expect(showsNothing(scene(hills), { min: 200, max: 300 })).toBe(true);
    const falling = [
      [100, 1],
      [200, 0],
    ] as const;
    expect(showsNothing(scene(falling), { min: -1000, max: 50 })).toBe(false);
    expect(showsNothing(scene(falling), { min: 201, max: 500 })).toBe(true);
  });

  it('as far as it is moved', () => {
    const range = { min: -1000, max: 50 };
    expect(showsNothing(scene(rising, { shiftHu: -60 }), range)).toBe(false);
    expect(showsNothing(scene(rising, { shiftHu: 60 }), { min: -1000, max: 150 })).toBe(true);
  });

  it('never of projections, of percentiles, or where another series lies over it', () => {
    const range = { min: -1000, max: 50 };
    expect(showsNothing(scene(rising, { mode: 'mip' }), range)).toBe(false);
    const { transfer } = scene(rising);
    expect(showsNothing(scene([], { transfer: { ...transfer, unit: 'bodyPercentile' } }), range)).toBe(false);
    const fusion = { opacity: 0.5 } as VolumeScene['fusion'];
    expect(showsNothing(scene(rising, fusion ? { fusion } : {}), range)).toBe(false);
  });

  it('with no preset of CT, of a body with metal in air', () => {
    for (const preset of volumePresets.filter(({ modalities }) => modalities.includes('CT')))
      expect(
        showsNothing(
          { ...scene(rising), mode: preset.mode, transfer: preset.transfer },
          { min: -1000, max: 3071 },
        ),
      ).toBe(false);
  });
});
