import type { SeriesRow } from '../../../core/contract/studies.ts';
import { type SopCategory, sopClassOf } from '../../../core/dicom/tables/sop-classes.ts';
import type { Scan } from '../../../core/dicom/types.ts';

type Category = SeriesRow['category'];

/** What lists show for a kind of SOP class; null where the object's pixels decide. */
const shownAs: Readonly<Record<SopCategory, Category | null>> = {
  image: null,
  other: null,
  raw: null,
  registration: 'other',
  directory: 'other',
  mesh: 'document',
  keyObjects: 'sr',
  video: 'video',
  sr: 'sr',
  presentation: 'presentation',
  segmentation: 'segmentation',
  rt: 'rt',
  waveform: 'waveform',
  document: 'document',
};
/** MPEG-2, MPEG-4 and HEVC transfer syntaxes (PS3.5 A.4.5 – A.4.12). */
const video = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8]/;

/** What a series is, from one of its objects. */
export function categoryOf(scan: Scan): Category {
  if (video.test(scan.transferSyntaxUID)) return 'video';
  const known = sopClassOf(scan.attributes.SOPClassUID ?? '');
  return (known && shownAs[known.category]) ?? (scan.pixel.kind === 'none' ? 'other' : 'image');
}
