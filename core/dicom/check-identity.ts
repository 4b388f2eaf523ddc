import { type Problem, problem } from '../base/problem.ts';
import type { FileStart } from './file-start.ts';
import type { Flags } from './flags.ts';
import type { Attributes } from './types.ts';

const identifying = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'] as const;

/** The reason why an instance cannot be filed: a UID that is missing (PS3.3 C.7, C.12.1). */
export function checkIdentity(attributes: Attributes): Problem | undefined {
  const missing = identifying.find((keyword) => attributes[keyword] === undefined);
  return missing === undefined ? undefined : problem('UID_MISSING', { keyword: missing });
}

/** Flags a file meta group that speaks of another object than the data set. */
export function checkMeta(attributes: Attributes, start: FileStart, flags: Flags): void {
  if (differ(start.mediaStorageSOPClassUID, attributes.SOPClassUID))
    flags.add('META_DATASET_MISMATCH', { keyword: 'SOPClassUID' });
  if (differ(start.mediaStorageSOPInstanceUID, attributes.SOPInstanceUID))
    flags.add('META_DATASET_MISMATCH', { keyword: 'SOPInstanceUID' });
}

const differ = (meta: string | undefined, dataset: string | undefined): boolean =>
  meta !== undefined && dataset !== undefined && meta !== dataset;
