import { applyDirection, applyPoint, invert, moved, scale } from '../geometry/matrices.ts';
import { planeNormal } from '../geometry/planes.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { SliceScene } from '../scene/types.ts';
import { slabSamples } from './slab.ts';
import type { IndexBox, Kernels, KernelVolume, MemoryLayout, ResliceRequest, VolumeInfo } from './types.ts';
import { windowRequest } from './window.ts';

export const kernelVolume = (volume: VolumeInfo): KernelVolume => ({
  voxels: volume.layout.voxels,
  size: volume.geometry.size,
  scalarType: volume.scalarType,
  slope: volume.rescale.slope,
  intercept: volume.rescale.intercept,
  ...(volume.noData !== undefined && { noData: volume.noData }),
});

/** The painted extent: half a voxel beyond the outermost centres. */
export const wholeBox = (size: Vec3): IndexBox => ({
  lo: [-0.5, -0.5, -0.5],
  hi: [size[0] - 0.5, size[1] - 0.5, size[2] - 0.5],
});

/** With a negative slope the largest modality value is the smallest voxel. */
export function storedMode<M extends string>(mode: M, slope: number): M | 'mip' | 'minip' {
  if (slope >= 0) return mode;
  return mode === 'mip' ? 'minip' : mode === 'minip' ? 'mip' : mode;
}

/** First and last slice of a volume that is still being filled: what lies beyond holds nothing yet. */
export type FilledSlices = readonly [first: number, last: number];

/** Planes end at the centres of the outermost filled slices; a cubic also reads their neighbours. */
function filledBox(size: Vec3, [first, last]: FilledSlices, isCubic: boolean): IndexBox {
  const { lo, hi } = wholeBox(size);
  const inner = isCubic ? 1 : 0;
  return {
    lo: [lo[0], lo[1], first > 0 ? first + inner : lo[2]],
    hi: [hi[0], hi[1], last < size[2] - 1 ? last - inner : hi[2]],
  };
}

/** The scene as the reslice kernel takes it. Throws for a singular geometry, which no volume may have. */
export function resliceRequest(
  volume: VolumeInfo,
  scene: SliceScene,
  filled: FilledSlices | null = null,
): ResliceRequest {
  const inverse = invert(volume.geometry.patientFromIndex);
  if (!inverse) throw new Error('volume with a singular matrix');
  const { plane, spacingMm, width, height } = scene;
  const corner = moved(
    moved(plane.origin, plane.right, -((width - 1) / 2) * spacingMm),
    plane.down,
    -((height - 1) / 2) * spacingMm,
  );
  const slab = scene.projection === 'none' ? 0 : scene.slabMm;
  return {
    volume: kernelVolume(volume),
    origin: applyPoint(inverse, corner),
    columnStep: applyDirection(inverse, scale(plane.right, spacingMm)),
    rowStep: applyDirection(inverse, scale(plane.down, spacingMm)),
    normalPerMm: applyDirection(inverse, planeNormal(plane)),
    width,
    height,
    ...slabSamples(volume.geometry, plane, slab, scene.projection, scene.interpolation),
    mode: storedMode(scene.projection, volume.rescale.slope),
    // A cubic overshoots, which would make a slab's edges a matter of taste: slabs are linear.
    interpolation: slab > 0 && scene.interpolation === 'cubic' ? 'linear' : scene.interpolation,
    box: filled
      ? filledBox(volume.geometry.size, filled, scene.interpolation === 'cubic')
      : wholeBox(volume.geometry.size),
    values: volume.layout.values,
  };
}

/** Windows rows [rowStart, rowEnd) of `values` into `rgba`. */
export function windowRows(
  kernels: Kernels,
  layout: MemoryLayout,
  request: ReturnType<typeof windowRequest>,
  width: number,
  rowStart: number,
  rowEnd: number,
): void {
  const at = rowStart * width * 4;
  kernels.window(request, layout.values + at, layout.rgba + at, (rowEnd - rowStart) * width);
}

/** What renders a band of rows of one scene; bands may be taken by different workers in any order. */
export type RowRenderer = (rowStart: number, rowEnd: number) => void;

/** Values and RGBA of a slice; the layout's output must hold width × height pixels. */
export function renderSlice(
  kernels: Kernels,
  volume: VolumeInfo,
  scene: SliceScene,
  filled: FilledSlices | null = null,
): RowRenderer {
  const request = resliceRequest(volume, scene, filled);
  const window = windowRequest(scene.window, scene.background);
  return (rowStart, rowEnd) => {
    kernels.reslice(request, rowStart, rowEnd);
    windowRows(kernels, volume.layout, window, scene.width, rowStart, rowEnd);
  };
}

/** The same field of view in fewer pixels. */
export function coarsenedSlice(scene: SliceScene, factor: number): SliceScene {
  if (factor === 1) return scene;
  const width = Math.max(1, Math.round(scene.width / factor));
  const height = Math.max(1, Math.round(scene.height / factor));
  return { ...scene, width, height, spacingMm: (scene.spacingMm * scene.width) / width };
}
