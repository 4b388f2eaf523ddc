import { useEffect } from 'react';
import { imageNumber, sliceOfImage } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { cineAt, useCineWay } from './cine-way.ts';
import { ShownRate } from './shown-rate.ts';

/** Frames a second that the file asks for (PS3.3 C.7.6.5); else 25 for US and XA, 15 for the rest. */
export function cineRate(stack: OpenStack): number {
  const a = stack.info(0)?.attributes;
  const offered = [
    a?.RecommendedDisplayFrameRate,
    a?.CineRate,
    a?.FrameTime ? 1000 / a.FrameTime : undefined,
  ].find((rate) => rate !== undefined && Number.isFinite(rate) && rate > 0);
  const usual = ['US', 'XA', 'RF', 'IVUS'].includes(a?.Modality ?? '') ? 25 : 15;
  return Math.min(60, Math.max(1, Math.round(offered ?? usual)));
}

/** True where the active viewport has more than one image. */
export const canPlay = (session: ReadingSession): boolean =>
  (session.stackOf(session.activeCell())?.count ?? 0) > 1;

/** Plays a cell, in a loop or to and fro, while it has a rate. A frame that is late is left out; the time stays true, and it is said. */
export function useCine(session: ReadingSession, index: number, stack: OpenStack, rate: number | null): void {
  const way = useCineWay();
  useEffect(() => {
    if (rate === null || stack.count < 2) return;
    const startMs = performance.now();
    const first = imageNumber(stack, session.state.cells[index]?.k ?? 0) - 1;
    const shownRate = new ShownRate(rate);
    let request = requestAnimationFrame(function step(nowMs: number) {
      const passed = Math.floor(((nowMs - startMs) / 1000) * rate);
      const k = sliceOfImage(stack, 1 + cineAt(first, Math.max(0, passed), stack.count, way));
      const isReady = stack.loader.store.state(k).kind === 'ready';
      const isNew = isReady && session.state.cells[index]?.k !== k;
      if (isReady) session.goTo(index, k);
      else stack.loader.focus(k);
      const cineShown = shownRate.note(nowMs, isNew);
      if (session.state.active === index && session.state.cineShown !== cineShown) session.set({ cineShown });
      request = requestAnimationFrame(step);
    });
    return () => {
      cancelAnimationFrame(request);
      if (session.state.cineShown !== null) session.set({ cineShown: null });
    };
  }, [session, index, stack, rate, way]);
}
