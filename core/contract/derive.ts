import * as v from 'valibot';
import { byte, maskId, seriesKey, studyKey, text } from './common.ts';
import { writes } from './define.ts';

const mm = v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e6));
const vector = v.tuple([mm, mm, mm]);
const planes = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2000));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const pictureSide = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8192));

/** Of a new series, in its Series Description; no control characters. */
const seriesName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), v.regex(/^\P{Cc}*$/u));

export const deriveCalls = {
  /**
   * Cuts a batch of planes from a volume group and imports them as a new series of the study; `center`, `right` and
   * `down` are those of the middle plane (LPS mm). The job's receipt is that of the import. Problems: NOT_FOUND,
   * INPUT_INVALID (right and down parallel); of the job: those of reading the volume, VOLUME_COLOUR, DISK_FULL.
   */
  'series.reformat': writes(
    v.strictObject({
      seriesKey,
      groupId: text(200),
      center: vector,
      right: vector,
      down: vector,
      width: side,
      height: side,
      spacingMm: v.pipe(v.number(), v.minValue(1e-4), v.maxValue(1e3)),
      slabMm: v.pipe(v.number(), v.minValue(0), v.maxValue(200)),
      projection: v.picklist(['none', 'mip', 'minip', 'mean']),
      interpolation: v.picklist(['nearest', 'linear', 'cubic']),
      /** The series is named after its source and what was done when left out. */
      name: v.optional(seriesName),
      /** The window that viewers open the series with; the source's own when left out. */
      window: v.optional(
        v.strictObject({ centre: v.pipe(v.number(), v.finite()), width: v.pipe(v.number(), v.gtValue(0)) }),
      ),
      batch: v.variant('kind', [
        v.strictObject({ kind: v.literal('parallel'), count: planes, stepMm: mm }),
        v.strictObject({ kind: v.literal('radial'), count: planes }),
      ]),
    }),
    v.object({ jobId: v.string() }),
  ),

  /**
   * Draws a film of one turn of a volume scene, or one picture (`png`) of any scene, on the CPU road. When the job is
   * done the file is at `/film/<jobId>?format=…`; a DICOM film is imported into the study instead, with a receipt.
   * Problems: NOT_FOUND, INPUT_INVALID (the scene; `fused` without its layer or the layer without it; an odd size for MP4
   * or WebM, more than 4,096 of any film), FUSION_OTHER_FRAME, VIDEO_ENCODER_MISSING (at once); of
   * the job: those of reading the volume, of the masks (MASK_DAMAGED, MASK_OTHER_VOLUME), VOLUME_COLOUR, VIDEO_ENCODER_FAILED, FILE_TOO_LARGE, DISK_FULL.
   */
  'series.film': writes(
    v.strictObject({
      seriesKey,
      groupId: text(200),
      /** A scene as JSON text (core/scene/scene-json.ts). */
      scene: text(500_000),
      format: v.picklist(['mp4', 'webm', 'avi', 'dcm', 'png']),
      width: pictureSide,
      height: pictureSide,
      /** Of films: pictures of the turn, and how long it takes. */
      frames: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1800)), 1),
      seconds: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(600)), 1),
      axis: v.optional(v.picklist(['head', 'left', 'anterior']), 'head'),
      /** The second series of a scene with a fusion layer. */
      fused: v.optional(v.strictObject({ seriesKey, groupId: text(200) })),
      /** Of 3D: masks of the study as `masks.save` keeps them, from the lowest up; those taken away lie over all. */
      masks: v.optional(
        v.strictObject({
          studyKey,
          shown: v.pipe(
            v.array(
              v.strictObject({
                maskId,
                colour: v.tuple([byte, byte, byte]),
                opacity: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
              }),
            ),
            v.maxLength(127),
          ),
          removed: v.pipe(v.array(maskId), v.maxLength(127)),
        }),
      ),
    }),
    v.object({ jobId: v.string() }),
  ),
};
