import type { Vec3 } from '../geometry/types.ts';
import type { SceneLayer } from '../scene/layers.ts';
import { composeLabels, type PackedVoxels, type VoxelBox } from './labels.ts';

/** A layer on screen: how it looks, and its voxels. */
export interface PaintedMask {
  readonly mask: PackedVoxels;
  readonly colour: Vec3;
  readonly opacity: number;
}

/**
 * Labels of s shown layers: n where the n-th is on top, s + n where it is there but taken away too, 2s + 1 where
 * something is taken away and nothing is shown. So planes colour what 3D leaves out.
 */
export interface MaskLabels {
  readonly shown: readonly PaintedMask[];
  readonly removed: readonly PackedVoxels[];
}

/** Shown layers that a byte can tell, each with and without being taken away. */
export const shownMost = 127;

const removedIndex = (shownCount: number): number => 2 * shownCount + 1;

/** What the labels mean for 3D, and for planes. */
export function layersOfLabels({ shown, removed }: MaskLabels): {
  readonly layers: readonly SceneLayer[];
  readonly planeLayers: readonly SceneLayer[];
} {
  const count = shown.length;
  const painted = shown.map(
    ({ colour, opacity }, n): SceneLayer => ({ index: n + 1, role: 'shown', colour, opacity }),
  );
  if (removed.length === 0) return { layers: painted, planeLayers: painted };
  const taken = (index: number): SceneLayer => ({ index, role: 'removed', colour: [0, 0, 0], opacity: 1 });
  const covered = painted.map((layer): SceneLayer => ({ ...layer, index: layer.index + count }));
  const alone = taken(removedIndex(count));
  return {
    layers: [...painted, ...covered.map(({ index }) => taken(index)), alone],
    planeLayers: [...painted, ...covered, alone],
  };
}

/** Labels of all voxels, or of those in a box of `into` anew. */
export function labelsOf(
  { shown, removed }: MaskLabels,
  size: Vec3,
  into?: Uint8Array,
  box?: VoxelBox,
): Uint8Array {
  const masks = shown.map(({ mask }, n) => ({ mask, index: n + 1 }));
  const labels = composeLabels(masks, size, into, box);
  for (const mask of removed) {
    if (box) coverBox(labels, mask, shown.length, box);
    else cover(labels, mask.bits, shown.length);
  }
  return labels;
}

function cover(labels: Uint8Array, bits: Uint8Array, count: number): void {
  const alone = removedIndex(count);
  for (let at = 0; at < bits.length; at += 1) {
    const byte = bits[at]!;
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit += 1) {
      if (((byte >> bit) & 1) === 0) continue;
      const n = at * 8 + bit;
      const label = labels[n]!;
      if (label === 0) labels[n] = alone;
      else if (label <= count) labels[n] = label + count;
    }
  }
}

function coverBox(
  labels: Uint8Array,
  { bits, size }: PackedVoxels,
  count: number,
  { lo, hi }: VoxelBox,
): void {
  const alone = removedIndex(count);
  for (let k = lo[2]; k < hi[2]; k += 1)
    for (let j = lo[1]; j < hi[1]; j += 1) {
      const row = size[0] * (j + size[1] * k);
      for (let n = row + lo[0]; n < row + hi[0]; n += 1) {
        if (((bits[n >> 3]! >> (n & 7)) & 1) === 0) continue;
        const label = labels[n]!;
        if (label === 0) labels[n] = alone;
        else if (label <= count) labels[n] = label + count;
      }
    }
}
