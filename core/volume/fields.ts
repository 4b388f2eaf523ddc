import { byInstance } from './file-order.ts';
import { dot, poseOf, type SlicePose, subtract } from './order.ts';
import type { Located } from './ranked.ts';

/** How far apart pictures lie that are no one field, with none between: a part of their width and height, or pixels. */
type Distance = { readonly part: number } | { readonly pixels: number };

/** Frames by an offset, parted where none lies within `mm`. */
function partedBy(frames: readonly Located[], offsetOf: (one: Located) => number, mm: number): Located[][] {
  const sorted = frames.map((one) => ({ one, offset: offsetOf(one) })).sort((a, b) => a.offset - b.offset);
  const parts: Located[][] = [];
  for (const [at, { one, offset }] of sorted.entries()) {
    if (at === 0 || offset - sorted[at - 1]!.offset >= mm) parts.push([]);
    parts[parts.length - 1]!.push(one);
  }
  return parts;
}

const first = (own: readonly Located[]) =>
  own.reduce((best, { frame }) => (byInstance(frame, best) < 0 ? frame : best), own[0]!.frame);

const positionsOf = (own: readonly Located[]): number => new Set(own.map((l) => l.position)).size;

/**
 * Scans at the same heights that lie side by side within their planes (stations of a whole body, left and right ear). In
 * the order of the files; null where all lie together, or where that tells no two frames of a position apart.
 */
export function fieldsOf(located: readonly Located[], apart: Distance): Located[][] | null {
  const { frame } = located[0]!;
  const pose = poseOf(frame.attributes);
  const [betweenRows = 0, betweenColumns = 0] = frame.attributes.PixelSpacing ?? [];
  if (!pose || !(betweenRows > 0 && betweenColumns > 0)) return null;
  const offsetAlong = (axis: keyof Pick<SlicePose, 'row' | 'column'>) => (one: Located) =>
    dot(subtract(poseOf(one.frame.attributes)!.position, pose.position), pose[axis]);
  const { rows, columns } = frame.format;
  const pixelsOf = (count: number): number => ('part' in apart ? apart.part * count : apart.pixels);
  const fields = partedBy(located, offsetAlong('row'), pixelsOf(columns) * betweenColumns).flatMap((own) =>
    partedBy(own, offsetAlong('column'), pixelsOf(rows) * betweenRows),
  );
  const covered = fields.reduce((sum, own) => sum + positionsOf(own), 0);
  const isTold = fields.every((own) => own.length > 1) && covered > positionsOf(located);
  if (fields.length < 2 || !isTold) return null;
  return fields.sort((a, b) => byInstance(first(a), first(b)));
}
