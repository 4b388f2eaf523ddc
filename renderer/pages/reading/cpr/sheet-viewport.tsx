import { useMemo, useRef } from 'react';
import { fixed } from '../../../../core/measure/format.ts';
import { vesselName } from '../../../../core/terms/vessel.ts';
import { useLanguage } from '../../../app/language.ts';
import { type GestureTarget, useGestures } from '../../../viewport/gestures.ts';
import { MaskLayer } from '../../../viewport/mask-layer.tsx';
import { useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import { windowSetting } from '../../../viewport/windowing.ts';
import { maximise, press } from '../session/double-click.ts';
import { cprCells } from '../session/layouts.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useStackArrivals } from '../use-arrivals.ts';
import { useReading, useWords } from '../use-words.ts';
import { useCpuRenderer } from '../volume/cpu-road.ts';
import { setCursor, stepCursor, turnBy } from './cpr-actions.ts';
import { CprTexts } from './cpr-texts.tsx';
import { measuredNow, shownLesion } from './lesions.ts';
import { vesselDo } from './line-maker.ts';
import { useMaskedScene } from './masked-scene.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import { type SheetRow, sheetRows } from './sheet-rows.ts';
import { straightPicture } from './straight-picture.ts';
import { slabText } from './straight-viewport.tsx';
import { stripMarginPx, xOfMm } from './strip-map.ts';
import { useCurved } from './use-curved.ts';
import { type ShownLine, useShownLine } from './use-line.ts';

/** All lines of the series below each other, straightened to one scale, each branch where it leaves its parent. */
export function SheetViewport({ session }: { readonly session: ReadingSession }) {
  const shown = useShownLine(session);
  const lines = useReading(session, (s) => s.vessel.lines);
  const box = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(box);
  const seriesKey = shown?.view.seriesKey;
  const rows = useMemo(
    () =>
      sheetRows(
        lines.filter(({ line }) => line.seriesKey === seriesKey && isDrawable(line)),
        size,
      ),
    [lines, seriesKey, size],
  );
  return (
    <div ref={box} className="surface sheet" data-plane="curved" data-picture="sheet">
      {shown && rows.map((row) => <Strip key={row.item.line.id} session={session} shown={shown} row={row} />)}
      {shown && size.cssWidth > 0 && <SheetTexts session={session} shown={shown} heightPx={size.cssHeight} />}
    </div>
  );
}

function SheetTexts({
  session,
  shown,
  heightPx,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly heightPx: number;
}) {
  const words = useWords();
  return (
    <CprTexts
      session={session}
      view={shown.view}
      stack={shown.stack}
      title={`${words('reading.cprTitle.sheet')} · ${words('reading.trueLength')}`}
      shown={[]}
      taken={[words('reading.turnText', { deg: fixed(shown.cpr.turnDeg, 0) }), slabText(words, shown.cpr)]}
      letters={null}
      mmPerPx={null}
      heightPx={heightPx}
      isStrip
    />
  );
}

const turnDegPerPx = 0.5;

function Strip({
  session,
  shown,
  row,
}: {
  readonly session: ReadingSession;
  readonly shown: ShownLine;
  readonly row: SheetRow;
}) {
  const { view, stack, cpr } = shown;
  const { item, size, place, top } = row;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const version = useStackArrivals(stack);
  const renderer = useCpuRenderer(stack, version);
  const isFileInverted = session.isFileInverted(stack, 0);
  const sampled = sampledOf(item.line);
  const { turnDeg, slabMm, projection } = cpr;
  const picture = useMemo(() => {
    const window = windowSetting(view.window, isFileInverted);
    return straightPicture(sampled, { turnDeg, slabMm, projection }, place, size, window);
  }, [sampled, turnDeg, slabMm, projection, place, size, view.window, isFileInverted]);
  const masked = useMaskedScene(session, stack, renderer, picture.scene);
  useCurved(canvas, renderer, `sheet ${item.line.id}`, masked.scene, true, version, masked.onFrame);
  const isActive = item.line.id === shown.line.line.id;
  const toCursor = (x: number): void => {
    if (!isActive) vesselDo(session, { kind: 'activate', lineId: item.line.id });
    setCursor(session, picture.sOf(x, 0));
  };
  useGestures(box, stripGestures(session, toCursor));
  const middle = size.cssHeight / 2;
  const x = xOfMm(picture.strip, shown.cursorMm);
  return (
    <div
      ref={box}
      className={isActive ? 'sheet-row on' : 'sheet-row'}
      style={{ top, height: size.cssHeight }}
      data-sheet-row={item.line.id}
    >
      <canvas ref={canvas} />
      {masked.layers && <MaskLayer frame={masked.labelled} layers={masked.layers} />}
      <svg className="marks cl full" aria-hidden="true">
        <path
          className="cl-far"
          d={`M${xOfMm(picture.strip, 0)} ${middle}H${xOfMm(picture.strip, sampled.lengthMm)}`}
        />
        {isActive && <path className="cursor" d={`M${x} 0V${size.cssHeight}`} />}
      </svg>
      <StripName
        session={session}
        row={row}
        left={Math.max(stripMarginPx, Math.min(xOfMm(picture.strip, 0), size.cssWidth - nameRoomPx))}
      />
    </div>
  );
}

/** What a name and its numbers need beside the right edge. */
const nameRoomPx = 260;

function StripName({
  session,
  row,
  left,
}: {
  readonly session: ReadingSession;
  readonly row: SheetRow;
  readonly left: number;
}) {
  const words = useWords();
  const language = useLanguage();
  const { item } = row;
  const measured = useReading(session, (s) => s.vesselWork.measured[item.line.id]);
  const lesion = measuredNow(item, measured) ? shownLesion(item, measured) : null;
  const name = vesselName(item.line.nameId);
  const words0 = name ? (language === 'zh-CN' ? name.zh : name.en) : item.line.customName;
  const about = lesion?.stenosis.limit ? '≈ ' : '';
  return (
    <span className="sheet-name" style={{ left }}>
      <b>{words0 || words('reading.vesselUnnamed')}</b> {fixed(sampledOf(item.line).lengthMm, 1)} mm
      {lesion ? ` · ${about}${fixed(lesion.stenosis.percentDiameter, 0)} %DS` : ''}
    </span>
  );
}

/** A click takes the line and brings the cursor, a drag turns all of them, the wheel goes along the active one. */
function stripGestures(session: ReadingSession, toCursor: (x: number) => void): GestureTarget {
  const index = cprCells.indexOf('curved');
  return {
    activate: (again) => press(session, index, again),
    release: () => session.hold(false),
    start: (_button, x) => ({
      move: (dx, dy) => turnBy(session, (Math.abs(dy) > Math.abs(dx) ? dy : dx) * turnDegPerPx),
      note: () => `${fixed(session.state.vessel.view.turnDeg, 0)}°`,
      end(moved, cancelled) {
        if (!moved && !cancelled) toCursor(x);
      },
    }),
    wheel: (steps, _x, _y, held) => stepCursor(session, steps * (held.shift ? 5 : 1)),
    hover: () => undefined,
    leave: () => undefined,
    doubleClick: () => maximise(session),
    menu: () => undefined,
  };
}
