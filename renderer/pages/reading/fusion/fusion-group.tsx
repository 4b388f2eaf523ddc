import { useState } from 'react';
import { formatValue } from '../../../../core/measure/format.ts';
import { type ColourMap, colourMaps, type Fusion } from '../../../../core/scene/fusion.ts';
import { choiceNames, useSeriesLabels } from '../../../viewport/series-labels.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { Choices } from '../choices.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { changeFusion, fuse, fusedStack, fusionCandidates, fusionRange } from './fusion.ts';

const mapTerms = {
  hot: 'reading.mapHot',
  rainbow: 'reading.mapRainbow',
  greyInverse: 'reading.mapGreyInverse',
} as const;

/** A second series over the planes (PET over CT): which, its colours, how opaque, up to what value. */
export function FusionGroup({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const fusion = useReading(session, (s) => s.mpr?.fusion ?? null);
  const base = useReading(session, (s) => s.mpr?.seriesKey);
  useReading(session, (s) => s.opened);
  const [refused, setRefused] = useState('');
  const candidates = fusionCandidates(session);
  const names = choiceNames(candidates, useSeriesLabels());
  const stack = fusion ? fusedStack(session, fusion) : undefined;
  // The range of its values grows while they arrive.
  useStackArrivals(stack);
  if (base === undefined || candidates.length === 0) return null;
  return (
    <section className="grp fusion" aria-label={words('reading.fusion')}>
      <div className="gh">
        <span className="grow">{words('reading.fusion')}</span>
      </div>
      <select
        value={fusion?.seriesKey ?? ''}
        aria-label={words('reading.fusionWith')}
        onChange={({ target }) => {
          const chosen = target.value;
          setRefused('');
          void fuse(session, chosen || null).then((isDone) => setRefused(isDone ? '' : chosen));
        }}
      >
        <option value="">{words('reading.fusionNone')}</option>
        {candidates.map((row, n) => (
          <option key={row.seriesKey} value={row.seriesKey}>
            {names[n]}
          </option>
        ))}
      </select>
      {refused && <p className="hint">{words('reading.fusionRefused')}</p>}
      {fusion && (
        <Choices<ColourMap>
          label={words('reading.colourMap')}
          choices={colourMaps.map((map) => ({
            value: map,
            name: words(mapTerms[map]),
            data: { 'data-map': map },
          }))}
          chosen={fusion.map}
          onChoose={(map) => changeFusion(session, { map })}
        />
      )}
      {fusion && (
        <Slider
          session={session}
          label={words('reading.fusionOpacity')}
          value={fusion.opacity * 100}
          text={`${Math.round(fusion.opacity * 100)} %`}
          onChange={(percent) => changeFusion(session, { opacity: percent / 100 })}
        />
      )}
      {fusion && stack && <RangeSliders session={session} fusion={fusion} stack={stack} />}
    </section>
  );
}

/** Between which values the colours run, in hundredths of the highest one. */
function RangeSliders({
  session,
  fusion,
  stack,
}: {
  readonly session: ReadingSession;
  readonly fusion: Fusion;
  readonly stack: OpenStack;
}) {
  const words = useWords();
  const { min = 0, max = 1 } = stack.range.range() ?? {};
  const { low, high } = fusionRange(fusion, stack);
  const least = Math.min(0, min);
  const span = Math.max(max - least, 1e-6);
  const percentOf = (value: number): number => (100 * (value - least)) / span;
  const valueAt = (percent: number): number => least + (percent / 100) * span;
  // One step of the slider stays between the ends.
  const lowMost = percentOf(high) - 1;
  return (
    <>
      <Slider
        session={session}
        label={words('reading.fusionLow')}
        value={percentOf(low)}
        text={formatValue(low, stack.unit)}
        onChange={(percent) => changeFusion(session, { low: valueAt(Math.min(percent, lowMost)) })}
      />
      <Slider
        session={session}
        label={words('reading.fusionHigh')}
        value={percentOf(high)}
        text={formatValue(high, stack.unit)}
        onChange={(percent) =>
          changeFusion(session, { high: valueAt(Math.max(percent, percentOf(low) + 1)) })
        }
      />
    </>
  );
}

function Slider({
  session,
  label,
  value,
  text,
  onChange,
}: {
  readonly session: ReadingSession;
  readonly label: string;
  readonly value: number;
  readonly text: string;
  onChange(value: number): void;
}) {
  return (
    <label className="slab-fine">
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={100}
        value={Math.round(value)}
        aria-label={label}
        onPointerDown={() => session.hold(true)}
        onPointerUp={() => session.hold(false)}
        onChange={({ target }) => onChange(Number(target.value))}
      />
      <output>{text}</output>
    </label>
  );
}
