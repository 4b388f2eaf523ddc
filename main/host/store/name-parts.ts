import { dirname } from 'node:path';
import { fileProblem } from '../media/file-problem.ts';
import { objectPath } from '../objects/object-path.ts';
import { directoriesOf, placePart } from '../objects/write-objects.ts';
import type { AddBatch } from './add-instances.ts';
import { awaitGate, awaitHashes, type CommitGate, hashesOf } from './commit-gate.ts';

/** A part file whose row is being written. */
export interface GatedPart {
  /** Open once the file is durable. */
  readonly gate: CommitGate;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Batches whose items are those parts in their order, with the hashes: they may come only now. */
export function withHashes(batches: readonly AddBatch[], parts: readonly GatedPart[]): AddBatch[] {
  let at = 0;
  return batches.map((batch) => ({
    ...batch,
    items: batch.items.map((item) => ({ ...item, ...awaitHashes(parts[at++]!.gate) })),
  }));
}

/** What kept a part from its name, as it crosses threads: the code of the system stands in the message. */
export class NamingFailed extends Error {
  constructor(cause: unknown) {
    super(`naming failed: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`);
  }
}

/** Null of any other error. */
export function namingProblem({ message }: Error): ReturnType<typeof fileProblem> | null {
  const code = /naming failed: (\w+)/.exec(message)?.[1];
  return code === undefined ? null : fileProblem({ code });
}

/**
 * Steps 5 and 6 of reliability.md B2, in the thread that commits next: no other has to be woken between them. Answers
 * for each part whether its object is new.
 * @throws when a part is not durable or gets no durable name: the transaction is to be undone
 */
export function nameParts(parts: readonly GatedPart[], objectsDir: string): boolean[] {
  for (const { gate } of parts) awaitGate(gate);
  try {
    const hashes = parts.map(({ gate }) => hashesOf(gate).fileSha256);
    const areNew = parts.map(({ path, sizeBytes }, at) =>
      placePart(path, hashes[at]!, sizeBytes, objectsDir),
    );
    directoriesOf(objectsDir).syncNow(
      hashes.map((fileSha256) => dirname(objectPath(objectsDir, fileSha256))),
    );
    return areNew;
  } catch (error) {
    throw new NamingFailed(error);
  }
}
