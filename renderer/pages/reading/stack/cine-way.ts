import { useApp } from '../../../app/app-store.ts';
import { changeSettings } from '../../../app/settings-sync.ts';

/** Playing begins again after the last image, or goes back from it. */
export type CineWay = 'loop' | 'bounce';
export const cineWays: readonly CineWay[] = ['loop', 'bounce'];

/** Key in `settings.reading`. */
const cineWayKey = 'cineWay';

export const cineWayOf = (reading: Readonly<Record<string, string>>): CineWay =>
  reading[cineWayKey] === 'bounce' ? 'bounce' : 'loop';

/** How stacks and phases play, for all studies. */
export const useCineWay = (): CineWay => useApp((s) => cineWayOf(s.settings.reading));

export const cineWayNow = (): CineWay => cineWayOf(useApp.getState().settings.reading);

export function setCineWay(way: CineWay): void {
  const { reading } = useApp.getState().settings;
  changeSettings({ reading: { ...reading, [cineWayKey]: way } });
}

/**
 * The image, from 0, that is on screen `passed` images after `first`. To and fro, the first and the last are shown once
 * each time.
 *
 * @param count images of the stack, at least 2
 */
export function cineAt(first: number, passed: number, count: number, way: CineWay): number {
  if (way === 'loop') return (first + passed) % count;
  const at = (first + passed) % (2 * (count - 1));
  return Math.min(at, 2 * (count - 1) - at);
}
