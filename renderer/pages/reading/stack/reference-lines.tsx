import { nearestPlane } from '../../../../core/geometry/orientation.ts';
import type { ImagePoint } from '../../../../core/measure/types.ts';
import { frameNormal, framePlane, referenceLine } from '../../../viewport/reference-line.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import { toDevice } from '../../../viewport/view-transform.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { planeColours } from '../mpr/crosshair.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { stackMap } from './stack-picture.ts';

/** Where the picture of the active viewport cuts this one; only within one frame of reference. */
export function ReferenceLines({
  session,
  index,
  stack,
  size,
}: {
  readonly session: ReadingSession;
  readonly index: number;
  readonly stack: OpenStack;
  readonly size: CanvasSize;
}) {
  const isOn = useReading(session, (s) => s.hasCrosshair && s.active !== index);
  const cell = useReading(session, (s) => s.cells[index]);
  const active = useReading(session, (s) => s.cells[s.active]);
  useReading(session, (s) => s.opened);
  const shown = isOn && cell ? framePlane(stack.info(cell.k)) : undefined;
  const other = isOn && active ? framePlane(session.stackOf(active)?.info(active.k)) : undefined;
  const line = shown && other ? referenceLine(shown, other) : null;
  if (!line || !cell || !other || size.width === 0) return null;
  const map = stackMap(stack, cell, size);
  const spot = (p: ImagePoint): string => {
    const { x, y } = toDevice(map, p);
    return `${x / size.ratio} ${y / size.ratio}`;
  };
  const d = `M${spot(line[0])}L${spot(line[1])}`;
  const { name } = nearestPlane(frameNormal(other));
  return (
    <svg
      className="marks"
      width={size.cssWidth}
      height={size.cssHeight}
      aria-hidden="true"
      data-reference={name}
    >
      <path className="xh" d={d} />
      <path className="x" d={d} style={{ stroke: planeColours[name] }} />
    </svg>
  );
}
