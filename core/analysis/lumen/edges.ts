import { normalCumulative } from './disc.ts';
import { type PolarSection, rayCount } from './section.ts';

/** Values that tell lumen from what surrounds it, in the section's (sign-corrected) units. */
export interface Levels {
  /** Of the lumen where blur does not reach. */
  readonly plateau: number;
  /** Of the vessel's wall; null: whatever lies around is the other side of the edge. */
  readonly wall: number | null;
  /** Standard deviation of one voxel. */
  readonly noise: number;
}

/** How a ray left the lumen: falling into the wall, rising into calcium or bone, or not at all. */
export type EdgeKind = 'falling' | 'rising' | 'none';

export interface Edges {
  readonly radiiMm: Float64Array;
  readonly kinds: EdgeKind[];
  /** What lies beyond the wall, per ray. */
  readonly outside: Float64Array;
}

export const makeEdges = (): Edges => ({
  radiiMm: new Float64Array(rayCount),
  kinds: new Array<EdgeKind>(rayCount).fill('none'),
  outside: new Float64Array(rayCount),
});

/** Thickness of an artery's wall, as far as it matters to blur: coronary arteries 0.5 mm, larger ones 1 mm. */
export const wallThicknessMm = (radiusMm: number): number =>
  0.5 + 0.5 * Math.max(0, Math.min(1, (radiusMm - 1.8) / 0.6));

/** Above this a value is no contrast medium. */
export const brightLimit = ({ plateau, noise }: Levels, low: number): number =>
  plateau + Math.max(0.35 * (plateau - low), 2.5 * noise, 60);

/** Low end of the section's values: the wall's or, where none is assumed, what surrounds the lumen. */
export function lowLevel(section: PolarSection, levels: Levels): number {
  if (levels.wall !== null) return levels.wall;
  const seen: number[] = [];
  for (let n = 0; n < section.values.length; n += 7) {
    const value = section.values[n]!;
    if (!Number.isNaN(value)) seen.push(value);
  }
  seen.sort((a, b) => a - b);
  return seen[Math.floor(0.15 * seen.length)] ?? Number.NaN;
}

/** Falls this far below (mm of full depth) before the lumen counts as left: less is noise. */
const dropVoxels = 0.35;

/**
 * The place along each ray where it leaves the lumen, by half of the step from plateau to wall. `alongMm(ray)` is the
 * blur's deviation along a ray, `voxelMm` a voxel's size in the section.
 */
export function findEdges(
  section: PolarSection,
  levels: Levels,
  low: number,
  alongMm: (ray: number) => number,
  voxelMm: number,
  edges: Edges,
): void {
  const { plateau } = levels;
  const half = (plateau + low) / 2;
  const bright = brightLimit(levels, low);
  const drop = Math.max(dropVoxels * voxelMm, 1.5 * section.stepMm);
  for (let ray = 0; ray < rayCount; ray++) {
    const exit = leaveLumen(section, ray, half, plateau - half, bright, drop);
    edges.kinds[ray] = exit.kind;
    if (exit.kind === 'none') edges.radiiMm[ray] = Number.NaN;
    else if (exit.kind === 'rising')
      edges.radiiMm[ray] = risingEdgeMm(section, ray, exit.at, plateau, low, voxelMm);
    else edges.radiiMm[ray] = crossingMm(section, ray, exit.at, half);
  }
  readOutside(section, edges, low, alongMm, voxelMm, levels.wall !== null);
  for (let ray = 0; ray < rayCount; ray++) {
    if (edges.kinds[ray] !== 'falling') continue;
    const outside = edges.outside[ray]!;
    const found = edges.radiiMm[ray]!;
    if (levels.wall === null) {
      // The other side is known now: half of the true step.
      const own = Math.min(outside, plateau - 0.25 * (plateau - low));
      edges.radiiMm[ray] = crossingMm(section, ray, Math.floor(found / section.stepMm), (plateau + own) / 2);
    } else {
      const shift = wallShift(plateau, low, outside, wallThicknessMm(found), alongMm(ray));
      edges.radiiMm[ray] = found + shift;
    }
  }
}

interface Exit {
  readonly at: number;
  readonly kind: EdgeKind;
}

/** Where the sum of (value − half) along the ray is largest before it drops by `drop`, or where the ray grows too bright. */
function leaveLumen(
  { values, count, stepMm }: PolarSection,
  ray: number,
  half: number,
  depth: number,
  bright: number,
  drop: number,
): Exit {
  const o = ray * count;
  let sum = 0;
  let most = 0;
  let mostAt = 0;
  for (let n = 0; n < count; n++) {
    const value = values[o + n]!;
    if (Number.isNaN(value)) return { at: n, kind: 'none' };
    if (value > bright && n + 1 < count && values[o + n + 1]! > bright) return { at: n, kind: 'rising' };
    const share = (value - half) / depth;
    sum += (share > 1 ? 1 : share < -1 ? -1 : share) * stepMm;
    if (sum >= most) [most, mostAt] = [sum, n];
    else if (most - sum >= drop) return { at: mostAt, kind: 'falling' };
  }
  return { at: count, kind: 'none' };
}

/** Crossing of a level nearest to sample `at`, outwards falling; `at` itself where there is none within a few samples. */
function crossingMm({ values, count, stepMm }: PolarSection, ray: number, at: number, level: number): number {
  const o = ray * count;
  for (let away = 0; away < 12; away++)
    for (const n of away === 0 ? [at] : [at + away, at - away]) {
      if (n < 0 || n + 1 >= count) continue;
      const inner = values[o + n]!;
      const outer = values[o + n + 1]!;
      if (inner >= level && outer < level) return (n + (inner - level) / (inner - outer)) * stepMm;
    }
  return at * stepMm;
}

/** Between lumen and something brighter: half-way up, or the near side of the dark wall between them. */
function risingEdgeMm(
  { values, count, stepMm }: PolarSection,
  ray: number,
  at: number,
  plateau: number,
  low: number,
  voxelMm: number,
): number {
  const o = ray * count;
  let peak = values[o + at]!;
  const reach = Math.min(count - 1, at + Math.ceil((3 * voxelMm) / stepMm));
  for (let n = at; n <= reach && values[o + n]! >= peak - 1; n++) peak = Math.max(peak, values[o + n]!);
  let valleyAt = at;
  const back = Math.max(0, at - Math.ceil((3 * voxelMm) / stepMm));
  for (let n = at; n >= back; n--) if (values[o + n]! < values[o + valleyAt]!) valleyAt = n;
  if (values[o + valleyAt]! < plateau - 0.2 * (plateau - low))
    return Math.max(stepMm, valleyAt * stepMm - wallThicknessMm(valleyAt * stepMm) / 2);
  const level = (plateau + peak) / 2;
  for (let n = Math.max(1, valleyAt); n <= reach; n++) {
    const inner = values[o + n - 1]!;
    const outer = values[o + n]!;
    if (inner < level && outer >= level) return (n - 1 + (level - inner) / (outer - inner)) * stepMm;
  }
  return at * stepMm;
}

const meanReach = 6;

/** Mean value behind the wall: one voxel deep, over neighbouring rays. Where nothing can be read it is the wall's value. */
function readOutside(
  section: PolarSection,
  edges: Edges,
  low: number,
  alongMm: (ray: number) => number,
  voxelMm: number,
  walled: boolean,
): void {
  const { values, count, stepMm } = section;
  const own = new Float64Array(rayCount).fill(Number.NaN);
  for (let ray = 0; ray < rayCount; ray++) {
    if (edges.kinds[ray] !== 'falling') continue;
    const edge = edges.radiiMm[ray]!;
    const from = edge + (walled ? wallThicknessMm(edge) + 1.2 * alongMm(ray) : 1.8 * alongMm(ray));
    let [sum, n] = [0, 0];
    for (let at = Math.ceil(from / stepMm); at * stepMm <= from + voxelMm && at < count; at++) {
      const value = values[ray * count + at]!;
      if (Number.isNaN(value)) break;
      sum += value;
      n += 1;
    }
    if (n > 0) own[ray] = sum / n;
  }
  for (let ray = 0; ray < rayCount; ray++) {
    let [sum, n] = [0, 0];
    for (let by = -meanReach; by <= meanReach; by++) {
      const value = own[(ray + by + rayCount) % rayCount]!;
      if (!Number.isNaN(value)) {
        sum += value;
        n += 1;
      }
    }
    edges.outside[ray] = n > 0 ? sum / n : low;
  }
}

/**
 * How far (mm) the lumen's edge lies outside the place where the blurred value is half-way from plateau to wall, because of
 * what lies behind a wall that is thin against the blur. Newton on
 * (P − W)·Φ(x) + (W − B)·Φ(x + w/σ) + B = (P + W)/2.
 */
export function wallShift(
  plateau: number,
  wall: number,
  outside: number,
  thickMm: number,
  sigmaMm: number,
): number {
  const beyond = Math.max(wall - 250, Math.min(plateau, outside));
  const target = (plateau + wall) / 2;
  const gap = thickMm / sigmaMm;
  const slopeAt = (x: number): number => 0.3989423 * Math.exp((-x * x) / 2);
  let x = 0;
  for (let n = 0; n < 4; n++) {
    const value =
      (plateau - wall) * normalCumulative(x) + (wall - beyond) * normalCumulative(x + gap) + beyond;
    const slope = (plateau - wall) * slopeAt(x) + (wall - beyond) * slopeAt(x + gap);
    if (!(slope > 0.05 * (plateau - wall))) break;
    x -= Math.max(-0.5, Math.min(0.5, (value - target) / slope));
  }
  return Math.max(-1, Math.min(1, x)) * sigmaMm;
}
