import { readingTerms } from '../../../../core/terms/reading.ts';
import { remoteTerms } from '../../../../core/terms/remote.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import { chordLabel } from '../../../app/chord.ts';
import { type Command, runCommand } from '../../../app/commands.ts';
import { askSend } from '../../../panels/send/send-store.ts';
import type { MenuItem } from '../../../ui/menu.tsx';
import type { ReadingSession } from '../session/reading-session.ts';

const chord = 'Ctrl+Shift+KeyE';

/** What was opened in place is kept before it can be sent. */
const canSend = ({ state }: ReadingSession): boolean => state.study?.stored === true;
const activeSeries = ({ state }: ReadingSession): string | null =>
  state.cells[state.active]?.seriesKey ?? null;

/** The study that is read, or the series in the active viewport, to another station. */
export function sendCommands(session: ReadingSession): readonly Command[] {
  const group = readingTerms['reading.groupExport'];
  return [
    {
      id: 'reading.sendStudy',
      term: remoteTerms['send.study'],
      group,
      keys: [chord],
      enabled: () => canSend(session),
      run() {
        const { study } = session.state;
        if (!study) return;
        const { studyKey, instances, bytes } = study;
        askSend({ studyKeys: [studyKey], seriesKeys: [], instanceKeys: [], objects: instances, bytes });
      },
    },
    {
      id: 'reading.sendSeries',
      term: remoteTerms['send.oneSeries'],
      group,
      enabled: () => canSend(session) && activeSeries(session) !== null,
      run() {
        const key = activeSeries(session);
        if (key === null) return;
        askSend({ studyKeys: [], seriesKeys: [key], instanceKeys: [], objects: 0, bytes: null });
      },
    },
  ];
}

/** The same in the viewport's menu. */
export function sendEntries(session: ReadingSession, language: Language): readonly MenuItem[] {
  if (!canSend(session)) return [];
  return [
    {
      id: 'sendStudy',
      label: say(language, remoteTerms['send.study']),
      keyLabel: chordLabel(chord),
      run: () => void runCommand('reading.sendStudy'),
    },
    ...(activeSeries(session) === null
      ? []
      : [
          {
            id: 'sendSeries',
            label: say(language, remoteTerms['send.oneSeries']),
            run: () => void runCommand('reading.sendSeries'),
          },
        ]),
  ];
}
