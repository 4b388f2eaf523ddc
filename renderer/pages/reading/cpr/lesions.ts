import { measureContour } from '../../../../core/analysis/lumen/station.ts';
import {
  measureStenosis,
  proposeStenoses,
  type References,
  referencesBeside,
  type Span,
} from '../../../../core/analysis/lumen/stenosis.ts';
import { isSure } from '../../../../core/analysis/lumen/touching.ts';
import type { StationMeasure, Stenosis } from '../../../../core/analysis/types.ts';
import { isSameSection, type LesionMarks, type VesselLine } from './vessel-state.ts';
import type { MeasuredLine } from './vessel-work.ts';

/** The lesion on screen: as a reader marked it, else the tightest that is proposed. */
export interface ShownLesion {
  readonly stenosis: Stenosis;
  /** From 1, along the line. */
  readonly number: number;
  /** Middle of the reference segments; null where there is none. */
  readonly proximalMm: number | null;
  readonly distalMm: number | null;
  readonly proximalDiameterMm: number | null;
  readonly distalDiameterMm: number | null;
  readonly minDiameterMm: number;
  readonly minAreaMm2: number;
  readonly referenceAreaMm2: number;
  readonly isOwn: boolean;
}

/** Half of a reference segment. */
const referenceReachMm = 2.5;

const spanAbout = (mm: number | null): Span | undefined =>
  mm === null ? undefined : { fromS: mm - referenceReachMm, toS: mm + referenceReachMm };

const middleOf = (span: Span | undefined, lengthMm: number): number | null => {
  if (!span) return null;
  const middle = (span.fromS + span.toS) / 2;
  return middle < 0 || middle > lengthMm ? null : middle;
};

/** Median of a segment's area-equivalent diameters; null without a measured section that is in no doubt. */
export function diameterIn(stations: readonly StationMeasure[], span: Span | undefined): number | null {
  if (!span) return null;
  const inside = stations
    .filter((one) => isSure(one) && one.s >= span.fromS - 1e-6 && one.s <= span.toS + 1e-6)
    .map(({ equivalentDiameterMm }) => equivalentDiameterMm)
    .sort((a, b) => a - b);
  if (inside.length === 0) return null;
  const middle = inside.length >> 1;
  return inside.length % 2 === 1 ? inside[middle]! : (inside[middle - 1]! + inside[middle]!) / 2;
}

const withHands = new WeakMap<
  MeasuredLine,
  { readonly edited: VesselLine['edited']; readonly made: MeasuredLine }
>();

/** Numbers of the line as it is now, with what a hand did to its contours; undefined while they are being worked out. */
export function measuredNow(line: VesselLine, measured: MeasuredLine | undefined): MeasuredLine | undefined {
  if (!measured || measured.of !== line.line.pieces) return undefined;
  if (line.edited.length === 0) return measured;
  const had = withHands.get(measured);
  if (had?.edited === line.edited) return had.made;
  const made = withEdited(measured, line.edited);
  withHands.set(measured, { edited: line.edited, made });
  return made;
}

function withEdited(measured: MeasuredLine, edited: VesselLine['edited']): MeasuredLine {
  const handOf = (sMm: number) => edited.find((contour) => isSameSection(contour.sMm, sMm));
  const contours = measured.contours.map((contour) => handOf(contour.sMm) ?? contour);
  const stations = measured.stations.map((station) => {
    const contour = handOf(station.s);
    if (!contour) return station;
    // A hand is no surer of the edge than the picture was.
    const unsureMm = Number.isFinite(station.uncertaintyMm) ? station.uncertaintyMm : 0.5;
    return { ...measureContour(contour, unsureMm), s: station.s };
  });
  return {
    ...measured,
    contours,
    stations,
    stenoses: measured.isUnopacified ? [] : proposeStenoses(stations),
  };
}

/** The section at `sMm` shows more than its own lumen. */
export const isTouchingAt = (measured: MeasuredLine | undefined, sMm: number): boolean =>
  measured?.stations.some(({ s, doubt }) => doubt !== undefined && isSameSection(s, sMm)) ?? false;

/** Marks of a proposal, for a reader to move. */
export function marksOf({ fromS, toS }: Span, lengthMm: number): LesionMarks {
  const { proximal, distal } = referencesBeside({ fromS, toS });
  return {
    fromMm: fromS,
    toMm: toS,
    proximalMm: middleOf(proximal, lengthMm),
    distalMm: middleOf(distal, lengthMm),
  };
}

/** Where the shown lesion's marks are: the reader's, else the proposal's. */
export function lesionMarks(line: VesselLine, measured: MeasuredLine | undefined): LesionMarks | null {
  if (line.lesion) return line.lesion;
  const now = measuredNow(line, measured);
  if (!now || now.stenoses.length === 0) return null;
  const worst = now.stenoses.reduce((a, b) => (b.percentDiameter > a.percentDiameter ? b : a));
  return marksOf(worst, now.stations.at(-1)?.s ?? 0);
}

export function shownLesion(line: VesselLine, measured: MeasuredLine | undefined): ShownLesion | null {
  const now = measuredNow(line, measured);
  const marks = lesionMarks(line, measured);
  if (!now || !marks) return null;
  const proximal = spanAbout(marks.proximalMm);
  const distal = spanAbout(marks.distalMm);
  const references: References = { ...(proximal && { proximal }), ...(distal && { distal }) };
  const stenosis = measureStenosis(
    now.stations,
    { fromS: marks.fromMm, toS: marks.toMm },
    references,
    line.rule,
  );
  if (!stenosis) return null;
  const number = 1 + now.stenoses.filter(({ s }) => s < stenosis.s - 1).length;
  const minDiameterMm = stenosis.referenceMm * (1 - stenosis.percentDiameter / 100);
  return {
    stenosis,
    number,
    proximalMm: marks.proximalMm,
    distalMm: marks.distalMm,
    proximalDiameterMm: diameterIn(now.stations, proximal),
    distalDiameterMm: diameterIn(now.stations, distal),
    minDiameterMm,
    minAreaMm2: (Math.PI / 4) * minDiameterMm ** 2,
    referenceAreaMm2: (Math.PI / 4) * stenosis.referenceMm ** 2,
    isOwn: line.lesion !== null,
  };
}
