import type { Job } from '../../../core/contract/jobs.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { exchangeTab, goTo, openStudies } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { awaitJob } from '../../app/jobs.ts';
import { dismissMessage, showMessage, showProblem, words } from '../../app/messages.ts';
import { nothingSelected } from './selection.ts';
import { select, useStudies } from './studies-store.ts';

const openAtMost = 8;

type Listed = readonly { readonly index: number; readonly item: StudyRow }[];
let listed: () => Listed = () => [];

/** The list that is on screen tells what stands above and below a study. Answers the function that ends it. */
export function provideListed(rows: () => Listed): () => void {
  listed = rows;
  return () => {
    if (listed === rows) listed = () => [];
  };
}

/** Rows that stand together with one in the list, without gaps. */
export function orderAround(rows: Listed, studyKey: string): readonly string[] {
  const at = rows.findIndex(({ item }) => item.studyKey === studyKey);
  const place = (n: number): number => (rows[n]?.index ?? Number.NaN) - n;
  return rows.flatMap(({ item }, n) => (at >= 0 && place(n) === place(at) ? item.studyKey : []));
}

/** More tabs than these nobody reads, and each takes memory: the first ones open, and it is said. */
export function readStudies(rows: readonly StudyRow[], openWith: 'stack' | '3d' = 'stack'): void {
  const kept = rows.filter((row) => row.deletedAtMs === null);
  const [only] = kept;
  // Several that were chosen are read one after the other; one of a list is followed by what stands below it.
  const readingOrder =
    only && kept.length === 1
      ? orderAround(listed(), only.studyKey)
      : kept.slice(0, openAtMost).map(({ studyKey }) => studyKey);
  useApp.setState({ readingOrder });
  openStudies(kept.slice(0, openAtMost), openWith);
  if (kept.length > openAtMost) {
    showMessage({
      tone: 'info',
      text: words('studies.openedFirst', { n: openAtMost, total: kept.length }),
    });
  }
}

interface Deletion {
  readonly studyKeys: readonly string[];
  /** What is said of it, until it is taken back. */
  readonly messageId: number;
}

/** What was deleted on this page and not restored since, the newest last. */
let deletions: readonly Deletion[] = [];

export const hasDeleted = (): boolean => deletions.length > 0;

export async function undoDelete(): Promise<void> {
  const newest = deletions.at(-1);
  if (newest) await restoreStudies(newest.studyKeys);
}

/**
 * What Delete means for the selected studies: stored ones go into the bin; of those that are read in place, or are in
 * the bin, it says why nothing happens to them, and what can be done. `keys` may hold more than the loaded `rows`.
 */
export async function removeStudies(rows: readonly StudyRow[], keys: readonly string[]): Promise<void> {
  const inPlace = keys.find((key) => placeOf(key) !== '');
  const inBin = new Set(rows.flatMap((row) => (row.deletedAtMs === null ? [] : [row.studyKey])));
  const stored = keys.filter((key) => placeOf(key) === '' && !inBin.has(key));
  if (stored.length > 0) await deleteStudies(stored);
  if (inPlace !== undefined) {
    showMessage({
      tone: 'info',
      text: words('studies.deleteInPlace'),
      action: { label: words('studies.closePlace'), run: () => void closePlaceOf(inPlace) },
    });
  } else if (stored.length === 0 && inBin.size > 0) {
    showMessage({
      tone: 'info',
      text: words('studies.deleteInBin'),
      action: { label: words('studies.restore'), run: () => void restoreStudies([...inBin]) },
    });
  }
}

/** Nothing is deleted at another station. */
export function tellNotOurs(name: string): void {
  showMessage({ tone: 'info', text: words('remote.deleteThere', { name }) });
}

/** Into the bin at once, with an undo in the strip; 30 days to think again. */
async function deleteStudies(studyKeys: readonly string[]): Promise<void> {
  const keys = [...studyKeys];
  const result = await client().call('studies.delete', { studyKeys: keys });
  if (!result.ok) return void showProblem(result.problem);
  // The keyboard stays where it was: the next study slides under it.
  select({ ...nothingSelected, cursor: useStudies.getState().selection.cursor });
  const open = useApp.getState().openStudies.filter((study) => !keys.includes(study.studyKey));
  useApp.setState((state) => ({
    openStudies: open,
    activeStudyKey: open.some((study) => study.studyKey === state.activeStudyKey)
      ? state.activeStudyKey
      : (open[0]?.studyKey ?? null),
  }));
  const messageId = showMessage({
    tone: 'info',
    text: words('studies.deleted', { n: result.value.deleted }),
    action: { label: words('app.undo'), run: () => void restoreStudies(keys) },
  });
  deletions = [...deletions, { studyKeys: keys, messageId }];
}

export async function restoreStudies(studyKeys: readonly string[]): Promise<void> {
  const result = await client().call('studies.restore', { studyKeys: [...studyKeys] });
  if (!result.ok) return void showProblem(result.problem);
  const isBack = ({ studyKeys: keys }: Deletion) => keys.every((key) => studyKeys.includes(key));
  for (const { messageId } of deletions.filter(isBack)) dismissMessage(messageId);
  deletions = deletions.filter((deletion) => !isBack(deletion));
  showMessage({ tone: 'ok', text: words('studies.restored', { n: result.value.restored }) });
}

export async function setStarred(studyKeys: readonly string[], starred: boolean): Promise<void> {
  const result = await client().call('studies.setStarred', { studyKeys: [...studyKeys], starred });
  if (!result.ok) showProblem(result.problem);
}

/** A reader has seen that nothing is missing. */
export async function setWhole(studyKeys: readonly string[]): Promise<void> {
  const result = await client().call('studies.setWhole', { studyKeys: [...studyKeys] });
  if (!result.ok) showProblem(result.problem);
}

export async function setUnread(studyKeys: readonly string[], unread: boolean): Promise<void> {
  const result = await client().call('studies.setUnread', { studyKeys: [...studyKeys], unread });
  if (!result.ok) showProblem(result.problem);
}

/** Stores a study that was opened in place. */
export async function keepStudy(studyKey: string): Promise<void> {
  const result = await client().call('import.keep', { studyKey });
  if (!result.ok) return void showProblem(result.problem);
  const messageId = showMessage({ tone: 'info', text: words('studies.keepStarted') });
  awaitJob(result.value.jobId, (job) => {
    dismissMessage(messageId);
    void tellKept(studyKey, job);
  });
}

/** Stored now, with what was done to it in place: from here on the stored one is read. */
async function tellKept(placeKey: string, job: Job): Promise<void> {
  const storedKey = `s${placeKey.slice(placeOf(placeKey).length)}`;
  const shown = await client().call('studies.show', { studyKey: storedKey });
  useStudies.setState(({ keptKeys }) => ({ keptKeys: new Set([...keptKeys, placeKey]) }));
  if (shown.ok) exchangeTab(placeKey, shown.value.study);
  const { receiptId } = job;
  showMessage({
    tone: 'ok',
    text: words('jobs.doneKeep', { title: job.title }),
    ...(receiptId !== null && {
      action: { label: words('jobs.receipt'), run: () => goTo({ kind: 'receipt', receiptId }) },
    }),
  });
}

/** `p<n>` of a key `p<n>.<uid>`; empty for a stored study. */
export const placeOf = (studyKey: string): string => /^(p\d+)\./.exec(studyKey)?.[1] ?? '';

export async function closePlaceOf(studyKey: string): Promise<void> {
  const result = await client().call('import.closePlace', { place: placeOf(studyKey) });
  if (!result.ok) showProblem(result.problem);
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  showMessage({ tone: 'info', text: words('studies.copied') });
}
