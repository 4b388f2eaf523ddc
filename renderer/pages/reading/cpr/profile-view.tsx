import { useMemo, useRef } from 'react';
import type { Span } from '../../../../core/analysis/lumen/stenosis.ts';
import { doubtSpans } from '../../../../core/analysis/lumen/touching.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useLanguage } from '../../../app/language.ts';
import { niceStep } from '../../../ui/nice-step.ts';
import { type Drag, type GestureTarget, useGestures } from '../../../viewport/gestures.ts';
import { useCanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { setCursor, stepCursor } from './cpr-actions.ts';
import { lesionMarks, measuredNow, type ShownLesion, shownLesion } from './lesions.ts';
import { vesselDo } from './line-maker.ts';
import { type PlotLabel, stretchLabel } from './plot-labels.ts';
import {
  bandPath,
  doubtPath,
  type ProfileShape,
  profileShape,
  seriesPath,
  ticks,
  yOfArea,
  yOfMm,
} from './profile-shape.ts';
import { mmOfX, stripMap, xOfMm, zoomedPlace } from './strip-map.ts';
import { type ShownLine, useShownLine } from './use-line.ts';
import type { LesionMarks } from './vessel-state.ts';

/** Diameter and area along the vessel, under the straightened picture and with its scale. */
export function ProfileView({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const shown = useShownLine(session);
  if (shown) return <OpenProfile session={session} shown={shown} />;
  return (
    <div className="profile">
      <p className="profile-note">{words('reading.afterLine', { what: words('reading.profile') })}</p>
    </div>
  );
}

type MarkId = keyof LesionMarks;
const grabPx = 8;

function OpenProfile({ session, shown }: { readonly session: ReadingSession; readonly shown: ShownLine }) {
  const words = useWords();
  const language = useLanguage();
  const { line, sampled, cpr, cursorMm } = shown;
  const box = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(box);
  const measured = measuredNow(
    line,
    useReading(session, (s) => s.vesselWork.measured[line.line.id]),
  );
  const busy = useReading(session, (s) => s.vesselWork.busy);
  const place = cpr.places.straight;
  const { lengthMm } = sampled;
  const strip = useMemo(() => stripMap(place, lengthMm, size.cssWidth), [place, lengthMm, size.cssWidth]);
  const shape = useMemo(
    () => profileShape(measured?.stations ?? [], strip, size.cssHeight),
    [measured, strip, size.cssHeight],
  );
  useGestures(box, profileGestures(session, shown, shape, lesionMarks(line, measured)));
  const lesion = shownLesion(line, measured);
  const { cssWidth, cssHeight } = size;
  return (
    <div
      ref={box}
      className="profile"
      data-profile
      data-measured={measured ? measured.stations.length : undefined}
    >
      <div className="profile-head">
        <b>{words('reading.profileDiameter')}</b>
        <span>{words('reading.profileBand')}</span>
        <span className="grow" />
        <span>{words('reading.profileArea')}</span>
      </div>
      {cssWidth > 0 && (
        <svg width={cssWidth} height={cssHeight} aria-hidden="true">
          <Axes shape={shape} width={cssWidth} lengthMm={sampled.lengthMm} />
          {measured && <Curves shape={shape} stations={measured.stations} />}
          {lesion && <LesionMark shape={shape} lesion={lesion} />}
          <path className="cursor" d={`M${xOfMm(strip, cursorMm)} 20V${shape.bottom}`} data-cursor />
        </svg>
      )}
      {measured?.isUnopacified && (
        <p className="profile-warning">{problemText(language, problem('LUMEN_WITHOUT_CONTRAST')).sentence}</p>
      )}

      {!measured && busy?.what === 'measure' && (
        <p className="profile-note">
          {words('reading.measuringLine')} {Math.round(busy.done * 100)} %
        </p>
      )}
    </div>
  );
}

function Axes({
  shape,
  width,
  lengthMm,
}: {
  readonly shape: ProfileShape;
  readonly width: number;
  readonly lengthMm: number;
}) {
  const words = useWords();
  const { strip, bottom, leastMm, mostMm, areaMostMm2, top } = shape;
  const left = Math.max(0, xOfMm(strip, 0));
  const right = Math.min(width, xOfMm(strip, lengthMm));
  const room = Math.max(1, right - left);
  const along = niceStep(room * strip.mmPerPx, Math.max(2, room / 70));
  const from = Math.max(0, mmOfX(strip, left));
  const to = Math.min(lengthMm, mmOfX(strip, right));
  const rows = Math.max(2, (bottom - top) / 34);
  return (
    <g className="axes">
      {!shape.isEmpty &&
        ticks(leastMm, mostMm, niceStep(mostMm - leastMm, rows)).map((mm) => (
          <g key={mm}>
            <path d={`M${left} ${yOfMm(shape, mm)}H${right}`} />
            <text x={left - 8} y={yOfMm(shape, mm) + 4} textAnchor="end">
              {mm}
            </text>
          </g>
        ))}
      {!shape.isEmpty &&
        ticks(0, areaMostMm2, niceStep(areaMostMm2, rows))
          .slice(1)
          .map((mm2) => (
            <text key={mm2} className="area" x={right + 8} y={yOfArea(shape, mm2) + 4}>
              {mm2}
            </text>
          ))}
      {ticks(from, to, along).map((mm) => (
        <g key={mm}>
          <path className="tick" d={`M${xOfMm(strip, mm)} ${bottom}v4`} />
          <text x={xOfMm(strip, mm)} y={bottom + 18} textAnchor="middle">
            {mm}
          </text>
        </g>
      ))}
      <text x={right} y={bottom + 34} textAnchor="end">
        {words('reading.profileAlong')}
      </text>
    </g>
  );
}

function Curves({
  shape,
  stations,
}: {
  readonly shape: ProfileShape;
  readonly stations: Parameters<typeof seriesPath>[0];
}) {
  return (
    <g>
      <path className="band" d={bandPath(stations, shape)} />
      <path
        className="area-line"
        d={seriesPath(stations, shape, (station) => yOfArea(shape, station.areaMm2))}
      />
      <path
        className="diameter-line"
        d={seriesPath(stations, shape, (station) => yOfMm(shape, station.equivalentDiameterMm))}
      />
      {doubtSpans(stations).map(({ fromS, toS }) => (
        <DoubtZone key={fromS} shape={shape} fromS={fromS} toS={toS} />
      ))}
      <path
        className="doubt-line"
        d={doubtPath(stations, shape, (station) => yOfMm(shape, station.equivalentDiameterMm))}
      />
    </g>
  );
}

function DoubtZone({ shape, fromS, toS }: { readonly shape: ProfileShape } & Span) {
  const words = useWords();
  const [from, to] = [xOfMm(shape.strip, fromS) - 2, xOfMm(shape.strip, toS) + 2];
  return (
    <rect
      className="doubt-zone"
      data-doubt={fixed(fromS, 0)}
      x={from}
      y={shape.top}
      width={to - from}
      height={shape.bottom - shape.top}
    >
      <title>{words('reading.touching')}</title>
    </rect>
  );
}

function LesionMark({ shape, lesion }: { readonly shape: ProfileShape; readonly lesion: ShownLesion }) {
  const words = useWords();
  const { strip, top, bottom } = shape;
  const { stenosis } = lesion;
  const [from, to] = [xOfMm(strip, stenosis.fromS), xOfMm(strip, stenosis.toS)];
  const dot = { x: xOfMm(strip, stenosis.s), y: yOfMm(shape, lesion.minDiameterMm) };
  const handle = (term: ReferenceTerm, atMm: number | null, mm: number | null): ReferenceHandle | null =>
    atMm === null
      ? null
      : {
          term,
          x: xOfMm(strip, atMm),
          y: mm === null ? top + 12 : yOfMm(shape, mm),
          text: words(term, { mm: mm === null ? '–' : fixed(mm, 1) }),
        };
  const handles = [
    handle('reading.proximalMm', lesion.proximalMm, lesion.proximalDiameterMm),
    handle('reading.distalMm', lesion.distalMm, lesion.distalDiameterMm),
  ].filter((one) => one !== null);
  const least = words('reading.dMinMm', { mm: fixed(lesion.minDiameterMm, 1) });
  const name = stretchLabel(
    words('reading.lesionBand', { n: lesion.number, mm: fixed(stenosis.toS - stenosis.fromS, 0) }),
    [from, to],
    top + 10,
    [
      ...handles.map(({ x, y, text }): PlotLabel => ({ x, y: y - 9, anchor: 'middle', text })),
      { x: dot.x + 9, y: dot.y + 4, anchor: 'start', text: least },
    ],
  );
  return (
    <g className="lesion" data-lesion={lesion.number}>
      <rect x={from} y={top} width={Math.max(1, to - from)} height={bottom - top} />
      <path d={`M${from} ${top}V${bottom}M${to} ${top}V${bottom}`} />
      <text className="lesion-name" x={name.x} y={name.y} textAnchor={name.anchor}>
        {name.text}
      </text>
      {handles.map(({ term, x, y, text }) => (
        <g key={term} className="ref-handle" data-reference={term}>
          <circle cx={x} cy={y} r={4.5} />
          <text x={x} y={y - 9} textAnchor="middle">
            {text}
          </text>
        </g>
      ))}
      <circle className="least" cx={dot.x} cy={dot.y} r={4.5} />
      <text className="least-name" x={dot.x + 9} y={dot.y + 4}>
        {least}
      </text>
    </g>
  );
}

type ReferenceTerm = 'reading.proximalMm' | 'reading.distalMm';

interface ReferenceHandle {
  readonly term: ReferenceTerm;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** A press takes a reference, an edge of the lesion or the cursor; elsewhere it brings the cursor. */
function profileGestures(
  session: ReadingSession,
  shown: ShownLine,
  shape: ProfileShape,
  marks: LesionMarks | null,
): GestureTarget {
  const { line, sampled } = shown;
  const { strip } = shape;
  const at = (x: number): number => Math.min(sampled.lengthMm, Math.max(0, mmOfX(strip, x)));
  const place = () => session.state.vessel.view.places.straight;
  const markUnder = (x: number): MarkId | null => {
    const ids: readonly MarkId[] = ['proximalMm', 'distalMm', 'fromMm', 'toMm'];
    const isNear = (id: MarkId): boolean => {
      const mm = marks?.[id];
      return mm != null && Math.abs(xOfMm(strip, mm) - x) <= grabPx;
    };
    return marks ? (ids.find(isNear) ?? null) : null;
  };
  const markDrag = (id: MarkId, from: LesionMarks): Drag => {
    let nowMm = from[id] ?? 0;
    return {
      move(_dx, _dy, x) {
        const lesion = movedMark(from, id, at(x));
        nowMm = lesion[id] ?? nowMm;
        vesselDo(session, { kind: 'lesion', lineId: line.line.id, lesion });
      },
      note: () => `${fixed(nowMm, 1)} mm`,
      end(moved) {
        if (!moved) setCursor(session, nowMm);
      },
    };
  };
  const cursor = (x: number): Drag => {
    setCursor(session, at(x));
    return { move: (_dx, _dy, atX) => setCursor(session, at(atX)) };
  };
  return {
    activate: () => session.hold(true),
    release: () => session.hold(false),
    start(button, x) {
      if (button !== 'left') {
        return {
          move: (dx) =>
            vesselDo(session, {
              kind: 'place',
              of: 'straight',
              part: {
                mmPerPx: place().mmPerPx ?? strip.mmPerPx,
                panXMm: place().panXMm + dx * strip.mmPerPx,
              },
            }),
        };
      }
      const id = markUnder(x);
      return id && marks ? markDrag(id, marks) : cursor(x);
    },
    wheel(steps, x, _y, held) {
      if (!held.ctrl) {
        stepCursor(session, steps * (held.shift ? 5 : 1));
        return;
      }
      const width = (mmOfX(strip, 1e6) - mmOfX(strip, 0)) / 1e6;
      const middle = (sampled.lengthMm / 2 - place().panXMm - strip.startMm) / width;
      const part = zoomedPlace(place(), strip.mmPerPx, 1.15 ** -steps, x - middle, 0);
      vesselDo(session, { kind: 'place', of: 'straight', part });
    },
    hover: () => undefined,
    leave: () => undefined,
    doubleClick: () => undefined,
    menu: () => undefined,
  };
}

const leastLesionMm = 1;

/** Marks keep their order: proximal, start, end, distal. */
function movedMark(marks: LesionMarks, id: MarkId, mm: number): LesionMarks {
  const { fromMm, toMm } = marks;
  switch (id) {
    case 'fromMm':
      return { ...marks, fromMm: Math.min(mm, toMm - leastLesionMm) };
    case 'toMm':
      return { ...marks, toMm: Math.max(mm, fromMm + leastLesionMm) };
    case 'proximalMm':
      return { ...marks, proximalMm: Math.min(mm, fromMm) };
    case 'distalMm':
      return { ...marks, distalMm: Math.max(mm, toMm) };
  }
}
