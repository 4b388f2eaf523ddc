import { byInstance } from './file-order.ts';
import { dot, poseOf, type SlicePose, subtract } from './order.ts';
import type { Located } from './ranked.ts';

/** Pictures that lie this part of their width or height apart, with none between, show another part of the patient. */
const apart = 0.5;

/** Frames by an offset, parted where none lies within `mm`. */
function partedBy(frames: readonly Located[], offsetOf: (one: Located) => number, mm: number): Located[][] {
  const sorted = [...frames].sort((a, b) => offsetOf(a) - offsetOf(b));
  const parts: Located[][] = [];
  for (const [at, one] of sorted.entries()) {
    if (at === 0 || offsetOf(one) - offsetOf(sorted[at - 1]!) >= mm) parts.push([]);
    parts[parts.length - 1]!.push(one);
  }
  return parts;
}

const first = (own: readonly Located[]) =>
  own.reduce((best, { frame }) => (byInstance(frame, best) < 0 ? frame : best), own[0]!.frame);

const positionsOf = (own: readonly Located[]): number => new Set(own.map((l) => l.position)).size;

/**
 * Scans at the same heights that lie side by side within their planes (stations of a whole-body series, left and right):
 * they never share a grid, whatever else tells them apart. In the order of the files; null where all lie together, or
 * where that tells no two frames of a position apart.
 */
export function stationsOf(located: readonly Located[]): Located[][] | null {
  const { frame } = located[0]!;
  const pose = poseOf(frame.attributes);
  const [betweenRows = 0, betweenColumns = 0] = frame.attributes.PixelSpacing ?? [];
  if (!pose || !(betweenRows > 0 && betweenColumns > 0)) return null;
  const offsetAlong = (axis: keyof Pick<SlicePose, 'row' | 'column'>) => (one: Located) =>
    dot(subtract(poseOf(one.frame.attributes)!.position, pose.position), pose[axis]);
  const { rows, columns } = frame.format;
  const stations = partedBy(located, offsetAlong('row'), apart * columns * betweenColumns).flatMap((own) =>
    partedBy(own, offsetAlong('column'), apart * rows * betweenRows),
  );
  const covered = stations.reduce((sum, own) => sum + positionsOf(own), 0);
  const isTold = stations.every((own) => own.length > 1) && covered > positionsOf(located);
  if (stations.length < 2 || !isTold) return null;
  return stations.sort((a, b) => byInstance(first(a), first(b)));
}
