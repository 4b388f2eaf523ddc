import { useApp } from '../../../app/app-store.ts';
import { client } from '../../../app/client.ts';
import { showProblem, showRefusal } from '../../../app/messages.ts';
import { kernelModule } from '../../../cpu/kernel-module.ts';
import { warmRenderWorkers } from '../../../cpu/renderer.ts';
import { frameRoad } from '../../../decode/frame-road.ts';
import { createDecodePool, type DecodePool } from '../../../decode/pool.ts';
import { allocateAhead } from '../../../volumes/memory-ahead.ts';
import { plansAhead } from '../../../volumes/plans-ahead.ts';
import type { MemoryLimits } from '../../../volumes/volume-memory.ts';
import { ReadingSession } from './reading-session.ts';
import { hasBegun } from './reading-state.ts';

/** Studies kept open at a time: their volumes stay in memory, so that going back to a tab is immediate. */
const keptMost = 3;
/** As in reading.css. */
const drawerBelowPx = 1500;
const sessions = new Map<string, ReadingSession>();
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
    for (const [key, session] of sessions)
      if (studyKeys.length === 0 || studyKeys.includes(key)) void session.refresh();
  });
  const flushAll = (): void => {
    for (const session of sessions.values()) void session.flush();
  };
  addEventListener('pagehide', () => {
    for (const session of sessions.values()) void session.flush(true);
  });
  document.addEventListener('visibilitychange', flushAll);
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
    plansAhead().watch((plan) => {
      decoders().expect(plan);
      allocateAhead(plan, memoryLimits());
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

/** The reading of a study: the one that is open, else a new one. */
export function sessionFor(studyKey: string): ReadingSession {
  watchTabs();
  const had = sessions.get(studyKey);
  if (had) {
    sessions.delete(studyKey);
    sessions.set(studyKey, had);
    return had;
  }
  const { openWith, settings } = useApp.getState();
  const session = new ReadingSession(studyKey, {
    client: client(),
    frames: frameRoad(client(), decoders()),
    plans: plansAhead(),
    ...memoryLimits(),
    remembered: settings.reading,
    onProblem: (found, isRefusal) => void (isRefusal ? showRefusal(found) : showProblem(found)),
  });
  sessions.set(studyKey, session);
  // On a small screen the panel takes room from the pictures: it opens when asked.
  if (innerWidth <= drawerBelowPx) session.set({ panel: null });
  void session.start(openWith);
  tidy(studyKey);
  return session;
}
