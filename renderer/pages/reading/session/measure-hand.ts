import type { Measurement, MeasurementKind } from '../../../../core/measure/types.ts';
import { currentT } from '../../../app/language.ts';
import { showProblem } from '../../../app/messages.ts';
import {
  drawMeasurement,
  grabMeasurement,
  type MeasureHand,
  moveMeasurement,
} from '../../../tools/measure-tool.ts';
import { toolOf } from '../../../tools/tool.ts';
import type { Drag } from '../../../viewport/gestures.ts';
import { elsewhereText } from '../../../viewport/mark-texts.ts';
import type { MeasureSurface } from '../../../viewport/measure-surface.ts';
import { numberedMarks } from './numbered-marks.ts';
import { newMeasurementId } from './page-actions.ts';
import type { ReadingSession } from './reading-session.ts';
import type { ReadingState } from './reading-state.ts';
import { labelsOf } from './session-labels.ts';

/** A measuring hand of a session on one of its pictures. */
export const measureHand = (session: ReadingSession, surface: () => MeasureSurface | null): MeasureHand => ({
  surface,
  annotate: (action) => session.annotate(action),
  refuse: showProblem,
});

/**
 * Takes the mark under the pointer, if there is one. A measuring tool draws over marks that can only be seen here.
 */
export function grabMark(hand: MeasureHand, state: ReadingState, x: number, y: number): Drag | null {
  const { items, selectedId } = numberedMarks(state);
  const on = hand.surface();
  const grabbed = on && grabMeasurement(items, selectedId, on, x, y);
  if (!grabbed || (!grabbed.placed.isOwn && toolOf(state.tool).measures)) return null;
  return moveMeasurement(grabbed, hand, (mark) => elsewhereText(currentT(), mark, labelsOf(state)));
}

/** Draws a new mark from where the pointer went down; a mere click chooses the mark that is seen there. */
export function drawMark(
  hand: MeasureHand,
  kind: MeasurementKind,
  items: readonly Measurement[],
  x: number,
  y: number,
): Drag {
  const on = hand.surface();
  const under = on && grabMeasurement(items, null, on, x, y);
  const drag = drawMeasurement(kind, newMeasurementId(), { x, y }, hand);
  return {
    ...drag,
    end(isMoved, isCancelled) {
      drag.end?.(isMoved, isCancelled);
      if (under && !isMoved && !isCancelled) hand.annotate({ kind: 'select', id: under.measurement.id });
    },
  };
}
