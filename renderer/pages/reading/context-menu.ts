import { printTerms } from '../../../core/terms/print.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { type Language, say } from '../../../core/terms/term.ts';
import { chordLabel } from '../../app/chord.ts';
import { runCommand } from '../../app/commands.ts';
import { tools } from '../../tools/tool.ts';
import type { MenuEntry, MenuItem } from '../../ui/menu.tsx';
import { exportEntries } from './export/export-commands.ts';
import { sendEntries } from './export/send-commands.ts';
import { mprEntries } from './mpr/mpr-commands.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { presetEntries } from './volume/preset-menu.ts';

/** Right click on a picture: presets, tools, picture, measurement. */
export function contextEntries(session: ReadingSession, language: Language): readonly MenuEntry[] {
  const item = (id: string, term: keyof typeof readingTerms, chord: string): MenuItem => ({
    id,
    label: say(language, readingTerms[term]),
    keyLabel: chordLabel(chord),
    run: () => void runCommand(`reading.${id}`),
  });
  const { tool: active } = session.state;
  const { selectedId } = session.state.annotations;
  const isStack = session.state.mode === 'stack';
  return [
    ...tools
      .filter((tool) => !tool.ofVolumes || !isStack)
      .map((tool) => ({
        ...item(`tool.${tool.id}`, tool.term, tool.key),
        isChosen: tool.id === active,
      })),
    'line',
    ...presetEntries(session, language).slice(0, 9),
    'line',
    ...(isStack
      ? [
          item('rotate', 'reading.rotate', 'KeyR'),
          item('flipHorizontal', 'reading.flipHorizontal', 'KeyH'),
          item('fit', 'reading.fit', 'KeyF'),
        ]
      : []),
    ...mprEntries(session, language),
    item('invert', 'reading.invert', 'KeyI'),
    item('reset', 'reading.reset', 'Shift+KeyF'),
    'line',
    item('copyPicture', 'reading.copyPicture', 'Ctrl+KeyC'),
    item('savePicture', 'reading.savePicture', 'Ctrl+KeyS'),
    {
      id: 'printViewport',
      label: say(language, printTerms['print.viewport']),
      run: () => void runCommand('reading.printViewport'),
    },
    {
      id: 'print',
      label: say(language, printTerms['print.layout']),
      keyLabel: chordLabel('Ctrl+KeyP'),
      run: () => void runCommand('reading.print'),
    },
    ...exportEntries(session, language),
    ...sendEntries(session, language),
    ...(selectedId ? (['line', item('delete', 'reading.delete', 'Delete')] as const) : []),
  ];
}
