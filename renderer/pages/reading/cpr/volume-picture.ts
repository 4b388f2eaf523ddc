import { nearestPlace } from '../../../../core/analysis/curve/line-places.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { Drag, Held } from '../../../viewport/gestures.ts';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { valueAtPercent } from '../masks/picture-scene.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { screenPoint } from '../volume/volume-clip.tsx';
import { setCursor } from './cpr-actions.ts';
import { fieldOf } from './line-client.ts';
import { shownLine } from './line-cursor.ts';
import { lineDrag, lineUnder, pointUnder, type ToolPicture } from './line-gestures.ts';
import { pickPoint } from './pick-3d.ts';
import { sampledOf } from './sampled.ts';

/**
 * 3D as the centreline tool and the lines over it take it: every point is on it, and a click takes what is seen there.
 * `hidden`: voxels that masks leave out now.
 */
export const volumePicture = (
  scene: VolumeScene,
  stack: OpenStack,
  size: Pick<CanvasSize, 'cssWidth' | 'cssHeight'>,
  hidden: () => (n: number) => boolean,
): ToolPicture => ({
  spotOf(p) {
    const [x, y] = screenPoint(scene.camera, size, p);
    return { x, y };
  },
  depthOf: () => 0,
  nearMm: 0,
  patientAt(x, y) {
    const volume = stack.volume();
    return volume ? pickPoint(fieldOf(volume), scene, size, [x, y], valueAtPercent(stack), hidden()) : null;
  },
});

/** Any other tool in 3D: a click on the line brings the cursor there, a drag turns. */
export function volumeCursorDrag(
  session: ReadingSession,
  picture: ToolPicture,
  [x, y]: readonly [number, number],
  turn: Drag,
): Drag {
  return {
    ...turn,
    end(moved, cancelled) {
      const line = moved || cancelled ? null : shownLine(session.state);
      const at = line && lineUnder(line, picture, x, y);
      const place = line && at && nearestPlace(sampledOf(line.line), at);
      if (place) setCursor(session, place.atMm);
    },
  };
}

/** The tool in 3D: points are dragged over what is seen, a click sets the next one, any other drag turns. */
export function volumeLineDrag(
  session: ReadingSession,
  picture: ToolPicture,
  [x, y]: readonly [number, number],
  held: Held,
  turn: Drag,
): Drag {
  const line = shownLine(session.state);
  const drag = lineDrag(session, picture, [x, y], held);
  if (line && pointUnder(line, picture, x, y) !== null) return drag;
  return { ...turn, end: (moved, cancelled) => drag.end?.(moved, cancelled) };
}
