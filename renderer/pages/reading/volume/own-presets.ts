import { type OwnPreset, ownPresetsMost, presetNameMost } from '../../../../core/contract/own-presets.ts';
import { type VolumePreset, volumePreset } from '../../../../core/scene/presets.ts';
import type { TransferFunction } from '../../../../core/scene/types.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { useApp } from '../../../app/app-store.ts';
import { showMessage, words } from '../../../app/messages.ts';
import { changeSettings } from '../../../app/settings-sync.ts';
import { masksForPreset } from '../masks/preset-masks.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';

type Shown = Pick<MprView, 'presetId' | 'shift' | 'look'>;

const isSameTransfer = (a: TransferFunction, b: TransferFunction): boolean =>
  JSON.stringify([a.unit, a.opacity, a.colour]) === JSON.stringify([b.unit, b.opacity, b.colour]);

/**
 * The own preset that is on screen. A view keeps values, not the preset's name: what was seen with a preset that is deleted
 * or changed since is seen as it was, and another machine needs no list.
 */
export function ownPresetShown(
  own: readonly OwnPreset[],
  { presetId, shift, look }: Shown,
): OwnPreset | undefined {
  const transfer = look.transfer ?? volumePreset(presetId)?.transfer;
  return own.find(
    (one) =>
      one.presetId === presetId &&
      one.shift === shift &&
      transfer !== undefined &&
      isSameTransfer(one.transfer, transfer),
  );
}

/** A transfer function that is neither delivered nor kept; projections have a window instead. */
export function isWorthKeeping(own: readonly OwnPreset[], view: Shown): boolean {
  const isShaded = volumePreset(view.presetId)?.mode === 'composite';
  return isShaded && (view.look.transfer !== null || view.shift !== 0) && !ownPresetShown(own, view);
}

/** As a card shows it. */
export const cardOf = ({ id, name, presetId, transfer }: OwnPreset): VolumePreset | null => {
  const base = volumePreset(presetId);
  return base ? { ...base, id, zh: name, en: name, transfer } : null;
};

export const isPresetNamed =
  (name: string) =>
  (one: OwnPreset): boolean =>
    one.name.toLocaleLowerCase() === name.toLocaleLowerCase();

/** One more; it takes the place of one of the same name. */
export function withOwnPreset(own: readonly OwnPreset[], preset: OwnPreset): readonly OwnPreset[] {
  const at = own.findIndex(isPresetNamed(preset.name));
  return at < 0 ? [...own, preset] : own.map((one, n) => (n === at ? preset : one));
}

/** As it is kept; empty where nothing was typed. */
export const presetName = (typed: string): string => typed.trim().slice(0, presetNameMost).trim();

type List = readonly OwnPreset[];
const kept = (): List => useApp.getState().settings.ownPresets;
const keep = (own: List): void => changeSettings({ ownPresets: [...own] });

/** Changes the list and says so; `back` takes the change out of the list as it is by then. */
function change(
  next: List,
  back: (now: List) => List,
  term: 'Saved' | 'Replaced' | 'Renamed' | 'Deleted',
  name: string,
): void {
  keep(next);
  showMessage({
    tone: 'info',
    text: words(readingTerms[`reading.ownPreset${term}`], { name }),
    action: { label: words(readingTerms['reading.undo']), run: () => keep(back(kept())) },
  });
}

/** What is on screen, kept under a name for every study. */
export function saveOwnPreset(session: ReadingSession, typed: string): void {
  const { mpr } = session.state;
  const preset = mpr && volumePreset(mpr.presetId);
  const name = presetName(typed);
  if (!mpr || !preset || name === '') return;
  const { unit, opacity, colour } = mpr.look.transfer ?? preset.transfer;
  const own: OwnPreset = {
    id: crypto.randomUUID(),
    name,
    presetId: mpr.presetId,
    transfer: {
      unit,
      opacity: [...opacity],
      colour: colour.map(({ value, colour: [r, g, b] }) => ({ value, colour: [r, g, b] })),
    },
    shift: mpr.shift,
  };
  const before = kept().find(isPresetNamed(name));
  const next = withOwnPreset(kept(), own);
  if (next.length > ownPresetsMost) {
    showMessage({ tone: 'warn', text: words(readingTerms['reading.ownPresetFull'], { n: ownPresetsMost }) });
    return;
  }
  const back = (now: List): List => now.flatMap((one) => (one.id === own.id ? (before ?? []) : one));
  change(next, back, before ? 'Replaced' : 'Saved', name);
}

export function renameOwnPreset(id: string, typed: string): void {
  const name = presetName(typed);
  const own = kept();
  const isTaken = own.some((one) => one.id !== id && isPresetNamed(name)(one));
  const was = own.find((one) => one.id === id);
  if (name === '' || isTaken || !was || was.name === name) return;
  const named = (list: List, as: string): List =>
    list.map((one) => (one.id === id ? { ...one, name: as } : one));
  change(named(own, name), (now) => named(now, was.name), 'Renamed', name);
}

export function deleteOwnPreset(id: string): void {
  const own = kept();
  const at = own.findIndex((one) => one.id === id);
  const gone = own[at];
  if (!gone) return;
  change(own.toSpliced(at, 1), (now) => now.toSpliced(at, 0, gone), 'Deleted', gone.name);
}

/** Shows it: one step of undo. */
export function setOwnPreset(session: ReadingSession, { presetId, transfer, shift }: OwnPreset): void {
  const { mpr, masks } = session.state;
  if (!mpr) return;
  session.set({
    mpr: { ...mpr, presetId, shift, look: { ...mpr.look, transfer, windowWidth: null } },
    masks: masksForPreset(masks, presetId, mpr.seriesKey),
  });
}
