import { useCallback, useMemo, useState } from 'react';
import { nearestPlace } from '../../../../core/analysis/curve/line-places.ts';
import { type LabelledVertebra, vertebraAt } from '../../../../core/analysis/ribs/labels.ts';
import type { SampledLine } from '../../../../core/analysis/types.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { useLanguage } from '../../../app/language.ts';
import { Menu, type MenuPlace } from '../../../ui/menu.tsx';
import { type GestureTarget, useGestures } from '../../../viewport/gestures.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { CprTexts } from '../cpr/cpr-texts.tsx';
import { useCurved } from '../cpr/use-curved.ts';
import { type MprView, placeCross } from '../mpr/mpr-view.ts';
import { scrollPlane } from '../mpr/scroll-plane.ts';
import { maximise, press } from '../session/double-click.ts';
import { ribsCells } from '../session/layouts.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { boneMaker, shownBones } from './bone-maker.ts';
import { vertebraEntries } from './bone-menu.ts';
import { bottomPx, type PlacedSpine, placeSpine, spineScene, topPx } from './placed-spine.ts';
import { isNamed, type StudyBones } from './study-bones.ts';

const index = ribsCells.indexOf('spine');
const turnDegPerPx = 0.5;
/** The spine straightened, from its top downwards, with the vertebrae's names. */
export function SpineViewport({ session }: { readonly session: ReadingSession }) {
  const view = useReading(session, (s) => s.mpr);
  const shown = useReading(session, shownBones);
  const stack = session.mprStack();
  const words = useWords();
  if (!view || !stack) return null;
  if (!shown || shown.bones.spine.count < 2)
    return (
      <div className="surface" data-plane="spine">
        <div className="vp-note cpr-wait">
          {words('reading.afterRibs', { what: words('reading.spineStraight') })}
        </div>
      </div>
    );
  return <OpenSpine session={session} view={view} stack={stack} shown={shown} />;
}

const canvasStyle = ({ picture, left, top }: PlacedSpine, ratio: number) => ({
  width: picture.width / ratio,
  height: picture.height / ratio,
  left: left / ratio,
  top: top / ratio,
});

interface SpineProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly stack: OpenStack;
  readonly shown: StudyBones;
}

interface Asked {
  readonly vertebra: LabelledVertebra;
  readonly at: MenuPlace;
}

function OpenSpine({ session, view, stack, shown }: SpineProps) {
  const words = useWords();
  const language = useLanguage();
  const { box, canvas, size, version, renderer } = useVolumeCanvas(stack);
  const maker = boneMaker(session);
  const { turnDeg, window } = useReading(session, (s) => s.ribsLook);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = useCallback(() => setAsked(null), []);
  const { bones } = shown;
  const placed = useMemo(() => placeSpine(bones.spine, turnDeg, size), [bones.spine, turnDeg, size]);
  const scene = useMemo(() => placed && spineScene(placed, window), [placed, window]);
  useCurved(canvas, renderer, 'spine', scene, false, version);
  const ask = (p: PatientPoint, at: MenuPlace): void => {
    const found = vertebraAt(bones, p);
    if (found.ok) setAsked({ vertebra: found.value, at });
  };
  useGestures(box, spineGestures(session, placed, box, isNamed(bones) ? null : ask));
  return (
    <div ref={box} className="surface cpr-surface tool-crosshair" data-plane="spine">
      <canvas ref={canvas} style={placed ? canvasStyle(placed, size.ratio) : undefined} />
      {placed && <SpineCursor view={view} spine={bones.spine} placed={placed} />}
      {placed && <VertebraMarks bones={bones} placed={placed} heightPx={size.cssHeight} onAsk={setAsked} />}
      <CprTexts
        session={session}
        view={{ ...view, window }}
        stack={stack}
        title={words('reading.spineStraight')}
        shown={[]}
        taken={[]}
        letters={null}
        mmPerPx={null}
        heightPx={size.cssHeight}
        isStrip
      />
      <StandButton session={session} />
      {asked && (
        <Menu
          name={words('reading.boneName')}
          at={asked.at}
          entries={vertebraEntries(maker, asked.vertebra, language)}
          onClose={close}
        />
      )}
    </div>
  );
}

/** From the side or from the front; a drag turns it freely. */
function StandButton({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const turnDeg = useReading(session, (s) => s.ribsLook.turnDeg);
  const usual = turnDeg === 0 ? 'reading.spineFront' : 'reading.spineSide';
  const isUsual = turnDeg === 0 || Math.abs(turnDeg) === 90;
  return (
    <button
      type="button"
      className="btn small spine-stand"
      data-control
      onClick={() => boneMaker(session).setLook({ turnDeg: turnDeg === -90 ? 0 : -90 })}
    >
      {isUsual ? words(usual) : words('reading.turnText', { deg: Math.round(turnDeg) })}
    </button>
  );
}

/** The name of each vertebra beside it; a click says what it is. */
function VertebraMarks({
  bones,
  placed,
  heightPx,
  onAsk,
}: {
  readonly bones: StudyBones['bones'];
  readonly placed: PlacedSpine;
  readonly heightPx: number;
  onAsk(asked: Asked): void;
}) {
  const words = useWords();
  return bones.vertebrae.map((vertebra) => {
    const y = placed.spotOf(vertebra.centreMm)?.y ?? placed.yOf(vertebra.atMm);
    if (y < topPx || y > heightPx - bottomPx) return null;
    return (
      <button
        key={vertebra.id}
        type="button"
        className={`vertebra-mark${vertebra.label === null ? ' open' : ''}`}
        style={{ top: y }}
        data-control
        data-vertebra={vertebra.label ?? '?'}
        data-tip={words('reading.boneName')}
        onClick={(event) => {
          const { right, top } = event.currentTarget.getBoundingClientRect();
          onAsk({ vertebra, at: { x: right + 2, y: top } });
        }}
      >
        {vertebra.label ?? '?'}
      </button>
    );
  });
}

/** Where the crosshair is along the spine. */
function SpineCursor({
  view,
  spine,
  placed,
}: {
  readonly view: MprView;
  readonly spine: SampledLine;
  readonly placed: PlacedSpine;
}) {
  const place = useMemo(() => nearestPlace(spine, view.state.centre), [spine, view.state.centre]);
  if (!place) return null;
  const y = placed.yOf(place.atMm);
  return (
    <svg className="marks bone-marks full" aria-hidden="true">
      <path className="halo" d={`M0 ${y}H4000`} />
      <path className="at" d={`M0 ${y}H4000`} data-spine-cursor={place.atMm.toFixed(1)} />
    </svg>
  );
}

/** A click brings the crosshair (or asks for the vertebra's name), a drag turns the spine, the wheel goes along it. */
function spineGestures(
  session: ReadingSession,
  placed: PlacedSpine | null,
  box: { readonly current: HTMLElement | null },
  ask: ((p: PatientPoint, at: MenuPlace) => void) | null,
): GestureTarget {
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start(_button, x, y) {
      const from = session.state.ribsLook.turnDeg;
      let movedPx = 0;
      return {
        move(dx) {
          movedPx += dx;
          const turned = from + movedPx * turnDegPerPx;
          // The two usual directions hold the hand a little.
          const usual = [-90, 0, 90].find((deg) => Math.abs(deg - turned) < 4);
          boneMaker(session).setLook({ turnDeg: usual ?? Math.max(-180, Math.min(180, turned)) });
        },
        note: () => `${Math.round(session.state.ribsLook.turnDeg)}°`,
        end(moved, cancelled) {
          const p = placed?.patientAt(x, y);
          const { mpr } = session.state;
          if (moved || cancelled || !p || !mpr) return;
          session.set({ mpr: placeCross(mpr, p) });
          const corner = box.current?.getBoundingClientRect();
          if (ask && corner) ask(p, { x: corner.left + x, y: corner.top + y });
        },
      };
    },
    wheel(steps, _x, _y, held) {
      scrollPlane(session, 'axial', steps * (held.shift ? 5 : 1));
    },
    hover: () => undefined,
    leave: () => undefined,
    doubleClick: () => maximise(session),
    menu: (x, y) => openMenu(session, { x, y }),
  };
}
