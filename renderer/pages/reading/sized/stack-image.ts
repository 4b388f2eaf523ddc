import { StackPainter } from '../../../viewport/stack-painter.ts';
import type { StackView } from '../../../viewport/view-transform.ts';
import { isHeldBackNow } from '../damaged.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { imageSize } from '../stack/stack-picture.ts';

/** The same part of an image in a canvas with `times` the pixels along each side. */
export const enlarged = (view: StackView, times: number): StackView => ({
  ...view,
  scale: view.scale === null ? null : view.scale * times,
  panX: view.panX * times,
  panY: view.panY * times,
});

/** True where the active viewport shows an image: it has come, and no damage holds it back. */
export function hasImage(session: ReadingSession): boolean {
  const cell = session.activeCell();
  const stack = session.stackOf(cell);
  if (session.state.mode !== 'stack' || !cell || !stack) return false;
  return stack.loader.store.state(cell.k).kind === 'ready' && !isHeldBackNow(stack.plan, cell.k);
}

/** Paints the image of the active viewport into the whole canvas; false where there is none. */
export function paintStack(session: ReadingSession, canvas: HTMLCanvasElement, times: number): boolean {
  const cell = session.activeCell();
  const stack = session.stackOf(cell);
  if (!hasImage(session) || !cell || !stack) return false;
  const state = stack.loader.store.state(cell.k);
  const info = stack.info(cell.k);
  const window = session.windowOf(cell);
  if (state.kind !== 'ready' || !info || !window) return false;
  new StackPainter(canvas).paint({
    image: state.image,
    info,
    view: enlarged(cell.view, times),
    aspect: imageSize(stack, cell.k).aspect,
    window,
    isFileInverted: session.isFileInverted(stack, cell.k),
  });
  return true;
}
