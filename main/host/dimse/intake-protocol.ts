import type { Problem } from '../../../core/base/problem.ts';
import type { CommitGate } from '../store/commit-gate.ts';

/**
 * How a worker that receives data sets and the host agree on each of them (README.md): the worker tells that a part
 * file is complete (`received`) and syncs it while the host scans its header; after the host's verdict it gives the
 * object its name (`placed`), and syncs that while the row is written. The gate says to the store when the name is
 * durable, and to the worker when the row is committed.
 */
export type IntakeNote =
  | {
      readonly kind: 'received';
      readonly id: number;
      readonly path: string;
      readonly sizeBytes: number;
      /** As the sender announced them; the data set must say the same. */
      readonly sopClassUid: string;
      readonly sopInstanceUid: string;
      /** Whose object it is: an association, a job. */
      readonly origin: number;
    }
  | {
      readonly kind: 'placed';
      readonly id: number;
      readonly fileSha256: string;
      readonly datasetSha256: string;
      readonly sizeBytes: number;
      /** False when an object of that name was there already. */
      readonly isNew: boolean;
      readonly gate: CommitGate;
    }
  /** It was not kept: refused beforehand (id 0), or its part could not be written, synced or placed. */
  | { readonly kind: 'lost'; readonly id: number; readonly origin: number; readonly problem: Problem };

export interface IntakeOperations {
  /** Null: the object may be given its name. */
  intakeVerdict(input: { readonly id: number; readonly problem: Problem | null }): void;
  /** The row could not be written: what passed its gate needs no words. */
  intakeRefused(input: { readonly id: number; readonly problem: Problem }): void;
}
