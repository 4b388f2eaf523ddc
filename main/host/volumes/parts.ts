import { modalityTransformOf, storedRange } from '../../../core/pixels/modality.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { frameAttributes } from '../../../core/volume/plan.ts';
import type { VolumeGroup } from '../../../core/volume/types.ts';
import type { CachedPlan } from '../bytes/plan-cache.ts';
import type { DecodeService } from '../decode/service.ts';
import {
  type AssembledVolume,
  bytesOf,
  fillGrid,
  isStraight,
  noneOf,
  type PartMemory,
  paddedValues,
} from './assemble.ts';

/**
 * A volume of any size, a few planes of its regular grid at a time: a group cut along k, filled like a whole one.
 * Places that no slice covers hold the lowest value that the pixels could have, since the lowest of all is not known
 * before the end; in float volumes NaN. Pixel padding of resampled slices mixes with no tissue, as in whole volumes, and
 * stays what it is.
 *
 * @param partBytes most bytes of a part, but at least one plane.
 * @param noData of places that no slice covers, instead of the lowest value, and of pixel padding; nothing in colour.
 * @param memory that each part takes: who gives it must be done with one before asking for the next.
 * @throws when the machine gives no memory for one part
 */
export async function* volumeParts(
  cached: CachedPlan,
  group: VolumeGroup,
  decode: DecodeService,
  partBytes: number,
  noData?: number,
  memory?: PartMemory,
): AsyncGenerator<AssembledVolume> {
  const background = noData ?? lowestOf(cached, group);
  const padding = noData === undefined ? keptPadding(cached, group) : null;
  const none = group.scalarType === 'int16' ? noDataInt16 : Number.NaN;
  const way =
    padding === null
      ? { background, blanksPadding: noData !== undefined }
      : { background: none, blanksPadding: true };
  for (const part of partsOf(group, partBytes)) {
    const filled = await fillGrid(cached, part, decode, { ...way, ...(memory && { memory }) });
    if (!filled?.ok) throw new Error('no memory for a part of a volume');
    if (padding !== null) keepPadding(filled.value, padding);
    yield filled.value;
  }
}

/** What "no data" becomes in the file of a resampled volume with padding; null for others. */
function keptPadding(cached: CachedPlan, group: VolumeGroup): number | null {
  const padded = group.resampleK && group.scalarType !== 'rgb8' ? paddedValues(cached, group) : [];
  if (padded.length === 0) return null;
  const lowest = group.scalarType === 'int16' ? lowestOf(cached, group) : Number.POSITIVE_INFINITY;
  return isStraight(group) && padded.length === 1 ? padded[0]! : Math.min(lowest, ...padded);
}

function keepPadding({ voxels, problems }: AssembledVolume, padding: number): void {
  // Pixels that are no number stay none.
  if (problems.some(({ problem: { code } }) => code === 'PIXEL_NOT_NUMBER')) return;
  const none = noneOf(voxels);
  for (let n = 0; n < voxels.length; n++) if (Object.is(voxels[n], none)) voxels[n] = padding;
}

/** The group in pieces of neighbouring planes, each a group of its own with the slices that it needs. */
export function* partsOf(group: VolumeGroup, partBytes: number): Generator<VolumeGroup> {
  const { acquired, regular, scalarType, resampleK, shearMm } = group;
  if (!acquired || !regular) return;
  const planeBytes = Math.max(
    bytesOf(acquired, scalarType) / acquired.size[2],
    bytesOf(regular, scalarType) / regular.size[2],
  );
  const planes = Math.max(1, Math.floor(partBytes / planeBytes));
  for (let from = 0; from < regular.size[2]; from += planes) {
    const end = Math.min(regular.size[2], from + planes);
    const places = resampleK?.slice(from, end);
    const first = places ? Math.floor(places[0]!) : from;
    const last = places ? Math.ceil(places[places.length - 1]!) : end - 1;
    yield {
      ...group,
      frames: group.frames.slice(first, last + 1),
      acquired: { ...acquired, size: [acquired.size[0], acquired.size[1], last - first + 1] },
      regular: { ...regular, size: [regular.size[0], regular.size[1], end - from] },
      ...(places && { resampleK: places.map((k) => k - first) }),
      ...(shearMm && { shearMm: shearMm.slice(first, last + 1) }),
    };
  }
}

function lowestOf({ plan }: CachedPlan, group: VolumeGroup): number {
  if (group.scalarType === 'rgb8') return 0;
  if (group.scalarType === 'float32') return Number.NaN;
  return group.frames.reduce((least, frame) => {
    const { format } = plan.instances[plan.frames[frame]!.instance]!;
    const { intercept } = modalityTransformOf(frameAttributes(plan, frame));
    return Math.min(least, (format ? storedRange(format).min : 0) + intercept);
  }, 0);
}
