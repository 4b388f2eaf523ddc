import type { VoxelMask } from '../../../../core/analysis/types.ts';
import type { Problem } from '../../../../core/base/problem.ts';
import type { IndexPoint } from '../../../../core/geometry/types.ts';
import type { VoxelBox } from '../../../../core/render/labels.ts';
import type { SceneLayer } from '../../../../core/scene/layers.ts';
import type { Spot } from '../../../viewport/measure-surface.ts';

export type FindWhat = 'table' | 'bones' | 'lungs' | 'airways';
export type MaskTask =
  | FindWhat
  | 'threshold'
  | 'grow'
  | 'cut'
  | 'part'
  | 'reshape'
  | 'merge'
  | 'paint'
  | 'seg';

/** A range of values whose voxels are shown while it is chosen. */
export interface ThresholdDraft {
  readonly low: number;
  readonly high: number;
  readonly found: { readonly mask: VoxelMask; readonly runs: Uint8Array; readonly volumeMl: number } | null;
}

/** The region that grew last: it can be made anew with another tolerance. */
export interface GrownRegion {
  readonly layerId: string;
  readonly point: IndexPoint;
  readonly seed: number;
  readonly tolerance: number;
  readonly hasLeaked: boolean;
}

export interface ScissorSettings {
  readonly side: 'inside' | 'outside';
  /** From the first surface under the outline; null = all through. */
  readonly depthMm: number | null;
}

export interface BrushSettings {
  readonly radiusMm: number;
  /** A disc in the plane instead of a ball; in 3D always a ball. */
  readonly isDisc: boolean;
}

/** What the pictures of one volume show: which labels there are and what they mean. */
export interface ShownLayers {
  readonly seriesKey: string;
  readonly groupId: string;
  /** Made anew whenever labels change: scenes with it are drawn again. */
  readonly layers: readonly SceneLayer[];
  /** The same labels for planes: these colour what 3D leaves out, too. */
  readonly planeLayers: readonly SceneLayer[];
  /** Only these voxels differ from what was shown before; null = any. */
  readonly changed: VoxelBox | null;
}

/** What goes on with the masks just now; neither undone nor kept. */
export interface MaskWork {
  readonly busy: { readonly what: MaskTask; readonly done: number } | null;
  /** Why the last thing went wrong. */
  readonly problem: Problem | null;
  readonly threshold: ThresholdDraft | null;
  readonly grown: GrownRegion | null;
  /** Corners of the outline that is being drawn in 3D, CSS pixels. */
  readonly outline: readonly Spot[] | null;
  readonly scissors: ScissorSettings;
  readonly brush: BrushSettings;
  /** Where the brush is: for its ring. */
  readonly brushAt: { readonly cell: number; readonly x: number; readonly y: number } | null;
  /** Voxels that are there, by name, as far as the panel must know: others are still being fetched. */
  readonly fetched: number;
  /** Names of voxels that could not be had. */
  readonly lost: readonly string[];
  readonly shown: ShownLayers | null;
}

export const noMaskWork: MaskWork = {
  busy: null,
  problem: null,
  threshold: null,
  grown: null,
  outline: null,
  scissors: { side: 'inside', depthMm: null },
  brush: { radiusMm: 5, isDisc: false },
  brushAt: null,
  fetched: 0,
  lost: [],
  shown: null,
};

/** Sizes of the brush by mouse; the keys reach all of them in turn. */
export const brushRadiiMm = [1, 2, 3, 5, 8, 12, 20] as const;
export const scissorDepthsMm = [null, 10, 20, 40, 80] as const;
