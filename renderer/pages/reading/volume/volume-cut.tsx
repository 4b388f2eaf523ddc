import { moved } from '../../../../core/geometry/matrices.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import {
  type CutPlane,
  cutCorners,
  cutHalfMm,
  cutSides,
  movedCut,
  sideOf,
  tiltedCut,
} from '../../../../core/scene/cut-plane.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useWords } from '../use-words.ts';
import { setCut } from './volume-actions.ts';
import { ClipHandle, screenPoint } from './volume-clip.tsx';
import './volume.css';

interface CutProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly cut: CutPlane;
  readonly size: CanvasSize;
}

/** The clip plane: a square in it, a handle in its middle that moves it, and two at its sides that tilt it. */
export function CutLayer({ session, view, cut, size }: CutProps) {
  const words = useWords();
  if (size.cssWidth === 0) return null;
  const { geometry, camera } = view;
  const halfMm = cutHalfMm(geometry);
  const onScreen = (point: PatientPoint) => screenPoint(camera, size, point);
  const change = (to: (now: CutPlane) => CutPlane): void => {
    const now = session.state.mpr?.look.cut;
    if (now) setCut(session, to(now));
  };
  const handle = (key: string, point: PatientPoint, name: string, by: (mm: number) => void) => (
    <ClipHandle
      key={key}
      session={session}
      at={onScreen(point)}
      ahead={onScreen(moved(point, cut.normal))}
      name={name}
      data={{ 'data-cut': key }}
      by={by}
      stepMm={1}
    />
  );
  return (
    <div className="clip">
      <svg aria-hidden="true">
        <polygon
          points={cutCorners(cut, halfMm)
            .map((corner) => onScreen(corner).join())
            .join(' ')}
        />
      </svg>
      {handle('move', cut.origin, words('reading.cutMove'), (mm) =>
        change((now) => movedCut(geometry, now, mm)),
      )}
      {cutSides.map((side) =>
        handle(side, moved(cut.origin, sideOf(cut, side), halfMm), words('reading.cutTilt'), (mm) =>
          change((now) => tiltedCut(now, side, mm / halfMm)),
        ),
      )}
    </div>
  );
}
