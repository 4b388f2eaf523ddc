import { fixed } from '../../../../core/measure/format.ts';
import { slabMostMm } from '../../../../core/scene/mpr.ts';
import type { Interpolation, Projection } from '../../../../core/scene/types.ts';
import { chordLabel } from '../../../app/chord.ts';
import { runCommand } from '../../../app/commands.ts';
import { Button } from '../../../ui/controls.tsx';
import { Choices } from '../choices.tsx';
import { FusionGroup } from '../fusion/fusion-group.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { activePlane, setInterpolation, setSlab, setSlabApart } from '../volume/volume-actions.ts';
import { projections, setProjection } from './mpr-commands.ts';
import { planeCalled, projectionOf } from './mpr-picture.ts';
import { interpolations, type MprView, setFree, slabChoicesMm } from './mpr-view.ts';

const modeTerms: Readonly<
  Record<Projection, 'reading.plane' | 'reading.mip' | 'reading.minip' | 'reading.mean'>
> = { none: 'reading.plane', mip: 'reading.mip', minip: 'reading.minip', mean: 'reading.mean' };

/** Slabs, then how the planes lie and are drawn. */
export function SlabGroup({ session }: { readonly session: ReadingSession }) {
  const view = useReading(session, (s) => s.mpr);
  if (!view) return null;
  return (
    <>
      <Slab session={session} view={view} />
      <Planes session={session} view={view} />
      <FusionGroup session={session} />
    </>
  );
}

interface GroupProps {
  readonly session: ReadingSession;
  readonly view: MprView;
}

/** Projection and total thickness, of the three planes or of the active one. */
function Slab({ session, view }: GroupProps) {
  const words = useWords();
  useReading(session, (s) => s.active);
  const plane = view.state.planes[activePlane(session)];
  const isColour = session.mprStack()?.isColour ?? false;
  return (
    <section className="grp" aria-label={words('reading.slab')}>
      <div className="gh">
        <span className="grow">{words('reading.slab')}</span>
        {view.isSlabApart && <span>{words(`reading.${planeCalled(view, activePlane(session)).name}`)}</span>}
      </div>
      <Choices
        label={words('reading.slabMode')}
        keys="Shift+KeyS"
        choices={(isColour ? (['none', 'mean'] as const) : projections).map((projection) => ({
          value: projection,
          name: words(modeTerms[projection]),
          data: { 'data-projection': projection },
        }))}
        chosen={projectionOf(view, activePlane(session), isColour)}
        onChoose={(projection) => setProjection(session, projection)}
      />
      <div className="slabs">
        {slabChoicesMm.map((mm) => (
          <button
            key={mm}
            type="button"
            className={mm === plane.slabMm ? 'on' : ''}
            aria-pressed={mm === plane.slabMm}
            data-slab={mm}
            onClick={() => setSlab(session, mm)}
          >
            {mm}
          </button>
        ))}
        <em>mm</em>
      </div>
      <label className="slab-fine">
        <input
          type="range"
          min={0}
          max={slabMostMm}
          step={1}
          value={plane.slabMm}
          aria-label={words('reading.slabThickness')}
          onPointerDown={() => session.hold(true)}
          onPointerUp={() => session.hold(false)}
          onChange={({ target }) => setSlab(session, Number(target.value))}
        />
        <output>{fixed(plane.slabMm, Number.isInteger(plane.slabMm) ? 0 : 1)} mm</output>
      </label>
      <Choices
        label={words('reading.slabScope')}
        keys="Shift+KeyG"
        choices={[
          { value: false, name: words('reading.slabAll'), data: { 'data-scope': 'all' } },
          { value: true, name: words('reading.slabOne'), data: { 'data-scope': 'one' } },
        ]}
        chosen={view.isSlabApart}
        onChoose={(isApart) => setSlabApart(session, isApart)}
      />
    </section>
  );
}

/** Right angles or free, interpolation, axes. */
function Planes({ session, view }: GroupProps) {
  const words = useWords();
  return (
    <section className="grp" aria-label={words('reading.planes')}>
      <div className="gh">
        <span className="grow">{words('reading.planes')}</span>
      </div>
      <Choices
        label={words('reading.toggleFree')}
        keys="Shift+KeyO"
        choices={[
          { value: false, name: words('reading.rightAngles'), data: { 'data-angles': 'locked' } },
          { value: true, name: words('reading.freeAngles'), data: { 'data-angles': 'free' } },
        ]}
        chosen={view.isFree}
        onChoose={(isFree) => session.set({ mpr: setFree(view, isFree, activePlane(session)) })}
      />
      <Choices<Interpolation>
        label={words('reading.interpolation')}
        keys="Shift+KeyI"
        choices={interpolations.map((name) => ({
          value: name,
          name: words(`reading.${name}`),
          data: { 'data-interpolation': name },
        }))}
        chosen={view.interpolation}
        onChoose={(name) => setInterpolation(session, name)}
      />
      <div className="axes">
        <span className="dim">{words('reading.axes')}</span>
        <button
          type="button"
          data-tip={words('reading.anatomicalAxes')}
          data-keys={chordLabel('Shift+KeyA')}
          data-axes="anatomical"
          onClick={() => void runCommand('reading.anatomical')}
        >
          {words('reading.anatomical')}
        </button>
        <button
          type="button"
          data-tip={words('reading.acquisitionAxes')}
          data-keys={chordLabel('Shift+KeyQ')}
          data-axes="acquisition"
          onClick={() => void runCommand('reading.acquisition')}
        >
          {words('reading.acquisition')}
        </button>
      </div>
      <Button
        size="small"
        disabled={session.mprStack()?.isColour === true}
        onClick={() => void runCommand('reading.savePlanes')}
      >
        {words('reading.savePlanes')}
      </Button>
    </section>
  );
}
