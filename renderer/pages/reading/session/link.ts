import { between, dot } from '../../../../core/geometry/matrices.ts';
import { pixelAspect } from '../../../../core/pixels/masks.ts';
import {
  angleBetween,
  type FramePlane,
  frameNormal,
  framePlane,
  onFrame,
  patientOnFrame,
} from '../../../viewport/reference-line.ts';
import { fitted, type StackView } from '../../../viewport/view-transform.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { StackCell } from './reading-state.ts';

/** Stacks that look the same way within this angle scroll and zoom together. */
const sameWayRad = Math.PI / 18;

export interface LinkInput {
  readonly cells: readonly StackCell[];
  /** The cell that the reader changed, in its new state. */
  readonly index: number;
  readonly changed: { readonly k: boolean; readonly view: boolean; readonly window: boolean };
  stackOf(cell: StackCell): OpenStack | undefined;
}

export interface Linked {
  readonly cells: readonly StackCell[];
  /** Cells that have no image at the place shown; they stay where they are. */
  readonly beyond: readonly number[];
}

const centreOf = ({ columns, rows }: FramePlane) => ({ column: (columns - 1) / 2, row: (rows - 1) / 2 });

/**
 * Lets the other cells follow: scrolling to the nearest slice within half a spacing, zoom in millimetres about the
 * same point of the patient, and the window of the same kind of values. Only within one frame of reference.
 */
export function linkCells({ cells, index, changed, stackOf }: LinkInput): Linked {
  const source = cells[index];
  const stack = source && stackOf(source);
  const frame = framePlane(stack?.info(source?.k ?? 0));
  if (!source || !stack || !frame) return { cells, beyond: [] };
  const beyond: number[] = [];
  const followed = cells.map((cell, n): StackCell => {
    const other = n === index ? undefined : stackOf(cell);
    const shown = framePlane(other?.info(cell.k));
    if (!other || shown?.frameOfReferenceUID !== frame.frameOfReferenceUID) return cell;
    let next = cell;
    if (changed.window && isSameKind(stack, other)) next = { ...next, window: source.window };
    if (angleBetween(frame, shown) > sameWayRad) return next;
    if (changed.k) {
      const k = nearestSlice(other, frame);
      if (k === null) beyond.push(n);
      else next = { ...next, k };
    }
    const aspect = pixelAspect(other.info(cell.k)?.attributes ?? other.plan.common);
    if (changed.view) next = { ...next, view: followingView(source.view, frame, cell.view, shown, aspect) };
    return next;
  });
  return { cells: followed, beyond };
}

/** True where a cell can never follow the active one: the places of its image are told in another frame of reference, or not. */
export function isUnlinked(
  cells: readonly StackCell[],
  active: number,
  index: number,
  stackOf: LinkInput['stackOf'],
): boolean {
  const [lead, cell] = [cells[active], cells[index]];
  const [from, stack] = [lead && stackOf(lead), cell && stackOf(cell)];
  if (!lead || !cell || !from || !stack || index === active) return false;
  const uid = framePlane(from.info(lead.k))?.frameOfReferenceUID;
  return uid === undefined || uid !== framePlane(stack.info(cell.k))?.frameOfReferenceUID;
}

const isSameKind = (a: OpenStack, b: OpenStack): boolean =>
  a.unit === b.unit && a.plan.common.Modality === b.plan.common.Modality;

/** The slice nearest to the middle of a frame, along the stack's own direction; null beyond half a spacing. */
export function nearestSlice(
  stack: Pick<OpenStack, 'count' | 'info' | 'group'>,
  frame: FramePlane,
): number | null {
  const p = patientOnFrame(frame, centreOf(frame));
  let found = -1;
  let leastMm = Number.POSITIVE_INFINITY;
  for (let k = 0; k < stack.count; k += 1) {
    const plane = framePlane(stack.info(k));
    if (!plane) continue;
    const distanceMm = Math.abs(dot(between(plane.origin, p), frameNormal(plane)));
    if (distanceMm < leastMm) [found, leastMm] = [k, distanceMm];
  }
  const thickness = stack.info(found)?.attributes.SliceThickness ?? 0;
  const spacingMm = stack.group.verdict.medianGapMm || thickness;
  return leastMm <= spacingMm / 2 + 0.01 ? found : null;
}

/** The same magnification in millimetres about the same point; the other's own turn stays. */
function followingView(
  view: StackView,
  frame: FramePlane,
  other: StackView,
  shown: FramePlane,
  aspect: number,
): StackView {
  const isTurnedAlike = view.turn.every((x, n) => x === other.turn[n]);
  if (view.scale === null) {
    const { panX, panY } = isTurnedAlike ? view : fitted;
    return { ...other, scale: null, panX, panY };
  }
  const scale = (view.scale * shown.columnMm) / frame.columnMm;
  if (!isTurnedAlike) return { ...other, scale, panX: 0, panY: 0 };
  const seen = seenCentre(view, frame);
  const at = onFrame(shown, patientOnFrame(frame, seen));
  const middle = centreOf(shown);
  const [dx, dy] = [(at.column - middle.column) * scale, (at.row - middle.row) * scale * aspect];
  const [a, b, c, d] = other.turn;
  return { ...other, scale, panX: -(a * dx + b * dy), panY: -(c * dx + d * dy) };
}

/** The place of the picture that lies in the middle of its viewport. */
function seenCentre({ scale, panX, panY, turn }: StackView, frame: FramePlane) {
  const [a, b, c, d] = turn;
  const perColumn = scale ?? 1;
  const perRow = (perColumn * frame.rowMm) / frame.columnMm;
  const middle = centreOf(frame);
  // A turn is orthogonal: its transpose takes it back.
  return {
    column: middle.column - (a * panX + c * panY) / perColumn,
    row: middle.row - (b * panX + d * panY) / perRow,
  };
}
