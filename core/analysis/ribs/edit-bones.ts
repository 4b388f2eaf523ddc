import { ok, type Result } from '../../base/result.ts';
import type { PatientPoint } from '../../geometry/types.ts';
import { distanceMm, polylineLengthMm } from '../curve/polyline.ts';
import { findLine } from '../path/find-line.ts';
import type { Centreline, ControlPoint, ScalarField } from '../types.ts';
import { isVertebraLabel, labelBelow, ribNumberMost } from './bone-names.ts';
import {
  type BoneAnchor,
  type LabelledBones,
  type LabelledRib,
  type LabelledVertebra,
  labelFrom,
  withRibNumbers,
} from './labels.ts';
import type { Side } from './types.ts';

/**
 * Mending what was found or counted wrongly: old bones in, new bones out. An id or a name that is none changes
 * nothing; undo keeps the old value.
 */

const recounted = (bones: LabelledBones, vertebrae: readonly LabelledVertebra[]): LabelledBones =>
  withRibNumbers({ ...bones, vertebrae }, bones.ribs);

/** Every label `by` vertebrae further down (negative: up). Ribs follow; numbers set by hand are counted anew. */
export function shiftLabels(bones: LabelledBones, by: number): LabelledBones {
  const vertebrae = bones.vertebrae.map((vertebra) => ({
    ...vertebra,
    label: vertebra.label === null ? null : labelBelow(vertebra.label, by),
  }));
  return withRibNumbers(
    { ...bones, vertebrae },
    bones.ribs.map((rib) => ({ ...rib, isFixed: false })),
  );
}

/** One vertebra's label; its neighbours keep theirs. */
export function renameVertebra(bones: LabelledBones, id: string, label: string): LabelledBones {
  if (!isVertebraLabel(label)) return bones;
  return recounted(
    bones,
    bones.vertebrae.map((vertebra) => (vertebra.id === id ? { ...vertebra, label } : vertebra)),
  );
}

/** A vertebra's label, counted on to those below it; those above keep theirs. */
export function renameVertebraeFrom(bones: LabelledBones, id: string, label: string): LabelledBones {
  const at = bones.vertebrae.findIndex((vertebra) => vertebra.id === id);
  if (at < 0 || !isVertebraLabel(label)) return bones;
  return recounted(
    bones,
    bones.vertebrae.map((vertebra, n) =>
      n < at ? vertebra : { ...vertebra, label: labelBelow(label, n - at) },
    ),
  );
}

/** A vertebra that was passed over; those below count on from it, ribs keep their vertebrae. */
export function insertVertebra(bones: LabelledBones, centreMm: PatientPoint): LabelledBones {
  const { vertebrae } = bones;
  const nearest = vertebrae.toSorted(
    (a, b) => distanceMm(a.centreMm, centreMm) - distanceMm(b.centreMm, centreMm),
  )[0];
  if (!nearest || distanceMm(nearest.centreMm, centreMm) > 100) return bones;
  const part = (v: LabelledVertebra): number =>
    nearest.down.reduce((sum, value, axis) => sum + value * (centreMm[axis]! - v.centreMm[axis]!), 0);
  const at = vertebrae.filter((vertebra) => part(vertebra) >= 0).length;
  const added: LabelledVertebra = {
    id: freeId(
      'vertebra',
      vertebrae.map(({ id }) => id),
    ),
    centreMm,
    down: nearest.down,
    heightMm: Math.min(nearest.heightMm, 2 * Math.abs(part(nearest)) || nearest.heightMm),
    atMm: nearest.atMm + part(nearest),
    isCut: false,
    ...(nearest.ribSides && { ribSides: nearest.ribSides }),
    label: null,
  };
  const all = [...vertebrae.slice(0, at), added, ...vertebrae.slice(at)];
  const above = all[at - 1]?.label ?? null;
  const label = above === null ? labelOfAbove(all[at + 1]?.label ?? null) : labelBelow(above, 1);
  const next = { ...bones, vertebrae: all };
  return label === null ? recounted(next, all) : renameVertebraeFrom(next, added.id, label);
}

const labelOfAbove = (label: string | null): string | null => (label === null ? null : labelBelow(label, -1));

/** A vertebra that is none; those below count on without it. Its ribs stay, without a vertebra. */
export function removeVertebra(bones: LabelledBones, id: string): LabelledBones {
  const at = bones.vertebrae.findIndex((vertebra) => vertebra.id === id);
  const removed = bones.vertebrae[at];
  if (!removed) return bones;
  const vertebrae = bones.vertebrae.filter((vertebra) => vertebra.id !== id);
  const ribs = bones.ribs.map((rib) => (rib.vertebraId === id ? { ...rib, vertebraId: null } : rib));
  const next: LabelledBones = { ...bones, vertebrae, ribs };
  const below = vertebrae[at];
  if (!below || removed.label === null) return recounted(next, vertebrae);
  return renameVertebraeFrom(next, below.id, removed.label);
}

const isRibNumber = (number: number): boolean =>
  Number.isInteger(number) && number >= 1 && number <= ribNumberMost;

/** Ribs of a side from the top downwards: by their vertebrae, else by where they begin. */
function orderOf(bones: LabelledBones, side: Side): readonly LabelledRib[] {
  const levels = new Map(bones.vertebrae.map(({ id }, n) => [id, n]));
  const height = (rib: LabelledRib): number => {
    const known = rib.vertebraId === null ? undefined : levels.get(rib.vertebraId);
    if (known !== undefined) return known;
    const [start] = rib.pieces[0]?.pointsMm ?? [];
    if (!start) return bones.vertebrae.length;
    const passed = bones.vertebrae.filter(({ centreMm }) => centreMm[2] > start[2]);
    return passed.length - 0.5;
  };
  return bones.ribs.filter((rib) => rib.side === side).toSorted((a, b) => height(a) - height(b));
}

/** One rib's number, as a reader says. */
export function renumberRib(bones: LabelledBones, id: string, number: number): LabelledBones {
  if (!isRibNumber(number)) return bones;
  return {
    ...bones,
    ribs: bones.ribs.map((rib) => (rib.id === id ? { ...rib, number, isFixed: true } : rib)),
  };
}

/** A rib's number, counted on to those below it on its side; beyond 12 they have none. */
export function renumberRibsFrom(bones: LabelledBones, id: string, number: number): LabelledBones {
  const rib = bones.ribs.find((one) => one.id === id);
  if (!rib || !isRibNumber(number)) return bones;
  const order = orderOf(bones, rib.side);
  const at = order.indexOf(rib);
  const numbers = new Map(order.slice(at).map((one, n) => [one.id, number + n]));
  return {
    ...bones,
    ribs: bones.ribs.map((one) => {
      const counted = numbers.get(one.id);
      if (counted === undefined) return one;
      return { ...one, number: counted <= Math.max(12, number) ? counted : null, isFixed: true };
    }),
  };
}

export const dropRib = (bones: LabelledBones, id: string): LabelledBones => ({
  ...bones,
  ribs: bones.ribs.filter((rib) => rib.id !== id),
});

/** Left ribs become right ones and the other way round: for a series whose sides are known to be wrong. */
export const swapSides = (bones: LabelledBones): LabelledBones => ({
  ...bones,
  ribs: bones.ribs
    .map((rib): LabelledRib => ({ ...rib, side: rib.side === 'left' ? 'right' : 'left' }))
    .sort((a, b) => (a.side === b.side ? 0 : a.side === 'left' ? -1 : 1)),
});

function freeId(word: string, taken: readonly string[]): string {
  let n = taken.length + 1;
  while (taken.includes(`${word}-${n}`)) n += 1;
  return `${word}-${n}`;
}

/** To the left or right of the spine; by x where there is none. */
function sideOf({ canalMm }: LabelledBones, points: readonly PatientPoint[]): Side {
  const middle = points[Math.floor(points.length / 2)]!;
  const nearest = canalMm.toSorted((a, b) => Math.abs(a[2] - middle[2]) - Math.abs(b[2] - middle[2]))[0];
  return middle[0] >= (nearest?.[0] ?? 0) ? 'left' : 'right';
}

/**
 * A rib that was missed, by two clicks: where it leaves the spine and where it ends (any order). It takes the number
 * of the vertebra beside its start, unless that side's number is taken. Problems as `findLine`.
 */
export function addRib(
  field: ScalarField,
  bones: LabelledBones,
  from: PatientPoint,
  to: PatientPoint,
  progress?: (done: number) => boolean,
): Result<LabelledBones> {
  const awayOf = (p: PatientPoint): number => Math.min(...bones.canalMm.map((c) => distanceMm(c, p)));
  const [head, end] = awayOf(from) <= awayOf(to) ? [from, to] : [to, from];
  const found = findLine(field, [head, end], { kind: 'rib', ...(progress && { progress }) });
  if (!found.ok) return found;
  const { pieces } = found.value;
  const points = pieces.flatMap(({ pointsMm }) => pointsMm);
  const side = sideOf(bones, points);
  const rib: LabelledRib = {
    id: freeId(
      `rib-${side}`,
      bones.ribs.map(({ id }) => id),
    ),
    side,
    vertebraId: freeLevel(bones, side, head),
    pieces,
    lengthMm: polylineLengthMm(points),
    isCut: false,
    number: null,
    isFixed: false,
  };
  const ribs = [...bones.ribs, rib];
  const ordered = (['left', 'right'] as const).flatMap((one) => orderOf({ ...bones, ribs }, one));
  return ok(withRibNumbers(bones, ordered));
}

/** The vertebra level with a rib's start that has no rib on that side. */
function freeLevel(bones: LabelledBones, side: Side, start: PatientPoint): string | null {
  const taken = new Set(bones.ribs.filter((rib) => rib.side === side).map(({ vertebraId }) => vertebraId));
  let best: string | null = null;
  let least = 1;
  for (const { id, centreMm, down, heightMm } of bones.vertebrae) {
    if (taken.has(id)) continue;
    const off = down.reduce((sum, value, axis) => sum + value * (start[axis]! - centreMm[axis]!), 0);
    const share = Math.abs(off / heightMm + 0.2);
    if (share < least) [least, best] = [share, id];
  }
  return best;
}

/** A rib as a centreline, for its tools: CPR, sections, 3D. `about` names series and geometry. */
export function ribCentreline(
  rib: LabelledRib,
  about: Omit<Centreline, 'controls' | 'pieces' | 'parent' | 'kind' | 'nameId'>,
): Centreline {
  const controls: ControlPoint[] = rib.pieces.map(({ pointsMm }) => ({
    pointMm: pointsMm[0]!,
    snapped: true,
  }));
  const last = rib.pieces[rib.pieces.length - 1]?.pointsMm;
  if (last) controls.push({ pointMm: last[last.length - 1]!, snapped: true });
  return { ...about, kind: 'rib', nameId: `${rib.side}-rib`, controls, pieces: rib.pieces };
}

/** Counts anew from a bone that a reader names; numbers set by hand before give way. Problems as `labelFrom`. */
export const relabelFrom = (bones: LabelledBones, anchor: BoneAnchor): Result<LabelledBones> =>
  labelFrom({ ...bones, ribs: bones.ribs.map((rib) => ({ ...rib, isFixed: false })) }, anchor);
