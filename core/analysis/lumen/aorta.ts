import type { PatientVector, Vec3 } from '../../geometry/types.ts';
import type { SampledLine, StationMeasure } from '../types.ts';
import { frameAt } from './section.ts';
import type { Span } from './stenosis.ts';
import { isSure } from './touching.ts';

/** A line with its sections: the aorta from heart to bifurcation, an iliac artery from the bifurcation on. */
export interface MeasuredLine {
  readonly line: SampledLine;
  readonly stations: readonly StationMeasure[];
}

/** Places along the aorta (mm of arc length, growing downstream) that a reader has named. */
export interface AortaMarks {
  readonly leftSubclavianS?: number;
  readonly lowestRenalS?: number;
  /** Where the sac begins and ends; found where left out. */
  readonly aneurysm?: Span;
  /** The end of the line where left out. */
  readonly bifurcationS?: number;
}

export interface IliacMarks {
  /** Where the internal iliac leaves: end of the common iliac's landing zone. */
  readonly internalIliacS?: number;
}

export interface AortaTree {
  readonly aorta: MeasuredLine;
  readonly marks: AortaMarks;
  readonly leftIliac?: MeasuredLine & { readonly marks?: IliacMarks };
  readonly rightIliac?: MeasuredLine & { readonly marks?: IliacMarks };
}

export type AortaRowId =
  | 'suprarenal'
  | 'renal'
  | 'renal5'
  | 'renal10'
  | 'renal15'
  | 'neckLength'
  | 'neckTaper'
  | 'suprarenalAngle'
  | 'infrarenalAngle'
  | 'aneurysmDiameter'
  | 'aneurysmLength'
  | 'bifurcationDiameter'
  | 'renalToBifurcation'
  | 'aortaTortuosity'
  | 'subclavian'
  | 'subclavianToAneurysm'
  | 'iliacLeast'
  | 'iliacLargest'
  | 'iliacLanding'
  | 'iliacLength'
  | 'iliacTortuosity'
  | 'renalToInternalIliac';

/** A row of the table for EVAR and TEVAR planning. Diameters are of the lumen, area-equivalent, with least and largest. */
export interface AortaRow {
  readonly id: AortaRowId;
  readonly side?: 'left' | 'right';
  readonly unit: 'mm' | 'deg' | 'ratio' | 'percent';
  readonly value: number;
  readonly minMm?: number;
  readonly maxMm?: number;
  readonly uncertaintyMm?: number;
  /** Where along its line. */
  readonly s?: number;
}

/** A lumen this many times as wide as the neck is an aneurysm. */
const aneurysmRatio = 1.5;
/** The neck ends where the lumen is this many times as wide as at the renal arteries. */
const neckRatio = 1.1;
const axisMm = 25;

/** Rows that can be said with the marks there are; nothing is guessed. */
export function aortaTable(tree: AortaTree): readonly AortaRow[] {
  const { aorta, marks } = tree;
  const end = marks.bifurcationS ?? aorta.line.lengthMm;
  const sac = marks.aneurysm ?? findAneurysm(aorta.stations, marks);
  return [
    ...thoracicRows(aorta, marks, sac),
    ...neckRows(aorta, marks, sac, end),
    ...sacRows(aorta, sac),
    ...distalRows(aorta, marks, end),
    ...(['left', 'right'] as const).flatMap((side) => {
      const iliac = side === 'left' ? tree.leftIliac : tree.rightIliac;
      return iliac ? iliacRows(side, iliac, marks.lowestRenalS, end) : [];
    }),
  ];
}

/** Above this share of a diameter its uncertainty is too large for a reference. */
const doubtfulShare = 0.25;

/** The widest section of a line, of those not in doubt where there are any; undefined where none was measured. */
export function widestStation(stations: readonly StationMeasure[], span?: Span): StationMeasure | undefined {
  const measured = stations.filter(
    ({ open, s }) => !open && (span === undefined || (s >= span.fromS && s <= span.toS)),
  );
  const sure = measured.filter(
    (one) => isSure(one) && one.uncertaintyMm <= doubtfulShare * one.equivalentDiameterMm,
  );
  let widest: StationMeasure | undefined;
  for (const station of sure.length > 0 ? sure : measured)
    if (!widest || station.maxDiameterMm > widest.maxDiameterMm) widest = station;
  return widest;
}

/** How far beside a widening its normal lumen is sought. */
const besideMm = 150;

/**
 * The stretch about the widest section where the lumen is wider than 1.1 times its reference; undefined unless it reaches 1.5
 * times. The reference is the lumen at the lowest renal artery (downstream of it). Without that mark the lumen must be narrower
 * on both sides, for every aorta tapers: the reference is the wider of their narrowest sections.
 */
export function findAneurysm(
  stations: readonly StationMeasure[],
  marks: Pick<AortaMarks, 'lowestRenalS' | 'bifurcationS'> = {},
): Span | undefined {
  const { lowestRenalS, bifurcationS = Number.POSITIVE_INFINITY } = marks;
  const measured = stations.filter(
    (station) => isSure(station) && station.s >= (lowestRenalS ?? 0) && station.s <= bifurcationS,
  );
  const [first] = measured;
  if (!first || measured.length < 3) return undefined;
  const widest = measured.reduce((a, b) => (b.equivalentDiameterMm > a.equivalentDiameterMm ? b : a));
  const reference =
    lowestRenalS === undefined ? narrowerBeside(measured, widest.s) : first.equivalentDiameterMm;
  if (widest.equivalentDiameterMm < aneurysmRatio * reference) return undefined;
  let from = measured.indexOf(widest);
  let to = from;
  const wide = (n: number): boolean => (measured[n]?.equivalentDiameterMm ?? 0) > neckRatio * reference;
  while (wide(from - 1)) from -= 1;
  while (wide(to + 1)) to += 1;
  return { fromS: measured[from]!.s, toS: measured[to]!.s };
}

/** The wider of the narrowest lumens before and behind a place; infinite where the line begins or ends there. */
function narrowerBeside(stations: readonly StationMeasure[], s: number): number {
  const least = (side: 1 | -1): number =>
    Math.min(
      ...stations
        .filter((one) => side * (one.s - s) > 0 && Math.abs(one.s - s) <= besideMm)
        .map((one) => one.equivalentDiameterMm),
    );
  return Math.max(least(-1), least(1));
}

function diameterRow(
  id: AortaRowId,
  { stations }: MeasuredLine,
  s: number,
  side?: 'left' | 'right',
): readonly AortaRow[] {
  const within = stations.filter((station) => !station.open && Math.abs(station.s - s) <= 3);
  const sure = within.filter(isSure);
  // Beside a branch the next section that shows the lumen alone says more.
  const near = (sure.length > 0 ? sure : within).reduce<StationMeasure | undefined>(
    (best, station) => (!best || Math.abs(station.s - s) < Math.abs(best.s - s) ? station : best),
    undefined,
  );
  if (!near) return [];
  return [stationRow(id, near, side)];
}

const stationRow = (id: AortaRowId, station: StationMeasure, side?: 'left' | 'right'): AortaRow => ({
  id,
  ...(side && { side }),
  unit: 'mm',
  value: station.equivalentDiameterMm,
  minMm: station.minDiameterMm,
  maxMm: station.maxDiameterMm,
  uncertaintyMm: station.uncertaintyMm,
  s: station.s,
});

function thoracicRows(aorta: MeasuredLine, marks: AortaMarks, sac: Span | undefined): readonly AortaRow[] {
  const { leftSubclavianS: s } = marks;
  if (s === undefined) return [];
  const thoracic =
    sac !== undefined && sac.fromS > s && sac.fromS < (marks.lowestRenalS ?? Number.POSITIVE_INFINITY);
  return [
    ...diameterRow('subclavian', aorta, s),
    ...(thoracic
      ? [{ id: 'subclavianToAneurysm', unit: 'mm', value: sac.fromS - s } satisfies AortaRow]
      : []),
  ];
}

function neckRows(
  aorta: MeasuredLine,
  marks: AortaMarks,
  sac: Span | undefined,
  end: number,
): readonly AortaRow[] {
  const { lowestRenalS: renal } = marks;
  if (renal === undefined) return [];
  const rows = [
    ...diameterRow('suprarenal', aorta, renal - 10),
    ...diameterRow('renal', aorta, renal),
    ...diameterRow('renal5', aorta, renal + 5),
    ...diameterRow('renal10', aorta, renal + 10),
    ...diameterRow('renal15', aorta, renal + 15),
  ];
  if (!sac || sac.fromS < renal) return rows;
  const neck = sac.fromS - renal;
  rows.push({ id: 'neckLength', unit: 'mm', value: neck });
  const at = (s: number) => diameterRow('renal', aorta, s)[0]?.value;
  const [top, bottom] = [at(renal), at(sac.fromS)];
  if (top !== undefined && bottom !== undefined)
    rows.push({ id: 'neckTaper', unit: 'percent', value: 100 * (bottom / top - 1) });
  // Axes as chords: above the renal arteries, of the neck, of the sac below it (van Keulen 2010).
  const above = chord(aorta.line, renal - axisMm, renal);
  const along = chord(aorta.line, renal, Math.max(sac.fromS, renal + 5));
  const below = chord(aorta.line, sac.fromS, Math.min(end, sac.toS));
  if (above && along) rows.push({ id: 'suprarenalAngle', unit: 'deg', value: angleDeg(above, along) });
  if (along && below) rows.push({ id: 'infrarenalAngle', unit: 'deg', value: angleDeg(along, below) });
  return rows;
}

function sacRows({ stations }: MeasuredLine, sac: Span | undefined): readonly AortaRow[] {
  const widest = sac && widestStation(stations, sac);
  if (!sac || !widest) return [];
  return [
    stationRow('aneurysmDiameter', widest),
    { id: 'aneurysmLength', unit: 'mm', value: sac.toS - sac.fromS, s: sac.fromS },
  ];
}

function distalRows(aorta: MeasuredLine, marks: AortaMarks, end: number): readonly AortaRow[] {
  // Above the bifurcation both iliacs lie in one section already.
  const rows = [...diameterRow('bifurcationDiameter', aorta, end - 5)];
  const from = marks.lowestRenalS;
  if (from !== undefined) {
    rows.push({ id: 'renalToBifurcation', unit: 'mm', value: end - from });
    const straight = chordMm(aorta.line, from, end);
    if (straight > 1) rows.push({ id: 'aortaTortuosity', unit: 'ratio', value: (end - from) / straight });
  }
  return rows;
}

function iliacRows(
  side: 'left' | 'right',
  iliac: MeasuredLine & { readonly marks?: IliacMarks },
  renalS: number | undefined,
  bifurcationS: number,
): readonly AortaRow[] {
  const { line, stations, marks } = iliac;
  const end = marks?.internalIliacS ?? line.lengthMm;
  // The first centimetre is still the aorta's.
  const own = stations.filter((station) => isSure(station) && station.s >= 10 && station.s <= end);
  const rows: AortaRow[] = [];
  const by = (better: (a: StationMeasure, b: StationMeasure) => boolean): StationMeasure | undefined =>
    own.reduce<StationMeasure | undefined>((best, s) => (!best || better(s, best) ? s : best), undefined);
  const least = by((a, b) => a.minDiameterMm < b.minDiameterMm);
  const largest = by((a, b) => a.maxDiameterMm > b.maxDiameterMm);
  if (least) rows.push(stationRow('iliacLeast', least, side));
  if (largest) rows.push(stationRow('iliacLargest', largest, side));
  if (marks?.internalIliacS !== undefined) {
    rows.push(...diameterRow('iliacLanding', iliac, end - 10, side));
    rows.push({ id: 'iliacLength', side, unit: 'mm', value: end });
    if (renalS !== undefined)
      rows.push({ id: 'renalToInternalIliac', side, unit: 'mm', value: bifurcationS - renalS + end });
  }
  const straight = chordMm(line, 0, end);
  if (straight > 1) rows.push({ id: 'iliacTortuosity', side, unit: 'ratio', value: end / straight });
  return rows;
}

function chord(line: SampledLine, fromS: number, toS: number): Vec3 | undefined {
  if (fromS < 0 || toS > line.lengthMm + 0.5 || toS - fromS < 3) return undefined;
  const a = frameAt(line, fromS).centreMm;
  const b = frameAt(line, toS).centreMm;
  return [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
}

function chordMm(line: SampledLine, fromS: number, toS: number): number {
  const v = chord(line, Math.max(0, fromS), Math.min(line.lengthMm, toS));
  return v ? Math.hypot(...v) : 0;
}

/** Angle between two directions, 0…180. */
export function angleDeg(a: Vec3 | PatientVector, b: Vec3 | PatientVector): number {
  const cosine = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / (Math.hypot(...a) * Math.hypot(...b));
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}
