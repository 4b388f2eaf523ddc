import type { Vec3, VolumeGeometry } from '../geometry/types.ts';

/** What the CPU road works on, and the kernels it calls (built from native/, passed in). */
export type ScalarType = 'int16' | 'uint16' | 'float32';

/** Addresses within one volume's memory, as `layoutFor` of native/ gives them. */
export interface MemoryLayout {
  readonly voxels: number;
  readonly voxelBytes: number;
  /** Float32 pairs: least and largest stored value of each brick. */
  readonly bricks: number;
  readonly brickCounts: Vec3;
  /** Int32 cells that the workers share. */
  readonly control: number;
  readonly values: number;
  readonly rgba: number;
  readonly maxOutputPixels: number;
  /** Where masks lie; the memory must be grown to it. Absent where there is no room for them. */
  readonly labels?: LabelMemory;
}

/** As `LabelRegion` of native/layout.ts. */
export interface LabelMemory {
  readonly labels: number;
  readonly veil: number;
  readonly flags: number;
  readonly picture: number;
  readonly pages: number;
}

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** A volume in memory that kernels may read. Everything but `memory` is plain data. */
export interface VolumeData<L extends MemoryLayout = MemoryLayout> {
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  /** A WebAssembly.Memory; it grows when the first mask is used. */
  readonly memory: { readonly buffer: ArrayBufferLike; grow?(deltaPages: number): number };
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
  /**
   * Colours: red, green and blue (0…255, int16) as three volumes of this geometry, `channelStride` apart in a layout for
   * `colourSize`. Only planes are drawn of them; windows mean nothing.
   */
  readonly isColour?: boolean;
}

/** What is not known before the last slice. */
export type VolumeStatistics = Pick<VolumeData, 'min' | 'max' | 'percentiles'>;

/** What travels to a worker beside the memory. */
export type VolumeInfo = Omit<VolumeData, 'memory'>;

/** What a kernel is asked. Kernels know nothing of DICOM: addresses, strides, index coordinates, tables. */
export interface KernelVolume {
  /** Address of voxel (0,0,0), i fastest, then j, then k; a multiple of 16. */
  readonly voxels: number;
  readonly size: Vec3;
  readonly scalarType: ScalarType;
  /** Applied to each result: slope · stored + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Stored value that means "no data" (padding). */
  readonly noData?: number;
}

export interface IndexBox {
  readonly lo: Vec3;
  readonly hi: Vec3;
}

/** A plane with a slab. Output: Float32 modality values, row-major; NaN where there is no data. */
export interface ResliceRequest {
  readonly volume: KernelVolume;
  /** Index coordinates of the centre of pixel (0,0). */
  readonly origin: Vec3;
  /** Index step from column to column, row to row, and per mm along the normal. */
  readonly columnStep: Vec3;
  readonly rowStep: Vec3;
  readonly normalPerMm: Vec3;
  readonly width: number;
  readonly height: number;
  /** Sample positions along the normal in mm, with their weights (used by the mean). */
  readonly offsetsMm: readonly number[];
  readonly weights: readonly number[];
  /**
   * Of even samples, mm from one to the next: a linear MIP or MinIP also looks one and two fifths of it to either side of
   * the sample that it takes (within the slab), because peaks lie between samples. Absent: it does not.
   */
  readonly peaksApartMm?: number;
  readonly mode: 'none' | 'mip' | 'minip' | 'mean';
  /** `cubic`: Catmull-Rom; where a neighbour holds no data, linear over those that do. */
  readonly interpolation: 'nearest' | 'linear' | 'cubic';
  /** Samples outside are no data; the whole volume is −0.5 … size − 0.5. */
  readonly box: IndexBox;
  /** Address of width × height Float32. */
  readonly values: number;
}

/** Rows of a curved plane, each a straight line through the volume. Output as of a plane. */
export interface CurvedRequest {
  readonly volume: KernelVolume;
  readonly width: number;
  readonly height: number;
  /**
   * Ten numbers a row: index coordinates of column 0 (NaN: nothing is there), index step from column to
   * column, index step per mm through the slab, and how many samples the slab has, at even distances
   * from end to end.
   */
  readonly rows: Float64Array;
  /** Total thickness; with one sample it does not count. */
  readonly slabMm: number;
  readonly mode: ResliceRequest['mode'];
  readonly interpolation: ResliceRequest['interpolation'];
  readonly box: IndexBox;
  /** Address of width × height Float32. */
  readonly values: number;
}

/** Modality values to RGBA8; NaN becomes `background` (0xAABBGGRR). */
export interface WindowRequest {
  /** level = value · gain + bias, 0…255 (linear); exponent of the logistic function (sigmoid); entry (table). */
  readonly kind: 'linear' | 'sigmoid' | 'table';
  readonly gain: number;
  readonly bias: number;
  /** −1 for a rising sigmoid, 1 for an inverted one. */
  readonly sign: number;
  readonly background: number;
  /** RGBA words (0xAABBGGRR), at most 65,536. */
  readonly table?: Uint32Array;
  /**
   * What is painted over holds a tint: RGBA8 with the colour times its share, which is the alpha. A level L becomes
   * L · (1 − share + colour): bright stays bright, and black black.
   */
  readonly tinted?: boolean;
}

/** Rays: origin and direction are affine in column and row; see raycast/rays.as.ts. */
export interface RayField {
  readonly at: Vec3;
  readonly perColumn: Vec3;
  readonly perRow: Vec3;
}

export interface TransferTable {
  /** Each entry (τr, τg, τb, τ): colour 0…1 times extinction, and extinction per mm. */
  readonly direct: Float32Array;
  /** entry = (stored value − lo) · scale, rounded and clamped; scale > 0. */
  readonly lo: number;
  readonly scale: number;
}

/** What masks do to a ray caster's picture. */
export interface MaskRequest {
  /** Addresses of the veil made for the same roles, the labels and the bricks' flags. */
  readonly memory: LabelMemory;
  /** Whether voxels are removed, and whether some are tinted. */
  readonly removes: boolean;
  readonly tints: boolean;
  /** Of each of 256 labels: r, g, b times the share, the share, the factor on the opacity. */
  readonly table: Float32Array;
}

/** The veil of removed voxels and the bricks' flags, from labels. */
export interface VeilRequest {
  readonly memory: LabelMemory;
  readonly size: Vec3;
  /** Of each of 256 labels: 0 nothing, 1 removed, 2 shown. */
  readonly roles: Uint8Array;
  /** Bricks [lo, hi) along i and j; the call says which along k. */
  readonly bricks: IndexBox;
}

/** The labels nearest to a row of points; 0 outside the volume. */
export interface LabelRowRequest {
  readonly memory: LabelMemory;
  readonly size: Vec3;
  readonly at: Vec3;
  readonly step: Vec3;
  readonly width: number;
  /** Address of width × Uint8. */
  readonly out: number;
}

/**
 * Where a ray enters and leaves the body, looked for from each end of the volume's box, whatever is clipped: at the first
 * `samples` in a row that are tissue. At its end at once where the first `endSamples` that are none are denser than
 * `leastInside` on average (a lung is cut), and where the end lies in the first or last slice and every way along rows and columns meets
 * `voxels` of tissue there: the scan ends within the body. A ray that meets no body from either end counts whole.
 */
export interface BodyRule {
  /** Every so many samples of the ray are looked at. */
  readonly stride: number;
  readonly samples: number;
  readonly endSamples: number;
  /** Along i and j, of every so many. */
  readonly voxels: readonly [number, number];
  readonly voxelStrides: readonly [number, number];
  /** Stored values. */
  readonly leastTissue: number;
  readonly leastInside: number;
}

export interface RaycastRequest {
  readonly volume: KernelVolume;
  readonly width: number;
  readonly height: number;
  /** Index coordinates at t = 0. */
  readonly origin: RayField;
  /** The same direction in index units and in patient mm; normalised to one mm per unit of t per ray. */
  readonly directionIndex: RayField;
  readonly directionMm: RayField;
  /** Row-major 3×3 that takes an index gradient to patient mm (inverse transpose of patientFromIndex). */
  readonly normalFromGradient: readonly number[];
  readonly stepMm: number;
  readonly nearMm: number;
  readonly mode: 'composite' | 'mip' | 'minip' | 'mean';
  readonly interpolation: 'nearest' | 'linear';
  /** `mean`: stored values below are not counted (air around the patient). */
  readonly leastCounted?: number;
  /** `minip`: only what lies within the body counts. */
  readonly body?: BodyRule;
  /** Needed by `composite`. */
  readonly transfer?: TransferTable;
  readonly shading?: {
    readonly ambient: number;
    readonly diffuse: number;
    readonly specular: number;
    readonly power: number;
  };
  /** Of shaded composites: light × (1 − (t − fromMm) · perMm), but at least `least` and at most 1. */
  readonly depthCue?: { readonly fromMm: number; readonly perMm: number; readonly least: number };
  /** Factor on the opacity by the gradient: entry = |normalFromGradient · (difference over two voxels)| · scale. */
  readonly gradientFactors?: { readonly values: Float32Array; readonly scale: number };
  /** At most 8: (a, b, c, d) with a·i + b·j + c·k + d the signed distance in mm; what is ≥ 0 is shown. */
  readonly clipPlanes?: readonly (readonly [number, number, number, number])[];
  readonly mask?: MaskRequest;
  /** Samples of each pixel moved by a share of the step, against rings. */
  readonly jittered?: boolean;
  /** False: steep stretches are not taken in halves; faster, rougher surfaces. */
  readonly halving?: boolean;
  /** A ray ends when less than this share of light would still pass. */
  readonly opaqueBelow: number;
  readonly box: IndexBox;
  /** r, g, b each 0…1. */
  readonly background: Vec3;
  /** Bricks must have been built. */
  readonly skipping: boolean;
  /** Address of width × height cells: RGBA8 for `composite`, else Float32 modality values (NaN = no data). */
  readonly out: number;
  /** Address of as many RGBA8: projections write there what layers tint each pixel with (`WindowRequest.tinted`). */
  readonly tintOut?: number;
}

/** The kernels over one shared memory, for one thread: each thread has its own instance and scratch. */
export interface Kernels {
  /** Rows [rowStart, rowEnd) of a plane into `request.values`. */
  reslice(request: ResliceRequest, rowStart: number, rowEnd: number): void;
  /** Rows [rowStart, rowEnd) of a curved plane into `request.values`. */
  curved(request: CurvedRequest, rowStart: number, rowEnd: number): void;
  /** `count` Float32 values at address `from` to RGBA8 at address `to`. */
  window(request: WindowRequest, from: number, to: number, count: number): void;
  /** Brick layers [from, to) along k of the volume's minimum and maximum grid. */
  bricks(volume: KernelVolume, from: number, to: number): void;
  /** Brick layers [from, to) along k of a veil. Pictures without masks do not need it. */
  veil(request: VeilRequest, from: number, to: number): void;
  labelRow(request: LabelRowRequest): void;
  /** Rows [rowStart, rowEnd), rowStart even, of a picture into `request.out`. */
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
  /** The layers' labels (0 = none) of a plane whose scene has layers; absent where there are none. */
  readonly labels?: Uint8Array<ArrayBuffer>;
  /** How many scene pixels one pixel of this picture stands for along each side. */
  readonly coarse: number;
}
