import type { RaycastRequest, Triple } from '../types.ts';

/** Labels and the veil of a volume, as bytes. */
export interface MaskVoxels {
  readonly labels: ArrayLike<number>;
  readonly veil: ArrayLike<number>;
}

interface Corner {
  readonly at: number;
  readonly weight: number;
}

/** The eight voxels around a point, clamped to the volume, and their trilinear weights. */
function cornersOf(size: Triple, p: Triple): Corner[] {
  const at = p.map((v, axis) => Math.min(Math.max(v, 0), size[axis]! - 1));
  const base = at.map((v, axis) => Math.floor(Math.min(v, Math.max(size[axis]! - 2, 0))));
  const corners: Corner[] = [];
  for (let corner = 0; corner < 8; corner += 1) {
    const bits = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = bits.reduce((w, bit, axis) => {
      const share = at[axis]! - base[axis]!;
      return w * (bit ? share : 1 - share);
    }, 1);
    if (weight <= 0) continue;
    const [i, j, k] = bits.map((bit, axis) => base[axis]! + bit) as [number, number, number];
    corners.push({ at: (k * size[1] + j) * size[0] + i, weight });
  }
  return corners;
}

/** Removed where it is not negative. */
export function veilTwinAt({ veil }: MaskVoxels, r: RaycastRequest, p: Triple): number {
  if (!r.mask?.removes) return -127.5;
  return cornersOf(r.volume.size, p).reduce((sum, { at, weight }) => sum + weight * veil[at]!, -127.5);
}

/** r, g, b times the share, the share, the factor on the opacity. */
export function tintTwinAt({ labels }: MaskVoxels, r: RaycastRequest, p: Triple): number[] {
  const table = r.mask?.tints ? r.mask.table : undefined;
  if (!table) return [0, 0, 0, 0, 1];
  const sum = [0, 0, 0, 0, 0];
  for (const { at, weight } of cornersOf(r.volume.size, p))
    for (let c = 0; c < 5; c += 1) sum[c]! += weight * table[labels[at]! * 5 + c]!;
  return sum;
}

const turned = (m: readonly number[], v: readonly number[]): number[] =>
  [0, 3, 6].map((row) => m[row]! * v[0]! + m[row + 1]! * v[1]! + m[row + 2]! * v[2]!);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, n) => sum + x * b[n]!, 0);
const unitOf = (v: readonly number[]): number[] => {
  const length = Math.hypot(...v);
  return v.map((x) => (length > 1e-10 ? x / length : 0));
};
const share = (x: number): number => Math.min(Math.max(x, 0), 1);

/**
 * How much the face at the end of a mask is turned to the light; `slopes` are the differences of the
 * voxels over two along each axis.
 */
export function baredTwin(
  masks: MaskVoxels,
  r: RaycastRequest,
  p: Triple,
  view: Triple,
  slopes: readonly number[],
): number {
  const kept = [0, 1, 2].map((axis) => {
    const by = (offset: number): Triple =>
      p.map((x, a) => (a === axis ? x + offset : x)) as unknown as Triple;
    return veilTwinAt(masks, r, by(-1)) - veilTwinAt(masks, r, by(1));
  });
  const face = unitOf(turned(r.normalFromGradient, kept));
  const own = unitOf(turned(r.normalFromGradient, slopes));
  const places = Math.max(...slopes.map(Math.abs)) * (r.transfer?.scale ?? 0);
  const weight = Number.isNaN(places)
    ? 0
    : share((Math.abs(dot(face, own)) - 0.4) * 2.5) * share((places - 100) / 300);
  const sum = Math.abs(dot(face, view)) + (weight > 0 ? 3 * weight * Math.abs(dot(own, view)) : 0);
  return Math.min(1, (sum / (1 + 3 * weight)) * (0.85 + 0.15 * weight));
}
