import { randomUUID } from 'node:crypto';
import type { Problem } from '../../../core/base/problem.ts';
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
}

/** One association's (or one retrieval's) objects: what its receipt says. */
export class Sender implements IntakeOrigin {
  readonly sourceKind = 'received';
  readonly sourceLabel: string;
  readonly receiptId = randomUUID();
  readonly tally = new Tally();
  readonly startedAtMs: number;
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
    } else {
      const senders = new Set([sender]);
      this.#studies.set(studyKey, { studyUid, aeTitle: sender.sourceLabel, lastMs: nowMs, senders });
    }
    this.#news.changed([studyKey]);
    this.#looking ??= setInterval(() => void this.#look(), lookEveryMs).unref();
  }

  /** The sender is gone; its receipt is written when there is anything in it. */
  async ended(sender: Sender): Promise<void> {
    for (const study of this.#studies.values()) study.senders.delete(sender);
    if (sender.tally.files === 0) return;
    const receipt = sender.tally.receipt({
      receiptId: sender.receiptId,
      jobId: '',
      source: sender.sourceLabel,
      startedAtMs: sender.startedAtMs,
      finishedAtMs: this.#services.now(),
      cancelled: false,
    });
    await this.#services.store.write.call('saveReceipt', { receipt });
  }

  /** Nothing arrives any more: the host closes. */
  async close(): Promise<void> {
    if (this.#looking) clearInterval(this.#looking);
    this.#looking = null;
    await this.#settle([...this.#studies.keys()]);
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

  async #settle(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#studies.delete(key);
    if (this.#studies.size === 0 && this.#looking) {
      clearInterval(this.#looking);
      this.#looking = null;
    }
    if (keys.length === 0) return;
    await this.#services.store.write.call('setMark', { mark: 'arriving', keys, value: false });
    this.#news.finish(keys);
  }
}
