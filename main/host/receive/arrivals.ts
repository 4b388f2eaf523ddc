import { randomUUID } from 'node:crypto';
import type { Problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import { StudyNews } from '../import/study-news.ts';
import { Tally } from '../import/tally.ts';
import type { Services } from '../services.ts';
import type { AddedInstance } from '../store/add-instances.ts';
import type { IntakeOrigin } from './intake.ts';

type Uses = Pick<Services, 'store' | 'events' | 'now'>;

/** A study is whole for now when nothing came for so long, or this soon after its last sender left (L89). */
const quietMs = 60_000;
const quietAfterEndMs = 3000;
const lookEveryMs = 1000;
/** Receipts that wait for room. */
const mostUnsaved = 1000;

/** A study that stopped arriving, with who sent it. */
export interface ArrivedStudy {
  readonly studyKey: string;
  readonly studyUid: string;
  /** Of the sender that was last. */
  readonly aeTitle: string;
}

interface Arriving {
  readonly studyUid: string;
  aeTitle: string;
  lastMs: number;
  readonly senders: Set<Sender>;
  /** When a sender went away midway: only one that called later brings the rest. */
  cutAtMs: number | null;
}

/** One association's (or one retrieval's) objects: what its receipt says. */
export class Sender implements IntakeOrigin {
  readonly sourceKind = 'received';
  readonly sourceLabel: string;
  readonly receiptId = randomUUID();
  readonly tally = new Tally();
  readonly startedAtMs: number;
  /** Of its newest object; empty before the first. */
  lastStudyKey = '';
  readonly #onKept: (sender: Sender, added: AddedInstance, bytes: number) => void;
  readonly #onRefused: (reason: Problem) => void;

  constructor(
    aeTitle: string,
    startedAtMs: number,
    onKept: (sender: Sender, added: AddedInstance, bytes: number) => void,
    onRefused: (reason: Problem) => void,
  ) {
    this.sourceLabel = aeTitle;
    this.startedAtMs = startedAtMs;
    this.#onKept = onKept;
    this.#onRefused = onRefused;
  }

  kept(added: AddedInstance, sizeBytes: number): void {
    this.tally.studies.add(added.studyUid);
    this.tally.studyKeys.add(added.studyKey);
    this.lastStudyKey = added.studyKey;
    if (added.outcome === 'stored') this.tally.addStored(sizeBytes, added.flags, '');
    else this.tally.addDuplicate(sizeBytes);
    this.#onKept(this, added, sizeBytes);
  }

  refused(reason: Problem): void {
    // Paths of part files mean nothing to anybody.
    const { code, params } = reason;
    this.tally.addBroken({ code, ...(params && { params }) });
    this.#onRefused(reason);
  }
}

/** Studies that are arriving: news for the lists, the mark on their rows, and its end. */
export class Arrivals {
  readonly #services: Uses;
  readonly #news: StudyNews;
  readonly #studies = new Map<string, Arriving>();
  readonly #onArrived: (study: ArrivedStudy) => void;
  #looking: NodeJS.Timeout | null = null;
  /** Receipts that found no room yet. */
  #unsaved: Receipt[] = [];

  constructor(services: Uses, onArrived: (study: ArrivedStudy) => void) {
    this.#services = services;
    this.#news = new StudyNews(services.events);
    this.#onArrived = onArrived;
  }

  came(sender: Sender, { studyKey, studyUid }: AddedInstance): void {
    const nowMs = performance.now();
    const known = this.#studies.get(studyKey);
    if (known) {
      known.lastMs = nowMs;
      known.aeTitle = sender.sourceLabel;
      known.senders.add(sender);
      if (known.cutAtMs !== null && sender.startedAtMs >= known.cutAtMs) known.cutAtMs = null;
    } else {
      const senders = new Set([sender]);
      const aeTitle = sender.sourceLabel;
      this.#studies.set(studyKey, { studyUid, aeTitle, lastMs: nowMs, senders, cutAtMs: null });
    }
    this.#news.changed([studyKey]);
    this.#looking ??= this.#watch();
  }

  isArriving(studyKey: string): boolean {
    return this.#studies.has(studyKey);
  }

  /** The sender is gone; its receipt is written when there is anything in it. `cut`: studies that it left midway. */
  async ended(sender: Sender, cut: Iterable<string> = []): Promise<void> {
    for (const study of this.#studies.values()) study.senders.delete(sender);
    await this.#cutOff([...cut].filter(Boolean));
    if (sender.tally.files === 0) return;
    const receipt = sender.tally.receipt({
      receiptId: sender.receiptId,
      jobId: '',
      source: sender.sourceLabel,
      startedAtMs: sender.startedAtMs,
      finishedAtMs: this.#services.now(),
      cancelled: false,
    });
    this.#unsaved = [receipt, ...this.#unsaved].slice(0, mostUnsaved);
    await this.#saveReceipts();
  }

  /** Nothing of these is missing, by the word of the archive that they were retrieved from. */
  async whole(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const study = this.#studies.get(key);
      if (study) study.cutAtMs = null;
    }
    const settled = keys.filter((key) => !this.#studies.has(key));
    if (settled.length > 0) await this.#mark(settled, false);
  }

  async #cutOff(keys: readonly string[]): Promise<void> {
    const settled = keys.filter((key) => !this.#studies.has(key));
    for (const key of keys) {
      const study = this.#studies.get(key);
      if (study) study.cutAtMs = this.#services.now();
    }
    if (settled.length > 0) await this.#mark(settled, true);
  }

  async #mark(keys: readonly string[], value: boolean): Promise<void> {
    // A mark that finds no room is not worth a sender's end.
    await this.#services.store.write.call('setMark', { mark: 'cut_off', keys, value }).catch(() => undefined);
    this.#news.finish(keys);
  }

  /** On a full disk they wait for the next sender, or for the end of the host. */
  async #saveReceipts(): Promise<void> {
    for (const receipt of this.#unsaved.splice(0)) {
      await this.#services.store.write
        .call('saveReceipt', { receipt })
        .catch(() => this.#unsaved.push(receipt));
    }
  }

  /** Nothing arrives any more: the host closes. */
  async close(): Promise<void> {
    // Marks that find no room are gone with the next start.
    await this.#settle([...this.#studies.keys()]).catch(() => undefined);
    if (this.#looking) clearInterval(this.#looking);
    await this.#saveReceipts();
  }

  async #look(): Promise<void> {
    const nowMs = performance.now();
    const quiet = [...this.#studies].filter(([, { lastMs, senders }]) => {
      const silentMs = nowMs - lastMs;
      return silentMs >= quietMs || (senders.size === 0 && silentMs >= quietAfterEndMs);
    });
    const arrived = quiet.map(([studyKey, { studyUid, aeTitle }]) => ({ studyKey, studyUid, aeTitle }));
    await this.#settle(arrived.map(({ studyKey }) => studyKey));
    for (const study of arrived) this.#onArrived(study);
  }

  #watch(): NodeJS.Timeout {
    return setInterval(() => void this.#look().catch(() => undefined), lookEveryMs).unref();
  }

  async #settle(keys: readonly string[]): Promise<void> {
    const leaving = [...this.#studies].filter(([key]) => keys.includes(key));
    for (const key of keys) this.#studies.delete(key);
    if (this.#studies.size === 0 && this.#looking) {
      clearInterval(this.#looking);
      this.#looking = null;
    }
    if (keys.length === 0) return;
    try {
      const cut = leaving.flatMap(([key, { cutAtMs }]) => (cutAtMs === null ? [] : [key]));
      await this.#services.store.write.call('settleStudies', { keys, cut });
    } catch (error) {
      // A full disk: looked at again.
      for (const [key, study] of leaving) if (!this.#studies.has(key)) this.#studies.set(key, study);
      this.#looking ??= this.#watch();
      throw error;
    }
    this.#news.finish(keys);
  }
}
