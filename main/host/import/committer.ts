import { problem } from '../../../core/base/problem.ts';
import type { AddedInstance, NewInstance } from '../store/add-instances.ts';
import { isDiskFull } from '../store/make-room.ts';
import type { StoreOperations } from '../store/write-operations.ts';
import type { WorkerClient } from '../worker-rpc.ts';
import { count, type IntakeTarget, type Ready } from './intake.ts';
import type { Tally } from './tally.ts';

/** One transaction takes at most this many rows, or those of this time (reliability.md B2). */
const rowsPerCommit = 500;
const gatherMs = 50;

/**
 * Writes chunks to the index in their order. Chunks gather for a moment, and while the transaction before is on
 * its way to the disk, and go together. Nothing is counted before it is durable.
 */
export class Committer {
  readonly #writer: WorkerClient<StoreOperations>;
  readonly #target: IntakeTarget;
  readonly #tally: Tally;
  readonly #now: () => number;
  readonly #afterCommit: (added: readonly AddedInstance[], orphans: readonly string[]) => Promise<void>;
  #gathered: Ready[] = [];
  #running: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    writer: WorkerClient<StoreOperations>,
    target: IntakeTarget,
    tally: Tally,
    now: () => number,
    afterCommit: (added: readonly AddedInstance[], orphans: readonly string[]) => Promise<void>,
  ) {
    this.#writer = writer;
    this.#target = target;
    this.#tally = tally;
    this.#now = now;
    this.#afterCommit = afterCommit;
  }

  /** Waits only when a whole transaction is already gathered behind the running one. */
  async add(chunk: readonly Ready[]): Promise<void> {
    this.#gathered.push(...chunk);
    const isFull = this.#gathered.length >= rowsPerCommit;
    if (this.#running && isFull) await this.#running;
    else if (!this.#running && isFull) this.#start();
    else if (!this.#running) this.#timer ??= setTimeout(() => this.#start(), gatherMs);
  }

  async finish(): Promise<void> {
    while (this.#running || this.#gathered.length > 0) {
      if (!this.#running) this.#start();
      await this.#running;
    }
  }

  #start(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running || this.#gathered.length === 0) return;
    const chunk = this.#gathered.splice(0, rowsPerCommit);
    this.#running = this.#commit(chunk).then(() => {
      this.#running = null;
      if (this.#gathered.length > 0) this.#start();
    });
    // Reported by `finish` or the next `add`, which await the same promise.
    this.#running.catch(() => undefined);
  }

  async #commit(chunk: readonly Ready[]): Promise<void> {
    const items: NewInstance[] = chunk.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
    try {
      const added = await this.#add(items);
      await this.#afterCommit(added, count(this.#tally, chunk, added));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // Rolled back: nothing of the chunk is in the index, and its new objects make room again.
      count(this.#tally, chunk.map(withoutRoom), []);
      const orphans = chunk.flatMap((item) =>
        item.kind === 'row' && item.isNewObject ? [item.row.fileSha256 ?? ''] : [],
      );
      await this.#afterCommit([], orphans);
    }
  }

  async #add(items: readonly NewInstance[]): Promise<AddedInstance[]> {
    if (items.length === 0) return [];
    const { scope, sourceKind, sourceLabel, receiptId, demo } = this.#target;
    const origin = { scope, sourceKind, sourceLabel, receiptId, demo };
    return this.#writer.call('addInstances', { ...origin, nowMs: this.#now(), items });
  }
}

const withoutRoom = (item: Ready): Ready =>
  item.kind === 'row'
    ? { kind: 'broken', problem: problem('DISK_FULL', { missingBytes: item.row.sizeBytes }, item.path) }
    : item;
