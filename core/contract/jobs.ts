import * as v from 'valibot';
import { count, nothing, problemSchema, text } from './common.ts';
import { reads, writes } from './define.ts';

export const receipt = v.object({
  receiptId: v.string(),
  jobId: v.string(),
  startedAtMs: v.number(),
  finishedAtMs: v.number(),
  source: v.string(),
  /** What is accounted for; absent = files that were stored. `open`: files that are read where they are. */
  kind: v.optional(v.picklist(['open', 'verify', 'backup', 'backupCheck', 'restore', 'repair', 'rebuild'])),
  /** in = stored + duplicates + notDicom + broken, always. */
  files: count,
  stored: count,
  duplicates: count,
  notDicom: count,
  broken: count,
  bytes: count,
  elapsedMs: count,
  studies: v.array(v.string()),
  cancelled: v.boolean(),
  /** What stopped the whole job (DISK_FULL …), when something did. */
  stoppedBy: v.nullable(problemSchema),
  problems: v.array(problemSchema),
  /** Codes of flags put on stored instances, with how often. */
  flags: v.record(v.string(), count),
});
export type Receipt = v.InferOutput<typeof receipt>;

/** What became of the files of a job; they add up to all of them. */
const fileCounts = v.object({ stored: count, duplicates: count, notDicom: count, broken: count });
export type FileCounts = v.InferOutput<typeof fileCounts>;

export const job = v.object({
  jobId: v.string(),
  kind: v.picklist([
    'import',
    'demo',
    'verify',
    'keep',
    'open',
    'film',
    'retrieve',
    'send',
    'backup',
    'restore',
    'rebuild',
  ]),
  title: v.string(),
  state: v.picklist(['waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  phase: v.picklist([
    'counting',
    'copying',
    'finishing',
    'computing',
    'checking',
    'connecting',
    'waiting',
    'retrying',
  ]),
  done: count,
  /** Null while still counting. */
  total: v.nullable(count),
  bytes: count,
  startedAtMs: v.number(),
  finishedAtMs: v.nullable(v.number()),
  remainingMs: v.nullable(v.number()),
  receiptId: v.nullable(v.string()),
  /** Of the receipt; absent until there is one. */
  counts: v.optional(fileCounts),
  /** The job that does this one again: it is no longer what somebody has to see to. */
  retriedBy: v.optional(v.string()),
  /** Key of the place opened by an 'open' job; the folder that a 'restore' job made. */
  place: v.nullable(v.string()),
  /** Why it ended as it did; of one that runs, what went wrong last and is not yet mended. */
  problem: v.nullable(problemSchema),
});
export type Job = v.InferOutput<typeof job>;

const jobId = v.strictObject({ jobId: text(64) });

export const jobsCalls = {
  'jobs.list': reads(nothing, v.array(job)),
  'jobs.cancel': writes(jobId, nothing),
  'jobs.retry': writes(jobId, v.object({ jobId: v.string() })),
  'jobs.receipt': reads(v.strictObject({ receiptId: text(64) }), receipt),
  'jobs.receipts': reads(nothing, v.array(receipt)),
};
