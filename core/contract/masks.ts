import * as v from 'valibot';
import { byte, count, maskId, nothing, seriesKey, studyKey, text } from './common.ts';
import { reads, writes } from './define.ts';

/** Largest mask, run-length coded; most that all masks of one study may take. */
export const maskMostBytes = 64 * 2 ** 20;
export const studyMasksMostBytes = 2 ** 30;
/** Bytes of one piece of a mask: as base64 they fit into a call. */
export const maskPieceBytes = 480 * 2 ** 10;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** Of a segment or series; no control characters. */
const layerLabel = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), v.regex(/^\P{Cc}*$/u));

export const maskCalls = {
  /** Masks that are whole, in no order. Problems: NOT_FOUND. */
  'masks.list': reads(
    v.strictObject({ studyKey }),
    v.object({ masks: v.array(v.object({ maskId: v.string(), sizeBytes: count })) }),
  ),
  /**
   * One piece of a mask (its bytes as base64) after the other; the last one makes it durable, after its hash was
   * compared. `GET /mask/<studyKey>?id=<maskId>` reads it. That of a study opened in place lives as long as the
   * place. Problems: NOT_FOUND, MASK_DAMAGED (a piece is missing, or the hash is another), FILE_TOO_LARGE, DISK_FULL.
   */
  'masks.save': writes(
    v.strictObject({
      studyKey,
      maskId,
      sha256,
      sizeBytes: v.pipe(count, v.minValue(1), v.maxValue(maskMostBytes)),
      fromByte: count,
      piece: v.pipe(v.string(), v.maxLength((maskPieceBytes / 3) * 4), v.base64()),
    }),
    v.object({ isWhole: v.boolean() }),
  ),
  /** Masks that nothing refers to any more. Problems: NOT_FOUND. */
  'masks.remove': writes(
    v.strictObject({ studyKey, maskIds: v.pipe(v.array(maskId), v.maxLength(1000)) }),
    nothing,
  ),
  /**
   * Kept masks of one volume as a DICOM Segmentation, imported as a new series of the study; the job's receipt is that
   * of the import. Problems: NOT_FOUND; of the job: MASK_DAMAGED, MASK_OTHER_VOLUME, MASK_EMPTY, DISK_FULL.
   */
  'masks.toSeries': writes(
    v.strictObject({
      studyKey,
      seriesKey,
      groupId: text(200),
      /** Of the series: told by its segments when left out. */
      name: v.optional(layerLabel),
      segments: v.pipe(
        v.array(
          v.strictObject({
            maskId,
            label: layerLabel,
            /** Of the table of mask names: brings the codes. */
            nameId: v.nullable(text(64)),
            colour: v.tuple([byte, byte, byte]),
            algorithm: v.picklist(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
          }),
        ),
        v.minLength(1),
        v.maxLength(200),
      ),
    }),
    v.object({ jobId: v.string() }),
  ),
};
