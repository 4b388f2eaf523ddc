import type { SeriesRow } from '../../../../core/contract/studies.ts';
import { type Fusion, isSameFrame } from '../../../../core/scene/fusion.ts';
import { fusedName } from '../../../viewport/corner-texts.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { sortedSample } from '../../../volumes/sorted-sample.ts';
import { isNoData } from '../../../volumes/volume-memory.ts';
import type { FilmSecond } from '../export/film-draft.ts';
import { type MprView, startMprView, viewStart } from '../mpr/mpr-view.ts';
import { isPicture } from '../session/hanging.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { emptyCell } from '../session/reading-state.ts';
import { startWindow } from '../session/start-window.ts';

const startOpacity = 0.6;

/** Series of the study that may lie over the planes: pictures other than the one shown. */
export function fusionCandidates(session: ReadingSession): readonly SeriesRow[] {
  const { series, mpr } = session.state;
  return series.filter((row) => isPicture(row) && row.seriesKey !== mpr?.seriesKey);
}

/** The stack of a fusion when it is open. */
export const fusedStack = (
  session: ReadingSession,
  { seriesKey, group }: Pick<Fusion, 'seriesKey' | 'group'>,
): OpenStack | undefined => session.stackOf({ ...emptyCell, seriesKey, group });

/** Only what was taken in one frame of reference lies over each other; nothing is registered here. */
export function canFuse(base: OpenStack | undefined, over: OpenStack | undefined): boolean {
  return (
    base !== undefined && over !== undefined && isSameFrame(base.plan, over.plan) && !over.volumeRefusal()
  );
}

/** Lays a series over the planes, or none; false where it cannot be. */
export async function fuse(session: ReadingSession, seriesKey: string | null): Promise<boolean> {
  const { mpr } = session.state;
  if (!mpr) return false;
  if (seriesKey === null) {
    session.set({ mpr: { ...mpr, fusion: null } });
    return true;
  }
  await session.open(seriesKey);
  const now = session.state.mpr;
  if (!now || !canFuse(session.mprStack(), fusedStack(session, { seriesKey, group: 0 }))) return false;
  const { map = 'hot', opacity = startOpacity } = now.fusion ?? {};
  const fusion = { seriesKey, group: 0, map, opacity, low: null, high: null };
  session.set({ mpr: swapped(session, { ...now, fusion }) });
  return true;
}

const isEmission = (stack: OpenStack | undefined): boolean =>
  ['PT', 'NM'].includes(stack?.plan.common.Modality ?? '');

/** Where PET is shown and CT or MR is laid over it, the two change places: colours belong to the uptake. */
function swapped(session: ReadingSession, view: MprView): MprView {
  const { fusion } = view;
  const base = session.mprStack();
  const over = fusion ? fusedStack(session, fusion) : undefined;
  const geometry = over?.group.regular;
  const info = over?.info(over.count >> 1);
  if (!fusion || !over || !geometry || !info || !isEmission(base) || isEmission(over)) return view;
  const { seriesKey, group } = view;
  const modality = over.plan.common.Modality ?? '';
  const window = startWindow(over, info, {});
  const start = startMprView(fusion.seriesKey, fusion.group, geometry, window, modality, viewStart(view, {}));
  const state = { ...view.state, stepMm: start.state.stepMm };
  over.loader.focus(over.count >> 1);
  return { ...start, state, isFree: view.isFree, fusion: { ...fusion, seriesKey, group } };
}

export function changeFusion(session: ReadingSession, part: Partial<Fusion>): void {
  const { mpr } = session.state;
  if (mpr?.fusion) session.set({ mpr: { ...mpr, fusion: { ...mpr.fusion, ...part } } });
}

/** The second series on screen as the host takes it for 3D; null where there is none. */
export function fusedFilm(session: ReadingSession): FilmSecond | null {
  const { fusion = null } = session.state.mpr ?? {};
  const stack = fusion ? fusedStack(session, fusion) : undefined;
  if (!fusion || !stack || !canFuse(session.mprStack(), stack)) return null;
  const { map, opacity } = fusion;
  const groupId = stack.group.id;
  const series = stack.plan.common.SeriesInstanceUID ?? '';
  return {
    name: fusedName(stack),
    layer: { series, group: groupId, map, opacity, ...fusionRange(fusion, stack) },
    named: { seriesKey: fusion.seriesKey, groupId },
  };
}

/**
 * The values at both ends of the colours: as set, else from zero (PET) or the median up to the highest of note. Organs
 * that take up much fill more of a picture of a trunk than the last half per cent: they would all be white.
 */
export function fusionRange(
  fusion: Fusion,
  stack: OpenStack,
): { readonly low: number; readonly high: number } {
  const low = fusion.low ?? (isEmission(stack) ? 0 : (valueAt(stack, 50) ?? 0));
  const high = fusion.high ?? valueAt(stack, isEmission(stack) ? 99.9 : 99.5) ?? low + 1;
  return { low, high: Math.max(high, low + 1e-6) };
}

/** Samples of volumes that are whole. */
const samples = new WeakMap<OpenStack, Float32Array>();

/**
 * The value below which `percent` of the volume lies. What is known while slices arrive depends on their order; colours of
 * a whole volume are the same each time it is opened.
 */
function valueAt(stack: OpenStack, percent: number): number | undefined {
  const volume = stack.isWhole ? stack.volume() : null;
  if (!volume) return stack.range.percentile(percent);
  let sample = samples.get(stack);
  if (!sample) {
    sample = sortedSample(volume.voxels, isNoData(volume.scalarType));
    samples.set(stack, sample);
  }
  return sample[Math.round((percent / 100) * (sample.length - 1))];
}
