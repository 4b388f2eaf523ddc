/**
 * Implicit shapes of the phantom, in LPS millimetres.
 *
 * Theory of operation: a shape gives a signed distance (negative inside). Near the surface it is the
 * distance to first order, so `0.5 - d / width` is the share of a voxel that the shape covers. Away
 * from it the value may be too large by a known factor: `safety · |sdf|` never exceeds the true
 * distance, which is what lets the painter leave out whole blocks.
 */
import type { Vec3 } from '../geometry/types.ts';

export interface Shape {
  /** Signed distance in mm, negative inside. */
  sdf(x: number, y: number, z: number): number;
  /** In (0, 1]: `safety · |sdf|` is a lower bound of the distance to the surface. */
  readonly safety: number;
  /**
   * The same shape for points within `radiusMm` of the centre only, cheaper to evaluate there;
   * nothing when the whole ball lies outside. Never throws a surface in the ball away.
   */
  restrict?(x: number, y: number, z: number, radiusMm: number): Shape | undefined;
}

export const sphere = (centre: Vec3, radiusMm: number): Shape => {
  const [cx, cy, cz] = centre;
  return { safety: 1, sdf: (x, y, z) => Math.hypot(x - cx, y - cy, z - cz) - radiusMm };
};

/** Orthonormal axes as the rows of a rotation; the identity when left out. */
export type Axes = readonly [Vec3, Vec3, Vec3];
const identityAxes: Axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Ellipsoid with half axes `radii` along `axes`; exact on the axes, first order at the surface. */
export function ellipsoid(centre: Vec3, radii: Vec3, axes: Axes = identityAxes): Shape {
  const [cx, cy, cz] = centre;
  const [[ux, uy, uz], [vx, vy, vz], [wx, wy, wz]] = axes;
  const [ia, ib, ic] = [1 / radii[0], 1 / radii[1], 1 / radii[2]];
  const least = Math.min(...radii);
  const most = Math.max(...radii);
  return {
    safety: most / least > 1.01 ? Math.max(0.25, 0.75 / Math.sqrt(most / least)) : 1,
    sdf(x, y, z) {
      const dx = x - cx;
      const dy = y - cy;
      const dz = z - cz;
      const p = (dx * ux + dy * uy + dz * uz) * ia;
      const q = (dx * vx + dy * vy + dz * vz) * ib;
      const r = (dx * wx + dy * wy + dz * wz) * ic;
      const k0 = Math.sqrt(p * p + q * q + r * r);
      const k1 = Math.sqrt(p * p * ia * ia + q * q * ib * ib + r * r * ic * ic);
      if (k1 < 1e-9) return -least;
      const d = (k0 * (k0 - 1)) / k1;
      return d < -least ? -least : d;
    },
  };
}

/** Everything on the side that `normal` (unit) points away from. */
export const halfSpace = (point: Vec3, normal: Vec3): Shape => {
  const [nx, ny, nz] = normal;
  const offset = point[0] * nx + point[1] * ny + point[2] * nz;
  return { safety: 1, sdf: (x, y, z) => x * nx + y * ny + z * nz - offset };
};

/** Box with rounded edges: half sizes without the rounding radius removed. */
export const roundedBox = (centre: Vec3, half: Vec3, radiusMm: number): Shape => ({
  safety: 1,
  sdf(x, y, z) {
    const qx = Math.abs(x - centre[0]) - half[0] + radiusMm;
    const qy = Math.abs(y - centre[1]) - half[1] + radiusMm;
    const qz = Math.abs(z - centre[2]) - half[2] + radiusMm;
    const outside = Math.hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0));
    return outside + Math.min(Math.max(qx, qy, qz), 0) - radiusMm;
  },
});

/** The shape as far as it matters in a ball; nothing when the ball lies outside. */
export function narrow(shape: Shape, x: number, y: number, z: number, radiusMm: number): Shape | undefined {
  if (shape.restrict) return shape.restrict(x, y, z, radiusMm);
  return shape.sdf(x, y, z) * shape.safety < radiusMm ? shape : undefined;
}

const everywhere: Shape = { safety: 1, sdf: () => -1e9 };

/** Smooth union with blending radius `blendMm` (0: plain minimum). Polynomial, 1-Lipschitz. */
export function union(shapes: readonly Shape[], blendMm = 0): Shape {
  const first = shapes[0]!;
  if (shapes.length === 1) return first;
  const safety = Math.min(...shapes.map((shape) => shape.safety));
  const count = shapes.length;
  return {
    safety,
    sdf(x, y, z) {
      let d = first.sdf(x, y, z);
      for (let n = 1; n < count; n++) {
        const e = shapes[n]!.sdf(x, y, z);
        const h = blendMm - Math.abs(d - e);
        d = Math.min(d, e) - (h > 0 ? (h * h) / (4 * blendMm) : 0);
      }
      return d;
    },
    restrict(x, y, z, radiusMm) {
      // A member further than the blending radius from the ball never changes the sum there.
      const reach = radiusMm + blendMm * 2;
      const near: Shape[] = [];
      for (const shape of shapes) {
        const local = narrow(shape, x, y, z, reach);
        if (local) near.push(local);
      }
      return near.length === 0 ? undefined : union(near, blendMm);
    },
  };
}

/** Points inside all shapes; `blendMm` rounds the edge inwards. */
export function intersection(shapes: readonly Shape[], blendMm = 0): Shape {
  const count = shapes.length;
  return {
    safety: Math.min(...shapes.map((shape) => shape.safety)),
    sdf(x, y, z) {
      let d = shapes[0]!.sdf(x, y, z);
      for (let n = 1; n < count; n++) {
        const e = shapes[n]!.sdf(x, y, z);
        const h = blendMm - Math.abs(d - e);
        d = Math.max(d, e) + (h > 0 ? (h * h) / (4 * blendMm) : 0);
      }
      return d;
    },
    restrict(x, y, z, radiusMm) {
      const reach = radiusMm + blendMm * 2;
      const limiting: Shape[] = [];
      for (const shape of shapes) {
        const local = narrow(shape, x, y, z, reach);
        if (!local) return undefined;
        // Members that contain the whole ball do not limit it.
        if (local.sdf(x, y, z) * local.safety > -reach) limiting.push(local);
      }
      return limiting.length === 0 ? everywhere : intersection(limiting, blendMm);
    },
  };
}

export const complement = (shape: Shape): Shape => ({
  safety: shape.safety,
  sdf: (x, y, z) => -shape.sdf(x, y, z),
  restrict(x, y, z, radiusMm) {
    const local = narrow(shape, x, y, z, radiusMm);
    if (!local) return everywhere;
    if (local.sdf(x, y, z) * local.safety < -radiusMm) return undefined;
    return local === shape ? this : complement(local);
  },
});

export const difference = (shape: Shape, cut: Shape, blendMm = 0): Shape =>
  intersection([shape, complement(cut)], blendMm);

/** A shape made from another's distance, which it looks at up to `reachMm` beyond its own surface. */
function derived(shape: Shape, safety: number, reachMm: number, value: (d: number) => number): Shape {
  return {
    safety: shape.safety * safety,
    sdf: (x, y, z) => value(shape.sdf(x, y, z)),
    restrict(x, y, z, radiusMm) {
      const local = narrow(shape, x, y, z, radiusMm + reachMm);
      return local && (local === shape ? this : derived(local, safety, reachMm, value));
    },
  };
}

/** Grown (positive) or shrunk (negative) by a distance. */
export const offset = (shape: Shape, byMm: number): Shape =>
  derived(shape, 0.9, Math.max(0, byMm) * 2, (d) => d - byMm);

/** The shell of half thickness `halfMm` about the surface `atMm` outside the shape. */
export const shellOf = (shape: Shape, atMm: number, halfMm: number): Shape =>
  derived(shape, 0.9, Math.max(0, atMm + halfMm) * 2, (d) => Math.abs(d - atMm) - halfMm);

/** Organic unevenness: waves of `amplitudeMm` and `wavelengthMm` on the surface. */
export function wavy(shape: Shape, amplitudeMm: number, wavelengthMm: number, phase: number): Shape {
  const k = (2 * Math.PI) / wavelengthMm;
  const wave = (x: number, y: number, z: number) =>
    Math.sin(k * x + phase + 0.7 * Math.sin(k * 0.6 * y)) *
    Math.sin(k * y * 0.9 + 2.1 * phase) *
    Math.sin(k * z * 1.1 + 1.3 * phase);
  const made = (base: Shape): Shape => ({
    safety: base.safety / (1 + 2 * amplitudeMm * k),
    sdf: (x, y, z) => base.sdf(x, y, z) + amplitudeMm * wave(x, y, z),
    restrict(x, y, z, radiusMm) {
      const local = narrow(base, x, y, z, radiusMm + 2 * amplitudeMm);
      return local && (local === base ? this : made(local));
    },
  });
  return made(shape);
}

/** Mirror of a shape at the plane x = 0. */
export const mirrored = (shape: Shape): Shape => ({
  safety: shape.safety,
  sdf: (x, y, z) => shape.sdf(-x, y, z),
  restrict(x, y, z, radiusMm) {
    const local = narrow(shape, -x, y, z, radiusMm);
    return local && mirrored(local);
  },
});
