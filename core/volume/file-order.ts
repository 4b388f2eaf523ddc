import type { Attributes } from '../dicom/types.ts';
import type { FrameEntry } from './frames.ts';

/** By numbers and times only: 0 where the names of the files alone tell two frames apart. */
export function byNumber(a: FrameEntry, b: FrameEntry): number {
  const numbers = (a.attributes.InstanceNumber ?? 0) - (b.attributes.InstanceNumber ?? 0);
  if (numbers !== 0) return numbers;
  if (a.instance === b.instance) {
    const tiles = (a.tile?.row ?? 0) - (b.tile?.row ?? 0) || (a.tile?.column ?? 0) - (b.tile?.column ?? 0);
    return a.frame - b.frame || tiles;
  }
  return compare(timeOf(a.attributes), timeOf(b.attributes));
}

/** By SOP instance, then frame. */
export const byUid = (a: FrameEntry, b: FrameEntry): number =>
  compareUids(a.attributes.SOPInstanceUID ?? '', b.attributes.SOPInstanceUID ?? '') || a.frame - b.frame;

/** File order of a reader without geometry: InstanceNumber, then frame and tile, or time and SOP instance. */
export const byInstance = (a: FrameEntry, b: FrameEntry): number => byNumber(a, b) || byUid(a, b);

const timeOf = (a: Attributes): string => a.AcquisitionTime ?? a.ContentTime ?? '';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const collator = new Intl.Collator('en', { numeric: true });
/** UIDs by the numbers in them, so that `.9` comes before `.10`. */
export const compareUids = (a: string, b: string): number => collator.compare(a, b) || compare(a, b);
