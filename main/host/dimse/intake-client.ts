import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Problem } from '../../../core/base/problem.ts';
import { giveHashes, newGate, openGate, shutGate, whenPassed } from '../store/commit-gate.ts';
import type { IntakeNote, IntakeOperations } from './intake-protocol.ts';
import type { MetaFields } from './meta-header.ts';
import { ObjectSink } from './object-sink.ts';

export interface IntakePlaces {
  /** Part files; the worker's own, on the file system of the objects. */
  readonly incomingDir: string;
}

/** Largest object (reliability.md C1). */
const mostObjectBytes = 32 * 1024 ** 3;
/** Larger ones take too long to sync for a transaction to wait for it. */
const mostAwaitedBytes = 4 * 1024 * 1024;

/** The worker's side of keeping received objects. Its `operations` are answered beside the worker's own. */
export class IntakeClient {
  readonly operations: IntakeOperations;
  readonly maxObjectBytes: number;
  readonly #places: IntakePlaces;
  readonly #send: (note: IntakeNote) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<Problem | null>>();
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
      intakeRefused: ({ id, problem }) => this.#waiting.get(id)?.resolve(problem),
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
   * fsync(file), here → rename → fsync(directory) → commit, in the store's thread; hashes, header scan and the row are
   * beside the first.
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
    const outcome = Promise.withResolvers<Problem | null>();
    this.#waiting.set(id, outcome);
    const { path, sizeBytes } = written.value;
    const { sopClassUid, sopInstanceUid } = fields;
    const gate = newGate();
    const isLarge = sizeBytes > mostAwaitedBytes;
    // What the disk takes is the longest of all that goes on now.
    const syncing = sink.sync();
    this.#send({ kind: 'received', id, path, sizeBytes, sopClassUid, sopInstanceUid, origin, gate, isLarge });
    try {
      giveHashes(gate, sink.hashed());
      const unsynced = await syncing;
      if (unsynced) {
        this.#send({ kind: 'lost', id, origin, problem: unsynced });
        shutGate(gate);
        await sink.drop();
        return unsynced;
      }
      openGate(gate);
      if (isLarge) this.#send({ kind: 'synced', id });
      void whenPassed(gate).then((isPassed) => isPassed && outcome.resolve(null));
      const refused = await outcome.promise;
      // After the answer: nobody waits for one name less in the folder of parts.
      setImmediate(() => void sink.drop());
      return refused;
    } finally {
      this.#waiting.delete(id);
    }
  }
}
