import type { ForwardingRule } from '../../../core/contract/network-settings.ts';
import { patientsLabel } from '../../../core/terms/format-person.ts';
import type { ArrivedStudy } from '../receive/arrivals.ts';
import type { Services } from '../services.ts';
import { archiveOf, nodeOf } from './archive-of.ts';
import { findPriors } from './find-priors.ts';
import type { SendAsked } from './send-job.ts';
import { retryTransfer, startRetrieve, startSend } from './start-transfer.ts';
import { outcomesOf } from './transfer-log.ts';

const searchMs = 60_000;
const latestJobs = 500;

/** What happens by itself: studies that arrive are sent on, and earlier ones of their patients are fetched. */
export class TransferRules {
  readonly #use: () => Services;
  /** Studies whose priors were looked for, or which are such priors: each once while the host runs. */
  readonly #seen = new Set<string>();
  readonly #abort = new AbortController();
  /** A job says that the station of the priors cannot be searched. */
  #isTold = false;
  /** A station that does not answer holds up no forwarding. */
  readonly #working: Record<'forward' | 'priors', Promise<void>> = {
    forward: Promise.resolve(),
    priors: Promise.resolve(),
  };

  /** `use`: it is made before the host is whole. */
  constructor(use: () => Services) {
    this.#use = use;
  }

  get #services(): Services {
    return this.#use();
  }

  /** From now on; transfers by rules that a dead host left behind go on. */
  start(): void {
    this.#services.receiver.onArrived((study) => {
      this.#then('forward', () => this.#arrived(study));
      this.opened(study.studyKey);
    });
    this.#then('forward', () => this.#resume());
  }

  /** A reader opened a study, or it arrived. */
  opened(studyKey: string): void {
    if (!this.#services.settings.get().network.priors.enabled) return;
    this.#then('priors', () => this.#fetchPriors(studyKey));
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all(Object.values(this.#working));
  }

  /** One of a kind after another; a rule that fails costs nobody else anything. */
  #then(kind: 'forward' | 'priors', work: () => Promise<void>): void {
    this.#working[kind] = this.#working[kind]
      .then(() => (this.#abort.signal.aborted ? undefined : work()))
      .catch(() => undefined);
  }

  async #resume(): Promise<void> {
    const jobs = await this.#services.store.read.call('jobs', { limit: latestJobs });
    const resumed = new Set(jobs.map(({ input }) => input.resumes));
    for (const { job, input } of jobs) {
      if (job.state === 'interrupted' && input.byRule && !resumed.has(job.jobId)) {
        await retryTransfer(this.#services, job.jobId);
      }
    }
  }

  async #arrived({ studyKey, aeTitle }: ArrivedStudy): Promise<void> {
    const { forwarding } = this.#services.settings.get().network;
    for (const rule of forwarding) if (rule.enabled) await this.#forward(rule, studyKey, aeTitle);
  }

  async #forward(rule: ForwardingRule, studyKey: string, aeTitle: string): Promise<void> {
    if (rule.fromAeTitle !== '' && rule.fromAeTitle !== aeTitle) return;
    const node = nodeOf(this.#services, rule.toNodeId);
    // Nothing goes back to where it came from.
    if (!node.ok || node.value.aeTitle === aeTitle) return;
    const found = await this.#services.store.read.call('show', { studyKey });
    if (!found || (rule.modality !== '' && !found.study.modalities.includes(rule.modality))) return;
    const asked: SendAsked = {
      nodeId: rule.toNodeId,
      studyKeys: [studyKey],
      seriesKeys: [],
      instanceKeys: [],
      commit: node.value.commits && node.value.protocol === 'dimse',
    };
    const before = await this.#lastForward(asked);
    if (before !== null && !(await this.#hasNew(asked, before))) return;
    await startSend(this.#services, asked, { byRule: true, ...(before !== null && { resumes: before }) });
  }

  /** The newest job that sent the study there by a rule. */
  async #lastForward({ nodeId, studyKeys }: SendAsked): Promise<string | null> {
    const jobs = await this.#services.store.read.call('jobs', { limit: latestJobs });
    const found = jobs.find(({ job, input }) => {
      const asked = input.asked as SendAsked | undefined;
      return (
        job.kind === 'send' && input.byRule && input.nodeId === nodeId && asked?.studyKeys[0] === studyKeys[0]
      );
    });
    return found?.job.jobId ?? null;
  }

  /** Two stations that forward to each other come to rest: what went there once does not go again. */
  async #hasNew(asked: SendAsked, before: string): Promise<boolean> {
    const sent = await outcomesOf(this.#services, before);
    const rows = await this.#services.store.read.call('objectsToSend', asked);
    return rows.some(({ sopUid }) => !sent.has(sopUid));
  }

  async #fetchPriors(studyKey: string): Promise<void> {
    const rule = this.#services.settings.get().network.priors;
    const found = await this.#services.store.read.call('show', { studyKey });
    if (!found || rule.nodeId === null) return;
    const { studyInstanceUID, patientId } = found.study;
    // An empty ID names nobody (lesson L80).
    if (patientId === '' || this.#seen.has(studyInstanceUID)) return;
    this.#seen.add(studyInstanceUID);
    const about = patientsLabel([found.study]);
    const node = nodeOf(this.#services, rule.nodeId);
    if (!node.ok || !node.value.canQuery) return;
    const archive = await archiveOf(this.#services, node.value);
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(searchMs)]);
    const wanted = await findPriors(this.#services, archive, found, signal);
    if (this.#abort.signal.aborted) return;
    if (!wanted.ok) {
      // The next who opens it tries again; a job says why, and can be tried again: one, not one a study.
      this.#seen.delete(studyInstanceUID);
      if (this.#isTold) return;
      this.#isTold = true;
      await startRetrieve(
        this.#services,
        { nodeId: rule.nodeId, items: [], priorsOf: studyKey, about },
        { byRule: true },
      );
      return;
    }
    this.#isTold = false;
    for (const { studyInstanceUID: uid } of wanted.value) this.#seen.add(uid);
    if (wanted.value.length === 0) return;
    await startRetrieve(
      this.#services,
      { nodeId: rule.nodeId, items: wanted.value, about },
      { byRule: true },
    );
  }
}
