import { useEffect, useState } from 'react';
import { fixed } from '../../../../core/measure/format.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { doubtTerm } from '../ask-verdict.ts';
import { Choices } from '../choices.tsx';
import { NumberField } from '../number-field.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { maskMaker } from './mask-maker.ts';
import { layerName } from './mask-name.ts';
import { maskDo, setMaskWork } from './mask-set.ts';
import { activeMask } from './mask-state.ts';
import { brushRadiiMm, scissorDepthsMm, type ThresholdDraft } from './mask-work.ts';

interface CardProps {
  readonly session: ReadingSession;
}

/** What the tool in hand can be told. */
export function ToolCard({ session }: CardProps) {
  const tool = useReading(session, (s) => s.tool);
  const threshold = useReading(session, (s) => s.maskWork.threshold);
  const grown = useReading(session, (s) => s.maskWork.grown);
  return (
    <>
      {threshold && <ThresholdCard session={session} draft={threshold} />}
      {(tool === 'scissors' || tool === 'keepPart' || tool === 'dropPart') && (
        <TargetChoice session={session} />
      )}
      {tool === 'scissors' && <ScissorCard session={session} />}
      {(tool === 'brush' || tool === 'eraser') && <BrushCard session={session} />}
      {tool === 'grow' && grown && <GrownCard session={session} />}
    </>
  );
}

/** Where a layer is chosen: whether scissors and clicks mean it, or what is seen. */
function TargetChoice({ session }: CardProps) {
  const words = useWords();
  const language = useLanguage();
  const item = useReading(session, (s) => activeMask(s.masks));
  if (!item) return null;
  return (
    <section className="grp mask-card">
      <Choices
        label={words('reading.maskTarget', { name: layerName(item, language) })}
        choices={[
          { value: true, name: layerName(item, language) },
          { value: false, name: words('reading.maskSeen'), data: { 'data-target': 'seen' } },
        ]}
        chosen={true}
        onChoose={(isLayer) => {
          if (!isLayer) maskDo(session, { kind: 'activate', id: null });
        }}
      />
    </section>
  );
}

function ScissorCard({ session }: CardProps) {
  const words = useWords();
  const scissors = useReading(session, (s) => s.maskWork.scissors);
  const set = (part: Partial<typeof scissors>): void =>
    setMaskWork(session, { scissors: { ...scissors, ...part } });
  return (
    <section className="grp mask-card" aria-label={words('reading.scissors')}>
      <p className="hint">{words('reading.scissorsTip')}</p>
      <Choices
        label={words('reading.scissors')}
        choices={[
          { value: 'inside', name: words('reading.cutInside'), data: { 'data-cut': 'inside' } },
          { value: 'outside', name: words('reading.cutOutside'), data: { 'data-cut': 'outside' } },
        ]}
        chosen={scissors.side}
        onChoose={(side) => set({ side: side === 'outside' ? 'outside' : 'inside' })}
      />
      <div className="mask-line">
        <span>{words('reading.cutDepth')}</span>
        <div className="slabs">
          {scissorDepthsMm.map((mm) => (
            <button
              key={String(mm)}
              type="button"
              className={mm === scissors.depthMm ? 'on' : ''}
              aria-pressed={mm === scissors.depthMm}
              data-cut-depth={String(mm)}
              onClick={() => set({ depthMm: mm })}
            >
              {mm === null ? words('reading.cutThrough') : mm}
            </button>
          ))}
          <em>mm</em>
        </div>
      </div>
    </section>
  );
}

function BrushCard({ session }: CardProps) {
  const words = useWords();
  const brush = useReading(session, (s) => s.maskWork.brush);
  const set = (part: Partial<typeof brush>): void => setMaskWork(session, { brush: { ...brush, ...part } });
  return (
    <section className="grp mask-card" aria-label={words('reading.brush')}>
      <div className="mask-line">
        <span>{words('reading.brushSize')}</span>
        <div className="slabs">
          {brushRadiiMm.map((mm) => (
            <button
              key={mm}
              type="button"
              className={mm === brush.radiusMm ? 'on' : ''}
              aria-pressed={mm === brush.radiusMm}
              data-brush={mm}
              onClick={() => set({ radiusMm: mm })}
            >
              {mm}
            </button>
          ))}
          <em>mm</em>
        </div>
      </div>
      <Choices
        label={words('reading.brushShape')}
        choices={[
          { value: false, name: words('reading.brushBall') },
          { value: true, name: words('reading.brushDisc') },
        ]}
        chosen={brush.isDisc}
        onChoose={(isDisc) => set({ isDisc })}
      />
    </section>
  );
}

/** The widest tolerance to try. */
const toleranceMost = 250;

function GrownCard({ session }: CardProps) {
  const words = useWords();
  const unit = session.mprStack()?.unit ?? '';
  const grown = useReading(session, (s) => s.maskWork.grown);
  const [held, setHeld] = useState<number | null>(null);
  if (!grown) return null;
  const { seed, tolerance, hasLeaked } = grown;
  const letGo = (): void => {
    if (held !== null && held !== tolerance) void maskMaker(session).regrow(held);
    setHeld(null);
  };
  const shown = held ?? tolerance;
  return (
    <section className="grp mask-card" aria-label={words('reading.growRegion')} data-grown>
      <span>
        {words('reading.grownAt', { seed: `${fixed(seed, 0)} ${unit}`.trim(), tolerance: fixed(shown, 0) })}
      </span>
      <input
        className="slider"
        type="range"
        min={1}
        max={toleranceMost}
        step={1}
        value={shown}
        aria-label={words('reading.growTolerance')}
        onChange={({ target }) => setHeld(Number(target.value))}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
      />
      {hasLeaked && <p className="limit">{words('reading.grownStopped')}</p>}
    </section>
  );
}

/** A range is looked at this long after its last change. */
const previewMs = 120;

function ThresholdCard({ session, draft }: CardProps & { readonly draft: ThresholdDraft }) {
  const words = useWords();
  const busy = useReading(session, (s) => s.maskWork.busy);
  const stack = session.mprStack();
  const range = stack?.range.range() ?? { min: 0, max: 1 };
  const { low, high } = draft;
  const doubt = doubtTerm(session);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (low <= high) void maskMaker(session).preview({ low, high });
    }, previewMs);
    return () => clearTimeout(timer);
  }, [session, low, high]);
  const change = (part: Partial<Pick<ThresholdDraft, 'low' | 'high'>>): void =>
    setMaskWork(session, { threshold: { ...draft, ...part } });
  const edges = [
    { id: 'low', name: words('reading.thresholdLow'), value: low },
    { id: 'high', name: words('reading.thresholdHigh'), value: high },
  ] as const;
  return (
    <section className="grp mask-card" aria-label={words('reading.threshold')} data-threshold>
      <div className="gh">
        <span className="grow">{words('reading.threshold')}</span>
        <span>{stack?.unit}</span>
      </div>
      {edges.map(({ id, name, value }) => (
        <div className="mask-line" key={id}>
          <span>{name}</span>
          <input
            className="slider"
            type="range"
            min={range.min}
            max={range.max}
            step={stepOf(range.max - range.min)}
            value={value}
            aria-label={name}
            onChange={({ target }) => change({ [id]: Number(target.value) })}
          />
          <NumberField
            label={name}
            value={value}
            isWrong={!(low <= high)}
            data={`threshold-${id}`}
            onChange={(next) => {
              if (Number.isFinite(next)) change({ [id]: next });
            }}
          />
        </div>
      ))}
      <p className="hint" data-threshold-ml>
        {draft.found &&
          [
            words('reading.maskMl', { ml: fixed(draft.found.volumeMl, 1) }),
            ...(doubt ? [words(doubt)] : []),
          ].join(' · ')}
        {!draft.found && !busy && words('reading.thresholdNone')}
      </p>
      <div className="row-buttons">
        <Button
          size="small"
          tone="primary"
          disabled={!draft.found}
          onClick={() => maskMaker(session).takeThreshold()}
        >
          {words('reading.thresholdTake')}
        </Button>
        <Button size="small" onClick={() => maskMaker(session).closeThreshold()}>
          {words('reading.thresholdClose')}
        </Button>
      </div>
    </section>
  );
}

/** Whole values where there are many. */
const stepOf = (span: number): number => (span >= 100 ? 1 : span / 500 || 1);
