import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ReceiverStatus } from '../../../core/contract/network.ts';
import type { IntakePlaces } from '../dimse/intake-client.ts';
import type { Opened, ReceiverNote, ReceiverOperations } from '../dimse/receiver-protocol.ts';
import type { ServiceHandlers } from '../dimse/service-handler.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { Services } from '../services.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { Arrivals, type ArrivedStudy, Sender } from './arrivals.ts';
import { ObjectIntake } from './intake.ts';
import { watchPulse } from './pulse.ts';
import { type ReceiverOverrides, receiverConfig, receiverPlaces } from './receiver-config.ts';
import { ReceiverNews } from './receiver-news.ts';
import { RequestDesk } from './request-desk.ts';

export type ReceiverUses = Pick<
  Services,
  'store' | 'imports' | 'folder' | 'now' | 'events' | 'settings' | 'certificates' | 'secrets'
>;

/** Heap of the worker; data sets never lie in it. */
const heapMiB = 256;
/** Small, so that what sockets gave is collected soon: the heap alone would not ask for it (K3). */
const youngMiB = 2;
/** A worker that ended is started again, but not for ever (reliability.md C23). */
const mostRestarts = 5;
const restartWindowMs = 60_000;
const restartAfterMs = 300;
const roomEveryMs = 1000;
/** What is on the way to a slow disk has so long to get there when the receiver is turned off. */
const closeWithinMs = 5_000;

interface Running {
  readonly worker: WorkerClient<ReceiverOperations>;
  readonly places: IntakePlaces;
  readonly senders: Map<number, Sender>;
}

/**
 * The receiver's life in the host: on and off by Settings, its worker and what it reports. Objects are kept by
 * `intake`, which retrievals use too.
 */
export class Receiver {
  readonly intake: ObjectIntake;
  readonly arrivals: Arrivals;
  readonly #services: ReceiverUses;
  readonly #overrides: ReceiverOverrides;
  readonly #desk: RequestDesk;
  readonly #news: ReceiverNews;
  readonly #listeners: ((study: ArrivedStudy) => void)[] = [];
  #running: Running | null = null;
  /** What it listens by; most changes of Settings are no concern of it. */
  #listens: string | null = null;
  #working: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | null = null;
  #restarts: number[] = [];
  #watchingRoom: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(services: ReceiverUses, handlers: ServiceHandlers, overrides: ReceiverOverrides = {}) {
    this.#services = services;
    this.#overrides = overrides;
    this.intake = new ObjectIntake(services);
    this.arrivals = new Arrivals(services, (study) => {
      for (const listener of this.#listeners) listener(study);
    });
    this.#desk = new RequestDesk(handlers);
    this.#news = new ReceiverNews(services);
  }

  /** From now on it follows Settings. Answers when it listens, or failed to. */
  async start(): Promise<void> {
    this.#unsubscribe ??= this.#services.events.subscribe(Number.POSITIVE_INFINITY, ({ topic }) => {
      if (topic === 'settings') void this.apply();
    });
    await this.apply();
  }

  status(): ReceiverStatus {
    return this.#news.status();
  }

  /** Tries again whatever failed. */
  async restart(): Promise<ReceiverStatus> {
    this.#restarts = [];
    await this.apply();
    return this.status();
  }

  /** Called for each study that came whole, as far as anybody can tell. */
  onArrived(listener: (study: ArrivedStudy) => void): void {
    this.#listeners.push(listener);
  }

  /** Does what Settings say now; changes come one after another. */
  apply(): Promise<void> {
    this.#working = this.#working
      .then(() => this.#apply())
      .catch((error: unknown) => this.#news.failed(fileProblem(error)));
    return this.#working;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe?.();
    await this.apply();
    await this.arrivals.close();
    await this.#news.close();
  }

  async #apply(): Promise<void> {
    const settings = this.#services.settings.get();
    const isOn = this.#overrides.enabled ?? settings.network.receiver.enabled;
    if (!isOn || this.#isClosed) {
      await this.#stop();
      return;
    }
    const config = await receiverConfig(settings, this.#services, this.#overrides);
    const asked = JSON.stringify(config);
    if (this.#running && asked === this.#listens) return;
    this.#news.listening(config, 'starting');
    const running = this.#running ?? (await this.#startWorker());
    const listening = await running.worker.call('listen', config);
    this.#listens = listening.ok ? asked : null;
    if (listening.ok) this.#news.listening({ ...config, ...listening.value }, 'listening');
    else this.#news.failed(listening.problem);
  }

  async #startWorker(): Promise<Running> {
    const places = receiverPlaces(this.#services);
    const senders = new Map<number, Sender>();
    const worker: WorkerClient<ReceiverOperations> = new WorkerClient('receiver', null, {
      limits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: youngMiB },
      onNote: (note) => this.#take(note as ReceiverNote, running, toIntake),
    });
    const running: Running = { worker, places, senders };
    // The worker may have ended; then nobody waits for the answer.
    const toIntake = this.intake.connect(
      {
        intakeVerdict: (input) => worker.tell('intakeVerdict', input),
        intakeRefused: (input) => worker.tell('intakeRefused', input),
      },
      worker.ended,
    );
    this.#running = running;
    const stopPulse = watchPulse(
      () => worker.call('ping', null),
      () => void worker.terminate(),
    );
    void worker.ended.then(() => {
      stopPulse();
      return this.#workerEnded(running);
    });
    await worker.call('places', places);
    return running;
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running) {
      await this.#end(running.worker);
      await this.intake.settle();
      await this.#leave(running);
    }
    this.#news.off();
  }

  /** What it has on the way is kept first; one that hangs is not waited for. */
  async #end(worker: Running['worker']): Promise<void> {
    const late = new AbortController();
    const closed = worker.call('close', null).catch(() => undefined);
    await Promise.race([
      closed,
      delay(closeWithinMs, null, { ref: false, signal: late.signal }).catch(() => null),
    ]);
    late.abort();
    await worker.terminate();
    await worker.ended;
  }

  /** Everything of a worker that is no more. */
  async #leave({ places, senders }: Running): Promise<void> {
    this.#desk.close();
    if (this.#watchingRoom) clearInterval(this.#watchingRoom);
    this.#watchingRoom = null;
    const left = [...senders.values()];
    senders.clear();
    for (const sender of left) {
      this.intake.forget(sender);
      await this.#senderEnded(sender, problem('CONNECTION_LOST'), true);
    }
    this.#news.nobody();
    await rm(places.incomingDir, { recursive: true, force: true });
  }

  /** Nothing acknowledged is lost: senders whose objects were on the way send them again. */
  async #workerEnded(running: Running): Promise<void> {
    if (this.#running !== running) return;
    this.#running = null;
    await this.intake.settle();
    await this.#leave(running);
    const nowMs = performance.now();
    this.#restarts = [...this.#restarts.filter((atMs) => nowMs - atMs < restartWindowMs), nowMs];
    if (this.#restarts.length > mostRestarts) {
      this.#news.failed(problem('WORKER_CRASH_LOOP'));
      return;
    }
    this.#news.failed(problem('INTERNAL', { reason: 'receiver' }));
    setTimeout(() => void this.apply(), restartAfterMs).unref();
  }

  #take(note: ReceiverNote, running: Running, toIntake: ReturnType<ObjectIntake['connect']>): void {
    switch (note.kind) {
      case 'received':
      case 'placed':
      case 'lost':
        toIntake(note, (id) => running.senders.get(id) ?? null);
        return;
      case 'opened':
        running.senders.set(note.associationId, this.#senderOf(note.associationId, note, running));
        this.#news.opened(note);
        this.#overrides.onEvent?.({
          event: 'opened',
          associationId: note.associationId,
          aeTitle: note.callingAeTitle,
          address: note.address,
        });
        void this.#checkRoom(running);
        return;
      case 'closed':
        void this.#closed(note.associationId, note.problem, running);
        return;
      case 'refused':
        this.#news.refused(note);
        this.#overrides.onEvent?.({
          event: 'refused',
          associationId: null,
          aeTitle: note.aeTitle,
          address: note.address,
          problem: note.problem,
        });
        return;
      case 'request':
        void this.#desk.take(note, running.worker);
        return;
      case 'cancelled':
        this.#desk.cancelled(note.requestId);
        return;
    }
  }

  #senderOf(associationId: number, peer: Opened, running: Running): Sender {
    const { onEvent } = this.#overrides;
    const { callingAeTitle: aeTitle, address } = peer;
    return new Sender(
      aeTitle,
      this.#services.now(),
      (sender, added, bytes) => {
        this.#news.received(associationId, sender.tally.stored + sender.tally.duplicates, sender.tally.bytes);
        this.arrivals.came(sender, added);
        const { studyUid, instanceKey, outcome } = added;
        const flags = added.flags.map(({ code }) => code);
        onEvent?.({
          event: 'instance',
          associationId,
          StudyInstanceUID: studyUid,
          instanceKey,
          outcome,
          bytes,
          flags,
        });
      },
      (reason) => {
        this.#news.objectRefused(associationId, reason);
        if (reason.code === 'DISK_FULL') void this.#checkRoom(running);
        onEvent?.({ event: 'refused', associationId, aeTitle, address, problem: reason });
      },
    );
  }

  /** What was placed before the end is still counted. */
  async #closed(associationId: number, why: Problem | null, running: Running): Promise<void> {
    const sender = running.senders.get(associationId);
    this.#news.closed(associationId, why);
    if (sender) await this.intake.settled(sender);
    // A worker that ended meanwhile took its senders along.
    if (!running.senders.delete(associationId) || !sender) return;
    await this.#senderEnded(sender, why, this.#running !== running);
    const { stored, duplicates, broken } = sender.tally;
    this.#overrides.onEvent?.({
      event: 'closed',
      associationId,
      stored,
      duplicates,
      refused: broken,
      problem: why,
    });
  }

  /** `isOurEnd`: it was us who went, maybe in the middle of a study. */
  async #senderEnded(sender: Sender, why: Problem | null, isOurEnd: boolean): Promise<void> {
    this.#news.senderEnded(sender, why);
    const { lastStudyKey } = sender;
    // One that is too slow is in the middle of an image, too.
    const isMidway = why?.code === 'SENDER_CUT_OFF' || why?.code === 'PEER_TOO_SLOW';
    const isCut = isMidway || (isOurEnd && this.arrivals.isArriving(lastStudyKey));
    await this.arrivals.ended(sender, isCut ? [lastStudyKey] : []);
  }

  /** While the disk is full, objects are refused before they come; looked at again every second. */
  async #checkRoom(running: Running): Promise<void> {
    const full = await this.intake.room(0);
    if (this.#running !== running) return;
    this.#news.room(full);
    await running.worker.call('room', { problem: full }).catch(() => undefined);
    if (full) this.#watchingRoom ??= setInterval(() => void this.#checkRoom(running), roomEveryMs).unref();
    else if (this.#watchingRoom) {
      clearInterval(this.#watchingRoom);
      this.#watchingRoom = null;
    }
  }
}
