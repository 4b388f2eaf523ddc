import { type Problem, problem } from '../../../core/base/problem.ts';
import type { StudySource } from '../../../core/contract/common.ts';
import type { IntakeNote, IntakeOperations } from '../dimse/intake-protocol.ts';
import { SpaceGuard } from '../import/free-space.ts';
import type { Services } from '../services.ts';
import type { AddBatch, AddedInstance, NewInstance } from '../store/add-instances.ts';
import { hashesOf, isOpen, refuseAtGate, shutGate } from '../store/commit-gate.ts';
import { type GatedPart, namingProblem } from '../store/name-parts.ts';
import type { AddedParts } from '../store/write-operations.ts';

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

type ReceivedNote = Extract<IntakeNote, { kind: 'received' }>;

interface Received {
  readonly note: ReceivedNote;
  readonly origin: IntakeOrigin;
  readonly replies: IntakeReplies;
  scan: Uint8Array | null;
  /** Of a large object: a row waits for nothing but its name. */
  isSynced: boolean;
  /** Why it was not kept, told after its row was handed over. */
  lost: Problem | null;
  /** It has its row, or never gets one. */
  end(): void;
}

/** An object whose row can be written. */
interface Ready {
  readonly received: Received;
  readonly item: NewInstance;
  readonly part: GatedPart;
}

/** Rows of one transaction (reliability.md B2). */
const rowsPerCommit = 64;

type Uses = Pick<Services, 'store' | 'imports' | 'folder' | 'now'>;

/**
 * The host's side of keeping received objects: headers are scanned in the killable parsers while the worker syncs
 * the file, and rows of all senders that are ready share one transaction. Nothing is answered before it is durable:
 * the store waits at each object's gate, names it, syncs the name, commits, and opens the way to the answer after it.
 */
export class ObjectIntake {
  readonly #services: Uses;
  readonly #space: SpaceGuard;
  #ready: Ready[] = [];
  #committing: readonly Ready[] = [];
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
    void ended.then(() => {
      received.clear();
      this.#shutGates(replies);
    });
    return (note, originOf) => {
      if (note.kind === 'received') {
        const origin = originOf(note.origin);
        if (!origin) {
          replies.intakeRefused({ id: note.id, problem: problem('CANCELLED') });
          return;
        }
        const end = (): void => {
          received.delete(note.id);
          this.#set(origin, -1);
        };
        const entry: Received = { note, origin, replies, scan: null, isSynced: false, lost: null, end };
        received.set(note.id, entry);
        this.#set(origin, 1);
        void this.#judge(note, entry).then((found) => {
          if (received.get(note.id) !== entry) return;
          if (!found) this.#add(entry);
          else {
            this.#lose(entry, found);
            replies.intakeRefused({ id: note.id, problem: found });
          }
        });
        return;
      }
      const entry = received.get(note.id);
      if (note.kind === 'lost') {
        if (entry) this.#lose(entry, note.problem);
        else if (note.id === 0) originOf(note.origin)?.refused(note.problem);
      } else if (entry) {
        entry.isSynced = true;
        this.#add(entry);
      }
    };
  }

  /** Settles when everything that was placed is committed. */
  async settle(): Promise<void> {
    while (this.#running) await this.#running;
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

  async #judge(note: ReceivedNote, entry: Received): Promise<Problem | null> {
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

  #add(received: Received): void {
    const { scan, isSynced } = received;
    const { path, sizeBytes, gate, isLarge } = received.note;
    if (!scan || (isLarge && !isSynced)) return;
    // The store takes the hashes from the gate.
    const item: NewInstance = {
      scan,
      fileSha256: '',
      datasetSha256: '',
      sizeBytes,
      path: null,
      modifiedAtMs: null,
    };
    this.#ready.push({ received, item, part: { gate, path, sizeBytes } });
    this.#start();
  }

  /** A row that is handed over already is taken back by its gate, which is shut after this was told. */
  #lose(received: Received, why: Problem): void {
    received.lost = why;
    if (this.#committing.some((ready) => ready.received === received)) return;
    this.#ready = this.#ready.filter((ready) => ready.received !== received);
    received.origin.refused(why);
    received.end();
  }

  /** At once when nothing is on its way to the disk; what comes meanwhile goes together. */
  #start(): void {
    if (this.#running || this.#ready.length === 0) return;
    const chunk = this.#take();
    this.#committing = chunk;
    this.#running = this.#commit(chunk).then(() => {
      this.#running = null;
      this.#committing = [];
      this.#start();
    });
  }

  /** What is durable goes together, and waits for nobody; else the oldest, which is being synced meanwhile. */
  #take(): Ready[] {
    const durable = this.#ready.filter(({ part }) => isOpen(part.gate)).slice(0, rowsPerCommit);
    const chunk = new Set(durable.length > 0 ? durable : this.#ready.slice(0, 1));
    this.#ready = this.#ready.filter((ready) => !chunk.has(ready));
    return [...chunk];
  }

  #shutGates(replies: IntakeReplies): void {
    for (const { received, part } of [...this.#committing, ...this.#ready]) {
      if (received.replies === replies) shutGate(part.gate);
    }
  }

  async #commit(chunk: readonly Ready[]): Promise<void> {
    const groups = new Map<IntakeOrigin, Ready[]>();
    for (const ready of chunk) {
      const group = groups.get(ready.received.origin);
      if (group) group.push(ready);
      else groups.set(ready.received.origin, [ready]);
    }
    const ordered = [...groups];
    let answer: AddedParts;
    try {
      const batches = ordered.map(([origin, ready]) => batchOf(origin, ready, this.#services.now()));
      const parts = ordered.flatMap(([, ready]) => ready.map(({ part }) => part));
      answer = await this.#services.store.write.call('addBatches', { batches, parts });
    } catch (error) {
      if (chunk.length === 1) await this.#refuse(chunk[0]!, error);
      // Whatever is wrong with one of them is no fault of the others.
      else for (const ready of chunk) await this.#commit([ready]);
      return;
    }
    await this.#tell(ordered, answer);
  }

  /** An object without a row is taken in at the next start; its sender tries again. */
  async #refuse({ received, item, part }: Ready, error: unknown): Promise<void> {
    // What the worker told before it shut the gate may be behind the store's answer.
    await nextTurn();
    const isFull =
      error instanceof Error && /SQLITE_FULL|disk is full|naming failed: (ENOSPC|EDQUOT)/.test(error.message);
    const unnamed = error instanceof Error ? namingProblem(error) : null;
    const failed =
      received.lost ??
      (isFull
        ? await this.#space.full(item.sizeBytes)
        : (unnamed ?? problem('IO_ERROR', { reason: 'index' })));
    received.origin.refused(failed);
    refuseAtGate(part.gate);
    received.replies.intakeRefused({ id: received.note.id, problem: failed });
    received.end();
  }

  async #tell(
    ordered: readonly (readonly [IntakeOrigin, readonly Ready[]])[],
    { added, areNew }: AddedParts,
  ): Promise<void> {
    const orphans: string[] = [];
    let at = 0;
    ordered.forEach(([origin, ready], group) => {
      ready.forEach(({ received, item, part }, index) => {
        const one = added[group]![index]!;
        const isNew = areNew[at++];
        origin.kept(one, item.sizeBytes);
        received.end();
        if (one.outcome === 'duplicate' && isNew) orphans.push(hashesOf(part.gate).fileSha256);
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

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const batchOf = (origin: IntakeOrigin, ready: readonly Ready[], nowMs: number): AddBatch => ({
  scope: 's',
  sourceKind: origin.sourceKind,
  sourceLabel: origin.sourceLabel,
  receiptId: origin.receiptId,
  demo: false,
  nowMs,
  items: ready.map(({ item }) => item),
});
