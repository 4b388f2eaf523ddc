import { imageNumber } from '../../../volumes/image-number.ts';
import type { ReadingSession } from './reading-session.ts';

/** Number of the image in the active viewport of a stack, as its corner says it. */
export function shownImage(session: ReadingSession): number {
  const cell = session.activeCell();
  const stack = session.stackOf(cell);
  return cell && stack ? imageNumber(stack, cell.k) : 1;
}
