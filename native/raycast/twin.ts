import { sampleTwin, type Voxels } from '../sample/twin.ts';
import type { RaycastRequest, RayField, TransferTable, Triple } from '../types.ts';

/** Plain twin of the ray caster: no bricks, no packets, doubles. */
interface Ray {
  readonly origin: Triple;
  readonly direction: Triple;
  readonly view: Triple;
  readonly tIn: number;
  readonly tOut: number;
  /** How much the face of the box through which it comes in faces the light; null when it starts inside. */
  readonly entryFacing: number | null;
}

const along = (field: RayField, column: number, row: number): Triple =>
  [0, 1, 2].map(
    (axis) => field.at[axis]! + column * field.perColumn[axis]! + row * field.perRow[axis]!,
  ) as unknown as Triple;

const scaled = (v: Triple, s: number): Triple => [v[0] * s, v[1] * s, v[2] * s];

function rayOf(r: RaycastRequest, column: number, row: number): Ray {
  const origin = along(r.origin, column, row);
  const mm = along(r.directionMm, column, row);
  const perMm = 1 / Math.hypot(...mm);
  const direction = scaled(along(r.directionIndex, column, row), perMm);
  const view = scaled(mm, perMm);
  let tIn = r.nearMm;
  let tOut = 1e9;
  let entryFacing: number | null = null;
  for (let axis = 0; axis < 3; axis += 1) {
    const d = Math.abs(direction[axis]!) < 1e-12 ? 1e-12 : direction[axis]!;
    const a = (r.box.lo[axis]! - origin[axis]!) / d;
    const b = (r.box.hi[axis]! - origin[axis]!) / d;
    if (Math.min(a, b) > tIn - 0.01) {
      const normal = [0, 3, 6].map((row) => r.normalFromGradient[row + axis]!);
      entryFacing = Math.abs(normal.reduce((s, x, i) => s + x * view[i]!, 0)) / Math.hypot(...normal);
    }
    tIn = Math.max(tIn, Math.min(a, b));
    tOut = Math.min(tOut, Math.max(a, b));
  }
  return { origin, direction, view, tIn, tOut, entryFacing };
}

const at = (ray: Ray, t: number): Triple =>
  [0, 1, 2].map((axis) => ray.origin[axis]! + t * ray.direction[axis]!) as unknown as Triple;

function* samples(r: RaycastRequest, ray: Ray): Generator<Triple> {
  for (let k = Math.ceil(ray.tIn / r.stepMm); k * r.stepMm <= ray.tOut; k += 1) yield at(ray, k * r.stepMm);
}

/** How much the surface at a point faces the light, and how strong its gradient is. */
function surfaceAt(voxels: Voxels, r: RaycastRequest, ray: Ray, p: Triple): readonly [number, number] {
  const value = (axis: number, by: number): number => {
    const q = p.map((x, a) => (a === axis ? x + by : x)) as unknown as Triple;
    return sampleTwin(voxels, r.volume, q, r.interpolation);
  };
  const g = [0, 1, 2].map((axis) => value(axis, 1) - value(axis, -1));
  const m = r.normalFromGradient;
  const n = [0, 3, 6].map((row) => m[row]! * g[0]! + m[row + 1]! * g[1]! + m[row + 2]! * g[2]!);
  const strength = Math.hypot(...n);
  const along = Math.abs(n.reduce((s, x, i) => s + x * ray.view[i]!, 0));
  return [strength > 1e-10 ? Math.min(1, along / strength) : 0, strength];
}

/** Factor for the colour and white added, at sample k; carries the last surface along the ray. */
function lightAlong(voxels: Voxels, r: RaycastRequest, ray: Ray): (k: number) => readonly [number, number] {
  const { shading } = r;
  if (!shading) return () => [1, 0];
  let carried = 0;
  let weight = 0;
  let last = 0;
  return (k) => {
    const isCut = ray.entryFacing !== null && (k - 1.25) * r.stepMm < ray.tIn;
    const [facing, strength] = isCut
      ? [(ray.entryFacing ?? 0) * 0.85, 10_000]
      : surfaceAt(voxels, r, ray, at(ray, (k - 0.5) * r.stepMm));
    const kept = weight * 0.5 ** ((k - last) * r.stepMm);
    carried = (facing * strength + carried * kept) / Math.max(strength + kept, 1e-20);
    weight = Math.max(kept, strength);
    last = k;
    return [
      shading.ambient + shading.diffuse * carried,
      shading.specular * carried ** Math.round(shading.power),
    ];
  };
}

const placeOf = (transfer: TransferTable, value: number): number =>
  Math.floor((value - transfer.lo) * transfer.scale + 0.5);

/** Mean (τr, τg, τb, τ) over the places between, summed one by one; constant beyond the table. */
function meanOf({ direct }: TransferTable, before: number, place: number): readonly number[] {
  const channels = [0, 1, 2, 3];
  const last = direct.length / 4 - 1;
  const entry = (p: number): number => Math.min(Math.max(p, 0), last) * 4;
  if (Math.abs(place - before) < 4) return channels.map((c) => direct[entry(place) + c]!);
  const [from, to] = [Math.min(before, place), Math.max(before, place)];
  const sums = [0, 0, 0, 0];
  for (let p = from; p < to; p += 1)
    for (const c of channels) sums[c]! += (direct[entry(p) + c]! + direct[entry(p + 1) + c]!) / 2;
  return sums.map((sum) => sum / (to - from));
}

/** Linear r, g, b in 0…255, not rounded. */
export function compositeTwin(voxels: Voxels, r: RaycastRequest, column: number, row: number): Triple {
  const transfer = r.transfer!;
  const ray = rayOf(r, column, row);
  const light = lightAlong(voxels, r, ray);
  const sum = [0, 0, 0];
  let transparency = 1;
  const valueAt = (k: number): number => sampleTwin(voxels, r.volume, at(ray, k * r.stepMm), r.interpolation);
  for (let k = Math.ceil(ray.tIn / r.stepMm); k * r.stepMm <= ray.tOut; k += 1) {
    if (transparency <= r.opaqueBelow) break;
    const value = valueAt(k);
    if (Number.isNaN(value)) continue;
    const before = valueAt(k - 1);
    const place = placeOf(transfer, value);
    const mean = meanOf(transfer, Number.isNaN(before) ? place : placeOf(transfer, before), place);
    const extinction = mean[3]!;
    if (extinction <= 1e-6) continue;
    const alpha = 1 - Math.exp(-extinction * r.stepMm);
    const [factor, white] = light(k);
    for (let c = 0; c < 3; c += 1)
      sum[c]! += transparency * alpha * Math.min(1, (mean[c]! / extinction) * factor + white);
    transparency *= 1 - alpha;
  }
  return [0, 1, 2].map((c) => 255 * (sum[c]! + transparency * r.background[c]!)) as unknown as Triple;
}

/** The projection modes' modality value; NaN where the ray meets no data. */
export function projectionTwin(voxels: Voxels, r: RaycastRequest, column: number, row: number): number {
  const values = [...samples(r, rayOf(r, column, row))]
    .map((p) => sampleTwin(voxels, r.volume, p, r.interpolation))
    .filter((value) => !Number.isNaN(value) && !(r.mode === 'mean' && value < (r.leastCounted ?? -Infinity)));
  if (values.length === 0) return Number.NaN;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const stored = r.mode === 'mip' ? Math.max(...values) : r.mode === 'minip' ? Math.min(...values) : mean;
  return stored * r.volume.slope + r.volume.intercept;
}
