import { isDeepStrictEqual } from 'node:util';
import type { TagRow } from '../../../core/dicom/tag-rows.ts';
import type { Attributes, Scan } from '../../../core/dicom/types.ts';

/**
 * What an image is and where it lies. Two objects of one UID that differ here are never versions of each other, also
 * where their stored pixels are equal: a measurement on the one would be wrong on the other.
 */
const meaning = [
  'SOPClassUID',
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'FrameOfReferenceUID',
  'ImagePositionPatient',
  'ImageOrientationPatient',
  'PixelSpacing',
  'ImagerPixelSpacing',
  'NominalScannedPixelSpacing',
  'PixelAspectRatio',
  'SpacingBetweenSlices',
  'SliceThickness',
  'RescaleSlope',
  'RescaleIntercept',
  'Units',
  'Laterality',
  'ImageLaterality',
  'FrameLaterality',
  'PatientOrientation',
  'PatientPosition',
  'NumberOfFrames',
  'Rows',
  'Columns',
  'BitsStored',
  'PixelRepresentation',
  'GridFrameOffsetVector',
  'SliceVector',
] as const satisfies readonly (keyof Attributes)[];

export const sameMeaning = (a: Scan, b: Scan): boolean =>
  (a.pixel.kind === 'none') === (b.pixel.kind === 'none') &&
  meaning.every((key) => isDeepStrictEqual(a.attributes[key], b.attributes[key])) &&
  isDeepStrictEqual(a.sharedFrame, b.sharedFrame) &&
  isDeepStrictEqual(a.perFrame, b.perFrame) &&
  isDeepStrictEqual(a.regions, b.regions) &&
  isDeepStrictEqual(a.modalityLut, b.modalityLut);

/** Patient and study modules outside group 0010, and what a correction leaves behind (PS3.3 C.7.1, C.7.2, C.12.1.1). */
const ofPatientAndStudy = new Set([
  '(0008,0005)',
  '(0008,0020)',
  '(0008,0030)',
  '(0008,0050)',
  '(0008,0051)',
  '(0008,0090)',
  '(0008,0096)',
  '(0008,1030)',
  '(0008,1032)',
  '(0008,1048)',
  '(0008,1060)',
  '(0008,1080)',
  '(0020,0010)',
  '(0020,1200)',
  '(0020,1202)',
  '(0020,1204)',
  '(0020,1206)',
  '(0020,1208)',
  '(0400,0561)',
]);

const isLeftOut = ({ tag }: TagRow): boolean =>
  /^\((0002|0010),/.test(tag) || ofPatientAndStudy.has(tag) || /,0000\)$/.test(tag);

/** Rows that make the content; null where a value is too long to be seen whole. */
function contentOf(rows: readonly TagRow[]): string[] | null {
  const content: string[] = [];
  let outside = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.depth > outside) continue;
    outside = isLeftOut(row) ? row.depth : Number.POSITIVE_INFINITY;
    if (outside === row.depth) continue;
    if (row.value.endsWith('…')) return null;
    content.push(`${row.depth}|${row.tag}|${row.value}`);
  }
  return content;
}

interface Tags {
  readonly truncated: boolean;
  readonly rows: readonly TagRow[];
}

/** For objects without pixels: the same but for patient and study. What cannot be seen whole is never the same. */
export function sameContent(a: Tags, b: Tags): boolean {
  if (a.truncated || b.truncated) return false;
  const content = contentOf(a.rows);
  return content !== null && isDeepStrictEqual(content, contentOf(b.rows));
}
