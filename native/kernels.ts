import {
  gradientEntries,
  type KernelLayout,
  maxSamples,
  maxWidth,
  mostClipPlanes,
  mostRows,
  paramSlots,
  rowDoubles,
  type Scratch,
  transferEntries,
} from './layout.ts';
import type {
  CurvedRequest,
  Kernels,
  KernelVolume,
  LabelRowRequest,
  MaskRequest,
  RaycastRequest,
  RayField,
  ResliceRequest,
  ScalarType,
  TransferTable,
  Triple,
  VeilRequest,
  WindowRequest,
} from './types.ts';

type Raw = (...numbers: number[]) => void;

const typeCode: Readonly<Record<ScalarType, number>> = { int16: 0, uint16: 1, float32: 2 };
const modeCode = { none: 0, composite: 0, mip: 1, minip: 2, mean: 3 } as const;
const interpolationCode = { nearest: 0, linear: 1, cubic: 2 } as const;
const windowCode = { linear: 0, sigmoid: 1, table: 2 } as const;

/** Imports to instantiate the module with. */
export const kernelImports = <M>(memory: M): { env: { memory: M } } => ({ env: { memory } });

/**
 * Binds a module's exports. `buffer` is the memory's buffer, `workerIndex` picks the scratch: two
 * threads must never share one. Throws where the module is not ours.
 */
export function bindKernels(
  exports: Readonly<Record<string, unknown>>,
  buffer: ArrayBufferLike,
  layout: KernelLayout,
  workerIndex: number,
): Kernels {
  const scratch = layout.scratches[workerIndex];
  if (!scratch) throw new RangeError(`no scratch for worker ${workerIndex}`);
  const raw = (name: string): Raw => {
    const found = exports[name];
    if (typeof found !== 'function') throw new TypeError(`kernel ${name} is missing`);
    return found as Raw;
  };
  const [reslice, curved, window] = [raw('reslice'), raw('curved'), raw('window')];
  const [bricks, raycast, veil, labelRow] = [raw('bricks'), raw('raycast'), raw('veil'), raw('labelRow')];
  const countedOf = countedKeeper();
  const transfers = transferKeeper(buffer, layout, scratch, raw('occupancy'));
  const params = new Float64Array(buffer, scratch.params, paramSlots);
  return {
    reslice(request, rowStart, rowEnd) {
      writeReslice(params, buffer, scratch, request);
      reslice(scratch.params, rowStart, rowEnd);
    },
    curved(request, rowStart, rowEnd) {
      writeCurved(params, scratch, request);
      const table = new Float64Array(buffer, scratch.rows, mostRows * rowDoubles);
      for (let from = rowStart; from < rowEnd; from += mostRows) {
        const to = Math.min(from + mostRows, rowEnd);
        table.set(request.rows.subarray(from * rowDoubles, to * rowDoubles));
        curved(scratch.params, to - from, request.values + from * request.width * 4);
      }
    },
    window(request, from, to, count) {
      writeWindow(params, buffer, scratch, request);
      window(scratch.params, from, to, count);
    },
    bricks(volume, from, to) {
      const type = typeCode[volume.scalarType];
      bricks(
        volume.voxels,
        ...volume.size,
        type,
        layout.bricks,
        from,
        to,
        ...noDataOf(volume),
        layout.padded,
      );
      transfers.forget();
    },
    veil(request, from, to) {
      writeRoles(buffer, scratch, request);
      veil(...veilNumbers(scratch, request), from, to);
      transfers.forget();
    },
    labelRow: (request) => labelRow(...labelRowNumbers(request)),
    raycast(request, rowStart, rowEnd) {
      const { mode, body, leastCounted } = request;
      const least = mode === 'mean' ? leastCounted : mode === 'minip' ? body?.leastTissue : undefined;
      const isCounted = request.skipping && least !== undefined;
      const table = isCounted ? countedOf(least) : request.transfer;
      if (table) transfers.use(table, request.mask?.removes ? request.mask.memory.flags : 0);
      if (request.mask) writeTints(buffer, scratch, request.mask);
      writeRaycast(params, buffer, layout, scratch, request);
      raycast(scratch.params, rowStart, rowEnd);
    },
  };
}

/** Of each table entry twice the count of visible ones before, plus one where it is visible itself. */
export function visibleRanks(direct: Float32Array): Int32Array {
  let before = 0;
  return Int32Array.from({ length: direct.length / 4 }, (_, n) => {
    const isVisible = (direct[4 * n + 3] ?? 0) > 0 ? 1 : 0;
    const rank = 2 * before + isVisible;
    before += isVisible;
    return rank;
  });
}

/**
 * The integral of each channel from entry 0 to each entry by the trapezoid rule. Summed in doubles.
 */
export function runningSums(direct: Float32Array): Float32Array {
  const sums = new Float32Array(direct.length);
  for (let channel = 0; channel < 4; channel += 1) {
    let sum = 0;
    for (let i = channel + 4; i < direct.length; i += 4) {
      sum += (direct[i]! + direct[i - 4]!) / 2;
      sums[i] = sum;
    }
  }
  return sums;
}

/** A table that shows what is counted, so that the bricks of what is not are found as for any other. */
function countedKeeper() {
  let least = Number.NaN;
  let table: TransferTable | undefined;
  return (wanted = -Infinity): TransferTable | undefined => {
    if (wanted === least) return table;
    least = wanted;
    const direct = Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    table = Number.isFinite(wanted) ? { direct, lo: wanted - 2, scale: 1 } : undefined;
    return table;
  };
}

/** Writes a transfer table and what it makes visible, once per table (compared by identity). */
function transferKeeper(buffer: ArrayBufferLike, layout: KernelLayout, scratch: Scratch, occupancy: Raw) {
  let current: TransferTable | undefined;
  let currentFlags = 0;
  return {
    forget(): void {
      current = undefined;
    },
    /** `flags`: of the masks' bricks, 0 without. */
    use(table: TransferTable, flags: number): void {
      if (table === current && flags === currentFlags) return;
      const size = table.direct.length / 4;
      if (size > transferEntries) throw new RangeError(`transfer table of ${size} entries`);
      new Float32Array(buffer, scratch.transfer, size * 4).set(table.direct);
      new Float32Array(buffer, scratch.transfer + size * 16, size * 4).set(runningSums(table.direct));
      new Int32Array(buffer, scratch.ranks, size).set(visibleRanks(table.direct));
      occupancy(
        layout.bricks,
        ...layout.brickCounts,
        scratch.ranks,
        size,
        table.lo,
        table.scale,
        scratch.occupancy,
        flags,
      );
      current = table;
      currentFlags = flags;
    },
  };
}

function writeVolume(p: Float64Array, volume: KernelVolume): void {
  p.set([volume.voxels, ...volume.size, typeCode[volume.scalarType]], 0);
}

/** Slots of reslice.as.ts. */
function writeReslice(p: Float64Array, buffer: ArrayBufferLike, scratch: Scratch, r: ResliceRequest): void {
  const count = r.offsetsMm.length;
  if (count > maxSamples || r.width > maxWidth)
    throw new RangeError(`slab of ${count} samples, ${r.width} columns`);
  const samples = new Float32Array(buffer, scratch.samples, count * 2);
  for (let i = 0; i < count; i += 1) {
    samples[2 * i] = r.offsetsMm[i]!;
    samples[2 * i + 1] = r.weights[i]!;
  }
  writeVolume(p, r.volume);
  p.set([...r.origin, ...r.columnStep, ...r.rowStep, ...r.normalPerMm], 6);
  p.set(
    [r.width, r.height, scratch.samples, count, modeCode[r.mode], interpolationCode[r.interpolation]],
    18,
  );
  p.set([r.volume.slope, r.volume.intercept, ...noDataOf(r.volume), r.values, scratch.rowSums], 24);
  p.set([...r.box.lo, ...r.box.hi, scratch.columns], 30);
  p[39] = r.peaksApartMm ?? 0;
}

/** Slots of curved.as.ts: those of a plane, without what each row has of its own. */
function writeCurved(p: Float64Array, scratch: Scratch, r: CurvedRequest): void {
  if (r.width > maxWidth) throw new RangeError(`${r.width} columns`);
  for (let at = 9; at < r.height * rowDoubles; at += rowDoubles)
    if (r.rows[at]! > maxSamples) throw new RangeError(`slab of ${r.rows[at]} samples`);
  writeVolume(p, r.volume);
  p.fill(0, 6, 18);
  p.set([r.width, 1, scratch.samples, 1, modeCode[r.mode], interpolationCode[r.interpolation]], 18);
  p.set([r.volume.slope, r.volume.intercept, ...noDataOf(r.volume), r.values, scratch.rowSums], 24);
  p.set([...r.box.lo, ...r.box.hi, scratch.columns, scratch.rows, r.slabMm], 30);
}

/** Slots of window.as.ts. */
function writeWindow(p: Float64Array, buffer: ArrayBufferLike, scratch: Scratch, r: WindowRequest): void {
  const entries = r.table?.length ?? 1;
  if (r.table) new Uint32Array(buffer, scratch.lut, entries).set(r.table);
  const numbers = [windowCode[r.kind], r.gain, r.bias, r.sign, r.background >>> 0, scratch.lut, entries - 1];
  p.set([...numbers, r.tinted ? 1 : 0], 0);
}

function writeRoles(buffer: ArrayBufferLike, scratch: Scratch, { roles }: VeilRequest): void {
  new Uint8Array(buffer, scratch.layers, 256).set(roles);
}

/** In the order of mask.as.ts, but for the layers of bricks. */
function veilNumbers(scratch: Scratch, { memory, size, bricks }: VeilRequest): number[] {
  const { lo, hi } = bricks;
  const at = [memory.labels, ...size, scratch.layers, memory.veil, memory.flags, scratch.brick];
  return [...at, lo[0], hi[0], lo[1], hi[1]];
}

const labelRowNumbers = ({ memory, size, at, step, width, out }: LabelRowRequest): number[] => [
  memory.labels,
  ...size,
  ...at,
  ...step,
  width,
  out,
];

/** 256 quadruples and 256 factors, behind the roles. */
function writeTints(buffer: ArrayBufferLike, scratch: Scratch, { table }: MaskRequest): void {
  const colours = new Float32Array(buffer, scratch.layers + 256, 1024);
  const factors = new Float32Array(buffer, scratch.layers + 256 + 4096, 256);
  for (let label = 0; label < 256; label += 1) {
    for (let c = 0; c < 4; c += 1) colours[label * 4 + c] = table[label * 5 + c]!;
    factors[label] = table[label * 5 + 4]!;
  }
}

const field = ({ at, perColumn, perRow }: RayField): readonly number[] => [...at, ...perColumn, ...perRow];
const noDataOf = (volume: KernelVolume): readonly [number, number] =>
  volume.noData === undefined ? [0, 0] : [1, volume.noData];
/** A stretch over more places of the table than this is taken in halves. */
const steepPlaces = 96;
const unlit = { ambient: 1, diffuse: 0, specular: 0, power: 1 };

/** Slots of raycast/body.as.ts. */
function writeBody(p: Float64Array, body: RaycastRequest['body']): void {
  p[128] = body?.samples ?? 0;
  if (!body) return;
  p.set([body.leastTissue, body.leastInside, body.endSamples], 129);
  p.set([...body.voxels, body.stride, ...body.voxelStrides], 132);
}

/** Slots of raycast/*.as.ts. */
function writeRaycast(
  p: Float64Array,
  buffer: ArrayBufferLike,
  layout: KernelLayout,
  scratch: Scratch,
  r: RaycastRequest,
): void {
  const light = r.shading ?? unlit;
  const counts: Triple = layout.brickCounts;
  writeVolume(p, r.volume);
  p.set([r.width, r.height, 0], 5);
  p.set(field(r.origin), 8);
  p.set(field(r.directionIndex), 17);
  p.set(field(r.directionMm), 26);
  p.set(r.normalFromGradient, 35);
  p.set([r.stepMm, r.nearMm, modeCode[r.mode]], 44);
  p.set(
    [scratch.transfer, (r.transfer?.direct.length ?? 4) / 4, r.transfer?.lo ?? 0, r.transfer?.scale ?? 0],
    47,
  );
  p.set([scratch.occupancy, layout.bricks, ...counts], 51);
  p.set([light.ambient, light.diffuse, light.specular, Math.round(light.power), r.shading ? 1 : 0], 56);
  p.set([r.opaqueBelow, ...r.box.lo, ...r.box.hi, r.out, ...r.background], 61);
  p.set([...noDataOf(r.volume), r.skipping ? 1 : 0, r.volume.slope, r.volume.intercept], 72);
  p[77] = r.interpolation === 'nearest' ? 1 : 0;
  p[78] = r.leastCounted ?? -Infinity;
  const planes = r.clipPlanes ?? [];
  if (planes.length > mostClipPlanes) throw new RangeError(`${planes.length} clip planes`);
  p[79] = planes.length;
  p.set(planes.flat(), 80);
  const factors = r.gradientFactors;
  if (factors && factors.values.length > gradientEntries) throw new RangeError('too many gradient factors');
  if (factors) new Float32Array(buffer, scratch.gradient, factors.values.length).set(factors.values);
  p.set([r.jittered ? 1 : 0, scratch.ranks, scratch.gradient], 112);
  p.set([(factors?.values.length ?? 1) - 1, factors?.scale ?? 0, factors ? 1 : 0], 115);
  p.set([r.skipping ? layout.padded : 0, scratch.samples, Number.isFinite(r.leastCounted) ? 1 : 0], 118);
  p[121] = r.halving === false ? Infinity : steepPlaces;
  const { mask } = r;
  p.set([mask?.memory.labels ?? 0, mask?.memory.veil ?? 0, mask?.memory.flags ?? 0], 122);
  const tints = mask?.tints && (r.mode === 'composite' || r.tintOut !== undefined);
  p.set([scratch.layers + 256, (mask?.removes ? 1 : 0) + (tints ? 2 : 0), r.tintOut ?? 0], 125);
  writeBody(p, r.body);
  p.set([r.depthCue?.fromMm ?? 0, r.depthCue?.perMm ?? 0, r.depthCue?.least ?? 1], 137);
}
