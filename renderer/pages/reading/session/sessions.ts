import type { Problem } from '../../../../core/base/problem.ts';
import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { isFinished } from '../../../app/jobs.ts';
import { showProblem, showRefusal } from '../../../app/messages.ts';
import { kernelModule } from '../../../cpu/kernel-module.ts';
import { warmRenderWorkers } from '../../../cpu/renderer.ts';
import { frameRoad } from '../../../decode/frame-road.ts';
import { createDecodePool, type DecodePool } from '../../../decode/pool.ts';
import { afterFrame } from '../../../viewport/after-frame.ts';
import { machineMemoryBytes } from '../../../volumes/machine-memory.ts';
import { allocateAhead } from '../../../volumes/memory-ahead.ts';
import { plansAhead } from '../../../volumes/plans-ahead.ts';
import type { MemoryLimits } from '../../../volumes/volume-memory.ts';
import { AheadLoading } from './ahead-loading.ts';
import { type AheadSession, makeAhead } from './ahead-session.ts';
import { whileLookedAt } from './passing-refusal.ts';
import { ReadingSession } from './reading-session.ts';
import { hasBegun } from './reading-state.ts';

/** Studies kept open at a time: their volumes stay in memory, so that going back to a tab is immediate. */
const keptMost = 3;
/** So long a page that was drawn ahead waits for the host; then it is opened as any other. */
const openingMostMs = 1000;
/** A hidden window shows no frame. */
const releaseAfterMs = 200;
const renewAfterMs = 1000;
/** As in reading.css. */
const drawerBelowPx = 1500;
/** For images of studies that nobody has opened, and of the machine's memory. */
const aheadMostBytes = 512 * 2 ** 20;
const aheadMostShare = 1 / 16;
const sessions = new Map<string, ReadingSession>();
/** Of the study that is likely to be opened next, and what it was made with. */
let ahead: (AheadSession & { readonly studyKey: string; readonly madeWith: string }) | null = null;
/** The study that a reading is being made ahead of; a later one wins. */
let aheadWanted: string | null = null;
let loading: AheadLoading | null = null;
let renewing: ReturnType<typeof setTimeout> | undefined;
/** A reading that was made ahead and is being opened: the host is asked whether it is right still. */
let opening: { readonly studyKey: string; readonly done: Promise<void> } | null = null;
let decoder: DecodePool | null = null;
let isWatching = false;

const workerCount = (): number => Math.max(1, Math.min(8, navigator.hardwareConcurrency));

/** Something was begun there and is not finished. */
export function isBusy(studyKey: string): boolean {
  const state = sessions.get(studyKey)?.state;
  return state !== undefined && hasBegun(state);
}

/** Closes the reading of studies whose tab has gone, and of the longest unused beyond the limit. */
function tidy(current: string): void {
  const tabs = new Set(useApp.getState().openStudies.map((study) => study.studyKey));
  for (const [key, session] of [...sessions]) {
    const isOver = sessions.size > keptMost && !isBusy(key);
    if (key !== current && (!tabs.has(key) || isOver)) {
      session.close();
      sessions.delete(key);
    }
  }
}

function watchTabs(): void {
  if (isWatching) return;
  isWatching = true;
  useApp.subscribe((state, before) => {
    if (state.openStudies !== before.openStudies) tidy(state.activeStudyKey ?? '');
    const shown = sessions.get(state.activeStudyKey ?? '');
    if (state.openWith === '3d' && shown) {
      useApp.setState({ openWith: 'stack' });
      void shown.showVolume();
    }
  });
  client().subscribe('studies', ({ payload }) => {
    const { studyKeys } = payload;
    const isNamed = (key: string): boolean => studyKeys.length === 0 || studyKeys.includes(key);
    for (const [key, session] of sessions) if (isNamed(key)) void session.refresh();
    if (aheadWanted !== null && isNamed(aheadWanted)) renewAhead();
  });
  const flushAll = (): void => {
    for (const session of sessions.values()) void session.flush();
  };
  addEventListener('pagehide', () => {
    for (const session of sessions.values()) void session.flush(true);
  });
  document.addEventListener('visibilitychange', flushAll);
  // A mask is too large to be sent while a tab closes: the browser asks. A desktop window would stay open without a word.
  if (client().shell === 'browser')
    addEventListener('beforeunload', (event) => {
      const isMaskLost = [...sessions.values()].some(({ masks, state }) => masks.hasUnsaved(state));
      if (isMaskLost) event.preventDefault();
    });
}

function decoders(): DecodePool {
  decoder ??= createDecodePool(workerCount());
  decoder.warm();
  return decoder;
}

/** Starts decoders and render threads and compiles the kernels while nobody waits, so that the first study opens at once. */
export function warmReading(): void {
  requestIdleCallback(() => {
    decoders();
    plansAhead().watch({
      onPlan(plan) {
        decoders().expect(plan);
        allocateAhead(plan, memoryLimits());
      },
      onStudy: (studyKey) => void prepareAhead(studyKey),
    });
    void kernelModule().catch(() => undefined);
    warmRenderWorkers(workerCount());
  });
}

/** `settings.reading.volumeMegabytes`: most that one volume may take, for small computers and for tests. */
function memoryLimits(): MemoryLimits {
  const megabytes = Number(useApp.getState().settings.reading['volumeMegabytes']);
  return { workerCount: workerCount(), ...(megabytes > 0 && { volumeCapBytes: megabytes * 2 ** 20 }) };
}

const services = () => ({
  client: client(),
  frames: frameRoad(client(), decoders()),
  plans: plansAhead(),
  ...memoryLimits(),
  remembered: useApp.getState().settings.reading,
  rememberedNow: () => useApp.getState().settings.reading,
  onProblem: (found: Problem, isRefusal?: boolean) => void (isRefusal ? refuse(found) : showProblem(found)),
});

/** Says what the pictures on screen cannot be shown as, for as long as they are on screen. */
function refuse(found: Problem): void {
  const told = showRefusal(found);
  const shown = sessions.get(useApp.getState().activeStudyKey ?? '');
  if (shown) whileLookedAt(shown, told);
}

const isSmall = (): boolean => innerWidth <= drawerBelowPx;

/** The reading of a study: the one that is open, or was made ahead, else a new one. */
export function sessionFor(studyKey: string): ReadingSession {
  watchTabs();
  const had = sessions.get(studyKey);
  if (had) {
    sessions.delete(studyKey);
    sessions.set(studyKey, had);
    return had;
  }
  return openAhead(studyKey) ?? begin(studyKey);
}

/** What a page shows: where it is drawn ahead, what was made for it, and null where that is gone. */
export function sessionToDraw(studyKey: string, isShown: boolean): ReadingSession | null {
  if (isShown) return sessionFor(studyKey);
  return ahead?.studyKey === studyKey ? ahead.session : (sessions.get(studyKey) ?? null);
}

/** Begins to read a study. A promise where a page was drawn ahead: it ends when that may be shown, or is given up. */
export function beginReading(studyKey: string): Promise<void> | null {
  if (opening?.studyKey === studyKey) return opening.done;
  sessionFor(studyKey);
  return opening?.studyKey === studyKey ? opening.done : null;
}

function begin(studyKey: string): ReadingSession {
  const session = new ReadingSession(studyKey, services());
  sessions.set(studyKey, session);
  // On a small screen the panel takes room from the pictures: it opens when asked.
  if (isSmall()) session.set({ panel: null });
  void session.start(useApp.getState().openWith);
  tidy(studyKey);
  return session;
}

/** What of the window a reading begins with. */
const beginsWith = (): string =>
  JSON.stringify([useApp.getState().settings.reading, isSmall(), memoryLimits()]);

async function prepareAhead(studyKey: string | null): Promise<void> {
  aheadWanted = studyKey;
  if (ahead?.studyKey === studyKey) return;
  const hadImages = ahead !== null && loading?.has(ahead.session);
  dropAhead();
  // Whoever walks through the list: the images of each study would stay in memory with the threads that decoded them.
  if (hadImages) decoder?.rest();
  if (studyKey === null || sessions.has(studyKey) || useApp.getState().page.kind !== 'studies') return;
  watchTabs();
  const madeWith = beginsWith();
  const made = await makeAhead(studyKey, services());
  if (!made) return;
  if (aheadWanted !== studyKey || ahead || sessions.has(studyKey)) {
    made.drop();
    return;
  }
  if (isSmall()) made.session.set({ panel: null });
  ahead = { ...made, studyKey, madeWith };
  loadAhead();
  useApp.setState({ ahead: { studyKey, isOpened: false } });
}

/** All that it shows first, while nobody waits for anything else. */
function loadAhead(): void {
  if (!ahead || document.hidden || useApp.getState().jobs.some((job) => !isFinished(job))) return;
  loading ??= new AheadLoading(Math.min(aheadMostBytes, machineMemoryBytes() * aheadMostShare), loadAhead);
  loading.begin(ahead);
}

/** The study has changed: what was made of it goes at once, and is made again when nothing has changed for a while. */
function renewAhead(): void {
  dropAhead();
  clearTimeout(renewing);
  renewing = setTimeout(() => void plansAhead().renew(), renewAfterMs);
}

function dropAhead(): void {
  ahead?.drop();
  ahead = null;
  if (useApp.getState().ahead && !opening) useApp.setState({ ahead: null });
}

/** Takes the reading that was made ahead, where it is of this study and begins as one would now; 3D begins otherwise. */
function openAhead(studyKey: string): ReadingSession | null {
  const made = ahead;
  const is3d = useApp.getState().openWith === '3d';
  if (made?.studyKey !== studyKey || made.madeWith !== beginsWith() || is3d) {
    dropAhead();
    return null;
  }
  ahead = null;
  loading?.opened(made.session);
  sessions.set(studyKey, made.session);
  opening = { studyKey, done: settleOpening(studyKey, made) };
  tidy(studyKey);
  return made.session;
}

async function settleOpening(studyKey: string, made: AheadSession): Promise<void> {
  decoder?.hold();
  const isRight = await made.open(openingMostMs);
  opening = null;
  if (isRight) {
    const release = (): void => {
      decoder?.go();
      made.release();
    };
    useApp.setState({ ahead: { studyKey, isOpened: true } });
    afterFrame(release);
    setTimeout(release, releaseAfterMs);
    return;
  }
  decoder?.go();
  if (sessions.get(studyKey) === made.session) {
    sessions.delete(studyKey);
    begin(studyKey);
  }
  useApp.setState({ ahead: null, redrawn: useApp.getState().redrawn + 1 });
}
