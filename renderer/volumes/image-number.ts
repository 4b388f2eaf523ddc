import type { VolumeGroup } from '../../core/volume/types.ts';

/**
 * Images are counted and scrolled as their device numbered them, from the head down in most CT, though slices are ordered
 * by place, from the feet up: "Im 112" means the same image at every station.
 */
export interface Numbered {
  readonly count: number;
  readonly group: Pick<VolumeGroup, 'displayReversed'>;
}

/** What readers call the image of slice `k`, from 1. */
export const imageNumber = ({ count, group }: Numbered, k: number): number =>
  group.displayReversed ? count - k : k + 1;

/** The slice of an image, by its number from 1. */
export const sliceOfImage = ({ count, group }: Numbered, n: number): number =>
  group.displayReversed ? count - n : n - 1;

/** Slices that so many images on are. */
export const slicesOn = ({ group }: Pick<Numbered, 'group'>, images: number): number =>
  group.displayReversed ? -images : images;
