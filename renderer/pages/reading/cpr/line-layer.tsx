import { pointAtMm } from '../../../../core/analysis/curve/line-places.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { shownLine } from './line-cursor.ts';
import { type LinePicture, linePaths } from './line-drawing.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import type { VesselLine } from './vessel-state.ts';
import './cpr.css';

interface LayerProps {
  readonly session: ReadingSession;
  readonly picture: LinePicture;
  readonly size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>;
}

/** Centrelines over a picture: on it clearly, off it faintly; red where they follow no lumen; points while the tool is on. */
export function LineLayer({ session, picture, size }: LayerProps) {
  const vessel = useReading(session, (s) => s.vessel);
  const work = useReading(session, (s) => s.vesselWork);
  const seriesKey = useReading(session, (s) => s.mpr?.seriesKey);
  const isEditing = useReading(session, (s) => s.tool === 'centreline');
  const active = useReading(session, shownLine);
  const lines = vessel.lines.filter(
    ({ line }) => line.seriesKey === seriesKey && line.id !== active?.line.id,
  );
  const isEmpty = lines.length === 0 && !active && !work.pending;
  if (isEmpty || size.cssWidth === 0) return null;
  return (
    <svg className="marks cl" width={size.cssWidth} height={size.cssHeight} aria-hidden="true">
      {lines.map((line) => (
        <LineMark key={line.line.id} line={line} picture={picture} />
      ))}
      {active && <LineMark line={active} picture={picture} isActive />}
      {active && isEditing && <Points line={active} picture={picture} selected={work.selected} />}
      {active && <Cursor line={active} picture={picture} cursorMm={vessel.view.cursorMm} />}
      {work.pending && <Dot at={work.pending} picture={picture} name="cl-pending" />}
    </svg>
  );
}

function LineMark({
  line,
  picture,
  isActive,
}: {
  readonly line: VesselLine;
  readonly picture: LinePicture;
  readonly isActive?: boolean;
}) {
  if (!isDrawable(line.line)) return null;
  const { near, far, nearBad, farBad } = linePaths(sampledOf(line.line), picture);
  return (
    <g className={isActive ? 'cl-line on' : 'cl-line'} data-centreline={line.line.id}>
      <path className="cl-far" d={far} />
      <path className="cl-far bad" d={farBad} />
      <path className="clh" d={near + nearBad} />
      <path className="cl-near" d={near} />
      <path className="cl-near bad" d={nearBad} />
    </g>
  );
}

function Points({
  line,
  picture,
  selected,
}: {
  readonly line: VesselLine;
  readonly picture: LinePicture;
  readonly selected: number | null;
}) {
  const words = useWords();
  const last = line.line.controls.length - 1;
  return (
    <g>
      {line.line.controls.map(({ pointMm }, n) => {
        const { x, y } = picture.spotOf(pointMm);
        const isNear = Math.abs(picture.depthOf(pointMm)) <= picture.nearMm;
        const name = ['cl-point', !isNear && 'off', n === selected && 'on'].filter(Boolean).join(' ');
        return (
          // A control point has no name of its own: its place in the line is what it is.
          <g key={pointMm.join(' ')} className={name} data-control-point={n}>
            <circle cx={x} cy={y} r={n === selected ? 5 : 3.5} />
            {(n === 0 || n === last) && isNear && (
              <text className="cl-end" x={x - 9} y={y + 4} textAnchor="end">
                {n === 0 ? words('reading.lineStart') : words('reading.lineEnd')}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Cursor({
  line,
  picture,
  cursorMm,
}: {
  readonly line: VesselLine;
  readonly picture: LinePicture;
  readonly cursorMm: number;
}) {
  const at = isDrawable(line.line) ? pointAtMm(sampledOf(line.line), cursorMm) : undefined;
  return at ? <Dot at={at} picture={picture} name="cl-cursor" /> : null;
}

function Dot({
  at,
  picture,
  name,
}: {
  readonly at: PatientPoint;
  readonly picture: LinePicture;
  readonly name: string;
}) {
  if (Math.abs(picture.depthOf(at)) > picture.nearMm) return null;
  const { x, y } = picture.spotOf(at);
  return <circle className={name} cx={x} cy={y} r={4.5} />;
}
