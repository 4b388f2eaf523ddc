import type { Problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import type { Dataset } from '../../../core/dicom/dataset.ts';
import type { WriteCharset } from '../../../core/dicom/write/charset-encode.ts';
import type { Dataset as WriteDataset } from '../../../core/dicom/write/element.ts';
import type { CommitmentReport, CommitmentRequest } from '../../../core/dimse/commitment.ts';
import type { QueryRoot } from '../../../core/dimse/service-table.ts';
import type { IntakePlaces } from './intake-client.ts';
import type { IntakeNote, IntakeOperations } from './intake-protocol.ts';
import type { PeerPhase, PeerTarget, PeerTimeouts } from './peer-types.ts';

/** What every task of the peer worker is told. `taskId` names it in notes and for `cancel`. */
export interface PeerTask {
  readonly taskId: number;
  readonly target: PeerTarget;
  readonly timeouts: PeerTimeouts;
}

/** How far a connection came; `failedAt` where it ended. */
export interface PeerSteps {
  readonly done: readonly { readonly phase: PeerPhase; readonly tookMs: number }[];
  readonly failedAt: PeerPhase | null;
  readonly echoMs: number | null;
  readonly problem: Problem | null;
}

/** One stored file to be sent. */
export interface StoreObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly file: string;
  readonly datasetOffset: number;
  /** Of the whole file. */
  readonly sizeBytes: number;
}

/** What the peer answered for one object. */
export interface StoreOutcome {
  readonly index: number;
  readonly state: 'done' | 'warning' | 'failed';
  readonly status: number | null;
  readonly transcodedTo: string;
  readonly problem: Problem | null;
  readonly mayRetry: boolean;
}

export interface SubOperationCounts {
  readonly remaining: number | null;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** A data set of a message as the worker encodes it for the context that the peer accepts. */
export interface MessageDataset {
  readonly dataset: WriteDataset;
  readonly charset: WriteCharset;
}

/** Per query, in its order. */
export interface FindAnswers {
  readonly answers: readonly (readonly Dataset[])[];
  readonly isPartial: boolean;
}

export type PeerNote =
  | IntakeNote
  | { readonly kind: 'outcomes'; readonly taskId: number; readonly outcomes: readonly StoreOutcome[] }
  /** An object is wanted in another transfer syntax; answered by `transcoded`. */
  | {
      readonly kind: 'transcode';
      readonly taskId: number;
      readonly requestId: number;
      readonly index: number;
      readonly to: string;
    }
  | { readonly kind: 'counts'; readonly taskId: number; readonly counts: SubOperationCounts };

/** Operations of `main/workers/peer.ts`; all tasks run at once. An aborted one answers CANCELLED. */
export interface PeerOperations extends IntakeOperations {
  /** Once, before the first retrieval. */
  places(input: IntakePlaces): void;
  /** Connects, associates, asks C-ECHO. */
  echo(input: PeerTask): Promise<PeerSteps>;
  /** Sends objects in their order, one association after another where they need more contexts than one has. */
  store(
    input: PeerTask & {
      readonly objects: readonly StoreObject[];
      /** Of a C-MOVE that asked for it. */
      readonly originator?: { readonly aeTitle: string; readonly messageId: number };
    },
  ): Promise<Result<null>>;
  /** A data set alone, in the syntax that was asked for; the worker removes the file. */
  transcoded(input: {
    readonly requestId: number;
    readonly result: Result<{ readonly file: string; readonly sizeBytes: number }>;
  }): void;
  /** C-FIND, one after another on one association; `limit` answers a query, then C-CANCEL. */
  find(
    input: PeerTask & {
      readonly sopClassUid: string;
      readonly queries: readonly MessageDataset[];
      readonly limit: number;
    },
  ): Promise<Result<FindAnswers>>;
  /** C-GET; what comes is kept through the intake, with the task as its origin. */
  get(
    input: PeerTask & {
      readonly root: QueryRoot;
      readonly identifiers: readonly WriteDataset[];
      /** Of what will come; empty = not known. */
      readonly sopClassUids: readonly string[];
    },
  ): Promise<Result<SubOperationCounts>>;
  /** C-MOVE to an AE title that the peer knows. */
  move(
    input: PeerTask & {
      readonly root: QueryRoot;
      readonly identifiers: readonly WriteDataset[];
      readonly destination: string;
    },
  ): Promise<Result<SubOperationCounts>>;
  /** N-ACTION of storage commitment; reports that came on the same association until its own, or within `waitMs`. */
  commit(
    input: PeerTask & { readonly request: CommitmentRequest; readonly waitMs: number },
  ): Promise<Result<CommitmentReport[]>>;
  /** N-EVENT-REPORT of storage commitment on an association of ours. */
  report(
    input: PeerTask & { readonly report: CommitmentReport; readonly retrieveAeTitle: string },
  ): Promise<Result<null>>;
  cancel(input: { readonly taskId: number }): void;
}
