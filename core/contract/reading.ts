import * as v from 'valibot';
import { nothing, studyKey } from './common.ts';
import { reads, writes } from './define.ts';

/** Largest reading state of a study, as UTF-8. */
export const readingStateMostBytes = 2 ** 20;

/** What a reader did to a study: measurements, windows, layout. Free-form JSON of the page, which checks it itself. */
const readingState = v.pipe(v.string(), v.maxBytes(readingStateMostBytes));

export const readingCalls = {
  /** Null when nobody has changed anything yet. Problems: NOT_FOUND. */
  'reading.load': reads(v.strictObject({ studyKey }), v.object({ state: v.nullable(v.string()) })),
  /**
   * Replaces the state of a study; durable when it answers. That of a study opened in place lives as long as the
   * place. Problems: NOT_FOUND, INPUT_INVALID (too large), DISK_FULL.
   */
  'reading.save': writes(v.strictObject({ studyKey, state: readingState }), nothing),
};
