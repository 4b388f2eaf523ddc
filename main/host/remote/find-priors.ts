import { ok, type Result } from '../../../core/base/result.ts';
import type { PriorRule } from '../../../core/contract/network-settings.ts';
import type { RemoteSeries, RetrieveItem } from '../../../core/contract/remote.ts';
import type { Services } from '../services.ts';
import { nameKey } from '../store/row-values.ts';
import type { StudyDetail } from '../store/show-study.ts';
import type { FoundStudy, RemoteArchive } from './archive.ts';

/** Series of more candidates than this are not asked for. */
const mostCandidates = 20;

/** Earlier studies of a study's patient that the rule wants and that are not here. */
export async function findPriors(
  services: Pick<Services, 'settings' | 'store'>,
  archive: RemoteArchive,
  current: StudyDetail,
  signal: AbortSignal,
): Promise<Result<RetrieveItem[]>> {
  const rule = services.settings.get().network.priors;
  const answer = await archive.search(priorQuery(rule, current), signal);
  if (!answer.ok) return answer;
  const candidates = answer.value.rows.filter((row) => mayBePrior(row, rule, current));
  const studyUids = candidates.map(({ studyInstanceUID }) => studyInstanceUID);
  const local = await services.store.read.call('localStudies', { studyUids });
  const here = new Map(local.map(({ studyUid, instances }) => [studyUid, instances]));
  const wanted: RetrieveItem[] = [];
  for (const { studyInstanceUID, instances, description } of candidates.slice(0, mostCandidates)) {
    if (wanted.length >= rule.atMost) break;
    if ((here.get(studyInstanceUID) ?? -1) >= (instances ?? 0)) continue;
    if (rule.sameBodyPart) {
      const series = await archive.series(studyInstanceUID, signal);
      if (!series.ok) return series;
      if (!isSameRegion(series.value, description, current)) continue;
    }
    wanted.push({ studyInstanceUID });
  }
  return ok(wanted);
}

/** Of that patient, in the years before. */
export function priorQuery(rule: PriorRule, { study }: Pick<StudyDetail, 'study'>) {
  const isDated = /^\d{8}$/.test(study.studyDate);
  return {
    text: '',
    patientName: '',
    patientId: study.patientId,
    accessionNumber: '',
    studyInstanceUID: '',
    dateFrom: isDated ? yearsBefore(study.studyDate, rule.years) : '',
    dateTo: isDated ? study.studyDate : '',
    modalities: [],
    limit: 200,
  };
}

/** `YYYYMMDD`; a leap day has its 28 February in years without one: stations refuse dates that are none. */
function yearsBefore(date: string, years: number): string {
  const year = Number(date.slice(0, 4)) - years;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const day = date.endsWith('0229') && !isLeap ? '0228' : date.slice(4);
  return `${String(year).padStart(4, '0')}${day}`;
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
