import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { ByteWindow, bytesSource } from '../../../core/dicom/byte-source.ts';
import { resolveEncoding } from '../../../core/dicom/encoding.ts';
import { type FileStart, readFileStart } from '../../../core/dicom/file-start.ts';
import { Flags } from '../../../core/dicom/flags.ts';
import { latin1, trimmedEnd } from '../../../core/dicom/values.ts';
import { Token, Walker } from '../../../core/dicom/walker.ts';
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
    const window = new ByteWindow(bytesSource(start));
    const found = readFileStart(window, new Flags());
    if (found.fatal !== undefined) return fail(found.fatal);
    const { transferSyntaxUID, mediaStorageSOPClassUID, mediaStorageSOPInstanceUID, datasetOffset } = found;
    if (!transferSyntaxUID) return fail(problem('WEB_ANSWER_INVALID', { reason: 'PS3.10' }));
    const own = identityOf(window, found);
    const fields = {
      transferSyntaxUid: transferSyntaxUID,
      sopClassUid: own.sopClassUid ?? mediaStorageSOPClassUID ?? '',
      sopInstanceUid: own.sopInstanceUid ?? mediaStorageSOPInstanceUID ?? '',
      sourceAeTitle: this.#sourceAeTitle,
    };
    if (fields.sopInstanceUid === '') return fail(problem('WEB_ANSWER_INVALID', { reason: 'PS3.10' }));
    return ok({ fields, dataset: start.subarray(datasetOffset) });
  }
}

const sopClassTag = 0x00080016;
const sopInstanceTag = 0x00080018;

/** What the data set says of itself: meta information that some servers keep says something else (M20). */
function identityOf(
  window: ByteWindow,
  start: FileStart,
): { readonly sopClassUid?: string; readonly sopInstanceUid?: string } {
  const flags = new Flags();
  const resolved = resolveEncoding(window, start, flags);
  // A deflated data set is not inflated for this.
  if (!resolved.ok || resolved.value.deflated) return {};
  const walker = new Walker(window, start.datasetOffset, resolved.value.encoding, flags);
  const uids = new Map<number, string>();
  for (
    let token = walker.next();
    token !== Token.End && walker.tag <= sopInstanceTag;
    token = walker.next()
  ) {
    const isUid = walker.tag === sopClassTag || walker.tag === sopInstanceTag;
    const bytes = isUid && walker.length <= 128 ? window.copy(walker.offset, walker.length) : undefined;
    if (bytes) uids.set(walker.tag, latin1(bytes, 0, trimmedEnd(bytes, 0, bytes.length)).trim());
  }
  const [sopClassUid, sopInstanceUid] = [uids.get(sopClassTag), uids.get(sopInstanceTag)];
  return { ...(sopClassUid && { sopClassUid }), ...(sopInstanceUid && { sopInstanceUid }) };
}
