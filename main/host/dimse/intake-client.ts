import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';
import { placePart, syncNames } from '../objects/write-objects.ts';
import { newGate, openGate, shutGate, whenPassed } from '../store/commit-gate.ts';
import type { IntakeNote, IntakeOperations } from './intake-protocol.ts';
import type { MetaFields } from './meta-header.ts';
import { ObjectSink, type SyncedPart } from './object-sink.ts';

export interface IntakePlaces {
  /** Part files; the worker's own, on the file system of the objects. */
  readonly incomingDir: string;
  readonly objectsDir: string;
}

/** Largest object (reliability.md C1). */
const mostObjectBytes = 32 * 1024 ** 3;

interface Waiting {
  readonly verdict: PromiseWithResolvers<Problem | null>;
  readonly kept: PromiseWithResolvers<Problem | null>;
}

/** The worker's side of keeping received objects. Its `operations` are answered beside the worker's own. */
export class IntakeClient {
  readonly operations: IntakeOperations;
  readonly maxObjectBytes: number;
  readonly #places: IntakePlaces;
  readonly #send: (note: IntakeNote) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #keeping = new Set<Promise<Problem | null>>();
  #nextId = 1;

  constructor(
    places: IntakePlaces,
    send: (note: IntakeNote) => void,
    maxObjectBytes: number = mostObjectBytes,
  ) {
    this.maxObjectBytes = maxObjectBytes;
    this.#places = places;
    this.#send = send;
    this.operations = {
      intakeVerdict: ({ id, problem }) => this.#waiting.get(id)?.verdict.resolve(problem),
      intakeRefused: ({ id, problem }) => this.#waiting.get(id)?.kept.resolve(problem),
    };
  }

  /** A sink for one data set. */
  open(fields: MetaFields): ObjectSink {
    return new ObjectSink(
      join(this.#places.incomingDir, `${randomUUID()}.part`),
      fields,
      this.maxObjectBytes,
    );
  }

  /**
   * After the last byte: null when the object is durable and has its row, else why it was not kept. Order:
   * fsync(file) beside the header scan → rename → fsync(directory) beside the writing of the row → commit.
   */
  keep(sink: ObjectSink, fields: MetaFields, origin: number): Promise<Problem | null> {
    const keeping = this.#keep(sink, fields, origin);
    this.#keeping.add(keeping);
    void keeping.finally(() => this.#keeping.delete(keeping)).catch(() => undefined);
    return keeping;
  }

  /** An object that never got so far as to be judged: the host counts it, and people are told. */
  refuse(origin: number, reason: Problem): void {
    this.#send({ kind: 'lost', id: 0, origin, problem: reason });
  }

  /** Settles when nothing is on its way any more: an object that has its name gets its row. */
  async idle(): Promise<void> {
    while (this.#keeping.size > 0) await Promise.allSettled(this.#keeping);
  }

  async #keep(sink: ObjectSink, fields: MetaFields, origin: number): Promise<Problem | null> {
    const written = await sink.written();
    if (!written.ok) {
      await sink.drop();
      this.refuse(origin, written.problem);
      return written.problem;
    }
    const id = this.#nextId++;
    const waiting: Waiting = { verdict: Promise.withResolvers(), kept: Promise.withResolvers() };
    this.#waiting.set(id, waiting);
    const { path, sizeBytes } = written.value;
    const { sopClassUid, sopInstanceUid } = fields;
    this.#send({ kind: 'received', id, path, sizeBytes, sopClassUid, sopInstanceUid, origin });
    try {
      const synced = await sink.synced();
      const placed = synced.ok ? place(synced.value, await waiting.verdict.promise, this.#places) : synced;
      if (placed.ok) return await this.#addRow(id, placed.value, waiting.kept);
      await sink.drop();
      this.#send({ kind: 'lost', id, origin, problem: placed.problem });
      return placed.problem;
    } finally {
      this.#waiting.delete(id);
    }
  }

  async #addRow(id: number, part: PlacedPart, kept: Waiting['kept']): Promise<Problem | null> {
    const { fileSha256, datasetSha256, sizeBytes, isNew } = part;
    const gate = newGate();
    const syncing = syncNames(fileSha256, this.#places.objectsDir);
    this.#send({ kind: 'placed', id, fileSha256, datasetSha256, sizeBytes, isNew, gate });
    const durable = await syncing;
    if (durable.ok) {
      openGate(gate);
      void whenPassed(gate).then((isPassed) => isPassed && kept.resolve(null));
      return kept.promise;
    }
    shutGate(gate);
    await kept.promise;
    return durable.problem;
  }
}

interface PlacedPart extends SyncedPart {
  readonly isNew: boolean;
}

/** Gives it its name, if the host has nothing against it. */
function place(part: SyncedPart, refused: Problem | null, { objectsDir }: IntakePlaces): Result<PlacedPart> {
  if (refused) return fail(refused);
  try {
    return ok({ ...part, isNew: placePart(part.path, part.fileSha256, part.sizeBytes, objectsDir) });
  } catch (error) {
    return fail(fileProblem(error));
  }
}
