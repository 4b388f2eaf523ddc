import type { PatientPoint, Vec3 } from '../../geometry/types.ts';
import type { FieldSampler } from '../lumen/field-sampler.ts';
import { along, type CanalStation, canalStepMm, median } from './canal-frame.ts';

/**
 * Vertebrae in front of the canal: values along the column rise at the end plates and fall in the discs. The discs
 * are the chain of such bands whose strengths add up best and whose distances change least.
 */
export interface ColumnVertebra {
  readonly centreMm: PatientPoint;
  /** Index of the canal's station at its middle. */
  readonly station: number;
  readonly heightMm: number;
  /** From the back to the front of its body. */
  readonly depthMm: number;
  readonly halfWidthMm: number;
  readonly isCut: boolean;
}

const profileFromMm = 3;
const profileToMm = 16;
/** Brighter than this an end plate is no brighter: metal must not rule. */
const brightestHu = 500;

/** Mean values across the column at each station; NaN outside of the volume. */
export function columnProfile(sampler: FieldSampler, stations: readonly CanalStation[]): Float64Array {
  const aside = 9;
  const buffer = new Float64Array(aside);
  return Float64Array.from(stations, ({ centreMm, left, front, wallMm }) => {
    let sum = 0;
    let count = 0;
    for (let mm = profileFromMm; mm <= profileToMm; mm += 1.5) {
      const start = along(along(centreMm, front, wallMm + mm), left, -8);
      sampler.ray(buffer, 0, aside, start, [2 * left[0], 2 * left[1], 2 * left[2]]);
      for (const value of buffer)
        if (Number.isFinite(value)) {
          sum += Math.max(-50, Math.min(brightestHu, value));
          count += 1;
        }
    }
    return count > 0.6 * aside * 9 ? sum / count : Number.NaN;
  });
}

/** Over this much of the column a body's own value is taken. */
const bodyReachMm = 20;
/** A disc with its end plates. */
const bandReachMm = 4;
/** From a disc's middle to the far side of an end plate, where discs are close to each other. */
const plateReachMm = 7;

/**
 * How far the values around a station are from those of bodies, up or down: a thin disc between its end plates is a
 * dark line in a bright band on thin slices, and a bright band on thick ones.
 */
function unlikeBody(profile: Float64Array): Float64Array {
  const values = Array.from(profile);
  const reach = Math.round(bodyReachMm / canalStepMm);
  const body = values.map((_, n) => median(values.slice(Math.max(0, n - reach), n + reach + 1)));
  return profile.map((value, n) => {
    const off = Math.abs(value - body[n]!);
    return Number.isFinite(off) ? off : 0;
  });
}

/** Means over a band, its middle weighing most. */
function overBand(off: Float64Array): Float64Array {
  const band = Math.round(bandReachMm / canalStepMm);
  return off.map((_, n) => {
    let [sum, weights] = [0, 0];
    for (let d = -band; d <= band; d++) {
      const value = off[n + d];
      if (value === undefined) continue;
      const weight = 1 - Math.abs(d) / (band + 1);
      sum += weight * value;
      weights += weight;
    }
    return sum / weights;
  });
}

/** The middle of what is unlike a body around a station: plates above and below weigh alike. */
function middleOf(off: Float64Array, station: number): number {
  const reach = Math.round(plateReachMm / canalStepMm);
  let [sum, weights] = [0, 0];
  for (let n = Math.max(0, station - reach); n <= Math.min(off.length - 1, station + reach); n++) {
    sum += off[n]! * off[n]! * n;
    weights += off[n]! * off[n]!;
  }
  return weights > 0 ? sum / weights : station;
}

interface Band {
  readonly station: number;
  /** About 1 for a disc, near 0 for the inside of a body. */
  readonly strength: number;
}

const leastDistanceMm = 12;
const mostDistanceMm = 46;
/** Within this distance bands are compared: every body has two discs near it. */
const neighbourMm = 22;
/** Of the strength of a usual disc: weaker bands are texture, whatever is around. */
const leastStrength = 0.8;

function candidates(profile: Float64Array): Band[] {
  const raw = unlikeBody(profile);
  const off = overBand(raw);
  const tops: number[] = [];
  off.forEach((value, n) => {
    if (!(value > 8)) return;
    for (let d = -4; d <= 4; d++) if (off[n + d]! > value || (d < 0 && off[n + d] === value)) return;
    tops.push(n);
  });
  // One disc in about 22 mm: as many of the strongest bands as there can be discs say what a disc is.
  const count = Math.max(3, Math.round((profile.length * canalStepMm) / 30));
  const usual = median(
    tops
      .map((n) => off[n]!)
      .sort((a, b) => b - a)
      .slice(0, count),
  );
  const reach = Math.round(neighbourMm / canalStepMm);
  return tops.map((station) => {
    const around = off.subarray(Math.max(0, station - reach), station + reach + 1);
    const share = off[station]! / around.reduce((most, value) => Math.max(most, value), 0);
    return {
      station: middleOf(raw, station),
      strength: share * Math.min(1, off[station]! / (leastStrength * usual)),
    };
  });
}

/** Weight of changing distances: ln² of their ratio beyond what rounding changes. */
const changeCost = 4;
const freeChange = 0.1;
/** What a disc must be worth; keeps texture out. */
const discCost = 0.42;
/** Share of a band's strength that passing over it costs. */
const passedCost = 0.35;
/** Bands nearer than this to a disc are that disc. */
const ownMm = 9;

/** What lies between two discs and is none of them, for each pair. */
function passedBands(found: readonly Band[]): Float64Array[] {
  const own = ownMm / canalStepMm;
  return found.map((first) =>
    Float64Array.from(found, (last) => {
      const [from, to] = [first.station + own, last.station - own];
      let most = 0;
      for (const { station, strength } of found)
        if (station > from && station < to && strength > most) most = strength;
      return most;
    }),
  );
}

/** The best chain of bands, by pairs of neighbours (the last distance is part of the state). */
function bestDiscs(found: readonly Band[]): number[] {
  const gain = found.map(({ strength }) => strength - discCost);
  const n = found.length;
  const best = Array.from({ length: n }, () => new Float64Array(n).fill(Number.NEGATIVE_INFINITY));
  const from = Array.from({ length: n }, () => new Int16Array(n).fill(-1));
  let top = { value: Number.NEGATIVE_INFINITY, i: -1, j: -1 };
  const passed = passedBands(found);
  const distance = (i: number, j: number): number => (found[j]!.station - found[i]!.station) * canalStepMm;
  for (let j = 1; j < n; j++)
    for (let i = 0; i < j; i++) {
      const d = distance(i, j);
      if (d < leastDistanceMm || d > mostDistanceMm) continue;
      const lost = passedCost * passed[i]![j]!;
      let value = gain[i]! + gain[j]! - lost;
      for (let h = 0; h < i; h++) {
        const before = best[h]![i]!;
        if (before === Number.NEGATIVE_INFINITY) continue;
        const change = Math.max(0, Math.abs(Math.log(d / distance(h, i))) - freeChange);
        const chained = before + gain[j]! - lost - changeCost * change * change;
        if (chained > value) {
          value = chained;
          from[i]![j] = h;
        }
      }
      best[i]![j] = value;
      if (value > top.value) top = { value, i, j };
    }
  if (top.i < 0) return [];
  const chain = [top.j, top.i];
  for (let { i, j } = top; from[i]![j]! >= 0; ) {
    const h = from[i]![j]!;
    chain.push(h);
    [i, j] = [h, i];
  }
  return chain.reverse().map((index) => found[index]!.station);
}

/** Of the distance of discs: what is a disc's band. */
const bandShare = 0.3;

/** Moves a disc's place to the middle of its band: end plates above and below weigh alike. */
function middleOfBand(profile: Float64Array, station: number, spanMm: number): number {
  const reach = Math.round((bandShare * spanMm) / canalStepMm);
  const bodyReach = Math.round((0.5 * spanMm) / canalStepMm);
  const around = (n: number, by: number): number[] =>
    Array.from(profile.subarray(Math.max(0, Math.round(n) - by), Math.round(n) + by + 1));
  let at = station;
  for (let round = 0; round < 3; round++) {
    const body = median(around(at, bodyReach));
    let [sum, weights] = [0, 0];
    for (let n = Math.ceil(at - reach); n <= at + reach; n++) {
      const off = Math.abs((profile[n] ?? Number.NaN) - body);
      if (!Number.isFinite(off)) continue;
      sum += off * off * n;
      weights += off * off;
    }
    if (weights > 0) at = sum / weights;
  }
  return at;
}

/** On thick slices one plate of two may fall between slices: a disc is drawn this much towards its neighbours' course. */
const trendShare = 0.6;
const trendMostMm = 1;

/** Four neighbours say by a cubic where the one between them should be. */
function towardsTrend(discs: readonly number[]): number[] {
  return discs.map((at, n) => {
    const [a, b, c, d] = [discs[n - 2], discs[n - 1], discs[n + 1], discs[n + 2]];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return at;
    const expected = (4 * (b + c) - a - d) / 6;
    const most = trendMostMm / canalStepMm;
    return at + Math.max(-most, Math.min(most, trendShare * (expected - at)));
  });
}

/** Stations (with fractions) of the discs' middles, from the top downwards. */
export function findDiscs(profile: Float64Array): number[] {
  const discs = bestDiscs(candidates(profile));
  const middles = discs.map((station, n) => {
    const spans = [discs[n + 1], discs[n - 1]].map((other) => Math.abs((other ?? Number.NaN) - station));
    return middleOfBand(profile, station, Math.min(...spans.filter(Number.isFinite)) * canalStepMm);
  });
  return towardsTrend(middles);
}

interface BodySize {
  readonly depthMm: number;
  readonly halfWidthMm: number;
}

const edgeSteps = 96;
const edgeStepMm = 0.5;

/** Where values fall below half between the body's inside and soft tissue; NaN where they do not. */
function edgeMm(
  sampler: FieldSampler,
  from: Vec3,
  direction: Vec3,
  beyondMm: number,
  buffer: Float64Array,
): number {
  const step: Vec3 = [direction[0] * edgeStepMm, direction[1] * edgeStepMm, direction[2] * edgeStepMm];
  sampler.ray(buffer, 0, edgeSteps, from, step);
  const first = Math.round(beyondMm / edgeStepMm);
  const inside = median(Array.from(buffer.subarray(4, first)));
  const limit = Math.max(90, (Math.min(350, inside) + 50) / 2);
  for (let s = first; s < edgeSteps; s++) if (!(buffer[s]! >= limit)) return s * edgeStepMm;
  return Number.NaN;
}

function bodySize(sampler: FieldSampler, station: CanalStation, heightMm: number): BodySize {
  const buffer = new Float64Array(edgeSteps);
  const { centreMm, front, left, down, wallMm } = station;
  const depths: number[] = [];
  const widths: number[] = [];
  for (const share of [-0.1, 0, 0.1, 0.2]) {
    const back = along(along(centreMm, front, wallMm), down, share * heightMm);
    for (const mm of [-5, -2.5, 0, 2.5, 5])
      depths.push(edgeMm(sampler, along(back, left, mm), front, 13, buffer));
    for (const mm of [8, 11, 14]) {
      const middle = along(back, front, mm);
      widths.push(edgeMm(sampler, middle, left, 9, buffer));
      widths.push(edgeMm(sampler, middle, [-left[0], -left[1], -left[2]], 9, buffer));
    }
  }
  return { depthMm: median(depths), halfWidthMm: median(widths) };
}

const stationOf = (stations: readonly CanalStation[], n: number): CanalStation =>
  stations[Math.max(0, Math.min(stations.length - 1, Math.round(n)))]!;

/** Ends of the bodies: discs, and at both ends of the column a guess by the neighbour's height. */
function spansOf(discs: readonly number[], last: number): { from: number; to: number; isCut: boolean }[] {
  const spans = discs.slice(1).map((to, n) => ({ from: discs[n]!, to, isCut: false }));
  const [first, final] = [discs[0], discs[discs.length - 1]];
  if (first === undefined || final === undefined || spans.length === 0) return [];
  const above = spans[0]!.to - spans[0]!.from;
  const below = spans[spans.length - 1]!.to - spans[spans.length - 1]!.from;
  if (first >= 0.5 * above) spans.unshift({ from: first - above, to: first, isCut: true });
  if (last - final >= 0.5 * below) spans.push({ from: final, to: final + below, isCut: true });
  return spans;
}

/** Share of the depth in front of the canal's wall at which the body's middle lies: its back is flat. */
const middleShare = 0.46;

/** From the top downwards; empty where fewer than two discs are seen. */
export function findVertebrae(
  sampler: FieldSampler,
  stations: readonly CanalStation[],
  discs: readonly number[],
): ColumnVertebra[] {
  const spans = spansOf(discs, stations.length - 1);
  const sizes = spans.map(({ from, to }) =>
    bodySize(sampler, stationOf(stations, (from + to) / 2), (to - from) * canalStepMm),
  );
  const around = (n: number, of: (size: BodySize) => number, instead: number): number => {
    const value = median(sizes.slice(Math.max(0, n - 2), n + 3).map(of));
    return Number.isFinite(value) ? value : instead;
  };
  return spans.map(({ from, to, isCut }, n) => {
    const middle = (from + to) / 2;
    const station = stationOf(stations, middle);
    const depthMm = around(n, (size) => size.depthMm, 24);
    const halfWidthMm = around(n, (size) => size.halfWidthMm, 15);
    const base = along(station.centreMm, station.front, station.wallMm + middleShare * depthMm);
    // Stations are whole: the rest of the way along the spine.
    const centreMm = along(base, station.down, (middle - Math.round(middle)) * canalStepMm);
    return { centreMm, station: middle, heightMm: (to - from) * canalStepMm, depthMm, halfWidthMm, isCut };
  });
}
