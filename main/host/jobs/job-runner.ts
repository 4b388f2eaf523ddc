import { randomUUID } from 'node:crypto';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { FileCounts, Job, Receipt } from '../../../core/contract/jobs.ts';
import type { EventStream } from '../events.ts';
import { stopBelowBytes } from '../import/free-space.ts';
import type { JobInput } from '../store/job-rows.ts';
import { isDiskFull } from '../store/make-room.ts';
import type { Store } from '../store/store.ts';

export type JobKind = Job['kind'];

/** How a job ended; `place` for one that opened files in place. */
export interface JobEnd {
  readonly receipt: Receipt | null;
  readonly problem: Problem | null;
  readonly place?: string;
}

export interface JobContext {
  readonly jobId: string;
  readonly receiptId: string;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  /** `problem`: why it has to try again, told while it does. */
  update(change: Partial<Pick<Job, 'phase' | 'done' | 'total' | 'bytes' | 'title' | 'problem'>>): void;
}

/** Told of each job that ended, and of what was learnt of its end later. */
export type JobListener = (job: Job, input: JobInput) => Promise<void>;

export type JobWork = (context: JobContext) => Promise<JobEnd>;

/** At most this often, progress goes out (10 per second). */
const progressEveryMs = 100;
const listedJobs = 200;

interface Running {
  job: Job;
  readonly input: JobInput;
  readonly abort: AbortController;
  readonly finished: Promise<void>;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Jobs of one lane run one after another; null waits for nobody. */
function laneOf(kind: JobKind, input: JobInput): string | null {
  if (kind === 'open') return null;
  // They copy what is there at their start: nobody who imports waits for a backup of hours.
  if (kind === 'backup' || kind === 'restore') return 'backup';
  return kind === 'send' || kind === 'retrieve' ? `${kind} ${input.nodeId ?? ''}` : storeLane;
}
const storeLane = 'store';

/**
 * Long work as rows: waiting → running → done, failed, cancelled, or interrupted when the host died with it.
 * Jobs that write run one after another; opening a disc waits for none of them, and what goes to or comes from
 * another station waits only for jobs of its kind with that station; backups wait for backups.
 */
export class JobRunner {
  readonly #store: Store;
  readonly #events: EventStream;
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #onEnd: JobListener;

  constructor(store: Store, events: EventStream, now: () => number, onEnd: JobListener = async () => {}) {
    this.#store = store;
    this.#events = events;
    this.#now = now;
    this.#onEnd = onEnd;
  }

  /** Jobs that a dead host left behind. */
  async markInterrupted(): Promise<void> {
    for (const { job, input } of await this.#store.read.call('jobs', { limit: 10_000 })) {
      if (job.state !== 'running' && job.state !== 'waiting') continue;
      const ended: Job = {
        ...job,
        state: 'interrupted',
        finishedAtMs: this.#now(),
        remainingMs: null,
        problem: problem('JOB_INTERRUPTED'),
      };
      await this.#store.write.call('saveJob', { job: ended, input });
      await this.#onEnd(ended, input);
    }
  }

  async start(kind: JobKind, title: string, input: JobInput, work: JobWork): Promise<string> {
    const job = newJob(kind, title, this.#now());
    await this.#store.write.call('saveJob', { job, input });
    const abort = new AbortController();
    const { jobId } = job;
    const lane = laneOf(kind, input);
    const begin = (lane === null ? undefined : this.#lanes.get(lane)) ?? Promise.resolve();
    const finished = begin.then(() => this.#run(jobId, work));
    if (lane !== null) this.#lanes.set(lane, finished);
    this.#running.set(jobId, { job, input, abort, finished, timer: null });
    this.#events.emit('job', job);
    if (input.resumes !== undefined) await this.noteRetry(input.resumes, jobId);
    return jobId;
  }

  /** Says of a job that ended that another does it again, so that nobody is asked to. */
  async noteRetry(jobId: string, retriedBy: string): Promise<void> {
    const found = await this.find(jobId);
    if (!found || this.#running.has(jobId)) return;
    const job: Job = { ...found.job, retriedBy };
    await this.#store.write.call('saveJob', { job, input: found.input });
    this.#events.emit('job', job);
  }

  /** Changes how a job ended, where that was learnt later; one that still runs ends first. */
  async amend(jobId: string, endOf: (job: Job) => Promise<Pick<Job, 'state' | 'problem'>>): Promise<void> {
    await this.#running.get(jobId)?.finished;
    const found = await this.find(jobId);
    if (!found || this.#running.has(jobId)) return;
    const job: Job = { ...found.job, ...(await endOf(found.job)) };
    await this.#store.write.call('saveJob', { job, input: found.input });
    const isNews = job.state !== found.job.state || job.problem?.code !== found.job.problem?.code;
    if (isNews) await this.#onEnd(job, found.input);
    this.#events.emit('job', job);
  }

  async list(): Promise<Job[]> {
    const stored = await this.#store.read.call('jobs', { limit: listedJobs });
    return stored.map(({ job }) => this.#running.get(job.jobId)?.job ?? job);
  }

  async find(jobId: string): Promise<{ job: Job; input: JobInput } | null> {
    const stored = await this.#store.read.call('jobs', { limit: 10_000 });
    return stored.find(({ job }) => job.jobId === jobId) ?? null;
  }

  /** No job runs or waits. */
  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** Whether a job of the kind is under way. */
  isRunning(kind: JobKind): boolean {
    return [...this.#running.values()].some(({ job }) => job.kind === kind && job.state === 'running');
  }

  /** False when no such job runs. Answers when the job has stopped. */
  async cancel(jobId: string): Promise<boolean> {
    const running = this.#running.get(jobId);
    if (!running) return false;
    running.abort.abort();
    if (running.job.state === 'running') await running.finished;
    else await this.#end(running, 'cancelled', { receipt: null, problem: problem('CANCELLED') });
    return true;
  }

  /** Runs short work while no job writes; jobs that come meanwhile wait for it. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const ran = (this.#lanes.get(storeLane) ?? Promise.resolve()).then(work);
    const ended = ran.then(
      () => undefined,
      () => undefined,
    );
    this.#lanes.set(storeLane, ended);
    return ran;
  }

  /** Stops everything, for closing the host. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { abort } of all) abort.abort();
    await Promise.all(all.map(({ finished }) => finished));
  }

  async #run(jobId: string, work: JobWork): Promise<void> {
    const running = this.#running.get(jobId);
    if (!running) return;
    if (running.abort.signal.aborted) {
      await this.#end(running, 'cancelled', { receipt: null, problem: problem('CANCELLED') });
      return;
    }
    running.job = { ...running.job, state: 'running', startedAtMs: this.#now() };
    await this.#save(running);
    this.#events.emit('job', running.job);
    try {
      const end = await work({
        jobId,
        receiptId: randomUUID(),
        startedAtMs: running.job.startedAtMs,
        signal: running.abort.signal,
        update: (change) => this.#update(running, change),
      });
      const isCancelled = running.abort.signal.aborted && !end.receipt?.stoppedBy;
      await this.#end(running, isCancelled ? 'cancelled' : end.problem ? 'failed' : 'done', end);
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
      const why = isDiskFull(error)
        ? problem('DISK_FULL', { missingBytes: stopBelowBytes })
        : problem('INTERNAL', { reason });
      await this.#end(running, 'failed', { receipt: null, problem: why });
    }
  }

  /**
   * A full disk costs the job's row, never the host (reliability.md A11): windows know the job by its events, and the
   * next change writes it again.
   */
  async #save({ job, input }: Running): Promise<void> {
    try {
      await this.#store.write.call('saveJob', { job, input });
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }

  /** False when the disk has no room for it: the job then ends without one. */
  async #saveReceipt(receipt: Receipt): Promise<boolean> {
    try {
      await this.#store.write.call('saveReceipt', { receipt });
      return true;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return false;
    }
  }

  #update(running: Running, change: Partial<Job>): void {
    const merged = { ...running.job, ...change };
    const elapsedMs = this.#now() - merged.startedAtMs;
    // Nothing is done while it waits: what is left cannot be told.
    const isAtWork = !['connecting', 'waiting', 'retrying'].includes(merged.phase);
    const left = isAtWork && merged.total !== null && merged.done > 0 ? merged.total - merged.done : null;
    running.job = {
      ...merged,
      remainingMs: left === null ? null : Math.round((elapsedMs / merged.done) * Math.max(0, left)),
    };
    running.timer ??= setTimeout(() => {
      running.timer = null;
      if (this.#running.has(running.job.jobId)) this.#events.emit('job', running.job);
    }, progressEveryMs);
  }

  async #end(running: Running, state: Job['state'], end: JobEnd): Promise<void> {
    if (!this.#running.delete(running.job.jobId)) return;
    if (running.timer) clearTimeout(running.timer);
    const isKept = end.receipt !== null && (await this.#saveReceipt(end.receipt));
    running.job = {
      ...running.job,
      state,
      phase: 'finishing',
      finishedAtMs: this.#now(),
      remainingMs: null,
      receiptId: isKept ? (end.receipt?.receiptId ?? null) : null,
      place: end.place ?? null,
      problem: end.problem,
      ...(end.receipt && {
        done: end.receipt.files,
        bytes: end.receipt.bytes,
        counts: countsOf(end.receipt),
      }),
      total: end.receipt && state === 'done' ? end.receipt.files : running.job.total,
    };
    await this.#save(running);
    await this.#onEnd(running.job, running.input);
    this.#events.emit('job', running.job);
  }
}

const countsOf = ({ stored, duplicates, notDicom, broken }: Receipt): FileCounts => ({
  stored,
  duplicates,
  notDicom,
  broken,
});

const newJob = (kind: JobKind, title: string, nowMs: number): Job => ({
  jobId: randomUUID(),
  kind,
  title,
  state: 'waiting',
  phase: 'counting',
  done: 0,
  total: null,
  bytes: 0,
  startedAtMs: nowMs,
  finishedAtMs: null,
  remainingMs: null,
  receiptId: null,
  place: null,
  problem: null,
});
