import { machineMemoryBytes } from '../../../volumes/machine-memory.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isDrawingSlices } from '../mpr/use-slice.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { cineWayNow } from '../stack/cine-way.ts';
import { ShownRate } from '../stack/shown-rate.ts';
import { prepareRenderer } from '../volume/cpu-road.ts';
import { loadingOrder, nextReady, phaseGroups, swungReady } from './phases.ts';

/** Phases a second at which playing starts. */
export const startPhaseRate = 15;
export const phaseRateMost = 30;
/** Share of the machine's memory that the volumes of one set may take. */
const memoryShare = 0.4;

/** How many volumes of a set fit into this machine's memory; at least two. */
export function phasesThatFit(volumeBytes: number, count: number, memoryBytes: number): number {
  const most = Math.floor((memoryBytes * memoryShare) / Math.max(1, volumeBytes));
  return Math.min(count, Math.max(2, most));
}

/** Of colours three channels beside the frames that they were taken from. */
const voxelBytes = { int16: 2, float32: 4, rgb8: 10 } as const;

function volumeBytes({ group }: OpenStack): number {
  const [i, j, k] = group.regular?.size ?? [0, 0, 0];
  return i * j * k * voxelBytes[group.scalarType];
}

/** Settles when a stack has all that it will have. */
function whenWhole(stack: OpenStack, isOver: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (stack.isColour) stack.planesVolume();
      else stack.volume();
      if (!stack.isWhole && !isOver() && !stack.modeRefusal('mpr')) return;
      end();
      clearInterval(timer);
      resolve();
    };
    const end = stack.loader.subscribe(look);
    const timer = setInterval(look, 250);
    look();
  });
}

const loading = new WeakSet<ReadingSession>();

/** Loads the phases of the set on screen one after another, as many as fit; while it does, it does not begin again. */
export async function loadPhases(session: ReadingSession): Promise<void> {
  const { mpr } = session.state;
  const shown = session.mprStack();
  if (!mpr || !shown || loading.has(session)) return;
  loading.add(session);
  const phases = phaseGroups(shown.plan, mpr.group);
  const isOver = (): boolean => session.state.mode === 'stack' || session.mprStack()?.plan !== shown.plan;
  const ready: number[] = [];
  const fitting = phasesThatFit(volumeBytes(shown), phases.length, machineMemoryBytes());
  for (const group of loadingOrder(phases, mpr.group).slice(0, fitting)) {
    const stack = session.phaseStack(group);
    // Of colours there are planes, which is where phases play.
    if (!stack || stack.modeRefusal('mpr')) continue;
    if (!stack.isWhole) stack.loader.focus(stack.count >> 1);
    await whenWhole(stack, isOver);
    if (isOver()) break;
    prepareRenderer(stack);
    ready.push(group);
    session.set({
      phases: { seriesKey: mpr.seriesKey, ready: phases.filter((n) => ready.includes(n)), fitting },
    });
  }
  loading.delete(session);
}

/** The loaded phases of the set that a group belongs to. */
function readyPhases({ state }: ReadingSession, phases: readonly number[]): readonly number[] {
  const { phases: loaded, mpr } = state;
  return loaded?.seriesKey === mpr?.seriesKey ? phases.filter((group) => loaded?.ready.includes(group)) : [];
}

/**
 * Plays the phases of the set in the planes, which stand still; at most `phaseRate` a second, and never faster than drawn:
 * `cineShown` says what is shown where that is less.
 */
export function playPhases(session: ReadingSession, rate = startPhaseRate): void {
  const { mpr } = session.state;
  const shown = session.mprStack();
  if (!mpr || !shown) return;
  const phases = phaseGroups(shown.plan, mpr.group);
  if (phases.length < 2) return;
  session.set({ phaseRate: rate });
  void loadPhases(session);
  let dueMs = performance.now();
  let by: 1 | -1 = 1;
  let counted = { rate, shown: new ShownRate(rate) };
  requestAnimationFrame(function step(nowMs: number) {
    const { phaseRate, mode, mpr: now } = session.state;
    if (phaseRate === null || mode === 'stack' || !now || session.mprStack()?.plan !== shown.plan) {
      session.set({ phaseRate: null, cineShown: null });
      return;
    }
    if (counted.rate !== phaseRate) counted = { rate: phaseRate, shown: new ShownRate(phaseRate) };
    let isNew = false;
    const everyMs = 1000 / phaseRate;
    if (nowMs >= dueMs && !isDrawingSlices()) {
      const ready = readyPhases(session, phases);
      const swung = cineWayNow() === 'bounce' ? swungReady(phases, ready, now.group, by) : undefined;
      by = swung?.by ?? 1;
      const next = swung?.group ?? nextReady(phases, ready, now.group);
      isNew = next !== undefined && next !== now.group;
      if (next !== undefined) session.showPhase(next);
      // Time that was lost is not made up: phases keep their order.
      dueMs = Math.max(dueMs + everyMs, nowMs);
    }
    const cineShown = counted.shown.note(nowMs, isNew);
    if (session.state.cineShown !== cineShown) session.set({ cineShown });
    requestAnimationFrame(step);
  });
}

export function stopPhases(session: ReadingSession): void {
  session.set({ phaseRate: null });
}

/** One phase on or back, round the set. */
export function stepPhase(session: ReadingSession, by: 1 | -1): void {
  const { mpr } = session.state;
  const shown = session.mprStack();
  if (!mpr || !shown) return;
  const phases = phaseGroups(shown.plan, mpr.group);
  const at = phases.indexOf(mpr.group);
  const next = phases[(at + by + phases.length) % phases.length];
  if (next === undefined) return;
  session.set({ phaseRate: null });
  session.phaseStack(next)?.loader.focus(session.activeCell()?.k ?? 0);
  session.showPhase(next);
  void loadPhases(session);
}
