import type { ScalarType, Triple } from './types.ts';

/** Where masks lie, behind everything else: memory is grown to it when the first mask is used. */
export interface LabelRegion {
  /** Uint8 a voxel: 0 = no layer, n = layer n. */
  readonly labels: number;
  /** Uint8 a voxel: how much of it is removed, smoothed; 128 and more where the voxel itself is. */
  readonly veil: number;
  /** Uint8 a brick: 1 some of it is removed, 2 all of it, 4 some of it is tinted. */
  readonly flags: number;
  /** maxOutputPixels × Uint8: the labels of a plane's pixels. */
  readonly picture: number;
  /** 64 KiB pages of the whole memory with it. */
  readonly pages: number;
}

/** Where everything lies in the one shared memory of a volume. Addresses and sizes in bytes. */
export interface KernelLayout {
  readonly voxels: number;
  readonly voxelBytes: number;
  readonly bricks: number;
  readonly brickCounts: Triple;
  /** Int32: not 0 once a brick met padding. */
  readonly padded: number;
  /** Int32 cells shared by the workers: next band, cancelled job. */
  readonly control: number;
  /** maxOutputPixels × Float32. */
  readonly values: number;
  /** maxOutputPixels × RGBA8. */
  readonly rgba: number;
  readonly maxOutputPixels: number;
  readonly scratches: readonly Scratch[];
  readonly totalBytes: number;
  /** 64 KiB pages to allocate. */
  readonly pages: number;
  /** Absent where volume and masks do not fit into one memory. */
  readonly labels?: LabelRegion;
  /** 64 KiB pages that the memory may grow to. */
  readonly pagesMost: number;
}

/** One worker's private addresses. */
export interface Scratch {
  readonly params: number;
  readonly samples: number;
  readonly rowSums: number;
  /** Rows of a curved plane, `mostRows` × `rowDoubles` doubles. */
  readonly rows: number;
  /** What columns and samples of a plane along the voxels' rows read. */
  readonly columns: number;
  readonly lut: number;
  readonly transfer: number;
  readonly ranks: number;
  readonly occupancy: number;
  readonly gradient: number;
  /** 256 roles (Uint8), then 256 × (r, g, b, share) and 256 factors (Float32). */
  readonly layers: number;
  /** Voxels of a brick and around it. */
  readonly brick: number;
}

export interface LayoutRequest {
  readonly size: Triple;
  readonly scalarType: ScalarType;
  readonly workerCount: number;
  readonly maxOutputPixels: number;
}

const pageBytes = 65536;
export const paramSlots = 144;
export const maxSamples = 8192;
export const maxWidth = 16384;
/** Rows of a curved plane that a kernel draws at once, and the doubles that describe one. */
export const mostRows = 64;
export const rowDoubles = 10;
export const lutEntries = 65536;
export const transferEntries = 4096;
/** Factors of a gradient opacity table. */
export const gradientEntries = 256;
export const mostClipPlanes = 8;
export const brickEdge = 8;
/** Bytes of what layers mean, and of the voxels that a brick's veil is made of. */
export const layerBytes = 256 + 256 * 20;
const brickScratchBytes = 8192;
/** Kernels keep index coordinates in 16 bits before the point. */
export const maxSize = 32767;
/** What WebAssembly's 32-bit addresses can reach. */
export const maxMemoryBytes = 65536 * pageBytes;

export const bytesPerVoxel = (scalarType: ScalarType): number => (scalarType === 'float32' ? 4 : 2);

export const brickCountsOf = ([nx, ny, nz]: Triple): Triple => [
  Math.ceil(nx / brickEdge),
  Math.ceil(ny / brickEdge),
  Math.ceil(nz / brickEdge),
];

/**
 * The layout for a volume; undefined where it does not fit into one memory (4 GiB) or has too many slices. The first page
 * stays free: the compiler keeps its constants there. 16 spare bytes follow the voxels, because the
 * kernels read two neighbours at once.
 */
export function layoutFor(request: LayoutRequest): KernelLayout | undefined {
  const { size, scalarType, workerCount, maxOutputPixels } = request;
  if (Math.max(...size) > maxSize) return undefined;
  let next = pageBytes;
  const take = (bytes: number): number => {
    const at = next;
    next += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const voxelBytes = size[0] * size[1] * size[2] * bytesPerVoxel(scalarType);
  const voxels = take(voxelBytes + 16);
  const brickCounts = brickCountsOf(size);
  const brickCount = brickCounts[0] * brickCounts[1] * brickCounts[2];
  const bricks = take(brickCount * 8);
  const padded = take(64);
  const control = take(64);
  const values = take(maxOutputPixels * 4);
  const rgba = take(maxOutputPixels * 4);
  const scratches = Array.from({ length: workerCount }, () => ({
    params: take(paramSlots * 8),
    samples: take(maxSamples * 8),
    rowSums: take((maxWidth + 12) * 8),
    columns: take((maxWidth / 4) * 48 + maxSamples * 32),
    rows: take(mostRows * rowDoubles * 8),
    lut: take(lutEntries * 4),
    transfer: take(transferEntries * 32),
    ranks: take(transferEntries * 4),
    occupancy: take(brickCount),
    gradient: take(gradientEntries * 4),
    layers: take(layerBytes),
    brick: take(brickScratchBytes),
  }));
  if (!(next <= maxMemoryBytes)) return undefined;
  const totalBytes = next;
  const pages = Math.ceil(next / pageBytes);
  const voxelCount = size[0] * size[1] * size[2];
  const region = {
    labels: take(voxelCount + 16),
    veil: take(voxelCount + 16),
    flags: take(brickCount),
    picture: take(maxOutputPixels),
    pages: Math.ceil(next / pageBytes),
  };
  const hasRoom = region.pages * pageBytes <= maxMemoryBytes;
  return {
    voxels,
    voxelBytes,
    bricks,
    brickCounts,
    padded,
    control,
    values,
    rgba,
    maxOutputPixels,
    scratches,
    totalBytes,
    pages,
    ...(hasRoom && { labels: region }),
    pagesMost: hasRoom ? region.pages : pages,
  };
}
