/** What a kernel is asked. Kernels know nothing of DICOM: addresses, strides, index coordinates, tables. */
export type Triple = readonly [number, number, number];
export type ScalarType = 'int16' | 'uint16' | 'float32';

export interface KernelVolume {
  /** Address of voxel (0,0,0), i fastest, then j, then k; a multiple of 16. */
  readonly voxels: number;
  readonly size: Triple;
  readonly scalarType: ScalarType;
  /** Applied to each result: slope · stored + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Stored value that means "no data" (padding). */
  readonly noData?: number;
}

export interface IndexBox {
  readonly lo: Triple;
  readonly hi: Triple;
}

/** A plane with a slab. Output: Float32 modality values, row-major; NaN where there is no data. */
export interface ResliceRequest {
  readonly volume: KernelVolume;
  /** Index coordinates of the centre of pixel (0,0). */
  readonly origin: Triple;
  /** Index step from column to column, row to row, and per mm along the normal. */
  readonly columnStep: Triple;
  readonly rowStep: Triple;
  readonly normalPerMm: Triple;
  readonly width: number;
  readonly height: number;
  /** Sample positions along the normal in mm, with their weights (used by the mean). */
  readonly offsetsMm: readonly number[];
  readonly weights: readonly number[];
  readonly mode: 'none' | 'mip' | 'minip' | 'mean';
  readonly interpolation: 'nearest' | 'linear';
  /** Samples outside are no data; the whole volume is −0.5 … size − 0.5. */
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
}

/** Rays: origin and direction are affine in column and row; see raycast/rays.as.ts. */
export interface RayField {
  readonly at: Triple;
  readonly perColumn: Triple;
  readonly perRow: Triple;
}

export interface TransferTable {
  /** Each entry (τr, τg, τb, τ): colour 0…1 times extinction, and extinction per mm. */
  readonly direct: Float32Array;
  /** entry = (stored value − lo) · scale, rounded and clamped; scale > 0. */
  readonly lo: number;
  readonly scale: number;
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
  /** Needed by `composite`. */
  readonly transfer?: TransferTable;
  readonly shading?: {
    readonly ambient: number;
    readonly diffuse: number;
    readonly specular: number;
    readonly power: number;
  };
  /** A ray ends when less than this share of light would still pass. */
  readonly opaqueBelow: number;
  readonly box: IndexBox;
  /** r, g, b each 0…1. */
  readonly background: Triple;
  /** Bricks must have been built. */
  readonly skipping: boolean;
  /** Address of width × height cells: RGBA8 for `composite`, else Float32 modality values (NaN = no data). */
  readonly out: number;
}
