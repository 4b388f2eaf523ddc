import { type Problem, problem } from '../base/problem.ts';
import type { VolumeGeometry } from '../geometry/types.ts';
import type { DividerName } from './dividers.ts';
import type { SplitGroup, SplitLabel } from './split.ts';
import type { DimensionKind, GroupDimension } from './types.ts';

/** When groups differ in several ways, the one with most members is played; of equals the first. */
const kinds: readonly DimensionKind[] = ['temporal', 'phase', 'bvalue', 'echo', 'energy'];

const units: Readonly<Partial<Record<DividerName, GroupDimension['unit']>>> = {
  Energy: 'keV',
  EchoTime: 'ms',
  DiffusionBValue: 's/mm²',
  CardiacPhase: '%',
  RespiratoryPhase: '%',
  TriggerTime: 'ms',
  InversionTime: 'ms',
  KVP: 'kV',
  Percent: '%',
  FrameReferenceTime: 'ms',
};
/** Clock times say nothing to a reader; the order does. */
const withoutValue: ReadonlySet<DividerName> = new Set(['AcquisitionTime', 'ImageIndex', 'Repeat']);

/** Corners this near are one grid. */
const sameGridMm = 0.05;

/** Where a group stands among those of its series that differ from it in one way. */
export interface SetPlace {
  readonly dimension?: GroupDimension;
  /** It does not cover the slices that others of its set have: GEOMETRY_SET_UNEVEN. */
  readonly doubt?: Problem;
}

/** For each group its place in a 4D set, and why it has none though it is one of a set; empty for groups that belong to none. */
export function setPlaces(
  splits: readonly SplitGroup[],
  grids: readonly (VolumeGeometry | null)[],
): SetPlace[] {
  const found = splits.map((): SetPlace => ({}));
  const byGrid = new Map<number, number[]>();
  for (const [at, split] of splits.entries())
    if (grids[at] && split.labels.some((label) => label.kind))
      byGrid.set(split.grid, [...(byGrid.get(split.grid) ?? []), at]);
  for (const [grid, members] of byGrid) {
    const best = kinds
      .map((kind) => ({ kind, sets: setsOf(splits, members, kind) }))
      .reduce((a, b) => (largest(b.sets) > largest(a.sets) ? b : a));
    let sets = 0;
    for (const set of best.sets.values()) {
      const playing = playingSets(set, grids);
      for (const at of set) {
        const doubt = doubtOf(at, { set, playing, grids });
        if (doubt) found[at] = { doubt };
      }
      for (const own of playing) {
        const name = `d${grid}.${sets++}`;
        for (const [index, at] of own.entries()) {
          const value = playedValue(splits[at]!.labels, best.kind);
          const dimension = { set: name, kind: best.kind, ...value, index, count: own.length };
          found[at] = { ...found[at], dimension };
        }
      }
    }
  }
  return found;
}

/** Of a group with fewer slices than another of its set, and of one that does not play with those that do. */
function doubtOf(
  at: number,
  {
    set,
    playing,
    grids,
  }: {
    readonly set: readonly number[];
    readonly playing: readonly (readonly number[])[];
    readonly grids: readonly (VolumeGeometry | null)[];
  },
): Problem | undefined {
  const slices = (one: number): number => grids[one]!.size[2];
  const own = slices(at);
  const most = Math.max(...set.map(slices));
  const plays = playing.some((one) => one.includes(at));
  if (set.length < 2 || (own === most && (plays || playing.length === 0))) return undefined;
  return problem('GEOMETRY_SET_UNEVEN', { own, others: own === most ? slices(playing[0]![0]!) : most });
}

const largest = (sets: ReadonlyMap<string, readonly number[]>): number =>
  Math.max(0, ...[...sets.values()].map((set) => set.length));

/** Groups that are alike in all labels of other kinds, and have one of this kind; in the order of the split. */
function setsOf(
  splits: readonly SplitGroup[],
  members: readonly number[],
  kind: DimensionKind,
): Map<string, number[]> {
  const sets = new Map<string, number[]>();
  for (const at of members) {
    const { labels } = splits[at]!;
    if (!labels.some((label) => label.kind === kind)) continue;
    const key = labels
      .filter((label) => label.kind !== kind)
      .map((label) => `${label.divider}=${label.ordinal}`)
      .join('|');
    sets.set(key, [...(sets.get(key) ?? []), at]);
  }
  return sets;
}

function playedValue(
  labels: readonly SplitLabel[],
  kind: DimensionKind,
): Pick<GroupDimension, 'value' | 'unit'> {
  const label = labels.find((own) => own.kind === kind && own.number !== null);
  if (!label || withoutValue.has(label.divider)) return { value: null, unit: '' };
  return { value: label.number, unit: units[label.divider] ?? '' };
}

/**
 * Those of a set that share the grid of most of them: an incomplete phase cannot play with the others. Whole scans that
 * took turns at several places (a table that goes to and fro) play place by place.
 */
function playingSets(set: readonly number[], grids: readonly (VolumeGeometry | null)[]): number[][] {
  const kindsOfGrid: number[][] = [];
  for (const at of set) {
    const home = kindsOfGrid.find(([other]) => isSame(grids[at]!, grids[other!]!));
    if (home) home.push(at);
    else kindsOfGrid.push([at]);
  }
  const most = Math.max(...set.map((at) => grids[at]!.size[2]));
  const main = kindsOfGrid.reduce((a, b) => (b.length > a.length ? b : a), []);
  return kindsOfGrid.filter((own) => own.length > 1 && (own === main || grids[own[0]!]!.size[2] === most));
}

function isSame(a: VolumeGeometry, b: VolumeGeometry): boolean {
  if (a.size.some((count, axis) => count !== b.size[axis])) return false;
  const [m, n] = [a.patientFromIndex, b.patientFromIndex];
  for (const far of [0, 1])
    for (let row = 0; row < 3; row++) {
      let apart = m[4 * row + 3]! - n[4 * row + 3]!;
      for (let axis = 0; axis < 3; axis++)
        apart += far * (a.size[axis]! - 1) * (m[4 * row + axis]! - n[4 * row + axis]!);
      if (Math.abs(apart) > sameGridMm) return false;
    }
  return true;
}
