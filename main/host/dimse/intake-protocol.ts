import type { Problem } from '../../../core/base/problem.ts';
import type { CommitGate } from '../store/commit-gate.ts';

/**
 * How a worker that receives data sets and the host agree on each of them (README.md): the worker tells that a part
 * file is complete (`received`), hashes and syncs it while the host scans its header. The row is written beside that.
 * The gate gives the store the hashes and says when the file is durable and may be named; and to the worker it says when
 * the row is committed.
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
      readonly gate: CommitGate;
      /** It takes so long to sync that no transaction may wait for it: `synced` follows. */
      readonly isLarge: boolean;
    }
  | { readonly kind: 'synced'; readonly id: number }
  /** It was not kept: refused beforehand (id 0), or its part could not be written or synced. Told before its gate is shut. */
  | { readonly kind: 'lost'; readonly id: number; readonly origin: number; readonly problem: Problem };

export interface IntakeOperations {
  /** The object is not taken, or its row could not be written: what passed its gate needs no words. */
  intakeRefused(input: { readonly id: number; readonly problem: Problem }): void;
}
