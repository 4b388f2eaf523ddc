import { sampleTwin, type Voxels } from '../sample/twin.ts';
import type { BodyRule, RaycastRequest, RayField, TransferTable, Triple } from '../types.ts';
import { bodyTwin, surroundedTwin } from './body-twin.ts';
import { baredTwin, type MaskVoxels, tintTwinAt, veilTwinAt } from './layers-twin.ts';

/** Plain twin of the ray caster: no bricks, no packets, doubles. */
interface Ray {
  readonly origin: Triple;
  readonly direction: Triple;
  readonly view: Triple;
  readonly tIn: number;
  readonly tOut: number;
  /** The same without clip planes. */
  readonly boxIn: number;
  readonly boxOut: number;
  /** How much the face of the box through which it comes in faces the light; null when it starts inside. */
  readonly entryFacing: number | null;
  /** Share of a step by which its samples are moved. */
  readonly jitter: number;
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
  const [boxIn, boxOut] = [tIn, tOut];
  for (const [a, b, c, d] of r.clipPlanes ?? []) {
    const from = a * origin[0] + b * origin[1] + c * origin[2] + d;
    const rate = a * direction[0] + b * direction[1] + c * direction[2];
    const crossing = -from / rate;
    if (Math.abs(rate) < 1e-7) tOut = from < 0 ? -1 : tOut;
    else if (rate < 0) tOut = Math.min(tOut, crossing);
    else {
      if (crossing > tIn - 0.01) entryFacing = Math.min(rate, 1);
      tIn = Math.max(tIn, crossing);
    }
  }
  const jitter = r.jittered ? jitterAt(column, row) : 0;
  return { origin, direction, view, tIn, tOut, boxIn, boxOut, entryFacing, jitter };
}

const share = (x: number): number => x - Math.floor(x);

/** Interleaved gradient noise (Jimenez 2014). */
const jitterAt = (column: number, row: number): number =>
  share(52.9829189 * share(0.06711056 * column + 0.00583715 * row));

/** Where sample `k` of a composite lies: on the lattice, moved to the ends where it is outside. */
const placedAt = (r: RaycastRequest, ray: Ray, k: number): number =>
  Math.min(ray.tOut, Math.max(ray.tIn, (k + ray.jitter) * r.stepMm));

const at = (ray: Ray, t: number): Triple =>
  [0, 1, 2].map((axis) => ray.origin[axis]! + t * ray.direction[axis]!) as unknown as Triple;

function* samples(
  r: RaycastRequest,
  ray: Ray,
  [from, to]: readonly [number, number] = [0, 1e9],
): Generator<Triple> {
  for (let k = Math.ceil(ray.tIn / r.stepMm); k * r.stepMm <= ray.tOut; k += 1)
    if (k >= from && k <= to) yield at(ray, k * r.stepMm);
}

/** Whether an end of a ray lies within the body of the first or last slice. */
function endsInside(voxels: Voxels, r: RaycastRequest, rule: BodyRule, p: Triple): boolean {
  const { size, noData } = r.volume;
  const slice = p[2] < r.box.lo[2] + 0.02 ? 0 : p[2] > r.box.hi[2] - 0.02 ? size[2] - 1 : -1;
  if (slice < 0) return false;
  const valueAt = (i: number, j: number): number => {
    const value = voxels[(slice * size[1] + j) * size[0] + i]!;
    return value === noData ? Number.NaN : value;
  };
  const nearest = (axis: 0 | 1): number => Math.min(Math.max(Math.floor(p[axis] + 0.5), 0), size[axis] - 1);
  return surroundedTwin(valueAt, [size[0], size[1]], [nearest(0), nearest(1)], rule);
}

/** Numbers of the first and last sample within the body. */
function bodyOf(voxels: Voxels, r: RaycastRequest, ray: Ray, masks: MaskVoxels): readonly [number, number] {
  if (!r.body || r.mode !== 'minip') return [0, 1e9];
  const { stride } = r.body;
  const whole = { ...ray, tIn: ray.boxIn, tOut: ray.boxOut };
  const values = [...samples({ ...r, stepMm: r.stepMm * stride }, whole)].map((p) =>
    veilTwinAt(masks, r, p) < 0 ? sampleTwin(voxels, r.volume, p, r.interpolation) : Number.NaN,
  );
  const ends = [
    endsInside(voxels, r, r.body, at(ray, whole.tIn)),
    endsInside(voxels, r, r.body, at(ray, whole.tOut)),
  ] as const;
  const [first, last] = bodyTwin(values, r.body, ends);
  const start = Math.ceil(whole.tIn / (r.stepMm * stride));
  return [
    first === 0 ? 0 : (start + first) * stride,
    last === values.length - 1 ? 1e9 : (start + last) * stride,
  ];
}

/** Differences over two voxels along each axis. */
function slopesAt(voxels: Voxels, r: RaycastRequest, p: Triple): number[] {
  const value = (axis: number, by: number): number => {
    const q = p.map((x, a) => (a === axis ? x + by : x)) as unknown as Triple;
    return sampleTwin(voxels, r.volume, q, r.interpolation);
  };
  return [0, 1, 2].map((axis) => value(axis, 1) - value(axis, -1));
}

/** How much the surface at a point faces the light, and how strong its gradient is. */
function surfaceAt(voxels: Voxels, r: RaycastRequest, ray: Ray, p: Triple): readonly [number, number] {
  const g = slopesAt(voxels, r, p);
  const m = r.normalFromGradient;
  const n = [0, 3, 6].map((row) => m[row]! * g[0]! + m[row + 1]! * g[1]! + m[row + 2]! * g[2]!);
  const strength = Math.hypot(...n);
  const along = Math.abs(n.reduce((s, x, i) => s + x * ray.view[i]!, 0));
  return [strength > 1e-10 ? Math.min(1, along / strength) : 0, strength];
}

interface Lit {
  readonly k: number;
  /** Where the stretch begins, and where it is looked at. */
  readonly from: number;
  readonly middle: number;
  /** How much the face of a mask that ends at `from` is turned to the light. */
  readonly bared: number | undefined;
}

/** Light at a stretch that is about to add `added`; carries surfaces along the ray. */
function lightAlong(voxels: Voxels, r: RaycastRequest, ray: Ray) {
  const { shading } = r;
  let carried = 0.6;
  let weight = 0;
  let last = -1e9;
  let unlooked = 1;
  return ({ k, from, middle, bared }: Lit, added: number): readonly [number, number] => {
    if (!shading) return [1, 0];
    unlooked = bared === undefined ? unlooked + added : 1 + added;
    if (unlooked > 0.01) {
      const isCut = ray.entryFacing !== null && from - 0.25 * r.stepMm < ray.tIn;
      const left = 0.5 ** ((k - last) * r.stepMm);
      const isFace = isCut || bared !== undefined;
      const seen = isFace ? null : surfaceAt(voxels, r, ray, at(ray, middle));
      const facing = seen ? seen[0] : (bared ?? (ray.entryFacing ?? 0) * 0.85);
      const strength = seen ? seen[1] * (1 - left * left) : 10_000;
      const kept = weight * left;
      if (strength + kept > 1e-12) carried = (facing * strength + carried * kept) / (strength + kept);
      weight = strength + kept;
      last = k;
      unlooked = 0;
    }
    const cue = cueAt(r, middle);
    return [
      cue * (shading.ambient + shading.diffuse * carried),
      cue * shading.specular * carried ** Math.round(shading.power),
    ];
  };
}

/** What depth leaves of the light. */
function cueAt({ depthCue }: RaycastRequest, t: number): number {
  if (!depthCue) return 1;
  return Math.min(1, Math.max(depthCue.least, 1 - (t - depthCue.fromMm) * depthCue.perMm));
}

/** Factor on the opacity by the gradient in the middle of a stretch. */
function factorAt(voxels: Voxels, r: RaycastRequest, ray: Ray, t: number): number {
  const factors = r.gradientFactors;
  if (!factors) return 1;
  const [, strength] = surfaceAt(voxels, r, ray, at(ray, t));
  const entry = Math.round(strength * factors.scale);
  return factors.values[Math.min(Math.max(entry, 0), factors.values.length - 1)]!;
}

const placeOf = (transfer: TransferTable, value: number): number =>
  Math.round((value - transfer.lo) * transfer.scale);

/** Mean (τr, τg, τb, τ) over the places between, summed one by one; constant beyond the table. */
function meanOf({ direct }: TransferTable, before: number, place: number): readonly number[] {
  const channels = [0, 1, 2, 3];
  const last = direct.length / 4 - 1;
  const entry = (p: number): number => Math.min(Math.max(p, 0), last) * 4;
  if (Math.abs(place - before) < 1.5) return channels.map((c) => direct[entry(place) + c]!);
  const [from, to] = [Math.min(before, place), Math.max(before, place)];
  const sums = [0, 0, 0, 0];
  for (let p = from; p < to; p += 1)
    for (const c of channels) sums[c]! += (direct[entry(p) + c]! + direct[entry(p + 1) + c]!) / 2;
  return sums.map((sum) => sum / (to - from));
}

/** Places between which a table shows anything. */
function visibleOf({ direct }: TransferTable): readonly [number, number] {
  const extinctions = direct.filter((_, n) => n % 4 === 3);
  const first = extinctions.findIndex((tau) => tau > 0);
  const end = extinctions.findLastIndex((tau) => tau > 0);
  return [first === 0 ? -1e9 : first - 1, end === extinctions.length - 1 ? 1e9 : end + 1];
}

/** Where the middle of the visible part of a stretch between two places lies, 0 … 1. */
function centreOf(visible: readonly [number, number], from: number, to: number): number {
  if (to === from) return 0.5;
  const shareOf = (place: number): number => Math.min(Math.max((place - from) / (to - from), 0), 1);
  return (shareOf(visible[0]) + shareOf(visible[1])) / 2;
}

interface Stretch {
  readonly k: number;
  readonly from: number;
  readonly to: number;
  readonly fromPlace: number;
  readonly toPlace: number;
  readonly bared?: number;
}

/** What masks leave of a stretch; undefined where nothing is left. */
function uncovered(
  voxels: Voxels,
  masks: MaskVoxels,
  r: RaycastRequest,
  ray: Ray,
  s: Stretch,
): Stretch | undefined {
  const [first, last] = [veilTwinAt(masks, r, at(ray, s.from)), veilTwinAt(masks, r, at(ray, s.to))];
  if (first >= 0 && last >= 0) return undefined;
  if (first < 0 && last < 0) return s;
  const border = s.from + (s.to - s.from) * (first / (first - last));
  const p = at(ray, border);
  const place = placeOf(r.transfer!, sampleTwin(voxels, r.volume, p, r.interpolation));
  if (first < 0) return { ...s, to: border, toPlace: Number.isNaN(place) ? s.fromPlace : place };
  const bared = baredTwin(masks, r, p, ray.view, slopesAt(voxels, r, p));
  return { ...s, from: border, fromPlace: Number.isNaN(place) ? s.toPlace : place, bared };
}

/** The stretches of a ray in order; steep ones in halves. */
function* stretchesOf(voxels: Voxels, masks: MaskVoxels, r: RaycastRequest, ray: Ray): Generator<Stretch> {
  const transfer = r.transfer!;
  const placeAt = (t: number): number =>
    placeOf(transfer, sampleTwin(voxels, r.volume, at(ray, t), r.interpolation));
  const first = Math.floor(ray.tIn / r.stepMm - ray.jitter) + 1;
  for (let k = first; placedAt(r, ray, k - 1) < ray.tOut; k += 1) {
    const [start, stop] = [placedAt(r, ray, k - 1), placedAt(r, ray, k)];
    const stopPlace = placeAt(stop);
    if (Number.isNaN(stopPlace)) continue;
    const known = placeAt(start);
    const whole = { k, from: start, to: stop, toPlace: stopPlace };
    const fromPlaceWhole = Number.isNaN(known) ? stopPlace : known;
    const left = uncovered(voxels, masks, r, ray, { ...whole, fromPlace: fromPlaceWhole });
    if (!left) continue;
    const { from, to, fromPlace, toPlace } = left;
    if (Math.abs(toPlace - fromPlace) > 96) {
      const middle = (from + to) / 2;
      const seen = placeAt(middle);
      const half = Number.isNaN(seen) ? toPlace : seen;
      yield { ...left, k: k - 0.5, to: middle, toPlace: half };
      yield { ...left, from: middle, fromPlace: half };
    } else yield left;
  }
}

const unmasked: MaskVoxels = { labels: [], veil: [] };

/** Linear r, g, b in 0…255, not rounded. */
export function compositeTwin(
  voxels: Voxels,
  r: RaycastRequest,
  column: number,
  row: number,
  masks = unmasked,
): Triple {
  const transfer = r.transfer!;
  const ray = rayOf(r, column, row);
  const light = lightAlong(voxels, r, ray);
  const visible = visibleOf(transfer);
  const sum = [0, 0, 0];
  let transparency = 1;
  for (const { k, from, to, fromPlace, toPlace, bared } of stretchesOf(voxels, masks, r, ray)) {
    if (transparency <= r.opaqueBelow) break;
    const middle = from + (to - from) * centreOf(visible, fromPlace, toPlace);
    const mean = tintedOf(meanOf(transfer, fromPlace, toPlace), tintTwinAt(masks, r, at(ray, middle)));
    const extinction = mean[3]!;
    if (extinction <= 1e-6) continue;
    const alpha = 1 - Math.exp(-extinction * factorAt(voxels, r, ray, middle) * (to - from));
    const [bright, white] = light({ k, from, middle, bared }, transparency * alpha);
    for (let c = 0; c < 3; c += 1)
      sum[c]! += transparency * alpha * Math.min(1, (mean[c]! / extinction) * bright + white);
    transparency *= 1 - alpha;
  }
  return [0, 1, 2].map((c) => 255 * (sum[c]! + transparency * r.background[c]!)) as unknown as Triple;
}

/** The layers' colours by their share, and their factor on all of it. */
const tintedOf = (mean: readonly number[], tint: readonly number[]): number[] =>
  mean.map((m, c) => (m * (1 - tint[3]!) + tint[c]! * mean[3]!) * tint[4]!);

/** What a projection counts along a ray. */
function countedOf(voxels: Voxels, r: RaycastRequest, column: number, row: number, masks: MaskVoxels) {
  const ray = rayOf(r, column, row);
  return [...samples(r, ray, bodyOf(voxels, r, ray, masks))]
    .filter((p) => veilTwinAt(masks, r, p) < 0)
    .map((p) => ({ p, value: sampleTwin(voxels, r.volume, p, r.interpolation) }))
    .filter(
      ({ value }) => !Number.isNaN(value) && !(r.mode === 'mean' && value < (r.leastCounted ?? -Infinity)),
    );
}

/** r, g, b, share, each 0 … 1, that layers tint a projection's pixel with. */
export function projectedTintTwin(
  voxels: Voxels,
  r: RaycastRequest,
  column: number,
  row: number,
  masks: MaskVoxels,
): number[] {
  const counted = countedOf(voxels, r, column, row, masks);
  const tintOf = ({ p }: (typeof counted)[number]): number[] => {
    const tint = tintTwinAt(masks, r, p);
    return [0, 1, 2, 3].map((c) => tint[c]! * tint[4]!);
  };
  const sign = r.mode === 'mip' ? 1 : -1;
  const best = Math.max(...counted.map(({ value }) => sign * value));
  const chosen =
    r.mode === 'mean' ? counted : counted.filter(({ value }) => sign * value === best).slice(0, 1);
  const tints = chosen.map(tintOf);
  return [0, 1, 2, 3].map((c) => tints.reduce((sum, tint) => sum + tint[c]!, 0) / Math.max(tints.length, 1));
}

/** The projection modes' modality value; NaN where the ray meets no data. */
export function projectionTwin(
  voxels: Voxels,
  r: RaycastRequest,
  column: number,
  row: number,
  masks = unmasked,
): number {
  const values = countedOf(voxels, r, column, row, masks).map(({ value }) => value);
  if (values.length === 0) return Number.NaN;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const stored = r.mode === 'mip' ? Math.max(...values) : r.mode === 'minip' ? Math.min(...values) : mean;
  return stored * r.volume.slope + r.volume.intercept;
}
