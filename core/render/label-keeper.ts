import { hasRole, rolesOf, type SceneLayer } from '../scene/layers.ts';
import { bricksOfBox, type VoxelBox } from './labels.ts';
import type { RenderJob } from './session.ts';
import type { VolumeData } from './types.ts';

const pageBytes = 65536;

/** Labels and veil where the kernels read them; do not write. */
export interface LabelViews {
  readonly labels: Uint8Array;
  /** 128 and more where a voxel is removed; smooth (native/mask). */
  readonly veil: Uint8Array;
}

const joined = (a: VoxelBox | null, b: VoxelBox): VoxelBox => {
  if (!a) return b;
  const each = (
    f: (x: number, y: number) => number,
    x: VoxelBox['lo'],
    y: VoxelBox['lo'],
  ): VoxelBox['lo'] => [f(x[0], y[0]), f(x[1], y[1]), f(x[2], y[2])];
  return { lo: each(Math.min, a.lo, b.lo), hi: each(Math.max, a.hi, b.hi) };
};

/**
 * A volume's labels in its memory, and what the veil beside them was made of. The memory grows with the
 * first labels and keeps that size.
 */
export class LabelKeeper {
  readonly #volume: VolumeData;
  #isSet = false;
  /** Roles that the veil was made for, and voxels that changed since. */
  #roles = '';
  #changed: VoxelBox | null = null;

  constructor(volume: VolumeData) {
    this.#volume = volume;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  /**
   * Copies labels into the memory; `changed` alone where given. Null takes them away. False where the
   * memory has no room or the machine gives none.
   * @throws RangeError for labels of another volume
   */
  set(labels: Uint8Array | null, changed?: VoxelBox): boolean {
    if (!labels) {
      this.#isSet = false;
      return true;
    }
    const { size } = this.#volume.geometry;
    if (labels.length !== size[0] * size[1] * size[2]) throw new RangeError('labels of another volume');
    if (!this.#grow()) return false;
    const { labels: to } = this.#views();
    const box = changed && this.#isSet ? changed : { lo: [0, 0, 0] as const, hi: size };
    if (!changed || !this.#isSet) to.set(labels);
    else
      for (let k = box.lo[2]; k < box.hi[2]; k += 1)
        for (let j = box.lo[1]; j < box.hi[1]; j += 1) {
          const row = size[0] * (j + size[1] * k);
          to.set(labels.subarray(row + box.lo[0], row + box.hi[0]), row + box.lo[0]);
        }
    this.#changed = joined(this.#changed, box);
    this.#isSet = true;
    return true;
  }

  /** What must be made before a 3D picture with these layers; null where nothing must. It counts as made. */
  takeJob(layers: readonly SceneLayer[] | undefined): RenderJob | null {
    if (!this.#isSet || !layers || !(hasRole(layers, 'removed') || hasRole(layers, 'shown'))) return null;
    const roles = rolesOf(layers);
    const key = roles.join();
    const { brickCounts } = this.#volume.layout;
    const isOther = key !== this.#roles;
    if (!isOther && !this.#changed) return null;
    const whole = { lo: [0, 0, 0], hi: brickCounts } as const;
    const bricks = isOther || !this.#changed ? whole : bricksOfBox(this.#changed, brickCounts);
    this.#roles = key;
    this.#changed = null;
    return { kind: 'veil', roles, bricks };
  }

  /** Null until labels are set. */
  views(): LabelViews | null {
    return this.#isSet ? this.#views() : null;
  }

  /** Labels of a picture's pixels, copied. */
  picture(at: number, pixels: number): Uint8Array<ArrayBuffer> {
    const { layout, memory } = this.#volume;
    const out = new Uint8Array(pixels);
    if (layout.labels) out.set(new Uint8Array(memory.buffer, layout.labels.picture + at, pixels));
    return out;
  }

  #views(): LabelViews {
    const { layout, memory, geometry } = this.#volume;
    const region = layout.labels;
    if (!region) throw new Error('no room for labels');
    const count = geometry.size[0] * geometry.size[1] * geometry.size[2];
    const { buffer } = memory;
    return {
      labels: new Uint8Array(buffer, region.labels, count),
      veil: new Uint8Array(buffer, region.veil, count),
    };
  }

  #grow(): boolean {
    const { layout, memory } = this.#volume;
    if (!layout.labels) return false;
    const missing = layout.labels.pages - memory.buffer.byteLength / pageBytes;
    if (missing <= 0) return true;
    try {
      memory.grow?.(missing);
    } catch {
      return false;
    }
    return memory.buffer.byteLength >= layout.labels.pages * pageBytes;
  }
}
