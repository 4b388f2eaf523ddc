import { spacingMm } from '../../geometry/matrices.ts';
import type { Vec3 } from '../../geometry/types.ts';
import type { ScalarField } from '../types.ts';
import { type BitRows, emptyRows, hasBit, setBit } from './bit-rows.ts';
import { longAxis } from './body.ts';
import { componentsOf } from './components.ts';

/** Air of an airway, not lung. */
const airMostHu = -900;
const areaMm2: readonly [number, number] = [60, 700];
const widestMm = 40;
/** How much of its box a round section fills (π/4 for a circle). */
const leastRound = 0.5;
const driftMostMm = 6;
const leastLengthMm = 20;
const coarseMm = 1.5;

/** A section of something round and dark. */
interface Spot {
  readonly x: number;
  readonly y: number;
  /** Length so far in mm of the way from the head, and the voxels on it. */
  readonly lengthMm: number;
  readonly way: readonly Vec3[];
}

/** The volume's axes in the order right–left or front–back, the other, head–feet, and which end is the head's. */
interface Turned {
  readonly axes: readonly [number, number, number];
  readonly by: readonly [number, number, number];
  readonly size: readonly [number, number, number];
  readonly stepMm: readonly [number, number, number];
  readonly fromHead: boolean;
}

function turned(field: ScalarField): Turned {
  const { size, patientFromIndex } = field.geometry;
  const long = longAxis(field.geometry);
  const axes = [0, 1, 2].filter((axis) => axis !== long).concat(long) as [number, number, number];
  const fine = spacingMm(patientFromIndex);
  const by = axes.map((axis) => Math.max(1, Math.round(coarseMm / fine[axis]!))) as [number, number, number];
  return {
    axes,
    by,
    size: axes.map((axis, n) => Math.ceil(size[axis]! / by[n]!)) as [number, number, number],
    stepMm: axes.map((axis, n) => fine[axis]! * by[n]!) as [number, number, number],
    // z rises towards the head.
    fromHead: patientFromIndex[8 + long]! < 0,
  };
}

/**
 * A voxel in the trachea's middle: the first thing from the head that is dark, round and stays so for 2 cm. Undefined
 * where there is none.
 */
export function findTrachea(field: ScalarField, body: BitRows): Vec3 | undefined {
  const to = turned(field);
  const dark = darkRows(field, body, to);
  let spots: readonly Spot[] = [];
  for (let n = 0; n < to.size[2]; n++) {
    const k = to.fromHead ? n : to.size[2] - 1 - n;
    spots = spotsOf(dark, k, to).map((spot) => followed(spot, spots, to));
    const found = spots.find(({ lengthMm }) => lengthMm >= leastLengthMm);
    if (found) return found.way[found.way.length >> 1];
  }
  return undefined;
}

/** Dark voxels of the body on the coarse, turned grid. */
function darkRows({ voxels, rescale, noData, geometry }: ScalarField, body: BitRows, to: Turned): BitRows {
  const out = emptyRows(to.size);
  const [nx, ny] = geometry.size;
  const at: [number, number, number] = [0, 0, 0];
  for (let k = 0; k < to.size[2]; k++)
    for (let j = 0; j < to.size[1]; j++)
      for (let i = 0; i < to.size[0]; i++) {
        at[to.axes[0]] = i * to.by[0];
        at[to.axes[1]] = j * to.by[1];
        at[to.axes[2]] = k * to.by[2];
        const stored = voxels[at[0] + nx * (at[1] + ny * at[2])]!;
        const value = stored * rescale.slope + rescale.intercept;
        if (value <= airMostHu && stored !== noData && hasBit(body, at[0], at[1], at[2]))
          setBit(out, i, j, k);
      }
  return out;
}

interface Section {
  count: number;
  x: number;
  y: number;
  box: [number, number, number, number];
}

/** Round sections of one slice, with a voxel of the full grid at the middle of each. */
function spotsOf(dark: BitRows, k: number, to: Turned): Spot[] {
  const plane = dark.words * to.size[1];
  const slice: BitRows = {
    size: [to.size[0], to.size[1], 1],
    words: dark.words,
    data: dark.data.subarray(k * plane, (k + 1) * plane),
  };
  const { runs, partOfRun, count } = componentsOf(slice, 'planeK');
  const sections = Array.from(
    { length: count },
    (): Section => ({ count: 0, x: 0, y: 0, box: [1e9, -1, 1e9, -1] }),
  );
  for (let j = 0; j < to.size[1]; j++)
    for (let run = runs.rowStart[j]!; run < runs.rowStart[j + 1]!; run++) {
      const [from, end] = [runs.from[run]!, runs.end[run]!];
      const section = sections[partOfRun[run]!]!;
      section.count += end - from;
      section.x += ((end - from) * (from + end - 1)) / 2;
      section.y += (end - from) * j;
      const [x0, x1, y0, y1] = section.box;
      section.box = [Math.min(x0, from), Math.max(x1, end), Math.min(y0, j), Math.max(y1, j + 1)];
    }
  return sections
    .filter((section) => isRound(section, to))
    .map(({ count: n, x, y }) => spotAt(x / n, y / n, k, to));
}

function isRound({ count, box }: Section, { stepMm }: Turned): boolean {
  const [width, height] = [(box[1] - box[0]) * stepMm[0], (box[3] - box[2]) * stepMm[1]];
  const area = count * stepMm[0] * stepMm[1];
  return (
    area >= areaMm2[0] &&
    area <= areaMm2[1] &&
    Math.max(width, height) <= widestMm &&
    Math.max(width, height) <= 2.2 * Math.min(width, height) &&
    area >= leastRound * width * height
  );
}

function spotAt(x: number, y: number, k: number, to: Turned): Spot {
  const voxel: [number, number, number] = [0, 0, 0];
  [x, y, k].forEach((n, axis) => {
    voxel[to.axes[axis]!] = Math.round(n) * to.by[axis]!;
  });
  return { x: x * to.stepMm[0], y: y * to.stepMm[1], lengthMm: 0, way: [voxel] };
}

function followed(spot: Spot, before: readonly Spot[], to: Turned): Spot {
  const parent = before.find(({ x, y }) => Math.hypot(x - spot.x, y - spot.y) <= driftMostMm);
  if (!parent) return spot;
  return { ...spot, lengthMm: parent.lengthMm + to.stepMm[2], way: [...parent.way, ...spot.way] };
}
