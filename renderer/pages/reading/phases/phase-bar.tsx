import { ArrowLeftRight, Pause, Play, Repeat, SkipBack, SkipForward } from 'lucide-react';
import { chordLabel } from '../../../app/chord.ts';
import { runCommand } from '../../../app/commands.ts';
import { useLanguage } from '../../../app/language.ts';
import { IconButton } from '../../../ui/controls.tsx';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useCineWay } from '../stack/cine-way.ts';
import { useReading, useWords } from '../use-words.ts';
import { stopPhases } from './phase-player.ts';
import { phaseGroups, phaseName } from './phases.ts';

/** Play, step and choose the phases of a 4D set; nothing where the volume stands alone. */
export function PhaseBar({
  session,
  stack,
}: {
  readonly session: ReadingSession;
  readonly stack: OpenStack;
}) {
  const words = useWords();
  const language = useLanguage();
  const way = useCineWay();
  const rate = useReading(session, (s) => s.phaseRate);
  const shown = useReading(session, (s) => s.cineShown);
  const loaded = useReading(session, (s) => s.phases);
  const { plan, groupIndex } = stack;
  const groups = phaseGroups(plan, groupIndex);
  if (groups.length < 2) return null;
  const at = groups.indexOf(groupIndex);
  const isPlaying = rate !== null;
  const ready = loaded?.seriesKey === plan.seriesKey ? loaded.ready.length : 0;
  const isShort = loaded !== null && loaded.fitting < groups.length;
  const isLoading = ready < Math.min(groups.length, loaded?.fitting ?? groups.length);
  const params = { n: ready, total: groups.length };
  const asked = rate === null ? '' : words('reading.cineRate', { n: rate });
  return (
    <fieldset
      className={isPlaying ? 'phases playing' : 'phases'}
      data-control
      data-phase={groupIndex}
      aria-label={words('reading.phases')}
    >
      <IconButton
        className="skip"
        icon={SkipBack}
        iconSize={15}
        name={words('reading.previousPhase')}
        keyLabel={chordLabel('ArrowLeft')}
        onClick={() => void runCommand('reading.previousPhase')}
      />
      <IconButton
        icon={isPlaying ? Pause : Play}
        iconSize={15}
        name={words(isPlaying ? 'reading.stopPhases' : 'reading.playPhases')}
        keyLabel={chordLabel('KeyC')}
        onClick={() => void runCommand('reading.playPhases')}
      />
      <IconButton
        className="skip"
        icon={SkipForward}
        iconSize={15}
        name={words('reading.nextPhase')}
        keyLabel={chordLabel('ArrowRight')}
        onClick={() => void runCommand('reading.nextPhase')}
      />
      <IconButton
        className="way"
        icon={way === 'loop' ? Repeat : ArrowLeftRight}
        iconSize={15}
        name={words(`reading.cineIs.${way}`)}
        keyLabel={chordLabel('Backslash')}
        onClick={() => void runCommand('reading.cineWay')}
      />
      <input
        type="range"
        min={0}
        max={groups.length - 1}
        value={at}
        aria-label={words('reading.phases')}
        onChange={({ target }) => {
          const group = groups[Number(target.value)];
          stopPhases(session);
          if (group !== undefined && session.phaseStack(group)) session.showPhase(group);
        }}
      />
      <b>{phaseName(plan, groupIndex, language)}</b>
      <span>
        {at + 1}/{groups.length}
      </span>
      {isPlaying && (
        <span className="rate">
          {(isLoading || isShort) &&
            words(isLoading ? 'reading.phasesLoading' : 'reading.phasesLimit', params)}
          {!isLoading && !isShort && shown === null && asked}
          {!isLoading && shown !== null && (
            <span className="warn" data-tip={`${asked} · ${words('reading.cineShown', { n: shown })}`}>
              {words('reading.cineRate', { n: shown })}
            </span>
          )}
        </span>
      )}
    </fieldset>
  );
}
