import * as v from 'valibot';
import {
  count,
  instanceKey,
  nothing,
  personNameSchema,
  problemSchema,
  seriesKey,
  studyKey,
  text,
} from './common.ts';
import { reads, writes } from './define.ts';

/** Of a node, or `AE@HOST:PORT`; `;get`, `;move` and `;tls` behind it change how it is used. */
const nodeId = text(300);
const uid = v.pipe(v.string(), v.regex(/^[0-9.]{1,64}$/));
/** By which whoever asks can stop its question (`remote.stop`). */
const searchId = v.optional(text(64), '');
const started = v.object({ jobId: v.string() });

/** What a remote archive says of a study; nothing in it is proved. */
export const remoteStudy = v.object({
  studyInstanceUID: v.string(),
  patientName: personNameSchema,
  patientId: v.string(),
  sex: v.string(),
  birthDate: v.string(),
  studyDate: v.string(),
  studyTime: v.string(),
  modalities: v.array(v.string()),
  description: v.string(),
  accessionNumber: v.string(),
  institution: v.string(),
  /** Null: the peer does not say. */
  series: v.nullable(count),
  instances: v.nullable(count),
  /** Of the same study here; null = none. */
  localStudyKey: v.nullable(v.string()),
  localInstances: count,
});
export type RemoteStudy = v.InferOutput<typeof remoteStudy>;

export const remoteSeries = v.object({
  seriesInstanceUID: v.string(),
  number: v.nullable(v.number()),
  modality: v.string(),
  description: v.string(),
  bodyPart: v.string(),
  instances: v.nullable(count),
});
export type RemoteSeries = v.InferOutput<typeof remoteSeries>;

/** The box and filters of the Studies page, as a query to a peer. */
export const remoteQuery = v.strictObject({
  /** Name, patient ID or accession number as typed; names are also tried in other spellings (L85). */
  text: v.optional(text(200), ''),
  patientName: v.optional(text(200), ''),
  patientId: v.optional(text(64), ''),
  accessionNumber: v.optional(text(16), ''),
  studyInstanceUID: v.optional(v.union([uid, v.literal('')]), ''),
  /** YYYYMMDD, inclusive. */
  dateFrom: v.optional(text(8), ''),
  dateTo: v.optional(text(8), ''),
  modalities: v.optional(v.pipe(v.array(text(16)), v.maxLength(20)), []),
  limit: v.optional(v.pipe(count, v.minValue(1), v.maxValue(5000)), 500),
});
export type RemoteQuery = v.InferOutput<typeof remoteQuery>;

export const worklistItem = v.object({
  patientName: personNameSchema,
  patientId: v.string(),
  sex: v.string(),
  birthDate: v.string(),
  accessionNumber: v.string(),
  studyInstanceUID: v.string(),
  modality: v.string(),
  stationAeTitle: v.string(),
  startDate: v.string(),
  startTime: v.string(),
  procedure: v.string(),
  procedureStepId: v.string(),
  /** Study here that belongs to the order (by UID, else accession number and patient); null = none yet. */
  localStudyKey: v.nullable(v.string()),
});
export type WorklistItem = v.InferOutput<typeof worklistItem>;

/** What became of one object of a send or retrieve job. */
export const transferOutcome = v.object({
  sopInstanceUID: v.string(),
  sopClassUID: v.string(),
  state: v.picklist(['waiting', 'done', 'warning', 'failed', 'committed', 'notCommitted']),
  /** DIMSE or HTTP status, when there was one. */
  status: v.nullable(count),
  /** Transfer syntax on the wire when it was not the stored one. */
  transcodedTo: v.string(),
  attempts: count,
  problem: v.nullable(problemSchema),
});
export type TransferOutcome = v.InferOutput<typeof transferOutcome>;

const retrieveItem = v.strictObject({
  studyInstanceUID: uid,
  seriesInstanceUID: v.optional(uid),
  sopInstanceUID: v.optional(uid),
});
export type RetrieveItem = v.InferOutput<typeof retrieveItem>;

export const remoteCalls = {
  /** Asks a peer for studies. `partial`: stopped at the limit, or the peer said that there is more. Problems: CANCELLED, after `remote.stop`. */
  'remote.search': reads(
    v.strictObject({ nodeId, query: remoteQuery, searchId }),
    v.object({ rows: v.array(remoteStudy), partial: v.boolean(), tookMs: v.number() }),
  ),
  /** Ends a search by C-CANCEL, or by closing its HTTP request; nothing happens where it has ended. */
  'remote.stop': writes(v.strictObject({ searchId: v.pipe(text(64), v.minLength(1)) }), nothing),
  'remote.series': reads(v.strictObject({ nodeId, studyInstanceUID: uid }), v.array(remoteSeries)),
  'remote.retrieve': writes(
    v.strictObject({
      nodeId,
      items: v.pipe(v.array(retrieveItem), v.minLength(1), v.maxLength(10_000)),
      /** Whose studies they are, for the job's title. */
      about: v.optional(text(200), ''),
    }),
    started,
  ),
  /** Studies, series or single objects; `commit` asks the peer to say that it keeps them. */
  'remote.send': writes(
    v.strictObject({
      nodeId,
      studyKeys: v.optional(v.pipe(v.array(studyKey), v.maxLength(10_000)), []),
      seriesKeys: v.optional(v.pipe(v.array(seriesKey), v.maxLength(10_000)), []),
      instanceKeys: v.optional(v.pipe(v.array(instanceKey), v.maxLength(100_000)), []),
      commit: v.optional(v.boolean(), false),
    }),
    started,
  ),
  /** Asks a peer to say that it keeps objects that it has already. */
  'remote.commit': writes(
    v.strictObject({
      nodeId,
      studyKeys: v.optional(v.pipe(v.array(studyKey), v.maxLength(10_000)), []),
      seriesKeys: v.optional(v.pipe(v.array(seriesKey), v.maxLength(10_000)), []),
      instanceKeys: v.optional(v.pipe(v.array(instanceKey), v.maxLength(100_000)), []),
    }),
    started,
  ),
  /** Outcomes of a send or retrieve job, failures first. */
  'remote.outcomes': reads(
    v.strictObject({ jobId: text(64), offset: count, limit: v.pipe(count, v.maxValue(1000)) }),
    v.object({ total: count, failed: count, rows: v.array(transferOutcome) }),
  ),
  'worklist.search': reads(
    v.strictObject({
      nodeId,
      dateFrom: text(8),
      dateTo: text(8),
      modality: text(16),
      text: text(200),
      searchId,
    }),
    v.object({ rows: v.array(worklistItem), partial: v.boolean() }),
  ),
  /** Procedure steps that modalities reported (MPPS), newest first. */
  'procedureSteps.list': reads(
    nothing,
    v.array(
      v.object({
        sopInstanceUID: v.string(),
        state: v.picklist(['IN PROGRESS', 'COMPLETED', 'DISCONTINUED']),
        patientName: personNameSchema,
        patientId: v.string(),
        accessionNumber: v.string(),
        studyInstanceUID: v.string(),
        modality: v.string(),
        stationAeTitle: v.string(),
        procedureStepId: v.string(),
        description: v.string(),
        startedAt: v.string(),
        endedAt: v.string(),
        localStudyKey: v.nullable(v.string()),
      }),
    ),
  ),
};
