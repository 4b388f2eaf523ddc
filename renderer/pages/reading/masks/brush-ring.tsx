import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { isBrushTool } from './mask-gestures.ts';
import './masks.css';

/** The brush as large as it is, where the pointer is. */
export function BrushRing({
  session,
  cell,
  mmPerPx,
}: {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly mmPerPx: number;
}) {
  const at = useReading(session, (s) => s.maskWork.brushAt);
  const radiusMm = useReading(session, (s) => s.maskWork.brush.radiusMm);
  const tool = useReading(session, (s) => s.tool);
  if (!at || at.cell !== cell || !isBrushTool(tool) || !(mmPerPx > 0)) return null;
  const radius = radiusMm / mmPerPx;
  return (
    <svg className="marks mask-marks" width="100%" height="100%" aria-hidden="true" data-brush-ring>
      <circle className="mh" cx={at.x} cy={at.y} r={radius} />
      <circle className={tool === 'eraser' ? 'ring eraser' : 'ring'} cx={at.x} cy={at.y} r={radius} />
    </svg>
  );
}

/** The outline of the scissors while it is drawn. */
export function ScissorLayer({
  session,
  size,
}: {
  readonly session: ReadingSession;
  readonly size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>;
}) {
  const outline = useReading(session, (s) => s.maskWork.outline);
  const side = useReading(session, (s) => s.maskWork.scissors.side);
  const tool = useReading(session, (s) => s.tool);
  const [first] = outline ?? [];
  if (tool !== 'scissors' || !outline || !first) return null;
  const d = `M${outline.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
  const all = `M0 0H${size.cssWidth}V${size.cssHeight}H0Z`;
  return (
    <svg
      className="marks mask-marks"
      width={size.cssWidth}
      height={size.cssHeight}
      aria-hidden="true"
      data-outline
    >
      <path className="cut-fill" fillRule="evenodd" d={side === 'inside' ? d : all + d} />
      <path className="mh" d={d} />
      <path className="cut-line" d={d} />
      <circle className="cut-start" cx={first.x} cy={first.y} r={4} />
    </svg>
  );
}
