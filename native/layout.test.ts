import { describe, expect, it } from 'vitest';
import { layoutFor } from './layout.ts';

const of = (edge: number) =>
  layoutFor({ size: [edge, edge, edge], scalarType: 'int16', workerCount: 2, maxOutputPixels: 1e6 });

describe('where masks lie', () => {
  it('is behind everything else, and costs nothing until the memory grows to it', () => {
    const layout = of(64)!;
    const region = layout.labels!;
    expect(layout.pages).toBe(Math.ceil(layout.totalBytes / 65536));
    expect(region.labels).toBeGreaterThanOrEqual(layout.totalBytes);
    expect(region.veil).toBeGreaterThanOrEqual(region.labels + 64 ** 3 + 16);
    expect(region.flags).toBeGreaterThanOrEqual(region.veil + 64 ** 3 + 16);
    expect(region.picture).toBeGreaterThanOrEqual(region.flags + 8 ** 3);
    expect(region.pages * 65536).toBeGreaterThanOrEqual(region.picture + 1e6);
    expect(layout.pagesMost).toBe(region.pages);
    // Two bytes a voxel and one a pixel.
    expect(region.pages - layout.pages).toBeLessThan((2 * 64 ** 3 + 1e6) / 65536 + 3);
  });
  it('is nowhere where volume and masks do not fit one memory, which still holds the volume', () => {
    const layout = of(1100)!;
    expect(layout.voxelBytes).toBe(2 * 1100 ** 3);
    expect(layout.labels).toBeUndefined();
    expect(layout.pagesMost).toBe(layout.pages);
    expect(of(1300)).toBeUndefined();
  });
});
