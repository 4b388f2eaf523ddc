import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import type { TransferOutcome } from '../../../core/contract/remote.ts';
import { maxReferencesPerTransaction } from '../../../core/dimse/commitment.ts';
import type { JobContext, JobEnd, JobWork } from '../jobs/job-runner.ts';
import { objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { ObjectToSend } from '../store/peer-reads.ts';
import type { RemoteArchive, SendObject, SendOutcome } from './archive.ts';
import { archiveOf, nodeOf } from './archive-of.ts';
import { backOff, mayPassLater, mostAttempts } from './back-off.ts';
import { commitmentEnd, noteReport } from './commitment-outcomes.ts';
import { oneOfEachUid } from './one-of-each-uid.ts';
import { targetOf } from './peer-target.ts';
import { outcomesOf, TransferLog, waitingOutcome } from './transfer-log.ts';

/** What a send was asked to do; kept with its job. */
export interface SendAsked {
  readonly nodeId: string;
  readonly studyKeys: readonly string[];
  readonly seriesKeys: readonly string[];
  readonly instanceKeys: readonly string[];
  readonly commit: boolean;
  /** The peer has the objects: commitment only. */
  readonly isThere?: boolean;
}

/** A report on the same association comes at once or not at all. */
const reportWaitMs = 3_000;
/** One on an association of the peer's own may come after hours: the job ends before, and is amended. */
const patienceMs = 5_000;
const lookEveryMs = 100;

/** Sends stored objects; `resumes` names a job whose done objects are not sent again. */
export const sendJob =
  (services: Services, asked: SendAsked, resumes: string | null): JobWork =>
  async (context) => {
    const node = nodeOf(services, asked.nodeId);
    if (!node.ok) return { receipt: null, problem: node.problem };
    const rows = await services.store.read.call('objectsToSend', asked);
    if (rows.length === 0) return { receipt: null, problem: problem('NOTHING_TO_SEND') };
    const before = resumes === null ? new Map() : await outcomesOf(services, resumes);
    const log = new TransferLog(services, context.jobId);
    for (const { sopUid, sopClass } of rows) {
      const known = before.get(sopUid);
      const fresh = waitingOutcome(sopUid, sopClass);
      log.set(
        known && isThereOf(known) ? asSent(known) : asked.isThere ? { ...fresh, state: 'done' } : fresh,
      );
    }
    await log.write();
    const sending = new Sending(services, node.value, rows, log, context);
    const stopped = await sending.run();
    if (!stopped && asked.commit) await sending.commit();
    await log.write();
    return await sending.end(stopped, asked.commit);
  };

/** Whether the peer has it: one that it does not keep is sent again, one that it was not asked about is not. */
const isThereOf = ({ state, problem: reason }: TransferOutcome): boolean =>
  ['done', 'warning', 'committed'].includes(state) ||
  (state === 'notCommitted' && reason?.code !== 'COMMITMENT_FAILED');

const asSent = (outcome: TransferOutcome): TransferOutcome =>
  outcome.state === 'notCommitted' ? { ...outcome, state: 'done', problem: null } : outcome;

class Sending {
  readonly #services: Services;
  readonly #node: RemoteNode;
  readonly #objects: readonly SendObject[];
  readonly #log: TransferLog;
  readonly #context: JobContext;
  /** UIDs that another object here has too. */
  readonly #conflicts: ReadonlySet<string>;
  #bytes = 0;
  /** What went wrong last, until something goes well again. */
  #trouble: Problem | null = null;

  constructor(
    services: Services,
    node: RemoteNode,
    rows: readonly ObjectToSend[],
    log: TransferLog,
    context: JobContext,
  ) {
    this.#services = services;
    this.#node = node;
    const { objects: sent, shared } = oneOfEachUid(rows);
    this.#conflicts = shared;
    this.#objects = sent.map((row) => ({
      studyInstanceUID: row.studyUid,
      sopInstanceUID: row.sopUid,
      sopClassUID: row.sopClass,
      transferSyntaxUID: row.transferSyntax,
      path: objectPath(services.folder.objects, row.fileSha256),
      datasetOffset: row.datasetOffset,
      sizeBytes: row.sizeBytes,
    }));
    this.#log = log;
    this.#context = context;
  }

  /** Null when every object has its outcome; else why the rest were not tried. */
  async run(): Promise<Problem | null> {
    const { signal } = this.#context;
    const archive = await archiveOf(this.#services, this.#node);
    let fruitless = 0;
    this.#progress('connecting');
    for (let left = this.#left(); left.length > 0; left = this.#left()) {
      const settledBefore = this.#settled();
      const stopped = await this.#attempt(archive, left);
      if (signal.aborted) return problem('CANCELLED');
      const isFruitless = this.#settled() === settledBefore;
      fruitless = isFruitless ? fruitless + 1 : 0;
      if (stopped && (!mayPassLater(stopped) || fruitless >= mostAttempts)) {
        this.#giveUp(stopped);
        return stopped;
      }
      if (this.#left().length === 0) break;
      this.#trouble = stopped ?? this.#trouble;
      this.#progress('retrying');
      await backOff(fruitless + 2, signal);
      if (signal.aborted) return problem('CANCELLED');
    }
    return null;
  }

  /** Asks the peer to promise that it keeps what it took (PS3.4 J). */
  async commit(): Promise<void> {
    // A report may come within milliseconds, and goes by what is written.
    await this.#log.write();
    const done = this.#log.values().filter(({ state }) => state === 'done' || state === 'warning');
    this.#context.update({ phase: 'waiting' });
    const target = await targetOf(this.#services, this.#node);
    for (let at = 0; at < done.length; at += maxReferencesPerTransaction) {
      const part = done.slice(at, at + maxReferencesPerTransaction);
      const transactionUid = newUid();
      const { jobId, signal } = this.#context;
      // Kept before it is asked: the report may come to our receiver before the answer does.
      await this.#services.store.write.call('saveCommitment', {
        transactionUid,
        jobId,
        nodeId: this.#node.nodeId,
        askedAtMs: this.#services.now(),
      });
      const references = part.map(({ sopClassUID: sopClassUid, sopInstanceUID: sopInstanceUid }) => ({
        sopClassUid,
        sopInstanceUid,
      }));
      const request = { transactionUid, references };
      const reported = await this.#services.peers.commit(target, { request, waitMs: reportWaitMs }, signal);
      if (reported.ok) {
        for (const report of reported.value) await noteReport(this.#services, report);
        continue;
      }
      for (const one of part) this.#log.set({ ...one, state: 'notCommitted', problem: reported.problem });
      await this.#log.write();
      await this.#services.store.write.call('dropCommitment', { transactionUid });
    }
    await this.#untilReported();
  }

  /** Most stations report to our receiver, at once. */
  async #untilReported(): Promise<void> {
    const { jobId, signal } = this.#context;
    const { store, receiver } = this.#services;
    const late = performance.now() + patienceMs;
    while (!signal.aborted && performance.now() < late && receiver.status().state === 'listening') {
      if ((await store.read.call('openCommitments', { jobId })) === 0) return;
      await delay(lookEveryMs);
    }
  }

  async end(stopped: Problem | null, isAsked: boolean): Promise<JobEnd> {
    const failed = this.#log.count('failed', 'waiting');
    this.#progress('finishing');
    const promised = isAsked && !stopped ? await commitmentEnd(this.#services, this.#context.jobId) : null;
    const incomplete = failed > 0 ? problem('SEND_INCOMPLETE', { failed }) : promised;
    return { receipt: null, problem: stopped ?? incomplete };
  }

  async #attempt(archive: RemoteArchive, objects: readonly SendObject[]): Promise<Problem | null> {
    let hasFailed = false;
    const sizes = new Map(objects.map(({ sopInstanceUID, sizeBytes }) => [sopInstanceUID, sizeBytes]));
    const sent = await archive.send({
      objects,
      signal: this.#context.signal,
      onOutcome: (outcome) => {
        const isFailed = outcome.state === 'failed';
        hasFailed ||= isFailed;
        if (isFailed || !hasFailed) this.#trouble = isFailed ? outcome.problem : null;
        this.#take(outcome);
        if (!isFailed) this.#bytes += sizes.get(outcome.sopInstanceUID) ?? 0;
        this.#progress('copying');
      },
    });
    return sent.ok ? null : sent.problem;
  }

  #take({ sopInstanceUID, state, status, transcodedTo, problem: reason, mayRetry }: SendOutcome): void {
    const known = this.#log.get(sopInstanceUID);
    if (!known) return;
    const attempts = known.attempts + 1;
    const isOpen = state === 'failed' && mayRetry && attempts < mostAttempts;
    const isOneOfTwo = state === 'done' && this.#conflicts.has(sopInstanceUID);
    const settled = isOneOfTwo ? 'warning' : state;
    this.#log.set({
      ...known,
      state: isOpen ? 'waiting' : settled,
      status,
      transcodedTo,
      attempts,
      problem: isOneOfTwo ? problem('SENT_ONE_OF_TWO') : reason,
    });
  }

  /** Those that wait, never tried ones first: one that breaks connections must not hold up the others. */
  #left(): SendObject[] {
    const waiting = this.#objects.filter(
      ({ sopInstanceUID }) => this.#log.get(sopInstanceUID)?.state === 'waiting',
    );
    const attempts = ({ sopInstanceUID }: SendObject): number => this.#log.get(sopInstanceUID)?.attempts ?? 0;
    return waiting.sort((a, b) => attempts(a) - attempts(b));
  }

  #settled(): number {
    return this.#log
      .values()
      .reduce((sum, { attempts, state }) => sum + attempts + (state === 'waiting' ? 0 : 1), 0);
  }

  #giveUp(reason: Problem): void {
    for (const one of this.#log.values()) {
      if (one.state === 'waiting') this.#log.set({ ...one, state: 'failed', problem: reason });
    }
  }

  #progress(phase: 'connecting' | 'copying' | 'retrying' | 'finishing'): void {
    const done = this.#log.count('done', 'warning', 'committed', 'notCommitted', 'failed');
    const total = this.#objects.length;
    this.#context.update({ phase, done, total, bytes: this.#bytes, problem: this.#trouble });
  }
}

/** A UID from a UUID (PS3.5 B.2). */
export const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
