import * as v from 'valibot';
import { type ProblemCode, problemTable } from '../base/problem-table.ts';

/** Longest text a call accepts unless its schema says otherwise. */
export const text = (maxLength = 1024) => v.pipe(v.string(), v.maxLength(maxLength));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const problemSchema = v.object({
  code: v.picklist(Object.keys(problemTable) as ProblemCode[]),
  params: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
  path: v.optional(v.string()),
});

/** Opaque keys made by the host: `s.<uid>` in the store, `p<n>.<uid>` in an opened place. */
export const studyKey = text(200);
export const seriesKey = text(200);
export const instanceKey = text(200);
/** Made by the page when voxels change; a mask that is kept never changes under its name. */
export const maskId = v.pipe(v.string(), v.uuid());
/** Of a colour. */
export const byte = v.pipe(v.number(), v.minValue(0), v.maxValue(255));
export const nothing = v.strictObject({});

export const personNameSchema = v.object({
  alphabetic: v.string(),
  ideographic: v.optional(v.string()),
  phonetic: v.optional(v.string()),
});

/** How a study came in. */
export const studySource = v.picklist(['folder', 'disc', 'archive', 'received', 'demo', 'place', 'upload']);
export type StudySource = v.InferOutput<typeof studySource>;
