import { type Problem, problem } from '../../../core/base/problem.ts';
import type { StudySource } from '../../../core/contract/common.ts';
import type { IntakeNote, IntakeOperations } from '../dimse/intake-protocol.ts';
import { SpaceGuard } from '../import/free-space.ts';
import type { Services } from '../services.ts';
import type { AddBatch, AddedInstance, NewInstance } from '../store/add-instances.ts';
import {
  type CommitGate,
  isClosed,
  isOpen,
  refuseAtGate,
  shutGate,
  whenDecided,
} from '../store/commit-gate.ts';

/** Whose objects they are, and who wants to know what became of them. */
export interface IntakeOrigin {
  readonly sourceKind: StudySource;
  /** What the study's source says: the peer's AE title. */
  readonly sourceLabel: string;
  readonly receiptId: string | null;
  kept(added: AddedInstance, sizeBytes: number): void;
  refused(reason: Problem): void;
}

/** How to answer the worker; one that has ended answers nothing. */
export type IntakeReplies = {
  readonly [N in keyof IntakeOperations]: (input: Parameters<IntakeOperations[N]>[0]) => void;
};

interface Connection {
  readonly replies: IntakeReplies;
  /** It kept the store waiting for a name: the store gets its objects when they are durable, until one came in time. */
  isLate: boolean;
}

interface Received {
  readonly origin: IntakeOrigin;
  readonly connection: Connection;
  scan: Uint8Array | null;
}

interface Placed {
  readonly id: number;
  readonly received: Received;
  readonly item: NewInstance;
  readonly isNew: boolean;
  readonly gate: CommitGate;
}

/** Rows of one transaction (reliability.md B2). */
const rowsPerCommit = 64;

type Uses = Pick<Services, 'store' | 'imports' | 'folder' | 'now'>;

/**
 * The host's side of keeping received objects: headers are scanned in the killable parsers while the worker syncs
 * the file, and rows of all senders that are ready share one transaction. Nothing is answered before it is durable:
 * the store waits for each object's gate before it commits, and opens the way to the answer after it.
 */
export class ObjectIntake {
  readonly #services: Uses;
  readonly #space: SpaceGuard;
  #placed: Placed[] = [];
  /** Of late connections: nobody stands still for them. */
  readonly #late = new Set<Placed>();
  #committing: readonly Placed[] = [];
  #running: Promise<void> | null = null;
  /** Objects of each origin on their way, and who waits for the last of them. */
  readonly #onWay = new Map<IntakeOrigin, { count: number; readonly done: PromiseWithResolvers<void> }>();

  constructor(services: Uses) {
    this.#services = services;
    this.#space = new SpaceGuard(services.folder.root, services.imports.freeBytes, services.now);
  }

  /** One connection for each worker; its part files are its own affair. `ended`: nobody opens its gates any more. */
  connect(
    replies: IntakeReplies,
    ended: Promise<void>,
  ): (note: IntakeNote, originOf: (id: number) => IntakeOrigin | null) => void {
    const received = new Map<number, Received>();
    const connection: Connection = { replies, isLate: false };
    void ended.then(() => this.#shutGates(connection));
    return (note, originOf) => {
      if (note.kind === 'received') {
        const origin = originOf(note.origin);
        if (!origin) {
          replies.intakeVerdict({ id: note.id, problem: problem('CANCELLED') });
          return;
        }
        const entry: Received = { origin, connection, scan: null };
        received.set(note.id, entry);
        this.#set(origin, 1);
        void this.#judge(note, entry).then((found) => replies.intakeVerdict({ id: note.id, problem: found }));
        return;
      }
      const entry = received.get(note.id);
      received.delete(note.id);
      if (note.kind === 'lost') {
        const origin = entry?.origin ?? originOf(note.origin);
        origin?.refused(note.problem);
        if (entry) this.#set(entry.origin, -1);
      } else if (entry) this.#add(note, entry);
    };
  }

  /** Settles when everything that was placed is committed, but for what waits for a late connection. */
  async settle(): Promise<void> {
    // Who hears of the end of a worker may come before its gates are shut, in the same turn.
    do await this.#running;
    while (this.#running);
  }

  /** Settles when nothing of this origin is on its way. */
  async settled(origin: IntakeOrigin): Promise<void> {
    await this.#onWay.get(origin)?.done.promise;
  }

  /** The worker has ended: what it had not placed never comes. */
  forget(origin: IntakeOrigin): void {
    this.#onWay.get(origin)?.done.resolve();
    this.#onWay.delete(origin);
  }

  #set(origin: IntakeOrigin, change: number): void {
    const known = this.#onWay.get(origin) ?? { count: 0, done: Promise.withResolvers<void>() };
    known.count += change;
    this.#onWay.set(origin, known);
    if (known.count > 0) return;
    this.#onWay.delete(origin);
    known.done.resolve();
  }

  /** Null when there is room for an object of that size. */
  room(sizeBytes: number): Promise<Problem | null> {
    return this.#space.check(sizeBytes);
  }

  async #judge(note: Extract<IntakeNote, { kind: 'received' }>, entry: Received): Promise<Problem | null> {
    try {
      const full = await this.#space.check(note.sizeBytes);
      if (full) return full;
      const scanned = await this.#services.imports.scanner.scan(note.path, { keepPartial: false });
      if (!scanned.ok) return scanned.problem;
      const { isDirectory, SOPClassUID, SOPInstanceUID, bytes } = scanned.value;
      if (isDirectory) return problem('DIRECTORY_RECORD');
      const isAsAnnounced = SOPClassUID === note.sopClassUid && SOPInstanceUID === note.sopInstanceUid;
      if (!isAsAnnounced) return problem('REFUSED_OTHER_OBJECT');
      entry.scan = bytes;
      return null;
    } catch {
      return problem('INTERNAL', { reason: 'scan' });
    }
  }

  #add(note: Extract<IntakeNote, { kind: 'placed' }>, received: Received): void {
    const { id, fileSha256, datasetSha256, sizeBytes, isNew, gate } = note;
    if (!received.scan) throw new Error('placed without a verdict');
    const item: NewInstance = {
      scan: received.scan,
      fileSha256,
      datasetSha256,
      sizeBytes,
      path: null,
      modifiedAtMs: null,
    };
    this.#enqueue({ id, received, item, isNew, gate });
  }

  #enqueue(placed: Placed): void {
    const { connection } = placed.received;
    if (connection.isLate && isClosed(placed.gate)) {
      this.#late.add(placed);
      void whenDecided(placed.gate).then(() => this.#decided(placed));
      return;
    }
    this.#placed.push(placed);
    this.#start();
  }

  /** Its name is durable, or never will be. */
  #decided(placed: Placed): void {
    if (!this.#late.delete(placed)) return;
    if (isOpen(placed.gate)) placed.received.connection.isLate = false;
    this.#enqueue(placed);
  }

  /** What the store waited for in vain, and with it all of its connection that it would wait for next. */
  #putOff(chunk: readonly Placed[]): void {
    for (const { received } of chunk) received.connection.isLate = true;
    const waiting = [...chunk, ...this.#placed];
    this.#placed = [];
    for (const placed of waiting) this.#enqueue(placed);
  }

  /** At once when nothing is on its way to the disk; what comes meanwhile goes together. */
  #start(): void {
    if (this.#running || this.#placed.length === 0) return;
    const chunk = this.#take();
    this.#committing = chunk;
    this.#running = this.#commit(chunk).then(() => {
      this.#running = null;
      this.#committing = [];
      this.#start();
    });
  }

  /** What is durable goes together, and waits for nobody; else the oldest, whose name is being synced meanwhile. */
  #take(): Placed[] {
    const durable = this.#placed.filter(({ gate }) => isOpen(gate)).slice(0, rowsPerCommit);
    const chunk = new Set(durable.length > 0 ? durable : this.#placed.slice(0, 1));
    this.#placed = this.#placed.filter((placed) => !chunk.has(placed));
    return [...chunk];
  }

  #shutGates(connection: Connection): void {
    const isOf = ({ received }: Placed): boolean => received.connection === connection;
    for (const { gate } of [...this.#committing, ...this.#placed, ...this.#late].filter(isOf)) shutGate(gate);
    for (const placed of [...this.#late].filter(isOf)) this.#decided(placed);
  }

  async #commit(chunk: readonly Placed[]): Promise<void> {
    const groups = new Map<IntakeOrigin, Placed[]>();
    for (const placed of chunk) {
      const group = groups.get(placed.received.origin);
      if (group) group.push(placed);
      else groups.set(placed.received.origin, [placed]);
    }
    const ordered = [...groups];
    let added: AddedInstance[][] = [];
    try {
      const batches = ordered.map(([origin, placed]) => batchOf(origin, placed, this.#services.now()));
      const gates = chunk.map(({ gate }) => gate);
      const written = await this.#services.store.write.call('addBatches', { batches, gates });
      if (!written) return this.#putOff(chunk);
      added = written;
    } catch (error) {
      if (chunk.length === 1) await this.#refuse(chunk[0]!, error);
      // Whatever is wrong with one of them is no fault of the others.
      else for (const placed of chunk) await this.#commit([placed]);
      return;
    }
    await this.#tell(ordered, added);
  }

  /** An object without a row is taken in after a crash, else the store's check finds it; its sender tries again. */
  async #refuse({ id, received, item, gate }: Placed, error: unknown): Promise<void> {
    const isFull = error instanceof Error && /SQLITE_FULL|disk is full/.test(error.message);
    const failed = isFull ? await this.#space.full(item.sizeBytes) : problem('IO_ERROR', { reason: 'index' });
    received.origin.refused(failed);
    refuseAtGate(gate);
    received.connection.replies.intakeRefused({ id, problem: failed });
    this.#set(received.origin, -1);
  }

  async #tell(
    ordered: readonly (readonly [IntakeOrigin, readonly Placed[]])[],
    added: readonly AddedInstance[][],
  ): Promise<void> {
    const orphans: string[] = [];
    ordered.forEach(([origin, placed], group) => {
      placed.forEach(({ item, isNew }, index) => {
        const one = added[group]![index]!;
        origin.kept(one, item.sizeBytes);
        this.#set(origin, -1);
        if (one.outcome === 'duplicate' && isNew) orphans.push(item.fileSha256!);
      });
    });
    // One that stays is named by no row: the check of the store finds it.
    if (orphans.length > 0) await this.#removeOrphans(orphans).catch(() => undefined);
  }

  /** A duplicate under another file hash; another row may name the object, then it stays. */
  async #removeOrphans(orphans: readonly string[]): Promise<void> {
    const { imports, folder } = this.#services;
    const fileSha256 = await imports.unknownObjects(orphans);
    if (fileSha256.length === 0) return;
    await imports.copies.use((worker) => worker.call('remove', { objectsDir: folder.objects, fileSha256 }));
  }
}

const batchOf = (origin: IntakeOrigin, placed: readonly Placed[], nowMs: number): AddBatch => ({
  scope: 's',
  sourceKind: origin.sourceKind,
  sourceLabel: origin.sourceLabel,
  receiptId: origin.receiptId,
  demo: false,
  nowMs,
  items: placed.map(({ item }) => item),
});
