import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RetrieveItem } from '../../../core/contract/remote.ts';
import type { JobContext, JobWork } from '../jobs/job-runner.ts';
import type { Services } from '../services.ts';
import { keyOfUid } from '../store/row-values.ts';
import type { RemoteArchive, RemoteInstance } from './archive.ts';
import { archiveOf, nodeOf, originOf } from './archive-of.ts';
import { backOff, mayPassLater, mostAttempts } from './back-off.ts';
import { findPriors } from './find-priors.ts';
import { planRetrieval, singleObjects } from './plan-retrieval.ts';
import { mayBeOneObject, retrieveInParts } from './retrieve-parts.ts';
import { TransferLog, waitingOutcome } from './transfer-log.ts';

/** What a retrieval was asked for; kept with its job. */
export interface RetrieveAsked {
  readonly nodeId: string;
  readonly items: readonly RetrieveItem[];
  /** Key of a study whose priors are looked for first, in place of `items`. */
  readonly priorsOf?: string;
  /** Whose studies they are, for the job's title. */
  readonly about?: string;
}

/** Retrieves what is not here yet; asked again, it goes on where it ended. */
export const retrieveJob =
  (services: Services, asked: RetrieveAsked): JobWork =>
  async (context) => {
    const { nodeId } = asked;
    const node = nodeOf(services, nodeId);
    if (!node.ok) return { receipt: null, problem: node.problem };
    const refused: Problem[] = [];
    const origin = originOf(services, node.value, (reason) => refused.push(reason));
    const archive = await archiveOf(services, node.value, origin);
    const items = await itemsOf(services, archive, asked, context.signal);
    if (!items.ok) return { receipt: null, problem: items.problem };
    const log = new TransferLog(services, context.jobId);
    const retrieving = new Retrieving(services, archive, log, context, refused);
    const stopped = await retrieving.run(items.value);
    const incomplete = stopped ?? retrieving.incomplete();
    const { part, whole } = await retrieving.studies();
    await services.receiver.arrivals.ended(origin, await keysOf(services, part, origin));
    await services.receiver.arrivals.whole(await keysOf(services, whole, origin));
    await log.write();
    return { receipt: null, problem: incomplete };
  };

/** Studies here by their UIDs: those that this brought, under whichever patient, and one that was here before. */
async function keysOf(
  services: Services,
  studyUids: readonly string[],
  { tally }: { readonly tally: { readonly studyKeys: ReadonlySet<string> } },
): Promise<string[]> {
  const here = await services.store.read.call('localStudies', { studyUids });
  const firsts = new Set(studyUids.map((uid) => keyOfUid('s', uid, 1)));
  const brought = [...tally.studyKeys].filter((key) => firsts.has(key.replace(/~\d+$/, '')));
  return [...new Set([...here.map(({ studyKey }) => studyKey), ...brought])];
}

async function itemsOf(
  services: Services,
  archive: RemoteArchive,
  { items, priorsOf }: RetrieveAsked,
  signal: AbortSignal,
): Promise<Result<readonly RetrieveItem[]>> {
  if (priorsOf === undefined) return ok(items);
  const found = await services.store.read.call('show', { studyKey: priorsOf });
  return found ? await findPriors(services, archive, found, signal) : fail(problem('NOT_FOUND'));
}

interface Plan {
  readonly item: RetrieveItem;
  readonly expected: readonly RemoteInstance[];
  /** The peer told what it has, were it nothing. */
  readonly isListed: boolean;
  /** Of what it has, so many were not here before. */
  missing: number;
  /** It ended before its end, though something of it came; of what is not listed nobody can look. */
  isBroken: boolean;
}

class Retrieving {
  readonly #services: Services;
  readonly #archive: RemoteArchive;
  readonly #log: TransferLog;
  readonly #context: JobContext;
  /** Of items whose objects the peer does not list: they are counted by its own words. */
  #unlistedDone = 0;
  #unlistedTotal = 0;
  #unlistedFailed = 0;
  #moved = 0;
  readonly #plans: Plan[] = [];
  /** Why we did not keep what came, since it was looked at last. */
  readonly #refused: Problem[];
  /** What went wrong last, until something comes again. */
  #trouble: Problem | null = null;

  constructor(
    services: Services,
    archive: RemoteArchive,
    log: TransferLog,
    context: JobContext,
    refused: Problem[],
  ) {
    this.#refused = refused;
    this.#services = services;
    this.#archive = archive;
    this.#log = log;
    this.#context = context;
  }

  /** Null when everything was tried to its end. */
  async run(items: readonly RetrieveItem[]): Promise<Problem | null> {
    const { signal } = this.#context;
    this.#context.update({ phase: 'connecting' });
    for (const item of items) {
      const listed = await this.#list(item);
      if (signal.aborted) return problem('CANCELLED');
      // A peer that cannot list its images can still send them.
      if (!listed.ok && !isAboutQuery(listed.problem)) return listed.problem;
      const expected = listed.ok ? listed.value : [];
      for (const { sopInstanceUID, sopClassUID } of expected) {
        this.#log.set(waitingOutcome(sopInstanceUID, sopClassUID));
      }
      const missing = (await this.#missing(expected, 0)).length;
      this.#plans.push({ item, expected, isListed: listed.ok, missing, isBroken: false });
    }
    let stopped: Problem | null = null;
    for (const plan of this.#plans) {
      const moved = this.#moved;
      const ended = await this.#retrieve(plan);
      const isHurt = ended !== null || signal.aborted || this.#unlistedFailed > 0;
      plan.isBroken = isHurt && plan.expected.length === 0 && this.#moved > moved;
      // Nothing listed and nothing sent: some call that a success, some a fault of their own.
      const isNothing = plan.isListed && plan.expected.length === 0 && this.#moved === moved;
      stopped = (isNothing && mayBeNothing(ended) ? problem('RETRIEVE_NOTHING') : ended) ?? stopped;
      if (signal.aborted) return problem('CANCELLED');
    }
    return stopped;
  }

  /** What the peer has of it: a connection that is lost is tried again, as when objects come. */
  async #list(item: RetrieveItem): Promise<Result<readonly RemoteInstance[]>> {
    const { signal } = this.#context;
    for (let attempt = 1; ; attempt++) {
      const listed = await this.#archive.instances(item, signal);
      if (listed.ok || isAboutQuery(listed.problem) || !mayPassLater(listed.problem)) return listed;
      if (attempt === mostAttempts || signal.aborted) return listed;
      this.#context.update({ phase: 'retrying', problem: listed.problem });
      await backOff(attempt + 1, signal);
    }
  }

  /**
   * Studies by what is here of them now: some of what was missing came and some did not, or nothing of a whole study is
   * missing. One of which nothing came is as it was.
   */
  async studies(): Promise<{ readonly part: string[]; readonly whole: string[] }> {
    const part = new Set<string>();
    const whole = new Set<string>();
    for (const { item, expected, missing, isBroken } of this.#plans) {
      const { studyInstanceUID, seriesInstanceUID } = item;
      const left = (await this.#missing(expected)).length;
      if (isBroken || (left > 0 && left < missing)) part.add(studyInstanceUID);
      else if (expected.length > 0 && left === 0 && !seriesInstanceUID) whole.add(studyInstanceUID);
    }
    return { part: [...part], whole: [...whole].filter((uid) => !part.has(uid)) };
  }

  incomplete(): Problem | null {
    const failed = this.#log.count('failed', 'waiting') + this.#unlistedFailed;
    return failed > 0 ? problem('RETRIEVE_INCOMPLETE', { failed }) : null;
  }

  async #retrieve({ item, expected, isListed }: Plan): Promise<Problem | null> {
    const { signal } = this.#context;
    let last: Problem | null = null;
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      if (attempt > 1) {
        this.#context.update({ phase: 'retrying', problem: this.#trouble });
        await backOff(attempt, signal);
      }
      if (signal.aborted) return null;
      const missing = await this.#missing(expected, attempt === 1 ? 0 : 1);
      if (expected.length > 0 && missing.length === 0) {
        this.#progress(this.#log.count('done') + this.#unlistedDone);
        return null;
      }
      last = await this.#here(() => this.#attempt(item, expected, missing));
      const left = await this.#missing(expected);
      if (left.length > 0 || last) this.#trouble = last ?? problem('NOT_DELIVERED');
      this.#settle(left, last);
      if (expected.length > 0 ? left.length === 0 : last === null) return null;
      if (last && left.length > 1 && isForParts(last, attempt)) return await this.#inParts(left, last);
      if (last && (!mayPassLater(last) || (isListed && expected.length === 0 && mayBeNothing(last))))
        return last;
    }
    return last;
  }

  /** So that what the peer cannot send costs nothing else; null when that brought something and all was tried. */
  async #inParts(left: readonly RemoteInstance[], reason: Problem): Promise<Problem | null> {
    const { signal } = this.#context;
    this.#context.update({ phase: 'retrying', problem: reason });
    const alone = new Set<RemoteInstance>();
    const stopped = await retrieveInParts(
      left,
      {
        attempt: (part) => this.#here(() => this.#part(part)),
        missing: (part) => this.#missing(part),
        cannot: (one, why) => {
          alone.add(one);
          this.#settle([one], why);
        },
      },
      signal,
    );
    const still = await this.#missing(left);
    if (stopped)
      this.#settle(
        still.filter((one) => !alone.has(one)),
        stopped,
      );
    return stopped ?? (still.length === left.length ? reason : null);
  }

  async #part(part: readonly RemoteInstance[]): Promise<Problem | null> {
    const here = this.#log.count('done') + this.#unlistedDone;
    const got = await this.#archive.retrieve({
      items: singleObjects(part),
      expected: part,
      signal: this.#context.signal,
      onCounts: ({ completed, warning }) => this.#progress(here + completed + warning),
    });
    return got.ok ? null : got.problem;
  }

  /** With no room here it is not tried, and what the peer says of its failed objects is not the reason. */
  async #here(attempt: () => Promise<Problem | null>): Promise<Problem | null> {
    const { intake } = this.#services.receiver;
    const full = await intake.room(0);
    if (full) return full;
    const stopped = await attempt();
    // There may be room for something, and none for the object that came.
    const tooLarge = this.#refused.find(({ code }) => code === 'DISK_FULL');
    return stopped && ((await intake.room(0)) ?? tooLarge ?? stopped);
  }

  async #attempt(
    item: RetrieveItem,
    expected: readonly RemoteInstance[],
    missing: readonly RemoteInstance[],
  ): Promise<Problem | null> {
    const here = expected.length - missing.length;
    this.#progress(this.#log.count('done') + this.#unlistedDone);
    for (const items of planRetrieval(item, expected, missing)) {
      const before = this.#moved;
      const got = await this.#archive.retrieve({
        items,
        expected: missing,
        signal: this.#context.signal,
        onCounts: ({ completed, warning, remaining }) => {
          this.#moved = before + completed + warning;
          if (completed + warning > 0) this.#trouble = null;
          if (expected.length === 0) {
            this.#unlistedDone = completed + warning;
            this.#unlistedTotal = completed + warning + (remaining ?? 0);
          }
          this.#progress(here + this.#moved);
        },
      });
      if (!got.ok) return got.problem;
      if (expected.length === 0) this.#unlistedFailed = got.value.failed;
    }
    return null;
  }

  /** `tries`: 0 before anything of it was asked for, when what is here was here already. */
  async #missing(expected: readonly RemoteInstance[], tries = 1): Promise<RemoteInstance[]> {
    const sopUids = expected.map(({ sopInstanceUID }) => sopInstanceUID);
    const present = new Set(await this.#services.store.read.call('presentInstances', { sopUids }));
    const missing = expected.filter(({ sopInstanceUID }) => !present.has(sopInstanceUID));
    for (const uid of present) {
      const known = this.#log.get(uid);
      if (!known || known.state === 'done') continue;
      this.#log.set({ ...known, state: 'done', attempts: known.attempts + tries, problem: null });
    }
    return missing;
  }

  /** What did not come in this attempt. */
  #settle(left: readonly RemoteInstance[], reason: Problem | null): void {
    const ours = this.#refused.splice(0);
    // They came, and are none: who sent them did what was asked.
    const isOurs = left.length > 0 && ours.length >= left.length;
    const missing = (isOurs && ours.at(-1)) || problem('NOT_DELIVERED');
    for (const { sopInstanceUID } of left) {
      const known = this.#log.get(sopInstanceUID);
      if (!known) continue;
      // A retrieval that went well in the peer's words brought everything but these.
      const why = reason ?? missing;
      this.#log.set({ ...known, state: 'failed', attempts: known.attempts + 1, problem: why });
    }
    this.#progress(this.#log.count('done') + this.#unlistedDone);
  }

  #progress(done: number): void {
    const total = this.#log.size + this.#unlistedTotal;
    this.#context.update({
      phase: 'copying',
      done: Math.min(done, total),
      total: total || null,
      problem: this.#trouble,
    });
  }
}

const mayBeNothing = (ended: Problem | null): boolean =>
  ended === null || ended.code === 'PEER_CANNOT_PROCESS' || ended.code === 'WEB_NOT_FOUND';

/** A request that could not be carried out stays so; other answers may pass, and are asked anew as a whole first. */
const isForParts = (last: Problem, attempt: number): boolean =>
  mayBeOneObject(last) && (last.code === 'PEER_CANNOT_PROCESS' || attempt === mostAttempts);

/** The query was understood and refused, not offered, or answered in a way that nobody can read: no reason not to try the retrieval. */
const isAboutQuery = ({ code }: Problem): boolean =>
  [
    'NO_CONTEXT_ACCEPTED',
    'PEER_QUERY_MISMATCH',
    'PEER_CANNOT_PROCESS',
    'PEER_CLASS_UNSUPPORTED',
    'PEER_ANSWER_INVALID',
  ].includes(code);
