import { applyPoint, moved } from '../../../../core/geometry/matrices.ts';
import { orientationLetters } from '../../../../core/geometry/orientation.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { halfHeightMm, viewFromPatientMatrix } from '../../../../core/scene/camera.ts';
import {
  type BoxFace,
  boxCorners,
  boxFaces,
  type ClipBox,
  faceHandle,
  moveFace,
} from '../../../../core/scene/clip-box.ts';
import type { Camera } from '../../../../core/scene/types.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useWords } from '../use-words.ts';
import { setClip } from './volume-actions.ts';
import './volume.css';

/** Where a point of the patient is on screen, in CSS pixels from the viewport's top left. */
export function screenPoint(
  camera: Camera,
  { cssWidth, cssHeight }: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  at: PatientPoint,
): readonly [number, number] {
  const [x, y, z] = applyPoint(viewFromPatientMatrix(camera), at);
  const distance = Math.hypot(...camera.position.map((p, a) => p - camera.focalPoint[a]!));
  const nearer = camera.lens.kind === 'perspective' ? distance / Math.max(distance + z, 1) : 1;
  const pxPerMm = (cssHeight / (2 * halfHeightMm(camera))) * nearer;
  return [cssWidth / 2 + x * pxPerMm, cssHeight / 2 + y * pxPerMm];
}

/** An axis that points at the viewer cannot be followed: from this many pixels per mm on, the hand's height is taken. */
const leastPxPerMm = 0.2;

/** Millimetres along a face's axis that a drag on screen stands for. */
export function draggedMm(pxPerMm: readonly [number, number], dx: number, dy: number): number {
  const [u, v] = pxPerMm;
  const square = u * u + v * v;
  return square < leastPxPerMm ** 2 ? -dy : (dx * u + dy * v) / square;
}

/** Corners that an edge joins: they differ in one axis. */
const edges = Array.from({ length: 8 }, (_, n) =>
  [1, 2, 4].filter((bit) => !(n & bit)).map((bit) => [n, n | bit] as const),
).flat();

const keySteps: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
};

interface LayerProps {
  readonly session: ReadingSession;
  readonly view: MprView;
  readonly clip: ClipBox;
  readonly size: CanvasSize;
}

/** The clip box: its edges, and a handle on each face to drag or to move by the arrow keys. */
export function ClipBoxLayer({ session, view, clip, size }: LayerProps) {
  const { geometry, camera } = view;
  if (size.cssWidth === 0) return null;
  const corners = boxCorners(geometry, clip).map((corner) => screenPoint(camera, size, corner));
  return (
    <div className="clip">
      <svg aria-hidden="true">
        {edges.map(([a, b]) => (
          <line
            key={`${a} ${b}`}
            x1={corners[a]![0]}
            y1={corners[a]![1]}
            x2={corners[b]![0]}
            y2={corners[b]![1]}
          />
        ))}
      </svg>
      {boxFaces.map((face) => (
        <Handle
          key={`${face.axis} ${face.end}`}
          session={session}
          view={view}
          clip={clip}
          size={size}
          face={face}
        />
      ))}
    </div>
  );
}

function Handle({ session, view, clip, size, face }: LayerProps & { readonly face: BoxFace }) {
  const words = useWords();
  const { geometry, camera } = view;
  const { point, direction } = faceHandle(geometry, clip, face);
  const outwards = face.end === 'hi' ? 1 : -1;
  const letter = orientationLetters(direction.map((d) => d * outwards) as never).slice(0, 1);
  const by = (mm: number): void => {
    const now = session.state.mpr;
    if (now?.look.clip) setClip(session, moveFace(now.geometry, now.look.clip, face, mm));
  };
  return (
    <ClipHandle
      session={session}
      at={screenPoint(camera, size, point)}
      ahead={screenPoint(camera, size, moved(point, direction))}
      name={words('reading.clipFace', { letter })}
      data={{ 'data-face': letter }}
      by={by}
      stepMm={outwards}
    />
  );
}

interface HandleProps {
  readonly session: ReadingSession;
  readonly at: readonly [number, number];
  /** Where it would be after a millimetre. */
  readonly ahead: readonly [number, number];
  readonly name: string;
  readonly data: Readonly<Record<`data-${string}`, string>>;
  by(mm: number): void;
  /** Of the arrow keys up and right. */
  readonly stepMm: number;
}

/** A handle that goes along a line of the patient: dragged, or by the arrow keys. */
export function ClipHandle({ session, at: [x, y], ahead, name, data, by, stepMm }: HandleProps) {
  return (
    <button
      type="button"
      className="clip-h"
      data-control
      {...data}
      style={{ left: x, top: y }}
      aria-label={name}
      data-tip={name}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        session.hold(true);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        by(draggedMm([ahead[0] - x, ahead[1] - y], event.movementX, event.movementY));
      }}
      onLostPointerCapture={() => session.hold(false)}
      onKeyDown={(event) => {
        const steps = keySteps[event.key];
        if (steps === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        by(steps * stepMm * (event.shiftKey ? 10 : 1));
      }}
    />
  );
}
