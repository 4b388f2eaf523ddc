import type { Vec3, VolumeGeometry } from '../geometry/types.ts';

/** What the CPU road works on, and the kernels it calls (built from native/, passed in). */
export type ScalarType = 'int16' | 'uint16' | 'float32';

/** Addresses within one volume's memory, as `layoutFor` of native/ gives them. */
export interface MemoryLayout {
  readonly voxels: number;
  readonly voxelBytes: number;
  readonly brickCounts: Vec3;
  /** Int32 cells that the workers share. */
  readonly control: number;
  readonly values: number;
  readonly rgba: number;
  readonly maxOutputPixels: number;
}

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** A volume in memory that kernels may read. Everything but `memory` is plain data. */
export interface VolumeData<L extends MemoryLayout = MemoryLayout> {
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly layout: L;
  /** modality = slope · voxel + intercept; the identity where the volume holds modality values. */
  readonly rescale: Rescale;
  /** Voxel value that means "no data" (padding). */
  readonly noData?: number;
  /** Modality values, without padding. */
  readonly min: number;
  readonly max: number;
  /** Modality values at percentiles 0, 0.1 … 100 (1,001 entries), without padding. */
  readonly percentiles: Float32Array;
}

/** What travels to a worker beside the memory. */
export type VolumeInfo = Omit<VolumeData, 'memory'>;

export interface KernelVolume {
  readonly voxels: number;
  readonly size: Vec3;
  readonly scalarType: ScalarType;
  readonly slope: number;
  readonly intercept: number;
  readonly noData?: number;
}

export interface IndexBox {
  readonly lo: Vec3;
  readonly hi: Vec3;
}

export interface ResliceRequest {
  readonly volume: KernelVolume;
  readonly origin: Vec3;
  readonly columnStep: Vec3;
  readonly rowStep: Vec3;
  readonly normalPerMm: Vec3;
  readonly width: number;
  readonly height: number;
  readonly offsetsMm: readonly number[];
  readonly weights: readonly number[];
  readonly mode: 'none' | 'mip' | 'minip' | 'mean';
  readonly interpolation: 'nearest' | 'linear';
  readonly box: IndexBox;
  readonly values: number;
}

export interface WindowRequest {
  readonly kind: 'linear' | 'sigmoid' | 'table';
  readonly gain: number;
  readonly bias: number;
  readonly sign: number;
  /** 0xAABBGGRR */
  readonly background: number;
  readonly table?: Uint32Array;
}

/** An affine function of column and row. */
export interface RayField {
  readonly at: Vec3;
  readonly perColumn: Vec3;
  readonly perRow: Vec3;
}

export interface TransferTable {
  /** Each entry (τr, τg, τb, τ): colour 0…1 times extinction, and extinction per mm. */
  readonly direct: Float32Array;
  readonly lo: number;
  readonly scale: number;
}

export interface RaycastRequest {
  readonly volume: KernelVolume;
  readonly width: number;
  readonly height: number;
  readonly origin: RayField;
  readonly directionIndex: RayField;
  readonly directionMm: RayField;
  readonly normalFromGradient: readonly number[];
  readonly stepMm: number;
  readonly nearMm: number;
  readonly mode: 'composite' | 'mip' | 'minip' | 'mean';
  readonly interpolation: 'nearest' | 'linear';
  readonly transfer?: TransferTable;
  readonly shading?: {
    readonly ambient: number;
    readonly diffuse: number;
    readonly specular: number;
    readonly power: number;
  };
  readonly opaqueBelow: number;
  readonly box: IndexBox;
  readonly background: Vec3;
  readonly skipping: boolean;
  readonly out: number;
}

/** Row ranges are [start, end); what each kernel writes is told in native/types.ts. */
export interface Kernels {
  reslice(request: ResliceRequest, rowStart: number, rowEnd: number): void;
  window(request: WindowRequest, from: number, to: number, count: number): void;
  bricks(volume: KernelVolume, from: number, to: number): void;
  raycast(request: RaycastRequest, rowStart: number, rowEnd: number): void;
}

/** A finished picture in memory of its own. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** RGBA8, width × height × 4. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Modality values (slices and projections); NaN = no data. Null for composites. */
  readonly values: Float32Array<ArrayBuffer> | null;
  /** How many scene pixels one pixel of this picture stands for along each side. */
  readonly coarse: number;
}
