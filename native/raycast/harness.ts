import { type SceneLayer, tintsOf } from '../../core/scene/layers.ts';
import type { Bench, BenchMasks, VoxelFunction } from '../harness.ts';
import type { RaycastRequest, RayField, TransferTable, Triple } from '../types.ts';

// Tests only: a volume of 0.4 × 0.8 × 2.5 mm voxels and pictures of it.

/** Spacing 0.4 × 0.8 × 2.5 mm with index axes along the patient's: index = mm / spacing + offset. */
export const spacing: Triple = [0.4, 0.8, 2.5];
export const size: Triple = [60, 33, 13];
export const centre: Triple = [29.5, 16, 6];
export const side = 44;

const still = (at: Triple): RayField => ({ at, perColumn: [0, 0, 0], perRow: [0, 0, 0] });
export const map = (v: Triple, f: (x: number, axis: number) => number): Triple =>
  v.map((x, axis) => f(x, axis)) as unknown as Triple;
const perIndex = (mm: Triple): Triple => map(mm, (x, axis) => x / spacing[axis]!);
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const unit = (v: Triple): Triple => map(v, (x) => x / Math.hypot(...v));

/** Extinction per mm of a layer that lets 1 − α through per mm. */
export const extinctionOf = (alphaPerMm: number): number => -Math.log(1 - alphaPerMm);

/** A table whose extinction rises from `from` to `to`, in reds and greens. */
export function ramp(from: number, to: number, mostAlpha: number, entries = 512): TransferTable {
  const direct = new Float32Array(entries * 4);
  for (let i = 0; i < entries; i += 1) {
    const share = i / (entries - 1);
    const tau = share * extinctionOf(mostAlpha);
    direct.set([tau * share, tau * (1 - share), tau * 0.25, tau], i * 4);
  }
  return { direct, lo: from, scale: (entries - 1) / (to - from) };
}

/** The same in white. */
export function whiteRamp(from: number, to: number, mostAlpha: number): TransferTable {
  const table = ramp(from, to, mostAlpha);
  return { ...table, direct: table.direct.map((_, i) => table.direct[i | 3]!) };
}

export function request(b: Bench, direction: Triple, change: Partial<RaycastRequest> = {}): RaycastRequest {
  const d = unit(direction);
  const right = unit(cross(d, [0.1, 0.2, 1]));
  const down = cross(d, right);
  const mm = 0.7;
  const start = map(d, (x, a) => -40 * x - (right[a]! + down[a]!) * mm * ((side - 1) / 2));
  const origin: RayField = {
    at: map(perIndex(start), (x, a) => x + centre[a]!),
    perColumn: perIndex(map(right, (x) => x * mm)),
    perRow: perIndex(map(down, (x) => x * mm)),
  };
  return {
    volume: b.volume,
    width: side,
    height: side,
    origin,
    directionIndex: still(perIndex(d)),
    directionMm: still(d),
    normalFromGradient: [1 / spacing[0], 0, 0, 0, 1 / spacing[1], 0, 0, 0, 1 / spacing[2]],
    stepMm: 0.5,
    nearMm: 0,
    mode: 'composite',
    interpolation: 'linear',
    opaqueBelow: 0.005,
    box: { lo: [-0.5, -0.5, -0.5], hi: map(b.volume.size, (n) => n - 0.5) },
    background: [0.1, 0.2, 0.3],
    skipping: true,
    out: b.layout.values,
    ...change,
  };
}

/** Rays from one eye through the same pixels. */
export function perspective(b: Bench, direction: Triple, change: Partial<RaycastRequest>): RaycastRequest {
  const r = request(b, direction, change);
  const eye = map(unit(direction), (x) => -60 * x);
  const first = map(r.origin.at, (x, a) => (x - centre[a]!) * spacing[a]! - eye[a]!);
  const mm = (v: Triple): Triple => map(v, (x, a) => x * spacing[a]!);
  return {
    ...r,
    origin: still(map(perIndex(eye), (x, a) => x + centre[a]!)),
    directionIndex: { at: perIndex(first), perColumn: r.origin.perColumn, perRow: r.origin.perRow },
    directionMm: { at: first, perColumn: mm(r.origin.perColumn), perRow: mm(r.origin.perRow) },
  };
}

/** A soft ball of radius 9 mm about the centre: 1000 inside, falling to 0 over 4 mm. */
export const ball: VoxelFunction = (i, j, k) => {
  const r = Math.hypot(...map([i, j, k], (x, a) => (x - centre[a]!) * spacing[a]!));
  return Math.round(1000 * Math.min(Math.max((11 - r) / 4, 0), 1));
};
export const shading = { ambient: 0.15, diffuse: 0.85, specular: 0.25, power: 12 };
export const directions: readonly Triple[] = [
  [0, 0, 1],
  [0, -1, 0],
  [1, 0, 0],
  [0.5, -0.7, 0.4],
  [-0.3, 0.8, -0.6],
];

export function rgbOf(b: Bench, column: number, row: number): Triple {
  const at = (row * side + column) * 4;
  const bytes = new Uint8Array(b.buffer, b.layout.values);
  return [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
}

export const removed = (index: number): SceneLayer => ({
  index,
  role: 'removed',
  colour: [0, 0, 0],
  opacity: 1,
});
export const shown = (index: number, colour: Triple, opacity: number): SceneLayer => ({
  index,
  role: 'shown',
  colour,
  opacity,
});

export const maskOf = (
  { memory }: BenchMasks,
  layers: readonly SceneLayer[],
): NonNullable<RaycastRequest['mask']> => ({
  memory,
  removes: layers.some(({ role }) => role === 'removed'),
  tints: layers.some(({ role }) => role === 'shown'),
  table: tintsOf(layers),
});

export const fromCentreMm = (i: number, j: number, k: number): Triple =>
  map([i, j, k], (v, axis) => (v - centre[axis]!) * spacing[axis]!);
