import * as v from 'valibot';
import { seriesKey, text } from './common.ts';
import { writes } from './define.ts';

const finite = v.pipe(v.number(), v.finite());
const lengthMm = v.pipe(v.number(), v.minValue(0), v.maxValue(1e5));
const percent = v.pipe(v.number(), v.minValue(-1000), v.maxValue(1000));
const limit = v.optional(v.literal('resolution'));
const doubt = v.optional(v.literal('touching'));
const shortText = v.pipe(v.string(), v.maxLength(64), v.regex(/^\P{Cc}*$/u));
const lineId = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const station = v.strictObject({
  s: lengthMm,
  areaMm2: v.pipe(v.number(), v.minValue(0), v.maxValue(1e6)),
  minDiameterMm: lengthMm,
  maxDiameterMm: lengthMm,
  equivalentDiameterMm: lengthMm,
  uncertaintyMm: lengthMm,
  limit,
  doubt,
});

const stenosis = v.strictObject({
  s: lengthMm,
  fromS: lengthMm,
  toS: lengthMm,
  percentDiameter: percent,
  percentArea: percent,
  uncertaintyPercent: v.pipe(v.number(), v.minValue(0), v.maxValue(1000)),
  referenceMm: lengthMm,
  rule: v.picklist(['mean', 'NASCET', 'ECST']),
  limit,
  doubt,
});

/** Longest line of a report, in points and in measured sections. */
const pointsMost = 4000;

/** A line with its numbers (core/report/types.ts). */
const vessel = v.strictObject({
  lineId,
  nameId: v.nullable(shortText),
  customName: shortText,
  kind: v.picklist(['vessel', 'airway', 'rib', 'spine', 'dental']),
  verdict: v.picklist(['exact', 'resampled', 'approximate', 'none']),
  isByHand: v.boolean(),
  isDoubtful: v.boolean(),
  isUnopacified: v.boolean(),
  lengthMm,
  tortuosity: v.nullable(finite),
  pointsMm: v.pipe(v.array(v.tuple([finite, finite, finite])), v.minLength(2), v.maxLength(pointsMost)),
  parent: v.optional(v.strictObject({ lineId, atMm: lengthMm })),
  stations: v.pipe(v.array(station), v.maxLength(pointsMost)),
  stenoses: v.pipe(v.array(stenosis), v.maxLength(100)),
});

const vessels = v.pipe(v.array(vessel), v.minLength(1), v.maxLength(64));
const language = v.picklist(['zh-CN', 'en']);

/** A JPEG or PNG with its bytes; no address that a document would load. */
const image = v.pipe(
  v.string(),
  v.maxLength(700_000),
  v.regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/),
);

const fraction = v.pipe(v.number(), v.minValue(-1), v.maxValue(2));

const subject = { seriesKey, groupId: text(200), language, vessels };

export const reportCalls = {
  /**
   * The vessel report of one page; the head is of the series' own data set. The file is then at
   * `/report/<reportId>?format=…&name=…` until the host ends. Problems: NOT_FOUND, REPORT_PRINTER_MISSING and
   * REPORT_PRINTER_FAILED (PDF only), DISK_FULL.
   */
  'report.vessel': writes(
    v.strictObject({
      ...subject,
      format: v.picklist(['pdf', 'html']),
      /** Place in `vessels` of the one that the pictures and the profile are of. */
      shown: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63)),
      pictures: v.strictObject({
        straightened: v.optional(image),
        beyondMm: v.optional(lengthMm),
        sections: v.pipe(
          v.array(
            v.strictObject({
              image,
              sMm: lengthMm,
              role: v.picklist(['proximal', 'narrowest', 'distal', 'other']),
              outline: v.optional(v.pipe(v.array(v.tuple([fraction, fraction])), v.maxLength(400))),
            }),
          ),
          v.maxLength(5),
        ),
      }),
    }),
    v.object({ reportId: v.string() }),
  ),

  /**
   * The measurements as a structured report (TID 1500, Comprehensive 3D SR), imported as a new series of the study; the
   * job's receipt is that of the import. Problems: NOT_FOUND; of the job: DISK_FULL.
   */
  'report.toSeries': writes(v.strictObject(subject), v.object({ jobId: v.string() })),
};
