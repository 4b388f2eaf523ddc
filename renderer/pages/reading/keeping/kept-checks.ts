/** Small checks of what comes back from storage: each answers what it was given in its type, or throws. */
export class NotKept extends Error {}

const refuse = (what: string): never => {
  throw new NotKept(what);
};

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (x: unknown): Fields =>
  typeof x === 'object' && x !== null && !Array.isArray(x) ? (x as Fields) : refuse('object');

export const listOf = <T>(x: unknown, check: (item: unknown) => T, most = 100_000): T[] =>
  Array.isArray(x) && x.length <= most ? x.map((item) => check(item)) : refuse('list');

export const textOf = (x: unknown, most = 200): string =>
  typeof x === 'string' && x.length <= most ? x : refuse('text');

export const numberOf = (x: unknown): number =>
  typeof x === 'number' && Number.isFinite(x) ? x : refuse('number');

export const positiveOf = (x: unknown): number => (numberOf(x) > 0 ? numberOf(x) : refuse('positive'));

/** A whole number from 0. */
export const countOf = (x: unknown): number =>
  Number.isInteger(x) && numberOf(x) >= 0 ? numberOf(x) : refuse('count');

export const flagOf = (x: unknown): boolean => (typeof x === 'boolean' ? x : refuse('flag'));

export const numbersOf = (x: unknown, count: number): readonly number[] => {
  const list = listOf(x, numberOf, count);
  return list.length === count ? list : refuse('numbers');
};

export const oneOf = <T extends string>(x: unknown, names: readonly T[]): T =>
  names.find((name) => name === x) ?? refuse('name');

export const orNull = <T>(x: unknown, check: (x: unknown) => T): T | null => (x === null ? null : check(x));
