import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { RemoteQuery, RemoteSeries, RemoteStudy, RetrieveItem } from '../../../core/contract/remote.ts';

/** A study as another station tells of it; what is here of it is filled in by `remote.search`. */
export type FoundStudy = Omit<RemoteStudy, 'localStudyKey' | 'localInstances'>;

/** An object that another station has. */
export interface RemoteInstance {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** Empty: the peer does not say. */
  readonly sopClassUID: string;
}

/** Of one retrieval so far; `remaining` is null where the peer does not say. */
export interface RetrieveCounts {
  readonly remaining: number | null;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

export interface RetrieveRequest {
  /** All of one study, and of one kind: whole, series, or single objects. */
  readonly items: readonly RetrieveItem[];
  /** What will come, as far as the peer told; empty where it does not. */
  readonly expected: readonly RemoteInstance[];
  readonly signal: AbortSignal;
  onCounts(counts: RetrieveCounts): void;
}

/** One stored object on its way out. */
export interface SendObject {
  readonly studyInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  /** The stored Part 10 file, with where its data set begins. */
  readonly path: string;
  readonly datasetOffset: number;
  readonly sizeBytes: number;
}

/** What became of one object in one attempt. */
export interface SendOutcome {
  readonly sopInstanceUID: string;
  readonly state: 'done' | 'warning' | 'failed';
  /** DIMSE or HTTP status, when there was one. */
  readonly status: number | null;
  /** Transfer syntax on the wire when it was not the stored one; else empty. */
  readonly transcodedTo: string;
  readonly problem: Problem | null;
  /** Worth another attempt: the peer was busy, full or away. */
  readonly mayRetry: boolean;
}

export interface SendRequest {
  readonly objects: readonly SendObject[];
  readonly signal: AbortSignal;
  /** Called once for each object that the peer answered for; the rest share the result's problem. */
  onOutcome(outcome: SendOutcome): void;
}

/**
 * Another station as `remote.*` uses it, by DIMSE (`dimse-archive.ts`) or DICOMweb (`main/host/web`). Objects that come
 * by `retrieve` are durable and indexed before they are counted. An aborted signal ends work with CANCELLED.
 */
export interface RemoteArchive {
  /** `partial`: stopped at the query's limit, or the peer said that there is more. */
  search(
    query: RemoteQuery,
    signal: AbortSignal,
  ): Promise<Result<{ readonly rows: readonly FoundStudy[]; readonly partial: boolean }>>;
  series(studyInstanceUID: string, signal: AbortSignal): Promise<Result<readonly RemoteSeries[]>>;
  /** What there is of a study, a series, or whether there is one object. */
  instances(item: RetrieveItem, signal: AbortSignal): Promise<Result<readonly RemoteInstance[]>>;
  retrieve(request: RetrieveRequest): Promise<Result<RetrieveCounts>>;
  /** Fails when the connection as a whole failed; objects without an outcome were not taken. */
  send(request: SendRequest): Promise<Result<null>>;
}
