import type { WindowPreset } from '../../../../core/scene/presets.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import { useApp } from '../../../app/app-store.ts';
import { chordLabel } from '../../../app/chord.ts';
import { changeSettings } from '../../../app/settings-sync.ts';
import type { MenuEntry, MenuItem } from '../../../ui/menu.tsx';
import {
  fullRangeVoi,
  isSameWindow,
  offeredBy,
  presetWindow,
  rangeVoi,
  type WindowState,
  windowNumbers,
} from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { isRememberable, presetMemoryKey, presetsFor } from '../session/start-window.ts';
import { isColour } from '../stack/stack-picture.ts';

/** The stack whose window is meant now, and the window it shows. */
export function windowTarget(
  session: ReadingSession,
): { readonly stack: OpenStack; readonly window: WindowState; readonly k: number } | null {
  const { mode, mpr } = session.state;
  if (mode !== 'stack') {
    const stack = session.mprStack();
    return stack && mpr ? { stack, window: mpr.window, k: Math.floor(stack.count / 2) } : null;
  }
  const cell = session.activeCell();
  const stack = session.stackOf(cell);
  const window = cell && session.windowOf(cell);
  return cell && stack && window ? { stack, window, k: cell.k } : null;
}

export function setWindow(session: ReadingSession, window: WindowState): void {
  const { mode, mpr, active, cells } = session.state;
  const was = mode === 'stack' ? cells[active]?.window : mpr?.window;
  // What is set already is no step that could be taken back; linked stacks follow it all the same.
  const next = was && isSameWindow(was, window) ? was : window;
  if (mode === 'stack') session.changeCell(active, { window: next });
  else if (mpr && next !== was) session.set({ mpr: { ...mpr, window: next } });
}

/** Chosen presets are what the next picture of this kind starts with; its own window ends that. */
function remember(stack: OpenStack, presetId: string | null): void {
  const key = presetMemoryKey(stack);
  const { reading } = useApp.getState().settings;
  if (!key || (reading[key] ?? null) === presetId) return;
  const { [key]: _before, ...rest } = reading;
  changeSettings({ reading: presetId === null ? rest : { ...rest, [key]: presetId } });
}

export function applyPreset(session: ReadingSession, preset: WindowPreset): void {
  const target = windowTarget(session);
  const info = target?.stack.info(target.k);
  if (!target || !info) return;
  const next = presetWindow(preset, target.window, offeredBy(info), target.stack.range);
  if (!next) return;
  setWindow(session, next);
  if (isRememberable(preset)) remember(target.stack, preset.id);
  else if (preset.setting.kind === 'asSent') remember(target.stack, null);
}

export function applyPresetKey(session: ReadingSession, key: number): void {
  const target = windowTarget(session);
  const preset = target && presetsFor(target.stack).find((p) => p.key === key);
  if (preset) applyPreset(session, preset);
}

export function applyFullRange(session: ReadingSession): void {
  const target = windowTarget(session);
  if (!target) return;
  setWindow(session, { ...target.window, voi: fullRangeVoi(target.stack.range), presetId: 'full' });
}

/** Back to the file's first window. */
export function applyAsSent(session: ReadingSession): void {
  const target = windowTarget(session);
  const info = target?.stack.info(target.k);
  if (!target || !info) return;
  const voi = offeredBy(info)[0]?.voi ?? rangeVoi(target.stack.range, 2, 98);
  setWindow(session, { voi, isInverted: false, presetId: null });
  remember(target.stack, null);
}

const nameOf = (language: Language, preset: WindowPreset): string =>
  language === 'zh-CN' ? preset.zh : preset.en;

function numbersOf(voi: WindowState['voi'], language: Language): string {
  const numbers = windowNumbers(voi);
  return numbers ? `${numbers.width}/${numbers.centre}` : say(language, readingTerms['reading.voiLut']);
}

/** The preset that a window is, by name or by its numbers: the file's own 400/50 is the abdomen window too. */
export function presetOf(stack: OpenStack, { voi, presetId }: WindowState): WindowPreset | undefined {
  const presets = presetsFor(stack);
  const isSame = ({ setting }: WindowPreset): boolean =>
    setting.kind === 'window' &&
    voi.kind === 'window' &&
    voi.function !== 'SIGMOID' &&
    setting.width === voi.width &&
    setting.centre === voi.center;
  return presets.find((p) => p.id === presetId) ?? presets.find(isSame);
}

/** What the tool bar shows: `1 Lung 1500/−600`, or the bare numbers after a drag. */
export function presetLabel(session: ReadingSession, language: Language): string {
  const target = windowTarget(session);
  if (!target) return say(language, readingTerms['reading.window']);
  const { window, stack, k } = target;
  if (isColour(stack, k)) return say(language, readingTerms['reading.colour']);
  const preset = presetOf(stack, window);
  const key = preset?.key === undefined ? '' : `${preset.key} `;
  const numbers = numbersOf(window.voi, language);
  return preset ? `${key}${nameOf(language, preset)} ${numbers}` : numbers;
}

/** The menu: presets with their keys, then the file's own windows by name, then range and automatic. */
export function presetEntries(session: ReadingSession, language: Language): readonly MenuEntry[] {
  const target = windowTarget(session);
  const info = target?.stack.info(target.k);
  if (!target || !info) return [];
  const now = isColour(target.stack, target.k) ? undefined : presetOf(target.stack, target.window)?.id;
  const presets = presetsFor(target.stack).map((preset): MenuItem => {
    const { setting } = preset;
    const numbers = setting.kind === 'window' ? ` ${setting.width}/${setting.centre}`.replace('-', '−') : '';
    return {
      id: preset.id,
      label: nameOf(language, preset) + (preset.id.startsWith('pet') ? '' : numbers),
      ...(preset.key !== undefined && { keyLabel: String(preset.key) }),
      isChosen: preset.id === now,
      run: () => applyPreset(session, preset),
    };
  });
  const named = offeredBy(info).map(({ name, voi }) => ({ name, voi, numbers: numbersOf(voi, language) }));
  // Some files repeat one window without names.
  const isFirst = (n: number): boolean =>
    named.findIndex((w) => w.name === named[n]?.name && w.numbers === named[n]?.numbers) === n;
  const offered = named
    .filter((_, n) => isFirst(n))
    .map(
      ({ name, voi, numbers }, n): MenuItem => ({
        id: `file${n}`,
        label: `${name || say(language, readingTerms['reading.fileWindow'], { n: n + 1 })} ${numbers}`,
        run: () => {
          setWindow(session, { voi, isInverted: false, presetId: null });
          remember(target.stack, null);
        },
      }),
    );
  const automatic: MenuItem[] = [
    {
      id: 'full',
      label: say(language, readingTerms['reading.fullRange']),
      keyLabel: '0',
      run: () => applyFullRange(session),
    },
    {
      id: 'sent',
      label: say(language, readingTerms['reading.asSent']),
      keyLabel: chordLabel('Backquote'),
      run: () => applyAsSent(session),
    },
    {
      id: 'auto',
      label: say(language, readingTerms['reading.auto']),
      run: () =>
        setWindow(session, { ...target.window, voi: rangeVoi(target.stack.range, 2, 98), presetId: null }),
    },
  ];
  return [...presets, ...(offered.length > 0 ? ['line' as const, ...offered] : []), 'line', ...automatic];
}
