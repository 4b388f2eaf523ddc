import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { allocateAhead, directVolume } from './memory-ahead.ts';

const limits = { workerCount: 2 };

function groupOf(more: Partial<VolumeGroup> = {}): VolumeGroup {
  const patientFromIndex = matrixFromColumns([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]);
  const grid = { size: [8, 8, 4], patientFromIndex } as const;
  const whole = { acquired: grid, regular: grid, scalarType: 'int16', verdict: { kind: 'exact' } };
  return { ...whole, ...more } as VolumeGroup;
}
const planOf = (...groups: VolumeGroup[]): SeriesPlan => ({ groups }) as unknown as SeriesPlan;

describe('memory given out ahead', () => {
  it('is that of the volume opened first, and of no other', () => {
    const group = groupOf();
    const plan = planOf(group);
    allocateAhead(plan, limits);
    allocateAhead(plan, limits);
    const first = directVolume(group, limits);
    const second = directVolume(group, limits);
    expect(first?.voxels).toHaveLength(8 * 8 * 4);
    expect(second?.voxels).toHaveLength(8 * 8 * 4);
    expect(second?.memory).not.toBe(first?.memory);
    expect(second?.claims).not.toBe(first?.claims);
  });

  it('is really given out before', () => {
    const group = groupOf();
    const { Memory } = WebAssembly;
    let made = 0;
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        super(descriptor);
        made += 1;
      }
    };
    try {
      allocateAhead(planOf(group, groupOf()), limits);
      expect(made).toBe(1);
      expect(directVolume(group, limits)).not.toBeNull();
      expect(made).toBe(1);
    } finally {
      WebAssembly.Memory = Memory;
    }
  });

  it('is not used where it is more than a volume may take by now', () => {
    const group = groupOf();
    allocateAhead(planOf(group), limits);
    expect(directVolume(group, { ...limits, volumeCapBytes: 100 })).toBeNull();
  });

  it.each([
    ['colours', { scalarType: 'rgb8' }],
    ['slices that are resampled', { resampleK: { kept: 1 } }],
    ['a leaning stack', { shearMm: [0, 1] }],
    ['a stack without a volume', { verdict: { kind: 'none' } }],
  ])('is nothing for %s', (_, more) => {
    const group = groupOf(more as unknown as Partial<VolumeGroup>);
    allocateAhead(planOf(group), limits);
    expect(directVolume(group, limits)).toBeNull();
  });

  it('is nothing for a series without pictures', () => {
    expect(() => allocateAhead(planOf(), limits)).not.toThrow();
  });
});
