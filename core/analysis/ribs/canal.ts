import { applyPoint, invert } from '../../geometry/matrices.ts';
import { type PatientPoint, patientPoint, type Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';

/**
 * The vertebral canal: soft tissue with bone all round, going on from slice to slice through the whole volume.
 * Found in coarse cells along the patient's axes as the chain of cells with the greatest sum (dynamic programming),
 * so that no single slice can lead astray.
 */

/** Coarse cells along the patient's axes: x left, y back, z from the head downwards. */
interface PatientCells {
  readonly size: Vec3;
  /** Of cell (0, 0, 0): the rightmost, foremost, highest. */
  readonly first: Vec3;
  /** Modality values; −2000 where there is no data. */
  readonly values: Int16Array;
}

const cellMm = 3;
const nothing = -2000;
/** Bone in cells that are partly something else. */
const ringHu = 190;
const softLowHu = -70;
const softHighHu = 150;
const directions = 16;
const nearestMm = 5;
const farthestMm = 22;

/** Corners of the volume in the patient. */
function boundsOf({ geometry: { size, patientFromIndex } }: ScalarField): { low: Vec3; high: Vec3 } {
  const low: [number, number, number] = [1e9, 1e9, 1e9];
  const high: [number, number, number] = [-1e9, -1e9, -1e9];
  for (const i of [0, size[0] - 1])
    for (const j of [0, size[1] - 1])
      for (const k of [0, size[2] - 1])
        applyPoint(patientFromIndex, [i, j, k]).forEach((value, axis) => {
          low[axis] = Math.min(low[axis]!, value);
          high[axis] = Math.max(high[axis]!, value);
        });
  return { low, high };
}

/** Means of the voxels nearest to eight places in each cell; undefined for a singular matrix or a huge volume. */
function patientCells(field: ScalarField): PatientCells | undefined {
  const { size, patientFromIndex } = field.geometry;
  const indexFromPatient = invert(patientFromIndex);
  if (!indexFromPatient) return undefined;
  const { low, high } = boundsOf(field);
  const count = ([0, 1, 2] as const).map((axis) => Math.floor((high[axis] - low[axis]) / cellMm) + 1);
  const [cx, cy, cz] = count as [number, number, number];
  if (!(cx * cy * cz <= 4e7)) return undefined;
  const first: Vec3 = [low[0], low[1], high[2]];
  const values = new Int16Array(cx * cy * cz).fill(nothing);
  const { voxels, rescale } = field;
  const noData = field.noData ?? Number.NaN;
  const [nx, ny, nz] = size;
  const m = indexFromPatient;
  const [di, dj, dk] = [m[0]! * cellMm, m[4]! * cellMm, m[8]! * cellMm];
  const offsets: Vec3[] = [];
  for (const x of [-0.25, 0.25])
    for (const y of [-0.25, 0.25])
      for (const z of [-0.25, 0.25]) offsets.push([x * cellMm, y * cellMm, z * cellMm]);
  const sums = new Float64Array(cx);
  const seen = new Uint8Array(cx);
  for (let z = 0, out = 0; z < cz; z++)
    for (let y = 0; y < cy; y++, out += cx) {
      sums.fill(0);
      seen.fill(0);
      for (const [ox, oy, oz] of offsets) {
        const start: Vec3 = [first[0] + ox, first[1] + y * cellMm + oy, first[2] - z * cellMm + oz];
        let [i, j, k] = applyPoint(m, start);
        for (let x = 0; x < cx; x++, i += di, j += dj, k += dk) {
          const [a, b, c] = [Math.round(i), Math.round(j), Math.round(k)];
          if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
          const stored = voxels[a + nx * (b + ny * c)]!;
          if (stored === noData || Number.isNaN(stored)) continue;
          sums[x]! += stored;
          seen[x]! += 1;
        }
      }
      for (let x = 0; x < cx; x++)
        if (seen[x]! > 0)
          values[out + x] = clampHu(rescale.slope * (sums[x]! / seen[x]!) + rescale.intercept);
    }
  return { size: [cx, cy, cz], first, values };
}

const clampHu = (value: number): number => Math.max(-1999, Math.min(3000, Math.round(value)));

/** Offsets of cells along a ray, by direction, from near to far. */
function rayOffsets(width: number): readonly Int32Array[] {
  return Array.from({ length: directions }, (_, n) => {
    const angle = (2 * Math.PI * n) / directions;
    const steps = Math.floor((farthestMm - nearestMm) / 2.5) + 1;
    const at = Array.from({ length: steps }, (__, s) => (nearestMm + 2.5 * s) / cellMm);
    const cells = at.map((r) => Math.round(r * Math.cos(angle)) + width * Math.round(r * Math.sin(angle)));
    return Int32Array.from(new Set(cells));
  });
}

/** Share of the directions in which bone comes, 0…1; 0 where the cell itself is not soft tissue. */
function ringScores({ size, values }: PatientCells): Float32Array {
  const [cx, cy, cz] = size;
  const rays = rayOffsets(cx);
  const scores = new Float32Array(values.length);
  const margin = Math.ceil(farthestMm / cellMm) + 1;
  const middleX = middleOfTissue(values, cx);
  for (let z = 0; z < cz; z++)
    for (let y = margin; y < cy - margin; y++)
      for (let x = margin; x < cx - margin; x++) {
        const cell = x + cx * (y + cy * z);
        const value = values[cell]!;
        if (value < softLowHu || value > softHighHu) continue;
        let hits = 0;
        for (const ray of rays)
          for (const offset of ray)
            if (values[cell + offset]! >= ringHu) {
              hits++;
              break;
            }
        // Marrow of an arm is soft within bone too, but lies aside.
        const aside = ((x - middleX) * cellMm) / 70;
        scores[cell] = (hits / directions) ** 2 * Math.exp(-aside * aside);
      }
  return scores;
}

function middleOfTissue(values: Int16Array, cx: number): number {
  const counts = new Float64Array(cx);
  let all = 0;
  for (let n = 0; n < values.length; n++)
    if (values[n]! > -200) {
      counts[n % cx]! += 1;
      all++;
    }
  let sum = 0;
  for (let x = 0; x < cx; x++) {
    sum += counts[x]!;
    if (sum >= all / 2) return x;
  }
  return cx / 2;
}

/** Means over neighbouring slices: between two vertebrae the ring is open. */
function smoothedDown(scores: Float32Array, plane: number, cz: number): Float32Array {
  const reach = Math.round(15 / cellMm);
  const out = new Float32Array(scores.length);
  const sums = new Float32Array(plane);
  const add = (z: number, sign: 1 | -1) => {
    if (z < 0 || z >= cz) return;
    for (let n = 0; n < plane; n++) sums[n]! += sign * scores[z * plane + n]!;
  };
  for (let z = 0; z < reach; z++) add(z, 1);
  for (let z = 0; z < cz; z++) {
    add(z + reach, 1);
    add(z - reach - 1, -1);
    const count = Math.min(cz - 1, z + reach) - Math.max(0, z - reach) + 1;
    for (let n = 0; n < plane; n++) out[z * plane + n] = sums[n]! / count;
  }
  return out;
}

/** Cost of going aside by one cell from slice to slice. */
const asideCost = 0.03;

/** The best chain of cells from the first slice to the last, one a slice. */
function bestChain(scores: Float32Array, [cx, cy, cz]: Vec3): Int32Array {
  const plane = cx * cy;
  const cameFrom = new Int8Array(scores.length);
  let before = scores.slice(0, plane);
  for (let z = 1; z < cz; z++) {
    const now = new Float32Array(plane);
    for (let y = 1; y < cy - 1; y++)
      for (let x = 1; x < cx - 1; x++) {
        const n = x + cx * y;
        let best = before[n]!;
        let from = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const value = before[n + dx + cx * dy]! - asideCost * (Math.abs(dx) + Math.abs(dy));
            if (value > best) {
              best = value;
              from = dx + 3 * dy;
            }
          }
        now[n] = best + scores[z * plane + n]!;
        cameFrom[z * plane + n] = from;
      }
    before = now;
  }
  const chain = new Int32Array(cz);
  let at = 0;
  for (let n = 0; n < plane; n++) if (before[n]! > before[at]!) at = n;
  for (let z = cz - 1; z >= 0; z--) {
    chain[z] = at;
    const from = cameFrom[z * plane + at]!;
    const dy = Math.round(from / 3);
    at += from - 3 * dy + cx * dy;
  }
  return chain;
}

/** Below this the chain is no canal. */
const leastScore = 0.4;
const leastMm = 40;
const holeMostMm = 36;

/** The longest stretch of slices that are canal, with short holes bridged; inclusive. */
function longestStretch(good: readonly boolean[]): readonly [number, number] | undefined {
  const hole = holeMostMm / cellMm;
  let best: readonly [number, number] | undefined;
  let from = -1;
  let last = -1;
  good.forEach((is, z) => {
    if (!is) return;
    if (from < 0 || z - last > hole) from = z;
    last = z;
    if (!best || last - from > best[1] - best[0]) best = [from, last];
  });
  return best && (best[1] - best[0]) * cellMm >= leastMm ? best : undefined;
}

/** Rough middle of the canal from the top downwards, a point each `cellMm`; empty where there is none. */
export function roughCanal(field: ScalarField, goesOn: () => boolean): PatientPoint[] {
  const cells = patientCells(field);
  if (!cells || !goesOn()) return [];
  const [cx, cy, cz] = cells.size;
  const scores = smoothedDown(ringScores(cells), cx * cy, cz);
  if (!goesOn()) return [];
  const chain = bestChain(scores, cells.size);
  const good = Array.from(chain, (n, z) => scores[z * cx * cy + n]! >= leastScore);
  const stretch = longestStretch(good);
  if (!stretch) return [];
  const points: PatientPoint[] = [];
  for (let z = stretch[0]; z <= stretch[1]; z++) {
    const n = chain[z]!;
    const [x, y] = [n % cx, Math.floor(n / cx)];
    points.push(
      patientPoint(cells.first[0] + x * cellMm, cells.first[1] + y * cellMm, cells.first[2] - z * cellMm),
    );
  }
  return points;
}
