import { ArrowLeftRight, Eye, Pause, Play, SkipBack, StepBack, StepForward } from 'lucide-react';
import { useStore } from 'zustand';
import { chordLabel } from '../../../app/chord.ts';
import { IconButton } from '../../../ui/controls.tsx';
import { useWords } from '../use-words.ts';
import { type FlyPlayer, flySpeeds } from './fly-player.ts';

/** How far one press of an arrow goes. */
export const flyStepMm = 2;

/** Fly, stop, step, the place on the line, speed, and the way back. */
export function FlyBar({
  player,
  atMm,
  lengthMm,
}: {
  readonly player: FlyPlayer;
  readonly atMm: number;
  readonly lengthMm: number;
}) {
  const words = useWords();
  const { isPlaying, isBack, speedMmPerS, yawRad, pitchRad } = useStore(player.work);
  const isAround = yawRad !== 0 || pitchRad !== 0 || isBack;
  return (
    <fieldset className="phases fly-bar" data-control aria-label={words('reading.fly')}>
      <IconButton
        icon={SkipBack}
        iconSize={15}
        name={words('reading.flyToStart')}
        onClick={() => player.goTo(0)}
      />
      <IconButton
        icon={StepBack}
        iconSize={15}
        name={words('reading.flyBack')}
        keyLabel={chordLabel('ArrowLeft')}
        onClick={() => player.step(-flyStepMm)}
      />
      <IconButton
        icon={isPlaying ? Pause : Play}
        iconSize={15}
        name={words(isPlaying ? 'reading.flyPause' : 'reading.flyPlay')}
        keyLabel={chordLabel('KeyC')}
        data-fly-play={isPlaying ? 'on' : 'off'}
        onClick={() => player.toggle()}
      />
      <IconButton
        icon={StepForward}
        iconSize={15}
        name={words('reading.flyOn')}
        keyLabel={chordLabel('ArrowRight')}
        onClick={() => player.step(flyStepMm)}
      />
      <input
        type="range"
        min={0}
        max={lengthMm}
        step={0.1}
        value={atMm}
        aria-label={words('reading.flyAlong')}
        onChange={(event) => player.goTo(event.currentTarget.valueAsNumber)}
      />
      <select
        aria-label={words('reading.flySpeed')}
        data-tip={words('reading.flySpeed')}
        value={speedMmPerS}
        onChange={(event) => player.work.setState({ speedMmPerS: Number(event.currentTarget.value) })}
      >
        {flySpeeds.map((mm) => (
          <option key={mm} value={mm}>
            {mm} mm/s
          </option>
        ))}
      </select>
      <IconButton
        icon={ArrowLeftRight}
        iconSize={15}
        name={words('reading.flyLookBack')}
        keyLabel={chordLabel('KeyR')}
        isOn={isBack}
        onClick={() => player.turnRound()}
      />
      {isAround && (
        <IconButton
          icon={Eye}
          iconSize={15}
          name={words('reading.flyAhead')}
          onClick={() => player.lookAhead()}
        />
      )}
    </fieldset>
  );
}
