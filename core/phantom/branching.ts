/**
 * Trees that fill a region: lung and liver vessels, airways.
 *
 * Seed points scattered in the region are split by a plane through their centre again and again; each
 * branch grows towards the centre of its half (Tawhai 2000, volume-filling branching). Radii follow
 * r³ = r₁³ + r₂³ (Murray) in proportion to the seeds that a branch feeds.
 */
import type { Vec3 } from '../geometry/types.ts';
import { randomStream } from './random.ts';
import type { Shape } from './shape.ts';
import { type Path, splinePath, type TubeRun } from './tube.ts';
import { add, cross, distance, dot, mix, scale, subtract, unit } from './vector.ts';

export interface TreePlan {
  readonly region: Shape;
  readonly box: readonly [Vec3, Vec3];
  readonly root: Vec3;
  readonly direction: Vec3;
  readonly seeds: number;
  readonly seed: number;
  readonly rootRadiusMm: number;
  readonly leastRadiusMm: number;
  readonly deepest: number;
  /** Seeds stay at least this far inside the region. */
  readonly marginMm: number;
}

export interface Branch extends TubeRun {
  readonly generation: number;
}

/** Each segment bends from its parent's direction; radii taper along it. */
export function growTree(plan: TreePlan): readonly Branch[] {
  const random = randomStream(plan.seed);
  const [low, high] = plan.box;
  const seeds: Vec3[] = [];
  for (let tries = 0; tries < plan.seeds * 40 && seeds.length < plan.seeds; tries++) {
    const p: Vec3 = [
      low[0] + (high[0] - low[0]) * random(),
      low[1] + (high[1] - low[1]) * random(),
      low[2] + (high[2] - low[2]) * random(),
    ];
    if (plan.region.sdf(...p) < -plan.marginMm) seeds.push(p);
  }
  const branches: Branch[] = [];
  const radiusOf = (count: number): number =>
    Math.max(plan.leastRadiusMm, plan.rootRadiusMm * Math.cbrt(count / seeds.length));
  const grow = (
    from: Vec3,
    heading: Vec3,
    cloud: readonly Vec3[],
    radius: number,
    generation: number,
  ): void => {
    if (cloud.length === 0 || generation > plan.deepest) return;
    const centre = centroid(cloud);
    const share = cloud.length === 1 ? 0.95 : generation === 0 ? 0.3 : 0.42 + 0.1 * random();
    const to = mix(from, centre, share);
    const reach = distance(from, to);
    let here = from;
    let direction = heading;
    const ownRadius = radiusOf(cloud.length);
    if (reach > 1) {
      const bend = add(mix(from, to, 0.5), scale(heading, reach * 0.12));
      const path: Path = splinePath([from, bend, to], Math.max(1.5, Math.min(5, reach / 3)));
      const total = path.arcMm[path.arcMm.length - 1]!;
      branches.push({
        path,
        generation,
        radiusMm: (arc) => radius + (ownRadius - radius) * Math.min(1, arc / total),
      });
      here = to;
      direction = unit(subtract(to, bend));
    }
    if (cloud.length < 2) return;
    const [near, far] = divide(cloud, here, direction, random);
    grow(here, direction, near, Math.min(ownRadius, radiusOf(near.length) * 1.1), generation + 1);
    grow(here, direction, far, Math.min(ownRadius, radiusOf(far.length) * 1.1), generation + 1);
  };
  grow(plan.root, unit(plan.direction), seeds, plan.rootRadiusMm, 0);
  return branches;
}

const centroid = (points: readonly Vec3[]): Vec3 =>
  scale(
    points.reduce((sum, p) => add(sum, p), [0, 0, 0] as Vec3),
    1 / points.length,
  );

/** Splits the cloud by a plane that holds the heading and cuts across the cloud's widest side. */
function divide(
  cloud: readonly Vec3[],
  from: Vec3,
  heading: Vec3,
  random: () => number,
): readonly [readonly Vec3[], readonly Vec3[]] {
  const centre = centroid(cloud);
  const ahead = unit(add(unit(subtract(centre, from)), scale(heading, 0.3)));
  const side = unit(cross(ahead, Math.abs(ahead[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0]));
  const up = cross(ahead, side);
  let [sxx, sxy, syy] = [1e-6, 0, 1e-6];
  for (const p of cloud) {
    const d = subtract(p, centre);
    const [a, b] = [dot(d, side), dot(d, up)];
    sxx += a * a;
    sxy += a * b;
    syy += b * b;
  }
  const angle = 0.5 * Math.atan2(2 * sxy, sxx - syy) + (random() - 0.5) * 0.5;
  const axis = add(scale(side, Math.cos(angle)), scale(up, Math.sin(angle)));
  const near: Vec3[] = [];
  const far: Vec3[] = [];
  for (const p of cloud) (dot(subtract(p, centre), axis) < 0 ? near : far).push(p);
  return [near, far];
}
