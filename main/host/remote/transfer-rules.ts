import type { ForwardingRule, PriorRule } from '../../../core/contract/network-settings.ts';
import type { RemoteSeries } from '../../../core/contract/remote.ts';
import type { ArrivedStudy } from '../receive/arrivals.ts';
import type { Services } from '../services.ts';
import { nameKey } from '../store/row-values.ts';
import type { StudyDetail } from '../store/show-study.ts';
import type { FoundStudy, RemoteArchive } from './archive.ts';
import { archiveOf, nodeOf } from './archive-of.ts';
import type { SendAsked } from './send-job.ts';
import { retryTransfer, startRetrieve, startSend } from './start-transfer.ts';
import { outcomesOf } from './transfer-log.ts';

const searchMs = 60_000;
/** Series of more candidates than this are not asked for. */
const mostCandidates = 20;
const latestJobs = 500;

/** What happens by itself: studies that arrive are sent on, and earlier ones of their patients are fetched. */
export class TransferRules {
  readonly #use: () => Services;
  /** Studies whose priors were looked for, or which are such priors: each once while the host runs. */
  readonly #seen = new Set<string>();
  readonly #abort = new AbortController();
  #working: Promise<void> = Promise.resolve();

  /** `use`: it is made before the host is whole. */
  constructor(use: () => Services) {
    this.#use = use;
  }

  get #services(): Services {
    return this.#use();
  }

  /** From now on; transfers by rules that a dead host left behind go on. */
  start(): void {
    this.#services.receiver.onArrived((study) => this.#then(() => this.#arrived(study)));
    this.#then(() => this.#resume());
  }

  /** A reader opened a study. */
  opened(studyKey: string): void {
    if (this.#services.settings.get().network.priors.enabled) this.#then(() => this.#fetchPriors(studyKey));
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#working;
  }

  /** One after another; a rule that fails costs nobody else anything. */
  #then(work: () => Promise<void>): void {
    this.#working = this.#working
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
    const { forwarding, priors } = this.#services.settings.get().network;
    for (const rule of forwarding) if (rule.enabled) await this.#forward(rule, studyKey, aeTitle);
    if (priors.enabled) await this.#fetchPriors(studyKey);
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
    const node = nodeOf(this.#services, rule.nodeId);
    if (!node.ok || !node.value.canQuery) return;
    const archive = await archiveOf(this.#services, node.value);
    const wanted = await this.#relevant(archive, rule, found);
    for (const uid of wanted) this.#seen.add(uid);
    if (wanted.length === 0) return;
    const items = wanted.map((uid) => ({ studyInstanceUID: uid }));
    await startRetrieve(this.#services, { nodeId: rule.nodeId, items }, { byRule: true });
  }

  async #relevant(archive: RemoteArchive, rule: PriorRule, current: StudyDetail): Promise<string[]> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(searchMs)]);
    const answer = await archive.search(priorQuery(rule, current), signal);
    if (!answer.ok) return [];
    const candidates = answer.value.rows.filter((row) => mayBePrior(row, rule, current));
    const studyUids = candidates.map(({ studyInstanceUID }) => studyInstanceUID);
    const local = await this.#services.store.read.call('localStudies', { studyUids });
    const here = new Map(local.map(({ studyUid, instances }) => [studyUid, instances]));
    const wanted: string[] = [];
    for (const { studyInstanceUID, instances, description } of candidates.slice(0, mostCandidates)) {
      if (wanted.length >= rule.atMost) break;
      if ((here.get(studyInstanceUID) ?? -1) >= (instances ?? 0)) continue;
      if (rule.sameBodyPart) {
        const series = await archive.series(studyInstanceUID, signal);
        if (!series.ok || !isSameRegion(series.value, description, current)) continue;
      }
      wanted.push(studyInstanceUID);
    }
    return wanted;
  }
}

/** Of that patient, in the years before. */
function priorQuery(rule: PriorRule, { study }: StudyDetail) {
  const year = Number(study.studyDate.slice(0, 4));
  const isDated = /^\d{8}$/.test(study.studyDate);
  return {
    text: '',
    patientName: '',
    patientId: study.patientId,
    accessionNumber: '',
    studyInstanceUID: '',
    dateFrom: isDated ? `${year - rule.years}${study.studyDate.slice(4)}` : '',
    dateTo: isDated ? study.studyDate : '',
    modalities: [],
    limit: 200,
  };
}

/** The same person beyond doubt: ID, and name and birth date where both sides have them. */
function mayBePrior(row: FoundStudy, rule: PriorRule, { study }: StudyDetail): boolean {
  const agrees = (a: string, b: string): boolean => a === b || a === '' || b === '';
  const isPatient =
    row.patientId === study.patientId &&
    agrees(row.birthDate, study.birthDate) &&
    agrees(nameKey(row.patientName), nameKey(study.patientName));
  const isModality = !rule.sameModality || row.modalities.some((one) => study.modalities.includes(one));
  return isPatient && isModality && row.studyInstanceUID !== study.studyInstanceUID;
}

/** By body parts where both sides name them, else by a word that both descriptions have. */
function isSameRegion(series: readonly RemoteSeries[], description: string, current: StudyDetail): boolean {
  const named = (parts: readonly string[]): Set<string> =>
    new Set(parts.map((part) => part.toUpperCase()).filter(Boolean));
  const theirs = named(series.map(({ bodyPart }) => bodyPart));
  const ours = named(current.series.map(({ bodyPart }) => bodyPart));
  if (theirs.size > 0 && ours.size > 0) return share(theirs, ours);
  const words = wordsOf(description);
  return share(words, wordsOf(current.study.description));
}

const share = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((one) => b.has(one));

/** Words of at least three letters, and pairs of Chinese characters. */
function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{Script=Latin}{3,}/gu) ?? [];
  const han = text.match(/\p{Script=Han}+/gu) ?? [];
  const pairs = han.flatMap((run) => Array.from({ length: run.length - 1 }, (_, n) => run.slice(n, n + 2)));
  return new Set([...words, ...pairs]);
}
