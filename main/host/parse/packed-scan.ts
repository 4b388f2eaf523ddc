import { deserialize, serialize } from 'node:v8';
import type { Scan } from '../../../core/dicom/types.ts';

/**
 * A scan as it crosses threads and as the index keeps it: bytes, made once in the parser and opened once by the
 * writer. What stands on the way needs only what is beside them.
 */
export interface PackedScan {
  readonly SOPClassUID: string | undefined;
  readonly SOPInstanceUID: string | undefined;
  /** Where the data set begins in the file (after group 0002). */
  readonly datasetOffset: number;
  /** A DICOMDIR. */
  readonly isDirectory: boolean;
  readonly bytes: Uint8Array;
}

export const packScan = (scan: Scan): PackedScan => ({
  SOPClassUID: scan.attributes.SOPClassUID,
  SOPInstanceUID: scan.attributes.SOPInstanceUID,
  datasetOffset: scan.datasetOffset,
  isDirectory: scan.isDirectory,
  bytes: serialize(scan),
});

export const unpackScan = (bytes: Uint8Array): Scan => deserialize(bytes) as Scan;
