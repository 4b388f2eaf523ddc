/** Puts a read segmentation onto a volume's grid. */
import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { applyDirection, applyPoint, cross, invert, spacingMm } from '../../geometry/matrices.ts';
import type { Mat4, Vec3, VolumeGeometry } from '../../geometry/types.ts';
import { patientPoint } from '../../geometry/types.ts';
import { bitAt, copyBits } from './bit-stream.ts';
import type { ReadSegment, ReadSegmentation } from './segmentation-read.ts';
import { type PlacedFrame, resampleFrames } from './segmentation-resample.ts';

export interface PlaceOptions {
  /** Of the images of the volume; a segmentation in another one is placed all the same, and says so. */
  readonly frameOfReferenceUID?: string;
  /** Slice k of each image, for frames that tell the image but no position. */
  readonly sliceOfInstance?: ReadonlyMap<string, number>;
}

export interface PlacedSegment {
  readonly segment: ReadSegment;
  /** One bit a voxel of the volume, as masks are. */
  readonly bits: Uint8Array;
}

export interface PlacedSegmentation {
  readonly segments: readonly PlacedSegment[];
  readonly problems: readonly Problem[];
}

/** Parts of a voxel that count as lying on it. */
const exactShare = 0.05;

/** A frame as steps on the grid: its first pixel, and the way to the next column and the next row. */
interface OnGrid {
  readonly first: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
}

/** Position decides first; images only where there is none (L58). */
function positioned(
  seg: ReadSegmentation,
  geometry: VolumeGeometry,
  slices: PlaceOptions['sliceOfInstance'],
): PlacedFrame[] {
  return seg.frames.flatMap((frame, n) => {
    if (frame.position) return [{ ...frame, position: frame.position, n }];
    const k = frame.sourceInstanceUID === undefined ? undefined : slices?.get(frame.sourceInstanceUID);
    if (k === undefined) return [];
    return [{ ...frame, n, position: patientPoint(...applyPoint(geometry.patientFromIndex, [0, 0, k])) }];
  });
}

function onGrid(frame: PlacedFrame, indexFromPatient: Mat4): OnGrid {
  const step = (v: Vec3, mm: number): Vec3 =>
    applyDirection(indexFromPatient, [v[0] * mm, v[1] * mm, v[2] * mm]);
  return {
    first: applyPoint(indexFromPatient, frame.position),
    right: step(frame.right, frame.spacingMm[0]),
    down: step(frame.down, frame.spacingMm[1]),
  };
}

/** How far, in voxels, any pixel of the frame lies from a voxel's centre at most. */
function offGrid({ first, right, down }: OnGrid, columns: number, rows: number): number {
  const off = (x: number): number => Math.abs(x - Math.round(x));
  return Math.max(
    ...first.map(off),
    ...right.map((x) => off(x) * (columns - 1)),
    ...down.map((x) => off(x) * (rows - 1)),
  );
}

/**
 * Masks of the segments on the volume's grid. Where frames lie on the grid every pixel is one voxel, whatever the
 * order, direction or number of the frames; elsewhere each voxel takes the pixel nearest to its centre. Segments
 * without a voxel in the volume are empty masks. Problems told: SEG_GRID_DIFFERS, SEG_OTHER_FRAME, SEG_NO_POSITION,
 * SEG_OUTSIDE, those of reading. Fails with SEG_INVALID where nothing has a position.
 */
export function placeSegmentation(
  seg: ReadSegmentation,
  geometry: VolumeGeometry,
  options: PlaceOptions = {},
): Result<PlacedSegmentation> {
  const indexFromPatient = invert(geometry.patientFromIndex);
  const frames = positioned(seg, geometry, options.sliceOfInstance);
  if (!indexFromPatient || frames.length === 0)
    return fail(problem('SEG_INVALID', { detail: 'ImagePositionPatient' }));
  const problems: Problem[] = [...seg.problems];
  const { frameOfReferenceUID } = options;
  if (frameOfReferenceUID && seg.frameOfReferenceUID !== frameOfReferenceUID)
    problems.push(problem('SEG_OTHER_FRAME'));
  if (frames.length < seg.frames.length)
    problems.push(problem('SEG_NO_POSITION', { frames: seg.frames.length - frames.length }));
  const spacing = spacingMm(geometry.patientFromIndex);
  const places = frames.map((frame) => onGrid(frame, indexFromPatient));
  const worst = Math.max(...places.map((place) => offGrid(place, seg.columns, seg.rows)));
  const isExact = worst <= exactShare && isVoxelwise(places, frames, spacing);
  if (!isExact) {
    // Nearest voxels: half a pixel of the frames at most.
    const mm = Math.max(...frames.map((frame) => Math.hypot(...frame.spacingMm, frame.betweenMm) / 2));
    problems.push(problem('SEG_GRID_DIFFERS', { mm: Number(mm.toFixed(1)) }));
  }
  const voxels = geometry.size[0] * geometry.size[1] * geometry.size[2];
  let outside = 0;
  const segments = seg.segments.map((segment): PlacedSegment => {
    const bits = new Uint8Array(Math.ceil(voxels / 8));
    const own = frames.flatMap((frame, n) =>
      frame.segment === segment.number ? [{ frame, place: places[n]! }] : [],
    );
    if (isExact)
      for (const { frame, place } of own) outside += putFrame(seg, frame, place, geometry.size, bits) ? 0 : 1;
    else if (own.length > 0) {
      const placed = own.map(({ frame }) => frame);
      outside += resampleFrames(seg, placed, geometry, bits);
    }
    return { segment, bits };
  });
  if (outside > 0) problems.push(problem('SEG_OUTSIDE', { frames: outside }));
  return ok({ segments, problems });
}

/** Steps are whole voxels to a neighbour, and no frame reaches over more than its own slice. */
function isVoxelwise(places: readonly OnGrid[], frames: readonly PlacedFrame[], spacing: Vec3): boolean {
  const isOneStep = (v: Vec3): boolean =>
    Math.abs(v.reduce((sum, x) => sum + Math.abs(Math.round(x)), 0) - 1) < 0.5;
  return places.every(({ right, down }, n) => {
    if (!isOneStep(right) || !isOneStep(down)) return false;
    const across = cross(right, down).map(Math.abs);
    const acrossMm = spacing[across.indexOf(Math.max(...across))]!;
    return frames[n]!.betweenMm <= 1.5 * acrossMm;
  });
}

/** Sets the voxels of a frame that lies on the grid. False where none of it is in the volume. */
function putFrame(
  { columns, rows, bits }: ReadSegmentation,
  { n }: PlacedFrame,
  { first, right, down }: OnGrid,
  size: Vec3,
  out: Uint8Array,
): boolean {
  const plane = columns * rows;
  const round = (v: Vec3): Vec3 => [Math.round(v[0]), Math.round(v[1]), Math.round(v[2])];
  const [f, r, d] = [round(first), round(right), round(down)];
  const isWhole =
    r[0] === 1 && d[1] === 1 && f[0] === 0 && f[1] === 0 && columns === size[0] && rows === size[1];
  if (isWhole) {
    if (f[2] < 0 || f[2] >= size[2]) return false;
    const copy = new Uint8Array(Math.ceil(plane / 8) + 1);
    copyBits(bits, n * plane, copy, 0, plane);
    orBits(copy, out, f[2] * plane, plane);
    return true;
  }
  let isInside = false;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [i, j, k] = [0, 1, 2].map((axis) => f[axis]! + column * r[axis]! + row * d[axis]!) as [
        number,
        number,
        number,
      ];
      if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) continue;
      isInside = true;
      if (!bitAt(bits, n * plane + row * columns + column)) continue;
      const at = i + size[0] * (j + size[1] * k);
      out[at >> 3]! |= 1 << (at & 7);
    }
  return isInside;
}

/** Two frames of one segment may lie in one slice. */
function orBits(from: Uint8Array, out: Uint8Array, toBit: number, count: number): void {
  if (toBit % 8 === 0 && count % 8 === 0) {
    for (let n = 0; n < count / 8; n++) out[toBit / 8 + n]! |= from[n]!;
    return;
  }
  for (let n = 0; n < count; n++)
    if (bitAt(from, n)) out[Math.floor((toBit + n) / 8)]! |= 1 << ((toBit + n) % 8);
}
