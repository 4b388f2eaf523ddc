import { useMemo } from 'react';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { draftLines, faultsOf } from './batch-draft.ts';
import { planeColours } from './crosshair.tsx';
import type { PlacedPlane } from './mpr-picture.ts';
import type { MprView } from './mpr-view.ts';

/** The planes that the dialog is about to save, as lines on the others. */
export function BatchLayer({
  session,
  view,
  name,
  placed,
}: {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly name: PlaneName;
  readonly placed: PlacedPlane;
}) {
  const draft = useReading(session, (s) => s.batch);
  const lines = useMemo(
    () => (draft && draft.of !== name && faultsOf(draft).size === 0 ? draftLines(view, draft, placed) : []),
    [draft, view, name, placed],
  );
  const { cssWidth, cssHeight } = placed.size;
  if (!draft || lines.length === 0 || cssWidth === 0) return null;
  return (
    <svg
      className="marks batch"
      width={cssWidth}
      height={cssHeight}
      aria-hidden="true"
      data-batch={lines.length}
    >
      {lines.map(({ from, to }, n) => (
        <path
          key={`${from.x},${from.y},${to.x},${to.y}`}
          className={n === 0 || n === lines.length - 1 ? 'end' : ''}
          d={`M${from.x} ${from.y}L${to.x} ${to.y}`}
          stroke={planeColours[draft.of]}
        />
      ))}
    </svg>
  );
}
