import type { Language } from '../../../../core/terms/term.ts';
import type { SeriesPlan } from '../../../../core/volume/types.ts';

/** The groups that play with this one as a 4D set, in their order; empty where it stands alone. */
export function phaseGroups(plan: SeriesPlan, group: number): readonly number[] {
  const set = plan.groups[group]?.dimension?.set;
  if (set === undefined) return [];
  return plan.groups
    .flatMap(({ dimension, regular }, n) =>
      dimension?.set === set && regular ? [{ n, at: dimension.index }] : [],
    )
    .sort((a, b) => a.at - b.at)
    .map(({ n }) => n);
}

/** A phase by name: what differs between the groups of its set ("40 %", "b 1000"), else its number. */
export function phaseName(plan: SeriesPlan, group: number, language: Language): string {
  const { nameZh, nameEn, dimension } = plan.groups[group] ?? {};
  const name = language === 'zh-CN' ? nameZh : nameEn;
  return name || String((dimension?.index ?? 0) + 1);
}

/** The phase after `now` among those that are loaded, round the set; a phase that is not there yet is left out. */
export function nextReady(
  phases: readonly number[],
  ready: readonly number[],
  now: number,
): number | undefined {
  return [...loadingOrder(phases, now).slice(1), now].find((group) => ready.includes(group));
}

export interface SwungPhase {
  readonly group: number;
  /** 1 while playing onwards, −1 on the way back. */
  readonly by: 1 | -1;
}

/** The same to and fro: the next loaded phase in the direction `by`, else the next one back. */
export function swungReady(
  phases: readonly number[],
  ready: readonly number[],
  now: number,
  by: 1 | -1,
): SwungPhase | undefined {
  const at = phases.indexOf(now);
  const next = (way: 1 | -1): SwungPhase | undefined => {
    const onwards = way === 1 ? phases.slice(at + 1) : phases.slice(0, Math.max(0, at)).reverse();
    const group = onwards.find((phase) => ready.includes(phase));
    return group === undefined ? undefined : { group, by: way };
  };
  return next(by) ?? next(by === 1 ? -1 : 1);
}

/** The phases in the order in which they are wanted: the one on screen, then those that follow it. */
export function loadingOrder(phases: readonly number[], now: number): readonly number[] {
  const at = Math.max(0, phases.indexOf(now));
  return [...phases.slice(at), ...phases.slice(0, at)];
}

/** Names without the words that all of them begin with ("Cardiac phase 0%", "Cardiac phase 5%": "0%", "5%"). */
export function shortNames(names: readonly string[]): readonly string[] {
  const [first = ''] = names;
  let common = 0;
  while (common < first.length && names.every((name) => name[common] === first[common])) common += 1;
  const isAlike = names.length < 2 || names.some((name) => name.length <= common);
  // Numbers stay whole.
  const shared = first.slice(0, common).replace(/[\d.,+−-]*$/, '');
  // A letter is a symbol ("b 0", "b 1000"), which a bare number needs.
  const isSymbol = shared.trim().length < 2;
  return isAlike || isSymbol ? names : names.map((name) => name.slice(shared.length));
}
