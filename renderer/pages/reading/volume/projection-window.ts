import { voiWindow } from '../../../../core/pixels/voi.ts';
import type { VolumeScene, WindowLevel } from '../../../../core/scene/types.ts';
import { useApp } from '../../../app/app-store.ts';
import type { Drag } from '../../../viewport/gestures.ts';
import { draggedWindow, type WindowState, windowNote, windowNumbers } from '../../../viewport/windowing.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { setProjectionWindow } from './volume-actions.ts';

/** The window that a projection is shown with; null of composites, and where a table says what is how bright. */
export function shownWindow({ mode, window, shiftHu }: VolumeScene): WindowLevel | null {
  if (mode === 'composite' || window.kind !== 'window') return null;
  return { ...window, centre: window.centre + shiftHu };
}

const stateOf = ({ centre, width, function: fn }: WindowLevel): WindowState => ({
  voi: voiWindow(centre, width, fn),
  isInverted: false,
  presetId: null,
});

/** Width and centre as texts say them. */
export const shownNumbers = (window: WindowLevel) => windowNumbers(stateOf(window).voi);

/** A drag in a projection: right is wider, up is a higher level, as in planes. Null where there is no window to be dragged. */
export function projectionDrag(session: ReadingSession, scene: VolumeScene): Drag | null {
  const shown = shownWindow(scene);
  const isWhole = session.mprStack()?.group.scalarType === 'int16';
  if (!shown) return null;
  // Kept in full: a slow hand would stand still where each move is rounded.
  let now = stateOf(shown);
  return {
    move(dx, dy, _x, _y, held) {
      const isInverted = useApp.getState().settings.invertWindowDrag;
      now = draggedWindow(now, { dx, dy, isFast: held.ctrl, isFine: held.shift, isInverted, isWhole });
      if (now.voi.kind !== 'window') return;
      const shift = now.voi.center - (shown.centre - scene.shiftHu);
      setProjectionWindow(session, isWhole ? Math.round(shift) : shift, now.voi.width);
    },
    note: () => windowNote(now),
  };
}
