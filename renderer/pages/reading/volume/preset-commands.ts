import { type WindowPreset, windowPresets } from '../../../../core/scene/presets.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import type { Term } from '../../../../core/terms/term.ts';
import type { Command } from '../../../app/commands.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { presetsFor } from '../session/start-window.ts';
import { isColour } from '../stack/stack-picture.ts';
import { applyPreset, applyPresetKey, windowTarget } from './preset-menu.ts';

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Presets of the picture that is looked at; none without a study, as on the list of keys. */
function presetsNow(session: ReadingSession): readonly WindowPreset[] {
  const target = session.state && windowTarget(session);
  return target ? presetsFor(target.stack) : [];
}

const numbered = (n: number): Term => ({
  zh: readingTerms['reading.presetNumber'].zh.replace('{n}', String(n)),
  en: readingTerms['reading.presetNumber'].en.replace('{n}', String(n)),
});

const named = ({ zh, en }: WindowPreset, of: Term): Term => ({
  zh: `${zh} · ${of.zh}`,
  en: `${en} · ${of.en}`,
});

function hasPreset(session: ReadingSession, n: number): boolean {
  const target = windowTarget(session);
  if (!target || isColour(target.stack, target.k)) return false;
  return presetsFor(target.stack).some(({ key }) => key === n);
}

/** Window presets by their keys, called what they are for the picture now, and those that have no key. */
export function presetCommands(session: ReadingSession): readonly Command[] {
  const group = readingTerms['reading.groupWindow'];
  const byKey = digits.map(
    (n): Command => ({
      id: `reading.preset${n}`,
      get term() {
        const preset = presetsNow(session).find(({ key }) => key === n);
        return preset ? named(preset, numbered(n)) : numbered(n);
      },
      group,
      keys: [`Digit${n}`],
      enabled: () => hasPreset(session, n),
      run: () => applyPresetKey(session, n),
    }),
  );
  const others = windowPresets.CT.filter((preset: WindowPreset) => preset.key === undefined);
  return [
    ...byKey,
    ...others.map(
      (preset): Command => ({
        id: `reading.preset.${preset.id}`,
        term: named(preset, readingTerms['reading.presets']),
        group,
        enabled: () => presetsNow(session).some(({ id }) => id === preset.id),
        run: () => applyPreset(session, preset),
      }),
    ),
  ];
}
