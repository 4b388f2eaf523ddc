import type { SeriesRow } from '../../../core/contract/studies.ts';
import type { Scan } from '../../../core/dicom/types.ts';

type Category = SeriesRow['category'];

/** Storage classes that are not pictures, by their UID's beginning (PS3.4 B.5). */
const byClass: readonly (readonly [string, Category])[] = [
  ['1.2.840.10008.5.1.4.1.1.88.', 'sr'],
  ['1.2.840.10008.5.1.4.1.1.11.', 'presentation'],
  ['1.2.840.10008.5.1.4.1.1.66.', 'segmentation'],
  ['1.2.840.10008.5.1.4.1.1.481.', 'rt'],
  ['1.2.840.10008.5.1.4.1.1.9.', 'waveform'],
  ['1.2.840.10008.5.1.4.1.1.104.', 'document'],
  ['1.2.840.10008.5.1.4.1.1.77.1.1.1', 'video'],
  ['1.2.840.10008.5.1.4.1.1.77.1.2.1', 'video'],
  ['1.2.840.10008.5.1.4.1.1.77.1.4.1', 'video'],
];
/** MPEG-2, MPEG-4 and HEVC transfer syntaxes (PS3.5 A.4.5 – A.4.12). */
const video = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8]/;

/** What a series is, from one of its objects. */
export function categoryOf(scan: Scan): Category {
  if (video.test(scan.transferSyntaxUID)) return 'video';
  const uid = scan.attributes.SOPClassUID ?? '';
  const known = byClass.find(([prefix]) => uid.startsWith(prefix));
  if (known) return known[1];
  return scan.pixel.kind === 'none' ? 'other' : 'image';
}
