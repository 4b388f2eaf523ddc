import {
  addAtEnd,
  addAtStart,
  type EditedLine,
  emptyLine,
  insertControl,
} from '../../../../core/analysis/curve/edit.ts';
import { nearestOnPolyline } from '../../../../core/analysis/curve/polyline.ts';
import { attachBranch } from '../../../../core/analysis/curve/tree.ts';
import type {
  Centreline,
  ControlPoint,
  ReferenceRule,
  StationMeasure,
} from '../../../../core/analysis/types.ts';
import { between, length } from '../../../../core/geometry/matrices.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { type VesselName, vesselName } from '../../../../core/terms/vessel.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { VesselLine } from './vessel-state.ts';
import type { MeasuredLine } from './vessel-work.ts';

/** A click nearer to the line than this, and not at its ends, leads the path there; farther off it goes on from the end. */
const strayMm = 15;
const usualSectionMm = 40;

/** A branch that begins this near to another line, or to the wall of its lumen, is told so. */
const branchMm = 6;
const wallMm = 2;
/** `radiusAt`: half of the lumen of a line at a place, 0 where it is not measured. */
export function withParent(
  lines: readonly VesselLine[],
  item: VesselLine,
  radiusAt: (line: Centreline, atMm: number) => number,
): VesselLine {
  const [first] = item.line.controls;
  if (!first || item.line.pieces.length === 0) return item;
  let best: { readonly line: Centreline; readonly outsideMm: number } | null = null;
  for (const { line } of lines) {
    if (line.id === item.line.id || line.seriesKey !== item.line.seriesKey || line.pieces.length === 0)
      continue;
    // Of two lines that begin together neither is the other's branch.
    if (line.parent?.lineId === item.line.id) continue;
    const place = nearestOnPolyline(
      line.pieces.flatMap(({ pointsMm }) => pointsMm),
      first.pointMm,
    );
    // A line that only begins in the same place is none of its branches.
    if (!place || place.atMm < 1) continue;
    const radiusMm = radiusAt(line, place.atMm);
    // Wide vessels give their branches off far from their middle.
    if (place.distanceMm > Math.max(branchMm, radiusMm + wallMm)) continue;
    const outsideMm = place.distanceMm - radiusMm;
    if (outsideMm < (best?.outsideMm ?? Number.POSITIVE_INFINITY)) best = { line, outsideMm };
  }
  if (best) return { ...item, line: attachBranch(item.line, best.line) };
  const { parent: _none, ...line } = item.line;
  return { ...item, line };
}

/** Half of the lumen that was measured nearest to a place of a line; 0 where none was. */
export function lumenRadiusMm(measured: MeasuredLine | undefined, line: Centreline, atMm: number): number {
  if (measured?.of !== line.pieces) return 0;
  let best: StationMeasure | undefined;
  for (const station of measured.stations)
    if (!station.open && (!best || Math.abs(station.s - atMm) < Math.abs(best.s - atMm))) best = station;
  return best ? best.equivalentDiameterMm / 2 : 0;
}

/** The neck's arteries are measured by NASCET. */
export const usualRule = (name: VesselName | undefined): ReferenceRule =>
  name?.group === 'neck' ? 'NASCET' : 'mean';

/** A line of a stack's volume, without points; its name brings kind, section and rule. */
export function newLine(stack: OpenStack, nameId: string | null = null): VesselLine {
  const name = vesselName(nameId);
  return {
    line: emptyLine({
      id: crypto.randomUUID(),
      kind: name?.kind ?? 'vessel',
      nameId: name?.id ?? null,
      customName: '',
      seriesKey: stack.plan.seriesKey,
      groupId: stack.group.id,
      frameOfReferenceUID: stack.plan.common.FrameOfReferenceUID ?? '',
      verdict: stack.group.verdict.kind,
    }),
    sectionMm: name?.sectionMm ?? usualSectionMm,
    edited: [],
    lesion: null,
    rule: usualRule(name),
  };
}

/** Where a new point belongs: after the end, before the start, or within the piece that it lies beside. */
export function placed(line: Centreline, control: ControlPoint): EditedLine {
  const { controls, pieces } = line;
  if (controls.length < 2) return addAtEnd(line, control);
  const away = (n: number): number => length(between(controls[n]!.pointMm, control.pointMm));
  const ends = Math.min(away(0), away(controls.length - 1));
  let best: { readonly piece: number; readonly mm: number } | null = null;
  for (const [piece, { pointsMm }] of pieces.entries()) {
    const place = nearestOnPolyline(pointsMm, control.pointMm);
    if (place && place.distanceMm < (best?.mm ?? Number.POSITIVE_INFINITY))
      best = { piece, mm: place.distanceMm };
  }
  if (best && best.mm <= strayMm && best.mm < ends / 2) return insertControl(line, best.piece, control);
  return away(0) < away(controls.length - 1) && best && best.mm >= ends - 1e-6 && ends === away(0)
    ? addAtStart(line, control)
    : addAtEnd(line, control);
}

/** The line with a point moved and its two pieces bent after it, less and less towards their other ends. */
export function bent(line: Centreline, index: number, control: ControlPoint): Centreline {
  const from = line.controls[index]!.pointMm;
  const by = between(from, control.pointMm);
  const pieces = line.pieces.map((piece, n) => {
    if (n !== index - 1 && n !== index) return piece;
    const last = piece.pointsMm.length - 1;
    const pointsMm = piece.pointsMm.map((p, k): PatientPoint => {
      if (k === (n === index ? 0 : last)) return control.pointMm;
      const t = n === index ? 1 - k / last : k / last;
      const w = t * t * (3 - 2 * t);
      return [p[0] + by[0] * w, p[1] + by[1] * w, p[2] + by[2] * w] as unknown as PatientPoint;
    });
    return { pointsMm, state: piece.state };
  });
  return { ...line, controls: line.controls.with(index, control), pieces };
}
