import type { Annotations } from '../../../core/measure/annotations.ts';
import type { MeasurementKind } from '../../../core/measure/types.ts';
import { currentT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import {
  drawMeasurement,
  grabMeasurement,
  type MeasureHand,
  moveMeasurement,
} from '../../tools/measure-tool.ts';
import type { Drag } from '../../viewport/gestures.ts';
import { elsewhereText } from '../../viewport/mark-texts.ts';
import type { MeasureSurface } from '../../viewport/measure-surface.ts';
import { newMeasurementId } from './page-actions.ts';
import type { ReadingSession } from './reading-session.ts';

/** A measuring hand of a session on one of its pictures. */
export const measureHand = (session: ReadingSession, surface: () => MeasureSurface | null): MeasureHand => ({
  surface,
  annotate: (action) => session.annotate(action),
  refuse: showProblem,
});

/** Takes the mark under the pointer, if there is one. */
export function grabMark(
  hand: MeasureHand,
  { items, selectedId }: Annotations,
  x: number,
  y: number,
): Drag | null {
  const on = hand.surface();
  const grabbed = on && grabMeasurement(items, selectedId, on, x, y);
  return grabbed && moveMeasurement(grabbed, hand, (mark) => elsewhereText(currentT(), mark));
}

/** Draws a new mark from where the pointer went down. */
export const drawMark = (hand: MeasureHand, kind: MeasurementKind, x: number, y: number): Drag =>
  drawMeasurement(kind, newMeasurementId(), { x, y }, hand);
