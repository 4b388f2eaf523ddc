import { type Problem, problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';

/** Collects faults that leave a file readable: one entry a code, the first occurrence described. */
export class Flags {
  /** How often a fault was reported, repeats included. */
  raised = 0;
  #byCode: Map<ProblemCode, Problem> | undefined;

  add(code: ProblemCode, params?: Readonly<Record<string, string | number>>): void {
    this.raised++;
    this.#byCode ??= new Map();
    if (!this.#byCode.has(code)) this.#byCode.set(code, problem(code, params));
  }

  has(code: ProblemCode): boolean {
    return this.#byCode?.has(code) === true;
  }

  list(): readonly Problem[] {
    return this.#byCode === undefined ? [] : [...this.#byCode.values()];
  }
}

const hex4 = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

/** `(gggg,eeee)` of a tag number. */
export const tagText = (tag: number): string => `(${hex4(Math.floor(tag / 65536))},${hex4(tag % 65536)})`;
