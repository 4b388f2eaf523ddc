import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { PictureSize } from '../../../../core/render/volume.ts';

/** Little-endian RGBA words. */
const black = 0xff000000;
const grey = 0xff505050;

/** Black, crossed out from corner to corner; its values are no data. */
function struckFrame({ width, height }: PictureSize, hasValues: boolean): Frame {
  const words = new Uint32Array(width * height).fill(black);
  const steps = Math.max(width, height);
  for (let n = 0; n < steps; n += 1) {
    const x = Math.floor((n / steps) * width);
    const y = Math.floor((n / steps) * height);
    words[y * width + x] = grey;
    words[y * width + width - 1 - x] = grey;
  }
  return {
    width,
    height,
    rgba: new Uint8ClampedArray(words.buffer),
    values: hasValues ? new Float32Array(width * height).fill(Number.NaN) : null,
    coarse: 1,
  };
}

/**
 * Stands in where the threads of a volume failed for good: pictures crossed out, so that none of the last ones stays that
 * could be taken for what was asked for.
 */
export const struckRenderer: CpuRenderer = {
  slice: (scene, options) => Promise.resolve(struckFrame(scene, options?.values ?? false)),
  volume: (_scene, size, options) => Promise.resolve(struckFrame(size, options?.values ?? false)),
  invalidate: () => undefined,
  restate: () => undefined,
  setLabels: () => true,
  prepareLayers: () => Promise.resolve(null),
  prepareBricks: () => Promise.resolve(null),
  dispose: () => undefined,
};
