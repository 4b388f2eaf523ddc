import { useCallback, useMemo, useState } from 'react';
import type { LabelledRib } from '../../../../core/analysis/ribs/labels.ts';
import { useLanguage } from '../../../app/language.ts';
import { Menu, type MenuPlace } from '../../../ui/menu.tsx';
import { type GestureTarget, useGestures } from '../../../viewport/gestures.ts';
import { windowNote } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { probeOf } from '../cpr/cpr-gestures.ts';
import { CprTexts } from '../cpr/cpr-texts.tsx';
import { type MprView, placeCross } from '../mpr/mpr-view.ts';
import { scrollPlane } from '../mpr/scroll-plane.ts';
import { maximise, press } from '../session/double-click.ts';
import { ribsCells } from '../session/layouts.ts';
import { openMenu } from '../session/page-actions.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { ProbeLine } from '../stack/stack-viewport.tsx';
import { useReading, useWords } from '../use-words.ts';
import { useVolumeCanvas } from '../volume/use-volume-canvas.ts';
import { BoneBar, BoneStart } from './bone-bar.tsx';
import { boneMaker, shownBones } from './bone-maker.ts';
import { ribEntries } from './bone-menu.ts';
import { cutColumns, type PlacedSheet, placeSheet } from './placed-sheet.ts';
import { stripLook } from './ribs-look.ts';
import { isNamed, type StudyBones } from './study-bones.ts';
import { useRibSheet } from './use-rib-sheet.ts';

const index = ribsCells.indexOf('ribs');

/** All ribs laid flat; before they are found, the way there. */
export function RibsViewport({ session }: { readonly session: ReadingSession }) {
  const view = useReading(session, (s) => s.mpr);
  const bones = useReading(session, shownBones);
  const stack = session.mprStack();
  if (!view || !stack) return null;
  if (!bones) return <BoneStart session={session} stack={stack} />;
  return <OpenSheet session={session} view={view} stack={stack} shown={bones} />;
}

interface SheetProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly stack: OpenStack;
  readonly shown: StudyBones;
}

interface Asked {
  readonly rib: LabelledRib;
  readonly at: MenuPlace;
}

function OpenSheet({ session, view, stack, shown }: SheetProps) {
  const words = useWords();
  const language = useLanguage();
  const { box, canvas, size, version, renderer } = useVolumeCanvas(stack);
  const maker = boneMaker(session);
  const ribsLook = useReading(session, (s) => s.ribsLook);
  const [asked, setAsked] = useState<Asked | null>(null);
  const placed = useMemo(() => placeSheet(shown.bones, size), [shown.bones, size]);
  const look = useMemo(() => stripLook(ribsLook), [ribsLook]);
  useRibSheet(canvas, renderer, placed?.sheet ?? null, look, version);
  const ask = useCallback(
    (ribId: string, at: MenuPlace) => {
      const rib = shown.bones.ribs.find(({ id }) => id === ribId);
      if (rib) setAsked({ rib, at });
    },
    [shown.bones],
  );
  const close = useCallback(() => setAsked(null), []);
  useGestures(box, sheetGestures(session, stack, placed, box, isNamed(shown.bones) ? null : ask), placed);
  return (
    <div ref={box} className="surface" data-plane="ribs">
      {placed && (
        <div
          className="rib-sheet"
          style={{
            ...{ position: 'absolute', left: placed.left, top: placed.top },
            ...{ width: placed.width, height: placed.height },
          }}
        >
          <canvas ref={canvas} style={{ width: placed.width, height: placed.height }} />
        </div>
      )}
      {placed && <SheetMarks view={view} placed={placed} />}
      {placed && <RibMarks placed={placed} onAsk={ask} />}
      <SheetTexts session={session} view={view} stack={stack} placed={placed} heightPx={size.cssHeight} />
      <BoneBar session={session} shown={shown} stack={stack} />
      {asked && (
        <Menu
          name={words('reading.boneName')}
          at={asked.at}
          entries={ribEntries(maker, asked.rib, language)}
          onClose={close}
        />
      )}
    </div>
  );
}

function SheetTexts({
  session,
  view,
  stack,
  placed,
  heightPx,
}: Pick<SheetProps, 'session' | 'view' | 'stack'> & {
  readonly placed: PlacedSheet | null;
  readonly heightPx: number;
}) {
  const words = useWords();
  const { slabMm, window } = useReading(session, (s) => s.ribsLook);
  return (
    <CprTexts
      session={session}
      view={{ ...view, window }}
      stack={stack}
      title={words('reading.ribSheet')}
      shown={[words('reading.ribSlab', { mm: slabMm })]}
      taken={[words('reading.trueLength')]}
      letters={{ left: 'R', right: 'L', top: '', bottom: '' }}
      mmPerPx={placed?.mmPerPx ?? null}
      heightPx={heightPx}
      isStrip
    >
      <ProbeLine session={session} index={index} />
    </CprTexts>
  );
}

/** Gaps and steps, the axial plane's cuts, and the cursor. */
function SheetMarks({ view, placed }: { readonly view: MprView; readonly placed: PlacedSheet }) {
  const { sheet, spotAt } = placed;
  const { centre, planes } = view.state;
  const { right, down } = planes.axial;
  const cuts = useMemo(() => {
    const plane = { origin: centre, right, down };
    return sheet.strips
      .flatMap((strip) =>
        cutColumns(strip, plane).map((column) => {
          const from = spotAt(column, strip.at.y);
          const to = spotAt(column, strip.at.y + strip.picture.width - 1);
          return `M${from.x.toFixed(1)} ${from.y.toFixed(1)}V${to.y.toFixed(1)}`;
        }),
      )
      .join('');
  }, [sheet, spotAt, centre, right, down]);
  const at = useMemo(() => placed.spotOf(centre), [placed, centre]);
  return (
    <svg className="marks bone-marks full" aria-hidden="true">
      <path className="cut" d={cuts} />
      {sheet.strips.flatMap(({ ribId, at: corner, picture, weak }) =>
        weak.map(({ from, to }) => {
          const a = spotAt(from, corner.y + picture.width - 1);
          const b = spotAt(to, corner.y + picture.width - 1);
          return <path key={`${ribId} ${from}`} className="weak" d={`M${a.x - 4} ${a.y}H${b.x + 4}`} />;
        }),
      )}
      {at && (
        <g data-sheet-cursor={at.strip.mark}>
          <circle className="halo" cx={at.spot.x} cy={at.spot.y} r={8} />
          <circle className="at" cx={at.spot.x} cy={at.spot.y} r={8} />
        </g>
      )}
    </svg>
  );
}

/** The name of each strip beyond its front end; a click says what it is. */
function RibMarks({
  placed,
  onAsk,
}: {
  readonly placed: PlacedSheet;
  onAsk(ribId: string, at: MenuPlace): void;
}) {
  const words = useWords();
  return placed.sheet.strips.map(({ ribId, mark, number, side, at, picture, weak }) => {
    const x = side === 'left' ? at.x + picture.height + 3 : at.x - 4;
    const spot = placed.spotAt(x, at.y + (picture.width - 1) / 2);
    const look = ['rib-mark', side, weak.length > 0 && 'weak', number === null && 'open'];
    return (
      <button
        key={ribId}
        type="button"
        className={look.filter(Boolean).join(' ')}
        style={{ left: spot.x, top: spot.y }}
        data-control
        data-rib={mark}
        data-tip={words('reading.boneName')}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          onAsk(ribId, { x: left, y: bottom + 2 });
        }}
      >
        {mark}
      </button>
    );
  });
}

/** A press brings the crosshair to the rib, a drag keeps it there, the right button windows; while no bone has a name, a click asks for it. */
function sheetGestures(
  session: ReadingSession,
  stack: OpenStack,
  placed: PlacedSheet | null,
  box: { readonly current: HTMLElement | null },
  ask: ((ribId: string, at: MenuPlace) => void) | null,
): GestureTarget {
  const bring = (x: number, y: number): string | null => {
    const place = placed?.patientAt(x, y);
    const { mpr } = session.state;
    if (!place || !mpr) return null;
    session.set({ mpr: placeCross(mpr, place.pointMm) });
    return place.strip.ribId;
  };
  const probe = (x: number, y: number): void => {
    const told = probeOf(stack, placed?.patientAt(x, y)?.pointMm ?? null, index);
    if (told || session.state.probe) session.set({ probe: told });
  };
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start(button, x, y) {
      const maker = boneMaker(session);
      if (button !== 'left') {
        return {
          move: (dx, dy) => maker.windowBy(dx, dy),
          note: () => windowNote(session.state.ribsLook.window),
        };
      }
      const ribId = bring(x, y);
      return {
        move: (_dx, _dy, atX, atY) => void bring(atX, atY),
        end(moved, cancelled) {
          const corner = box.current?.getBoundingClientRect();
          if (ask && ribId && corner && !moved && !cancelled)
            ask(ribId, { x: corner.left + x, y: corner.top + y });
        },
      };
    },
    wheel(steps, _x, _y, held) {
      if (held.alt) {
        boneMaker(session).slabBy(steps < 0 ? 1 : -1);
        return;
      }
      scrollPlane(session, 'axial', steps * (held.shift ? 5 : 1));
    },
    hover: probe,
    probe,
    leave: () => session.set({ probe: null }),
    doubleClick: () => maximise(session),
    menu: (x, y) => openMenu(session, { x, y }),
  };
}
