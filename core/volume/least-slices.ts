import type { VolumeGeometry } from '../geometry/types.ts';

/** Fewer slices than these are too few to look at from outside or through (reading room, section 4). */
export const leastSlices = 3;

/** Between two slices all is interpolated: no 3D, no slab on the page; told of what is made of them on the command line. */
export const isThin = ({ size }: Pick<VolumeGeometry, 'size'>): boolean => size[2] < leastSlices;
