import * as v from 'valibot';
import type { Dataset } from '../dicom/write/element.ts';
import type { SeriesPlan } from '../volume/types.ts';
import {
  count,
  nothing,
  personNameSchema,
  problemSchema,
  seriesKey,
  studyKey,
  studySource,
  text,
} from './common.ts';
import { reads, writes } from './define.ts';

export const studyRow = v.object({
  studyKey,
  studyInstanceUID: v.string(),
  patientName: personNameSchema,
  /** Pinyin or Latin form to show beside an ideographic name; empty when the same. */
  nameLatin: v.string(),
  charsetGuess: v.boolean(),
  patientId: v.string(),
  sex: v.string(),
  birthDate: v.string(),
  /** As in the file, e.g. 058Y; else derived from birth and study date; empty if unknown. */
  age: v.string(),
  studyDate: v.string(),
  studyTime: v.string(),
  modalities: v.array(v.string()),
  description: v.string(),
  accessionNumber: v.string(),
  institution: v.string(),
  series: count,
  instances: count,
  /** Pictures in them, as `pictureCount` counts: a cine loop is one object with many. */
  frames: count,
  bytes: count,
  source: studySource,
  unread: v.boolean(),
  starred: v.boolean(),
  demo: v.boolean(),
  /** False: opened in place, not kept. */
  stored: v.boolean(),
  /** True while an import still adds to it. */
  arriving: v.boolean(),
  /** Its sender went away midway, or not all was retrieved; until more comes, or a reader says that it is whole. */
  incomplete: v.boolean(),
  flags: v.array(problemSchema),
  addedAtMs: v.number(),
  deletedAtMs: v.nullable(v.number()),
});
export type StudyRow = v.InferOutput<typeof studyRow>;

export const seriesRow = v.object({
  seriesKey,
  seriesInstanceUID: v.string(),
  number: v.nullable(v.number()),
  description: v.string(),
  modality: v.string(),
  bodyPart: v.string(),
  instances: count,
  frames: count,
  sliceThicknessMm: v.nullable(v.number()),
  rows: v.nullable(v.number()),
  columns: v.nullable(v.number()),
  /** Kind of object: pictures, or what else it is. */
  category: v.picklist([
    'image',
    'video',
    'document',
    'sr',
    'presentation',
    'segmentation',
    'rt',
    'waveform',
    'other',
  ]),
  /** Geometry verdict of the main group; null before it is known. */
  verdict: v.nullable(v.picklist(['exact', 'resampled', 'approximate', 'none'])),
  flags: v.array(problemSchema),
});
export type SeriesRow = v.InferOutput<typeof seriesRow>;

export const sortColumn = v.picklist([
  'name',
  'patientId',
  'sex',
  'age',
  'studyDate',
  'modality',
  'description',
  'series',
  'frames',
  'bytes',
  'source',
  'added',
]);
export type SortColumn = v.InferOutput<typeof sortColumn>;

export const studyFilter = v.strictObject({
  query: v.optional(text(200)),
  /** YYYYMMDD, inclusive. */
  dateFrom: v.optional(text(8)),
  dateTo: v.optional(text(8)),
  modalities: v.optional(v.pipe(v.array(text(16)), v.maxLength(50))),
  source: v.optional(studySource),
  unread: v.optional(v.boolean()),
  starred: v.optional(v.boolean()),
  trash: v.optional(v.boolean()),
  /** Added since midnight of the host's day when 'today'. */
  added: v.optional(v.picklist(['today'])),
});
export type StudyFilter = v.InferOutput<typeof studyFilter>;

const keys = v.strictObject({ studyKeys: v.pipe(v.array(studyKey), v.minLength(1), v.maxLength(10_000)) });

const seriesPlan = v.custom<SeriesPlan>((x) => typeof x === 'object' && x !== null);

export const studiesCalls = {
  'studies.list': reads(
    v.strictObject({
      filter: studyFilter,
      sort: v.pipe(v.array(v.strictObject({ column: sortColumn, descending: v.boolean() })), v.maxLength(4)),
      offset: count,
      limit: v.pipe(count, v.maxValue(1000)),
    }),
    v.object({ total: count, rows: v.array(studyRow) }),
  ),
  'studies.counts': reads(
    nothing,
    v.object({
      all: count,
      today: count,
      received: count,
      media: count,
      starred: count,
      trash: count,
      unread: count,
      places: count,
    }),
  ),
  'studies.show': reads(
    v.strictObject({ studyKey }),
    v.object({
      study: studyRow,
      series: v.array(seriesRow),
      /** Same patient (issuer + ID + name + birth date), newest first. */
      priors: v.array(studyRow),
      receiptId: v.nullable(v.string()),
    }),
  ),
  'studies.delete': writes(keys, v.object({ deleted: count })),
  'studies.restore': writes(keys, v.object({ restored: count })),
  'studies.setUnread': writes(v.strictObject({ ...keys.entries, unread: v.boolean() }), nothing),
  'studies.setWhole': writes(keys, nothing),
  'studies.setStarred': writes(v.strictObject({ ...keys.entries, starred: v.boolean() }), nothing),
  /** Writes the audit row of what is about to be printed: pictures of a study, or a list of so many studies. */
  'studies.print': writes(
    v.variant('what', [
      v.strictObject({ what: v.literal('pictures'), studyKey }),
      v.strictObject({ what: v.literal('list'), studies: count }),
    ]),
    nothing,
  ),
  /**
   * Makes a series ready to read and writes the audit row. `measure` (scripts, exports) leaves the study unread:
   * no person has seen it; `ahead` (a window, of what may be opened next) leaves no trace at all: `series.open` follows.
   */
  'series.plan': reads(
    v.strictObject({ seriesKey, purpose: v.optional(v.picklist(['read', 'measure', 'ahead']), 'read') }),
    seriesPlan,
  ),
  /** Opens a series whose plan was asked for ahead, as `series.plan` to read does. Null: that plan is still right. */
  'series.open': reads(
    v.strictObject({ seriesKey, planId: text(64) }),
    v.object({ plan: v.nullable(seriesPlan) }),
  ),
  /** The whole data set of one instance as text, for the tag panel. */
  'instance.tags': reads(
    v.strictObject({ instanceKey: text(200) }),
    v.object({
      truncated: v.boolean(),
      rows: v.array(
        v.object({
          depth: count,
          tag: v.string(),
          vr: v.string(),
          keyword: v.string(),
          nameZh: v.string(),
          value: v.string(),
          lengthBytes: v.number(),
        }),
      ),
    }),
  ),
  /** What an object derived from an instance takes over from it: patient, study, equipment, acquisition. */
  'instance.inherited': reads(
    v.strictObject({ instanceKey: text(200) }),
    v.object({ elements: v.custom<Dataset>((x) => Array.isArray(x)) }),
  ),
  /** What a UID names in the cache: a study, a series or an instance. */
  'uid.find': reads(
    v.strictObject({ uid: text(200) }),
    v.object({
      studies: v.array(v.string()),
      series: v.array(v.object({ seriesKey: v.string(), studyKey: v.string() })),
      instances: v.array(v.object({ instanceKey: v.string(), seriesKey: v.string() })),
    }),
  ),
};
