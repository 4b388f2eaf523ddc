import type { Side } from './types.ts';

/** Names of vertebrae as counted, from the top: T13 and L6 are there for those who have them, but are not counted on. */
const usual = [
  ...Array.from({ length: 7 }, (_, n) => `C${n + 1}`),
  ...Array.from({ length: 12 }, (_, n) => `T${n + 1}`),
  ...Array.from({ length: 5 }, (_, n) => `L${n + 1}`),
  ...Array.from({ length: 5 }, (_, n) => `S${n + 1}`),
];
const extra: Readonly<Record<string, string>> = { T13: 'T12', L6: 'L5' };

/** Of menus. */
export const vertebraLabels: readonly string[] = [...usual, ...Object.keys(extra)];

export const isVertebraLabel = (label: string): boolean => vertebraLabels.includes(label);

/** The label `by` vertebrae below (negative: above); null beyond C1 and S5. */
export function labelBelow(label: string, by: number): string | null {
  const instead = extra[label];
  // Below T13 comes what is below T12; above it T12.
  const at = usual.indexOf(instead ?? label);
  if (at < 0) return null;
  if (instead && by === 0) return label;
  return usual[at + by + (instead && by < 0 ? 1 : 0)] ?? null;
}

/** Number of the rib that belongs to a vertebra; null where none does. */
export function ribNumberOf(label: string | null): number | null {
  if (!label?.startsWith('T')) return null;
  const number = Number(label.slice(1));
  return Number.isInteger(number) ? number : null;
}

export const ribNumberMost = 13;

/** Short name of a rib as printed on the sheet: L8, R8; the same in both languages. */
export const ribMark = (side: Side, number: number | null): string =>
  `${side === 'left' ? 'L' : 'R'}${number ?? '?'}`;
