import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { PatientPoint } from '../../geometry/types.ts';
import { distanceMm, nearestOnPolyline } from '../curve/polyline.ts';
import { isVertebraLabel, labelBelow, ribNumberMost, ribNumberOf } from './bone-names.ts';
import type { FoundBones, FoundRib, FoundVertebra, Side } from './types.ts';

/** Bones with names, counted from one that a reader has named. */
export interface LabelledVertebra extends FoundVertebra {
  /** Null beyond the names that there are. */
  readonly label: string | null;
}

export interface LabelledRib extends FoundRib {
  /** 1…12 (13); null where it belongs to no vertebra with ribs. */
  readonly number: number | null;
  /** Set by a reader: counting leaves it alone. */
  readonly isFixed: boolean;
}

export interface LabelledBones extends Omit<FoundBones, 'vertebrae' | 'ribs'> {
  readonly vertebrae: readonly LabelledVertebra[];
  readonly ribs: readonly LabelledRib[];
}

/** The one bone that a reader names. */
export type BoneAnchor =
  | { readonly kind: 'vertebra'; readonly id: string; readonly label: string }
  | { readonly kind: 'rib'; readonly id: string; readonly number: number };

/** Numbers of ribs by their vertebrae; those fixed by a reader stay. */
export function withRibNumbers(
  bones: Omit<LabelledBones, 'ribs'>,
  ribs: readonly (FoundRib & { readonly isFixed?: boolean; readonly number?: number | null })[],
): LabelledBones {
  const labels = new Map(bones.vertebrae.map(({ id, label }) => [id, label]));
  return {
    ...bones,
    ribs: ribs.map((rib): LabelledRib => {
      if (rib.isFixed) return { ...rib, isFixed: true, number: rib.number ?? null };
      const label = rib.vertebraId === null ? null : (labels.get(rib.vertebraId) ?? null);
      return { ...rib, isFixed: false, number: ribNumberOf(label) };
    }),
  };
}

/**
 * Names every vertebra up and down from the anchor, and each rib after its vertebra. Problems: BONE_NAME_UNKNOWN,
 * BONE_NOT_THERE for an id that is none, RIB_WITHOUT_LEVEL for a rib that belongs to no vertebra.
 */
export function labelFrom(bones: FoundBones | LabelledBones, anchor: BoneAnchor): Result<LabelledBones> {
  let { id } = anchor;
  if (anchor.kind === 'rib') {
    const isNumber = Number.isInteger(anchor.number) && anchor.number >= 1 && anchor.number <= ribNumberMost;
    if (!isNumber) return fail(problem('BONE_NAME_UNKNOWN', { name: anchor.number }));
    const rib = bones.ribs.find((one) => one.id === anchor.id);
    if (!rib) return fail(problem('BONE_NOT_THERE'));
    if (rib.vertebraId === null) return fail(problem('RIB_WITHOUT_LEVEL'));
    id = rib.vertebraId;
  }
  const label = anchor.kind === 'rib' ? `T${anchor.number}` : anchor.label;
  if (!isVertebraLabel(label)) return fail(problem('BONE_NAME_UNKNOWN', { name: label }));
  const at = bones.vertebrae.findIndex((vertebra) => vertebra.id === id);
  if (at < 0) return fail(problem('BONE_NOT_THERE'));
  const vertebrae = bones.vertebrae.map((vertebra, n) => ({ ...vertebra, label: labelBelow(label, n - at) }));
  return ok(withRibNumbers({ ...bones, vertebrae }, bones.ribs));
}

/** How far beside a bone a click still means it. */
const clickMm = 14;

/** The vertebra under a click. Problem: BONE_NOT_THERE. */
export function vertebraAt<T extends FoundVertebra>(
  { vertebrae }: { readonly vertebrae: readonly T[] },
  pointMm: PatientPoint,
): Result<T> {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const vertebra of vertebrae) {
    const { centreMm, down, heightMm } = vertebra;
    const off = pointMm.map((value, axis) => value - centreMm[axis]!);
    const along = Math.abs(off.reduce((sum, value, axis) => sum + value * down[axis]!, 0));
    const away = distanceMm(centreMm, pointMm);
    // Processes reach far back, but stay about level with their body.
    if (away > 70 || along > 0.9 * heightMm) continue;
    const score = along / heightMm + away / 200;
    if (score < least) [least, best] = [score, vertebra];
  }
  return best ? ok(best) : fail(problem('BONE_NOT_THERE'));
}

/** The rib under a click. Problem: BONE_NOT_THERE. */
export function ribAt<T extends FoundRib>(
  { ribs }: { readonly ribs: readonly T[] },
  pointMm: PatientPoint,
): Result<T> {
  let best: T | undefined;
  let least = clickMm;
  for (const rib of ribs)
    for (const { pointsMm } of rib.pieces) {
      const away = nearestOnPolyline(pointsMm, pointMm)?.distanceMm ?? Number.POSITIVE_INFINITY;
      if (away < least) [least, best] = [away, rib];
    }
  return best ? ok(best) : fail(problem('BONE_NOT_THERE'));
}

/** What a reader must know about the names: nothing here is made up to fill a place. */
export interface BoneReport {
  /** Thoracic vertebrae without a rib on a side that the images reach. */
  readonly missingRibs: readonly { readonly side: Side; readonly number: number }[];
  /** The same where the images end beside the spine. */
  readonly outsideRibs: readonly { readonly side: Side; readonly number: number }[];
  /** Ribs without a number: of a cervical or lumbar vertebra, or of none. */
  readonly extraRibs: readonly string[];
  /** Numbers given twice on a side. */
  readonly doubledRibs: readonly { readonly side: Side; readonly number: number }[];
  /** Ribs with a gap or a step: fractures, artefacts, or a wrong turn. */
  readonly weakRibs: readonly string[];
  readonly ribCount: number;
}

export function boneReport({ vertebrae, ribs }: LabelledBones): BoneReport {
  const missingRibs: { side: Side; number: number }[] = [];
  const outsideRibs: { side: Side; number: number }[] = [];
  const doubledRibs: { side: Side; number: number }[] = [];
  for (const side of ['left', 'right'] as const) {
    const numbers = ribs.filter((rib) => rib.side === side).map(({ number }) => number);
    for (const { label, isCut, ribSides } of vertebrae) {
      const number = ribNumberOf(label);
      if (number === null || isCut || numbers.includes(number)) continue;
      ((ribSides ?? [side]).includes(side) ? missingRibs : outsideRibs).push({ side, number });
    }
    for (const number of new Set(numbers))
      if (number !== null && numbers.filter((one) => one === number).length > 1)
        doubledRibs.push({ side, number });
  }
  return {
    missingRibs,
    outsideRibs,
    doubledRibs,
    extraRibs: ribs.filter(({ number }) => number === null).map(({ id }) => id),
    weakRibs: ribs.filter(({ pieces }) => pieces.some(({ state }) => state !== 'found')).map(({ id }) => id),
    ribCount: ribs.length,
  };
}
