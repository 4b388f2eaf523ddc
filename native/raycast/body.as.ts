// AssemblyScript. Where the rays of a packet enter and leave the body (`BodyRule` of core/render/types.ts),
// so that the air around a patient does not count in a MinIP. Clip planes do not change where the body is.
import { valueAt } from './field.as';
import { veiled, veilOf } from './layers.as';
import {
  brickOf,
  bytesAt,
  directionX,
  directionY,
  directionZ,
  exitOf,
  jump,
  leastLane,
  loadPacket,
  mostLane,
  narrow,
  originX,
  originY,
  originZ,
  param,
  savePacket,
  tIn,
  tOut,
  turnBack,
  unclip,
} from './rays.as';

/** An end that was not found. */
const nowhere: f32 = 1e9;
const burst: f32 = 4;

let step: f32 = 1;
let perStep: f32 = 1;
let samples: f32 = 0;
let endSamples: f32 = 0;
/** Tissue in a row along i and j. */
let runI: i32 = 0;
let runJ: i32 = 0;
let byI: i32 = 1;
let byJ: i32 = 1;
let leastTissue: v128 = i32x4(0, 0, 0, 0);
let leastSum: v128 = i32x4(0, 0, 0, 0);
let mostOfBricks: usize = 0;
let distances: usize = 0;
let skips: bool = false;

/** Whether the picture asks for the body alone. */
export function openBody(): bool {
  step = <f32>(param(44) * param(134));
  perStep = <f32>(1.0 / (param(44) * param(134)));
  distances = <usize>param(51);
  samples = <f32>param(128);
  leastTissue = f32x4.splat(<f32>param(129));
  leastSum = f32x4.splat(<f32>(param(131) * param(130)));
  endSamples = <f32>param(131);
  runI = <i32>param(132);
  runJ = <i32>param(133);
  byI = <i32>param(135);
  byJ = <i32>param(136);
  mostOfBricks = <usize>param(52) + 4;
  skips = param(74) !== 0;
  return samples > 0;
}

/** The largest value of each lane's brick; −∞ where it holds no data. */
function mostOf(brick: v128): v128 {
  const at = mostOfBricks;
  let most = v128.load32_zero(at + ((<usize>i32x4.extract_lane(brick, 0)) << 3));
  most = v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 1)) << 3), most, 1);
  most = v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 2)) << 3), most, 2);
  return v128.load32_lane(at + ((<usize>i32x4.extract_lane(brick, 3)) << 3), most, 3);
}

/**
 * Whether along an axis from `at` on, `run` in a row of every `by`th voxel are tissue. `voxel` and `bricks` are the addresses of
 * the line's first voxel and brick, `bytes` and `brickBytes` those to the next.
 */
function meets<T>(
  voxel: usize,
  bytes: i32,
  bricks: usize,
  brickBytes: i32,
  at: i32,
  by: i32,
  size: i32,
  run: i32,
): bool {
  const least = <f32>param(129);
  const padding = param(72) !== 0 ? <f32>param(73) : f32(NaN);
  let inRow = 0;
  let brick = -1;
  while (at >= 0 && at < size) {
    if (skips && at >> 3 !== brick) {
      brick = at >> 3;
      if (load<f32>(bricks + <usize>(brick * brickBytes), 4) < least) {
        inRow = 0;
        while (at >> 3 === brick) at += by;
        continue;
      }
    }
    const value = <f32>load<T>(voxel + <usize>(at * bytes));
    inRow = value >= least && value !== padding ? inRow + 1 : 0;
    if (inRow === run) return true;
    at += by;
  }
  return false;
}

/** Whether a point lies at the first or last slice, within the body there. */
function endsInside<T>(x: f32, y: f32, z: f32): bool {
  const nx = <i32>param(1);
  const ny = <i32>param(2);
  const atFirst = z < <f32>param(64) + <f32>0.02;
  if (!atFirst && z <= <f32>param(67) - <f32>0.02) return false;
  const slice = atFirst ? 0 : <i32>param(3) - 1;
  const i = min(max(<i32>floor(x + <f32>0.5), 0), nx - 1);
  const j = min(max(<i32>floor(y + <f32>0.5), 0), ny - 1);
  const each = <i32>sizeof<T>();
  const plane = <usize>param(0) + <usize>(slice * ny * nx) * sizeof<T>();
  const row = plane + <usize>(j * nx * each);
  const column = plane + <usize>(i * each);
  const bricksX = <i32>param(53);
  const brickPlane = <usize>param(52) + <usize>((slice >> 3) * bricksX * <i32>param(54)) * 8;
  const brickRow = brickPlane + <usize>((j >> 3) * bricksX * 8);
  const brickColumn = brickPlane + <usize>((i >> 3) * 8);
  return (
    meets<T>(column, nx * each, brickColumn, bricksX * 8, j, -byJ, ny, runJ) &&
    meets<T>(row, each, brickRow, 8, i, byI, nx, runI) &&
    meets<T>(row, each, brickRow, 8, i, -byI, nx, runI) &&
    meets<T>(column, nx * each, brickColumn, bricksX * 8, j, byJ, ny, runJ)
  );
}

/** All ones in the lanes whose rays start within the body of an end slice. */
function startsInside<T>(): v128 {
  const x = f32x4.add(originX, f32x4.mul(tIn, directionX));
  const y = f32x4.add(originY, f32x4.mul(tIn, directionY));
  const z = f32x4.add(originZ, f32x4.mul(tIn, directionZ));
  const hits = f32x4.le(tIn, tOut);
  let inside = i32x4.splat(0);
  const l0 = f32x4.extract_lane(z, 0);
  if (i32x4.extract_lane(hits, 0) && endsInside<T>(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0), l0))
    inside = i32x4.replace_lane(inside, 0, -1);
  const l1 = f32x4.extract_lane(z, 1);
  if (i32x4.extract_lane(hits, 1) && endsInside<T>(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1), l1))
    inside = i32x4.replace_lane(inside, 1, -1);
  const l2 = f32x4.extract_lane(z, 2);
  if (i32x4.extract_lane(hits, 2) && endsInside<T>(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2), l2))
    inside = i32x4.replace_lane(inside, 2, -1);
  const l3 = f32x4.extract_lane(z, 3);
  if (i32x4.extract_lane(hits, 3) && endsInside<T>(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3), l3))
    inside = i32x4.replace_lane(inside, 3, -1);
  return inside;
}

/** The t at which the body begins, seen from t = 0; `nowhere` where there is none. */
function beginning<T>(): v128 {
  const none = f32x4.splat(0);
  const all = f32x4.splat(samples);
  const allOfEnd = f32x4.splat(endSamples);
  let edge = v128.bitselect(tIn, f32x4.splat(nowhere), startsInside<T>());
  let run = none;
  let seen = none;
  let sum = none;
  let k = ceil(leastLane(tIn) * perStep);
  let nextCheck = k;
  while (true) {
    const t = f32x4.splat(k * step);
    const ahead = v128.and(f32x4.le(t, tOut), f32x4.eq(edge, f32x4.splat(nowhere)));
    if (!v128.any_true(ahead)) return edge;
    const waiting = v128.and(ahead, f32x4.lt(t, tIn));
    const active = v128.andnot(ahead, waiting);
    const x = f32x4.add(originX, f32x4.mul(t, directionX));
    const y = f32x4.add(originY, f32x4.mul(t, directionY));
    const z = f32x4.add(originZ, f32x4.mul(t, directionZ));
    if (skips && k >= nextCheck) {
      const brick = brickOf(x, y, z);
      const toldAll = f32x4.eq(seen, allOfEnd);
      const nearest = bytesAt(distances, brick);
      const isEmpty = f32x4.lt(mostOf(brick), f32x4.splat(-3e38));
      const useless = v128.bitselect(i32x4.ne(nearest, i32x4.splat(0)), isEmpty, toldAll);
      if (!v128.any_true(v128.andnot(active, useless))) {
        run = none;
        const reach = v128.bitselect(nearest, i32x4.splat(1), toldAll);
        k = jump(k, exitOf(x, y, z, reach), active, waiting, perStep);
        nextCheck = k;
        continue;
      }
      nextCheck = k + burst;
    }
    const value = valueAt<T>(x, y, z);
    let known = v128.and(active, f32x4.eq(value, value));
    if (veiled && v128.any_true(known)) known = v128.and(known, f32x4.lt(veilOf(x, y, z), none));
    const tissue = v128.and(known, f32x4.ge(value, leastTissue));
    run = v128.and(f32x4.add(run, f32x4.splat(1)), tissue);
    const told = v128.and(v128.andnot(known, tissue), f32x4.lt(seen, allOfEnd));
    sum = f32x4.add(sum, v128.and(value, told));
    seen = f32x4.add(seen, v128.and(f32x4.splat(1), told));
    const inside = v128.and(v128.and(told, f32x4.eq(seen, allOfEnd)), f32x4.ge(sum, leastSum));
    edge = v128.bitselect(tIn, edge, inside);
    const begun = f32x4.splat((k - samples + 1) * step);
    edge = v128.bitselect(begun, edge, v128.and(tissue, f32x4.eq(run, all)));
    k += 1;
  }
}

/** Draws the ends of the packet opened and saved at `at` in to the body; rays that meet none stay as they are. */
export function keepBody<T>(at: usize): void {
  unclip();
  const length = ceil(mostLane(tOut) * perStep) * step;
  const first = beginning<T>();
  const met = f32x4.ne(first, f32x4.splat(nowhere));
  if (!v128.any_true(met)) {
    loadPacket(at);
    return;
  }
  turnBack(length);
  const behind = beginning<T>();
  const both = v128.and(met, f32x4.ne(behind, f32x4.splat(nowhere)));
  loadPacket(at);
  // A quarter of a step keeps the outermost samples in.
  const slack = f32x4.splat(<f32>(0.25 * param(44)));
  const last = f32x4.sub(f32x4.splat(length), behind);
  narrow(
    v128.bitselect(f32x4.sub(first, slack), tIn, both),
    v128.bitselect(f32x4.add(last, slack), tOut, both),
  );
  savePacket(at);
}
