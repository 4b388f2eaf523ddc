import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { applyDirection, applyPoint, invert, matrixFromColumns, multiply } from '../../geometry/matrices.ts';
import { planeNormal } from '../../geometry/planes.ts';
import type { Mat4, Plane, ViewPoint, VolumeGeometry } from '../../geometry/types.ts';
import type { VoxelMask } from '../types.ts';
import { emptyRows, isEmptyRows, maskOfRows, setRun } from './bit-rows.ts';
import { type Progress, stoppable } from './work.ts';

/** How the picture was taken: its plane (for a camera: through the focal point), and where its rays come from. */
export interface PictureView {
  /** right × down points away from the viewer. */
  readonly plane: Plane;
  /** Distance of the eye before the plane in mm; parallel rays without it. */
  readonly eyeMm?: number;
}

export interface Cut {
  /** Corners of the outline on the plane; it closes by itself. */
  readonly outline: readonly ViewPoint[];
  readonly side: 'inside' | 'outside';
  /** Only between these distances along the normal, from the plane away from the viewer; all through without it. */
  readonly depthMm?: { readonly from: number; readonly to: number };
}

/** One row of voxels in the picture, linear in i: x, y on the plane (times w) and w, the nearness of rays. */
interface RowInView {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly w: readonly [number, number];
  readonly depth: readonly [number, number];
}

/**
 * The voxels whose centres lie under an outline in a picture: for every row of voxels the outline's edges are
 * crossed exactly, nothing is drawn. Even-odd rule where the outline crosses itself. Voxels at or behind the eye are
 * never cut. Problems: MASK_SHAPE_INVALID, MASK_EMPTY, CANCELLED.
 */
export function scissorMask(
  geometry: VolumeGeometry,
  view: PictureView,
  cut: Cut,
  progress?: Progress,
): Result<VoxelMask> {
  const { plane } = view;
  const patientFromView = matrixFromColumns(plane.right, plane.down, planeNormal(plane), plane.origin);
  const viewFromPatient = invert(patientFromView);
  if (!viewFromPatient || !enclosesArea(cut.outline)) return fail(problem('MASK_SHAPE_INVALID'));
  const viewFromIndex = multiply(viewFromPatient, geometry.patientFromIndex);
  const [columns, rows, slices] = geometry.size;
  return stoppable(progress, (work) => {
    const out = emptyRows(geometry.size);
    const xs = Float64Array.from(cut.outline, ([x]) => x);
    const ys = Float64Array.from(cut.outline, ([, y]) => y);
    const crossings = new Float64Array(xs.length + 2);
    for (let k = 0; k < slices; k++) {
      work.step(k / slices);
      for (let j = 0; j < rows; j++) {
        const row = rowInView(viewFromIndex, view.eyeMm, j, k);
        const [low, high] = rangeInDepth(row, cut.depthMm, columns);
        if (low > high) continue;
        const count = crossOutline(row, xs, ys, crossings);
        setRuns(out.data, out.words * (j + rows * k), crossings, count, low, high, cut.side);
      }
    }
    return isEmptyRows(out) ? fail(problem('MASK_EMPTY')) : ok(maskOfRows(out));
  });
}

/** Three points that are numbers and not on one line. */
function enclosesArea(outline: readonly ViewPoint[]): boolean {
  if (outline.length < 3 || outline.some(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y)))
    return false;
  const [a] = outline;
  return outline.some((b, n) => {
    const c = outline[n + 1];
    return c && Math.abs((b[0] - a![0]) * (c[1] - a![1]) - (b[1] - a![1]) * (c[0] - a![0])) > 1e-6;
  });
}

function rowInView(viewFromIndex: Mat4, eyeMm: number | undefined, j: number, k: number): RowInView {
  const [x, y, z] = applyPoint(viewFromIndex, [0, j, k]);
  const [dx, dy, dz] = applyDirection(viewFromIndex, [1, 0, 0]);
  // From an eye at −e, a point at depth z is seen on the plane at x · e / (e + z).
  const w: readonly [number, number] = eyeMm === undefined ? [1, 0] : [1 + z / eyeMm, dz / eyeMm];
  return { x: [x, dx], y: [y, dy], w, depth: [z, dz] };
}

/** First and last i at the wanted depths and in front of the eye. */
function rangeInDepth(row: RowInView, depth: Cut['depthMm'], columns: number): [number, number] {
  let low = 0;
  let high = columns - 1;
  const atLeast = ([start, step]: readonly [number, number], least: number): void => {
    if (step === 0) {
      if (start < least) high = -1;
    } else if (step > 0) low = Math.max(low, Math.ceil((least - start) / step - 1e-9));
    else high = Math.min(high, Math.floor((least - start) / step + 1e-9));
  };
  atLeast(row.w, 1e-6);
  if (depth) {
    atLeast(row.depth, depth.from);
    atLeast([-row.depth[0], -row.depth[1]], -depth.to);
  }
  return [low, high];
}

/** Where the row passes the outline, as sorted i; the count is even. */
function crossOutline({ x, y, w }: RowInView, xs: Float64Array, ys: Float64Array, out: Float64Array): number {
  // The row's picture is a line: n · p = c. A corner exactly on it counts as on its far side.
  const nx = y[0] * w[1] - w[0] * y[1];
  const ny = w[0] * x[1] - x[0] * w[1];
  const c = y[0] * x[1] - x[0] * y[1];
  if (nx === 0 && ny === 0) return pointRow(x[0] / w[0], y[0] / w[0], xs, ys, out);
  let count = 0;
  const corners = xs.length;
  let ax = xs[corners - 1]!;
  let ay = ys[corners - 1]!;
  let a = nx * ax + ny * ay - c;
  for (let n = 0; n < corners; n++) {
    const bx = xs[n]!;
    const by = ys[n]!;
    const b = nx * bx + ny * by - c;
    if (a < 0 !== b < 0) {
      const t = a / (a - b);
      const px = ax + t * (bx - ax);
      const py = ay + t * (by - ay);
      // Of the two equations that give i, the better conditioned one.
      const fx = x[1] - px * w[1];
      const fy = y[1] - py * w[1];
      const i = Math.abs(fx) > Math.abs(fy) ? (px * w[0] - x[0]) / fx : (py * w[0] - y[0]) / fy;
      if (w[0] + i * w[1] > 0) out[count++] = i;
    }
    ax = bx;
    ay = by;
    a = b;
  }
  // In perspective a row ends in its vanishing point; inside the outline, it stays inside to the end.
  if (count % 2 === 1) out[count++] = w[1] > 0 ? Number.MAX_SAFE_INTEGER : -1;
  if (count === 2 && out[0]! > out[1]!) {
    const first = out[0]!;
    out[0] = out[1]!;
    out[1] = first;
  } else if (count > 2) out.subarray(0, count).sort();
  return count;
}

/** A row that is seen end-on is one point of the picture: all of it or nothing. */
function pointRow(px: number, py: number, xs: Float64Array, ys: Float64Array, out: Float64Array): number {
  let inside = false;
  for (let n = 0, m = xs.length - 1; n < xs.length; m = n++)
    if (ys[n]! > py !== ys[m]! > py) {
      const crossing = xs[m]! + ((py - ys[m]!) * (xs[n]! - xs[m]!)) / (ys[n]! - ys[m]!);
      if (px < crossing) inside = !inside;
    }
  out[0] = -1;
  out[1] = Number.MAX_SAFE_INTEGER;
  return inside ? 2 : 0;
}

function setRuns(
  data: Uint32Array,
  at: number,
  crossings: Float64Array,
  count: number,
  low: number,
  high: number,
  side: Cut['side'],
): void {
  let outsideFrom = low;
  for (let n = 0; n + 1 < count; n += 2) {
    const from = Math.max(low, Math.ceil(crossings[n]!));
    const end = Math.min(high, Math.ceil(crossings[n + 1]!) - 1) + 1;
    if (side === 'inside') setRun(data, at, from, end);
    else if (end > from) {
      setRun(data, at, outsideFrom, from);
      outsideFrom = end;
    }
  }
  if (side === 'outside') setRun(data, at, outsideFrom, high + 1);
}
