import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { ByteWindow, bytesSource } from '../../../core/dicom/byte-source.ts';
import { readFileStart } from '../../../core/dicom/file-start.ts';
import { Flags } from '../../../core/dicom/flags.ts';
import type { MetaFields } from '../dimse/meta-header.ts';

/** What is held until the file meta information is known to be complete; group 0002 is some hundred bytes long. */
const startBytes = 64 * 1024;

export interface PartStart {
  readonly fields: MetaFields;
  /** The beginning of the data set. */
  readonly dataset: Uint8Array;
}

/**
 * Takes the server's own preamble and meta information off a PS3.10 file as it streams in: what is kept is the data
 * set, bit for bit, behind ours.
 */
export class Part10Start {
  readonly #sourceAeTitle: string;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(sourceAeTitle: string) {
    this.#sourceAeTitle = sourceAeTitle;
  }

  /** Null: more is needed. Problems: WEB_ANSWER_INVALID, or what is wrong with the file. */
  take(bytes: Uint8Array): Result<PartStart> | null {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    return this.#heldBytes < startBytes ? null : this.end();
  }

  /** The part is over, or its start is certainly here. */
  end(): Result<PartStart> {
    const start = Buffer.concat(this.#held);
    this.#held = [];
    const found = readFileStart(new ByteWindow(bytesSource(start)), new Flags());
    if (found.fatal !== undefined) return fail(found.fatal);
    const { transferSyntaxUID, mediaStorageSOPClassUID, mediaStorageSOPInstanceUID, datasetOffset } = found;
    if (!transferSyntaxUID || !mediaStorageSOPClassUID || !mediaStorageSOPInstanceUID) {
      return fail(problem('WEB_ANSWER_INVALID', { reason: 'PS3.10' }));
    }
    const fields = {
      transferSyntaxUid: transferSyntaxUID,
      sopClassUid: mediaStorageSOPClassUID,
      sopInstanceUid: mediaStorageSOPInstanceUID,
      sourceAeTitle: this.#sourceAeTitle,
    };
    return ok({ fields, dataset: start.subarray(datasetOffset) });
  }
}
