/** The volume of the benches that need no files, the same in every page and in Node. */
import type { BenchPlane } from './series.ts';

export const benchMatrix = 512;

export interface BenchGeometry {
  readonly size: [number, number, number];
  readonly spacing: [number, number, number];
  /** Centre of the first voxel, LPS mm; the middle of the volume is at 0. */
  readonly origin: [number, number, number];
}

export function benchGeometry(slices: number): BenchGeometry {
  const spacing: [number, number, number] = [0.75, 0.75, 1];
  const size: [number, number, number] = [benchMatrix, benchMatrix, slices];
  const origin = size.map((n, axis) => (-(n - 1) * spacing[axis]!) / 2) as [number, number, number];
  return { size, spacing, origin };
}

/** A body with a spine, vessels and noise in HU, from whole numbers alone. */
export function benchVoxels(slices: number): Int16Array<ArrayBuffer> {
  const n = benchMatrix;
  const out = new Int16Array(n * n * slices);
  let state = 1;
  for (let k = 0, at = 0; k < slices; k++) {
    const narrowing = 1 - 0.25 * Math.abs((2 * k) / slices - 1);
    for (let j = 0; j < n; j++) {
      const y = (j - 255.5) / (160 * narrowing);
      for (let i = 0; i < n; i++, at++) {
        const x = (i - 255.5) / (230 * narrowing);
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        const noise = (state >> 27) * 1.5;
        const isVessel = (i & 63) < 6 && (j & 63) < 6;
        const isBone = (i - 255.5) ** 2 + (j - 340) ** 2 < 484;
        const body = x * x + y * y < 1 ? (isBone ? 700 : isVessel ? 250 : 40) : -1000;
        out[at] = body + noise;
      }
    }
  }
  return out;
}

type Triple = [number, number, number];

/** Three planes at right angles for each step: they turn about a slanted axis while their centre wanders. */
export function benchPlanes(steps: number): BenchPlane[][] {
  return Array.from({ length: steps }, (_, n) => {
    const turn = (2 * Math.PI * (n + 0.5)) / steps;
    const centreMm: Triple = [20 * Math.sin(turn), 20 * Math.cos(turn), 15 * Math.sin(2 * turn)];
    const a = 0.35 + 0.25 * Math.sin(turn);
    const b = 0.3 + 0.2 * Math.cos(turn);
    const x: Triple = [Math.cos(a), Math.sin(a), 0];
    const y: Triple = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
    const z: Triple = [Math.sin(a) * Math.sin(b), -Math.cos(a) * Math.sin(b), Math.cos(b)];
    const up: Triple = [-z[0], -z[1], -z[2]];
    return [
      { centreMm, right: x, down: y },
      { centreMm, right: x, down: up },
      { centreMm, right: y, down: up },
    ];
  });
}
