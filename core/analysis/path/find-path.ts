import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { applyPoint, invert, patientFromIndexPoint } from '../../geometry/matrices.ts';
import { indexPoint, type Mat4, type PatientPoint, type Vec3 } from '../../geometry/types.ts';
import type { GeometryVerdict } from '../../volume/types.ts';
import { distanceMm, polylineLengthMm, resampleEvenly } from '../curve/polyline.ts';
import { smoothPinned } from '../curve/smooth.ts';
import { type FieldSampler, fieldSampler } from '../lumen/field-sampler.ts';
import type { LineKind, LinePiece, ScalarField } from '../types.ts';
import { type CheapestPath, cheapestPath } from './cheapest-path.ts';
import { type CostGrid, cellOf, type IndexBox, indexOfCell, isBorder, makeCostGrid } from './cost-grid.ts';
import { judgePath } from './judge-path.ts';
import { bandOf, isBone, type LumenGuess } from './lumen-guess.ts';
import { refineLine, withEnds } from './refine-line.ts';
import { SectionReader } from './section-centre.ts';
import { placePoint } from './snap-point.ts';
import { thinStretch } from './thin-stretch.ts';
import { makeTubeness } from './tubeness.ts';

/**
 * The path along a lumen between two places: the cheapest way through coarse cells, where cheap is what has the
 * lumen's values and lies in a tube (Metz 2009), moved into the middle of the lumen section by section, and
 * judged by its worst stretch. A piece that is not clearly lumen is never called found.
 */
export interface PathOptions {
  readonly kind: LineKind;
  readonly verdict?: GeometryVerdict['kind'];
  /** Number of the piece for sentences, from 1; its points are n and n + 1. */
  readonly n?: number;
  /** Values are Hounsfield units (default): contrast medium is known by them. */
  readonly isHu?: boolean;
  /** 0…1 done; false stops with CANCELLED. */
  readonly progress?: (done: number) => boolean;
}

export interface FoundPath {
  /** From `from` to `to`, about half a millimetre from point to point; found, weak or outOfRange. */
  readonly piece: LinePiece;
  /** Why it is not found. */
  readonly problem: Problem | null;
  /** Median over the piece. */
  readonly radiusMm: number;
}

const cellsMost = 2_200_000;
/** Cost of a millimetre outside the lumen is 1 / this, within a tube about 1. */
const leastSpeed = 0.03;
/** Speed in lumen that is no tube: heart chambers, wide veins. */
const chamberSpeed = 0.08;
/** Mean cost per mm above which a wider search may know a better way. */
const dearPerMm = 1.8;

/** Contrast may fade along a vessel to this share from one click to the next. */
const faintShare = 0.35;
/** A stretch without walls longer than this, and than four radii, is no vessel: a chamber, or mere tissue. */
const openMostMm = 15;

interface Ends {
  readonly from: PatientPoint;
  readonly to: PatientPoint;
  readonly guesses: readonly [LumenGuess, LumenGuess];
}

/** PATH_SAME_POINT, PATH_POINT_OUTSIDE, PATH_POINT_IN_AIR, PATH_NO_LUMEN, PATH_GAP, PATH_GEOMETRY_UNSAFE, CANCELLED. */
export function findPath(
  field: ScalarField,
  from: PatientPoint,
  to: PatientPoint,
  options: PathOptions,
): Result<FoundPath> {
  const { kind, n = 1, progress = () => true } = options;
  const sampler = fieldSampler(field);
  const indexFromPatient = invert(field.geometry.patientFromIndex);
  if (!sampler || !indexFromPatient || options.verdict === 'none')
    return fail(problem('PATH_GEOMETRY_UNSAFE'));
  const start = placePoint(sampler, from, kind, n);
  if (!start.ok) return start;
  const end = placePoint(sampler, to, kind, n + 1);
  if (!end.ok) return end;
  if (distanceMm(from, to) < 0.5 * Math.min(...sampler.spacingMm))
    return fail(problem('PATH_SAME_POINT', { n: n + 1 }));
  const faint = isBone(kind) ? null : faintEnd(start.value.guess, end.value.guess);
  if (faint !== null) return fail(problem('PATH_NO_LUMEN', { n: n + faint }));
  const ends: Ends = { from, to, guesses: [start.value.guess, end.value.guess] };
  if (!progress(0.05)) return fail(problem('CANCELLED'));
  const rough = searchCells(field, indexFromPatient, sampler, ends, options);
  if (rough === 'stopped') return fail(problem('CANCELLED'));
  if (!rough || !progress(0.8)) return fail(problem(rough ? 'CANCELLED' : 'PATH_NO_LUMEN', { n }));
  return refined(sampler, ends, rough, { ...options, n });
}

/** The end (0 or 1) whose value is hardly above what surrounds the other: not the same lumen. Null: none. */
function faintEnd(a: LumenGuess, b: LumenGuess): 0 | 1 | null {
  const isFaint = (one: LumenGuess, other: LumenGuess): boolean =>
    one.value < other.around + faintShare * (other.value - other.around);
  if (isFaint(a, b)) return 0;
  return isFaint(b, a) ? 1 : null;
}

/** The lumen's values at both ends; the darker end's half-way mark lets contrast fade along the vessel. */
const commonLumen = ({ guesses: [a, b] }: Ends, kind: LineKind) => {
  const [value, around] = [Math.min(a.value, b.value), Math.min(a.around, b.around)];
  const brightest = a.value > b.value ? a : b;
  return {
    sign: a.sign,
    around,
    value,
    low: (value + Math.min(0.5 * (a.around + b.around), value)) / 2,
    high: bandOf(brightest, kind).high,
  };
};

/** A box around both ends, `marginMm` wider, within the volume. */
function boxAround(
  a: Vec3,
  b: Vec3,
  marginMm: number,
  { size, spacing }: { size: Vec3; spacing: Vec3 },
): IndexBox {
  const bound = (axis: 0 | 1 | 2, sign: 1 | -1): number => {
    const edge = sign > 0 ? Math.max(a[axis], b[axis]) : Math.min(a[axis], b[axis]);
    const index = Math.round(edge + (sign * marginMm) / spacing[axis]);
    return Math.max(0, Math.min(size[axis] - 1, index));
  };
  return {
    low: [bound(0, -1), bound(1, -1), bound(2, -1)],
    high: [bound(0, 1), bound(1, 1), bound(2, 1)],
  };
}

/** Voxels to a cell: cells about as wide as the vessel's radius, as few as the memory and time ask for. */
function blocksFor(box: IndexBox, spacing: Vec3, radiusMm: number): Vec3 {
  const count = ([0, 1, 2] as const).map((axis) => box.high[axis] - box.low[axis] + 1);
  let cellMm = Math.max(0.9, Math.min(2.5, 0.75 * radiusMm));
  for (;;) {
    const blocks = spacing.map((mm) => Math.max(1, Math.round(cellMm / mm))) as unknown as Vec3;
    const cells = count.reduce((product, voxels, axis) => product * (2 + voxels / blocks[axis]!), 1);
    if (cells <= cellsMost) return blocks;
    cellMm *= 1.15;
  }
}

/** Radii to look for tubes of: from the narrowing of the thinner end to the wider end. */
function tubeRadii([a, b]: Ends['guesses']): number[] {
  const least = Math.max(0.5, 0.6 * Math.min(a.radiusMm, b.radiusMm));
  const most = Math.max(least * 1.2, Math.min(20, 1.2 * Math.max(a.radiusMm, b.radiusMm)));
  const count = Math.max(2, Math.min(4, 1 + Math.ceil(Math.log2(most / least))));
  return Array.from({ length: count }, (_, k) => least * (most / least) ** (k / (count - 1)));
}

interface Rough {
  readonly points: readonly PatientPoint[];
  readonly cellMm: number;
}

/** Searches wider while the way is dear or runs along the box: an arch leaves the box of its ends. */
function searchCells(
  field: ScalarField,
  indexFromPatient: Mat4,
  sampler: FieldSampler,
  ends: Ends,
  { kind, progress = () => true }: PathOptions,
): Rough | 'stopped' | null {
  const spacing = sampler.spacingMm;
  const [a, b] = [applyPoint(indexFromPatient, ends.from), applyPoint(indexFromPatient, ends.to)];
  const apartMm = distanceMm(ends.from, ends.to);
  const lumen = commonLumen(ends, kind);
  const ramp = Math.max(1, 0.3 * (lumen.value - lumen.around));
  const membership = { ...lumen, ramp, rest: kind === 'vessel' ? 0.15 : 1 };
  const radiusMm = Math.min(ends.guesses[0].radiusMm, ends.guesses[1].radiusMm);
  let best: { path: CheapestPath; grid: CostGrid } | null = null;
  let before: IndexBox | undefined;
  let isStopped = false;
  for (const [attempt, marginMm] of [15 + 0.35 * apartMm, 35 + 0.9 * apartMm].entries()) {
    const box = boxAround(a, b, marginMm, { size: field.geometry.size, spacing });
    if (before && sameBox(before, box)) break;
    before = box;
    const grid = makeCostGrid(field, box, blocksFor(box, spacing, radiusMm), spacing, membership);
    const tubeness = makeTubeness(grid, tubeRadii(ends.guesses));
    const costPerMm = (cell: number): number => {
      const share = grid.lumen[cell]!;
      const tube = share > 0.02 ? tubeness.at(cell) : 0;
      return 1 / (leastSpeed + share * (chamberSpeed + (1 - chamberSpeed) * tube));
    };
    const goesOn = (): boolean => {
      isStopped ||= !progress(0.3 + 0.2 * attempt);
      return !isStopped;
    };
    const path = cheapestPath(
      grid,
      cellOf(grid, a),
      cellOf(grid, b),
      costPerMm,
      1 / (1 + leastSpeed),
      goesOn,
    );
    if (isStopped) return 'stopped';
    if (path && (!best || path.cost < best.path.cost)) best = { path, grid };
    if (path && path.cost < dearPerMm * pathMm(grid, path) && !runsAlongEdge(grid, path)) break;
  }
  return best && toPoints(best.path, best.grid, field.geometry.patientFromIndex, ends);
}

const sameBox = (a: IndexBox, b: IndexBox): boolean =>
  a.low.every((n, axis) => n === b.low[axis]) && a.high.every((n, axis) => n === b.high[axis]);

function pathMm(grid: CostGrid, { cells }: CheapestPath): number {
  let sum = 0;
  for (let n = 1; n < cells.length; n++) {
    const [p, q] = [indexOfCell(grid, cells[n - 1]!), indexOfCell(grid, cells[n]!)];
    const step = ([0, 1, 2] as const).map(
      (axis) => ((q[axis] - p[axis]) * grid.cellMm[axis]) / grid.blocks[axis],
    );
    sum += Math.hypot(...step);
  }
  return Math.max(sum, 1e-6);
}

/** Cells next to the border, apart from the path's ends. */
function runsAlongEdge(grid: CostGrid, { cells }: CheapestPath): boolean {
  const [sx, sy] = grid.size;
  return cells
    .slice(2, -2)
    .some((cell) => [1, sx, sx * sy].some((by) => isBorder(grid, cell - by) || isBorder(grid, cell + by)));
}

function toPoints({ cells }: CheapestPath, grid: CostGrid, patientFromIndex: Mat4, ends: Ends): Rough {
  const inner = cells
    .slice(1, -1)
    .map((cell) => patientFromIndexPoint(patientFromIndex, indexPoint(...indexOfCell(grid, cell))));
  const cellMm = Math.max(...grid.cellMm);
  const stepMm = 0.5 * cellMm;
  const even = resampleEvenly([ends.from, ...inner, ends.to], stepMm);
  return { points: smoothPinned(even, stepMm, 1.2 * cellMm, cellMm), cellMm };
}

/** Blood with contrast medium is brighter than the first, clearly so than the second. */
const [faintBelowHu, enhancedFromHu] = [100, 130];

/** One end has contrast medium, the other is no brighter than muscle: it may lie beside its vessel. */
function isFaintAtOneEnd({ guesses: [a, b] }: Ends, { kind, isHu = true }: Known): boolean {
  const [dark, bright] = [Math.min(a.value, b.value), Math.max(a.value, b.value)];
  return kind === 'vessel' && isHu && dark < faintBelowHu && bright > Math.max(enhancedFromHu, 1.4 * dark);
}

interface Known extends Pick<PathOptions, 'kind' | 'isHu'> {
  readonly n: number;
}

const roundTenth = (mm: number): number => Math.round(10 * mm) / 10;

function refined(sampler: FieldSampler, ends: Ends, rough: Rough, known: Known): Result<FoundPath> {
  const { kind, n } = known;
  const lumen = commonLumen(ends, kind);
  const widestMm = Math.max(ends.guesses[0].radiusMm, ends.guesses[1].radiusMm);
  const reader = new SectionReader(sampler, lumen, Math.min(60, 2.2 * widestMm + 4));
  const finest = Math.min(...sampler.spacingMm);
  const stepMm = Math.max(0.4, Math.min(1, finest));
  const radiusMm = Math.min(ends.guesses[0].radiusMm, ends.guesses[1].radiusMm);
  const searchMm = 1.5 * rough.cellMm;
  const line = refineLine(reader, rough.points, { stepMm, searchMm, rounds: 4, radiusMm });
  const fadeMm = Math.max(2, Math.min(10, line.radiusMm || 2));
  const points = withEnds(line.points, ends.from, ends.to, fadeMm, stepMm);
  const judged = judgePath(sampler, points, lumen, stepMm);
  const isOpen = !isBone(kind) && line.openMm > Math.max(openMostMm, 4 * widestMm);
  const thin = isBone(kind) ? null : thinStretch(reader, sampler, points, stepMm);
  const isFaint = isFaintAtOneEnd(ends, known);
  const isWeak = isOpen || thin?.isWeak || isFaint;
  const state = judged.state === 'found' && isWeak ? 'weak' : judged.state;
  const longestMm = isFaint ? polylineLengthMm(points) : Math.max(judged.gapMm, isOpen ? line.openMm : 0);
  const gapMm = roundTenth(longestMm);
  if (state === 'gap') return fail(problem('PATH_GAP', { n, gapMm }));
  const isMerelyThin = thin?.isWeak === true && judged.state === 'found' && !isOpen && !isFaint;
  const told = {
    found: null,
    weak: isMerelyThin
      ? problem('PATH_THIN', { n, thinMm: roundTenth(thin.thinMm) })
      : problem('PATH_WEAK', { n, gapMm }),
    outOfRange: problem('PATH_LEAVES_VOLUME', { n }),
  };
  return ok({
    piece: { pointsMm: points, state },
    problem: told[state],
    radiusMm: line.radiusMm,
  });
}
