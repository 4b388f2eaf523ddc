import { flushSync } from 'react-dom';
import type { StudyRow } from '../../core/contract/studies.ts';
import { formatName } from '../../core/terms/format-person.ts';
import { type OpenStudy, type Page, useApp } from './app-store.ts';
import { client } from './client.ts';
import { holdKeys, pressAgain } from './held-keys.ts';
import { currentT } from './language.ts';
import { lateReading } from './late-reading.ts';
import { dismissOfStudy, showMessage, showProblem, words } from './messages.ts';
import { changeSettings } from './settings-sync.ts';
import { stripeFor } from './stripes.ts';
import { lookedAt, withinLimit } from './tabs.ts';

/** Shows a page and remembers it for the next start. */
export function goTo(page: Page): void {
  dismissOfStudy();
  // Nothing lies over another page unasked.
  useApp.setState({ page, overlay: 'none', isJobsPanelOpen: false });
  if (page.kind !== 'receipt') changeSettings({ lastPage: page.kind });
}

type Patient = Pick<StudyRow, 'studyKey' | 'patientId' | 'patientName' | 'birthDate'>;

/**
 * Issuer-less patient identity: enough to give one patient one stripe, never to merge patients. Without an ID nobody
 * knows whether two studies are of one: many anonymised ones share their name.
 */
export const patientOf = (row: Patient): string =>
  row.patientId === ''
    ? row.studyKey
    : [row.patientId, row.patientName.alphabetic, row.patientName.ideographic ?? '', row.birthDate].join(
        '\u0000',
      );

function tabOf(row: StudyRow, open: readonly OpenStudy[]): OpenStudy {
  const patient = patientOf(row);
  return {
    studyKey: row.studyKey,
    name: formatName(row.patientName) || row.patientId || currentT()('studies.noName'),
    words: [row.modalities.join(' '), row.description].filter(Boolean).join(' '),
    stripe: stripeFor(patient, open),
    patient,
    isKept: useApp.getState().settings.keptStudies.includes(row.studyKey),
  };
}

const keysOf = (tabs: readonly OpenStudy[]): string[] => tabs.map(({ studyKey }) => studyKey);

function rememberTabs(): void {
  const { openStudies: open, activeStudyKey } = useApp.getState();
  changeSettings({
    openStudies: keysOf(open),
    activeStudy: activeStudyKey ?? '',
    keptStudies: keysOf(open.filter((tab) => tab.isKept)),
  });
}

/** Opens studies as tabs and shows the first. Those already open are only shown; tabs that nobody needs give way. */
export function openStudies(rows: readonly StudyRow[], openWith: 'stack' | '3d' = 'stack'): void {
  const first = rows[0];
  if (!first) return;
  let open = useApp.getState().openStudies;
  for (const row of rows) {
    if (!open.some((study) => study.studyKey === row.studyKey)) open = [...open, tabOf(row, open)];
  }
  const opened = new Set(rows.map(({ studyKey }) => studyKey));
  showTabs(withRoom(open, opened), first.studyKey, openWith);
  noteRead(rows);
}

/** Closing asks nothing, as all is kept; but what was begun is finished first. */
function withRoom(open: readonly OpenStudy[], opened: ReadonlySet<string>): readonly OpenStudy[] {
  const { recentStudies: recent, activeStudyKey } = useApp.getState();
  const busy = open.filter(({ studyKey }) => lateReading()?.isBusy(studyKey));
  // Who goes to the list and opens another is likely to compare the two.
  const last = activeStudyKey === null ? [] : [activeStudyKey];
  return withinLimit(open, { recent, needed: new Set([...opened, ...last, ...keysOf(busy)]) });
}

function showTabs(open: readonly OpenStudy[], studyKey: string, openWith: 'stack' | '3d'): void {
  const recentStudies = lookedAt(useApp.getState().recentStudies, studyKey);
  useApp.setState({ openStudies: open, activeStudyKey: studyKey, recentStudies, openWith });
  goToReading(studyKey);
}

/** A page that was drawn ahead is shown as soon as it is known to be right still: some milliseconds. */
function goToReading(studyKey: string): void {
  const begun = lateReading()?.begin(studyKey);
  rememberTabs();
  if (!begun) {
    goTo({ kind: 'reading' });
    return;
  }
  const giveOut = holdKeys(window, pressAgain);
  void begun.then(() => {
    // Its keys are there when this ends.
    flushSync(() => goTo({ kind: 'reading' }));
    giveOut();
  });
}

function noteRead(rows: readonly StudyRow[]): void {
  const unread = rows.filter((row) => row.unread && row.stored).map((row) => row.studyKey);
  if (unread.length > 0) void client().call('studies.setUnread', { studyKeys: unread, unread: false });
}

/** Opens a study by its key, e.g. a prior. */
export async function openStudyByKey(studyKey: string): Promise<void> {
  const result = await client().call('studies.show', { studyKey });
  if (result.ok) openStudies([result.value.study]);
  else showProblem(result.problem);
}

export function activateStudy(studyKey: string): void {
  const recentStudies = lookedAt(useApp.getState().recentStudies, studyKey);
  useApp.setState({ activeStudyKey: studyKey, recentStudies, openWith: 'stack' });
  goToReading(studyKey);
}

/** Closes a tab; asks nothing, as everything is kept. The neighbour is shown. */
export function closeStudy(studyKey: string): void {
  const { openStudies: open, activeStudyKey, page } = useApp.getState();
  const index = open.findIndex((study) => study.studyKey === studyKey);
  if (index < 0) return;
  const rest = open.filter((study) => study.studyKey !== studyKey);
  const next =
    studyKey === activeStudyKey ? (rest[Math.min(index, rest.length - 1)]?.studyKey ?? null) : activeStudyKey;
  if (studyKey === activeStudyKey) dismissOfStudy();
  useApp.setState({ openStudies: rest, activeStudyKey: next });
  rememberTabs();
  if (rest.length === 0 && page.kind === 'reading') goTo({ kind: 'studies' });
}

/** A study that was read in place is stored now: its tab shows the stored one. */
export function exchangeTab(placeKey: string, row: StudyRow): void {
  const { openStudies: open, activeStudyKey } = useApp.getState();
  if (!open.some(({ studyKey }) => studyKey === placeKey)) return;
  const hasOwn = open.some(({ studyKey }) => studyKey === row.studyKey);
  const others = open.filter(({ studyKey }) => studyKey !== placeKey);
  useApp.setState({
    openStudies: hasOwn ? others : open.map((tab) => (tab.studyKey === placeKey ? tabOf(row, others) : tab)),
    activeStudyKey: activeStudyKey === placeKey ? row.studyKey : activeStudyKey,
  });
  rememberTabs();
}

/** The tab stays when others are opened, or no longer. */
export function keepStudy(studyKey: string): void {
  const { openStudies: open } = useApp.getState();
  useApp.setState({
    openStudies: open.map((tab) => (tab.studyKey === studyKey ? { ...tab, isKept: !tab.isKept } : tab)),
  });
  rememberTabs();
}

/** The next or previous tab, round the end. */
function stepTab(step: 1 | -1): void {
  const { openStudies: open, activeStudyKey } = useApp.getState();
  if (open.length === 0) return;
  const index = open.findIndex((study) => study.studyKey === activeStudyKey);
  const next = open[(index + step + open.length) % open.length];
  if (next) activateStudy(next.studyKey);
}

/** The study takes the place of the one on screen, unless that is kept: who reads a whole list ends with one tab. */
function openInstead(row: StudyRow): void {
  const { openStudies: open, activeStudyKey } = useApp.getState();
  const isGiving = (study: OpenStudy): boolean =>
    study.studyKey === activeStudyKey && !study.isKept && !lateReading()?.isBusy(study.studyKey);
  const tab = tabOf(
    row,
    open.filter((study) => !isGiving(study)),
  );
  const at = open.findIndex(isGiving);
  showTabs(at < 0 ? [...open, tab] : open.with(at, tab), row.studyKey, 'stack');
  noteRead([row]);
}

/** The study that is being asked for; a hand that goes on does not wait for it. */
let steppingTo: string | null = null;

/**
 * The next or previous study of the list that the one on screen was opened from, in its order of that moment; of a study
 * that was opened elsewhere the next or previous tab. Studies that are gone since are passed over.
 */
export async function stepStudy(step: 1 | -1): Promise<void> {
  const { readingOrder, activeStudyKey } = useApp.getState();
  const at = readingOrder.indexOf(steppingTo ?? activeStudyKey ?? '');
  if (at < 0) return stepTab(step);
  for (let n = at + step; n >= 0 && n < readingOrder.length; n += step) {
    const studyKey = readingOrder[n]!;
    if (useApp.getState().openStudies.some((tab) => tab.studyKey === studyKey)) {
      steppingTo = null;
      return activateStudy(studyKey);
    }
    steppingTo = studyKey;
    const result = await client().call('studies.show', { studyKey });
    if (steppingTo !== studyKey) return;
    steppingTo = null;
    // Who has gone elsewhere meanwhile stays there.
    const now = useApp.getState();
    if (now.activeStudyKey !== activeStudyKey || now.page.kind !== 'reading') return;
    if (result.ok && result.value.study.deletedAtMs === null) return openInstead(result.value.study);
  }
  showMessage({
    tone: 'info',
    text: words(step === 1 ? 'command.noNextStudy' : 'command.noPreviousStudy'),
    ...(activeStudyKey !== null && { ofStudy: activeStudyKey }),
    action: { label: words('command.goStudies'), run: () => goTo({ kind: 'studies' }) },
  });
}

/**
 * Brings back the tabs of the last run and the one that was on screen; studies that are gone are left out silently. What
 * was opened meanwhile stays, and stays on screen. `mayShow`: asked in the end whether to show the reading page.
 */
export async function restoreTabs(
  studyKeys: readonly string[],
  lastActive: string,
  mayShow: () => boolean,
): Promise<void> {
  const shown = await Promise.all(
    studyKeys.slice(0, 12).map((studyKey) => client().call('studies.show', { studyKey })),
  );
  let open: readonly OpenStudy[] = [];
  for (const result of shown) {
    if (result.ok && result.value.study.deletedAtMs === null)
      open = [...open, tabOf(result.value.study, open)];
  }
  const { openStudies: since, activeStudyKey } = useApp.getState();
  const added = since.filter((tab) => !open.some(({ studyKey }) => studyKey === tab.studyKey));
  const before = open.find(({ studyKey }) => studyKey === lastActive) ?? open[0];
  const active = activeStudyKey ?? before?.studyKey ?? null;
  useApp.setState({ openStudies: [...open, ...added], activeStudyKey: active });
  if (since.length > 0) rememberTabs();
  if (active && mayShow()) useApp.setState({ page: { kind: 'reading' } });
}
