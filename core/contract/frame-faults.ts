import { type Problem, problem } from '../base/problem.ts';
import type { ProblemCode } from '../base/problem-table.ts';

/** Why a frame of `/pixels` has no bytes although the index knows some: each is a fragment count that no frame can have. */
const faults = [
  'IO_ERROR',
  'FILE_MISSING',
  'FILE_CHANGED',
  'OBJECT_CORRUPT',
  'MEDIA_REMOVED',
  'FORBIDDEN',
] as const satisfies readonly ProblemCode[];

const highest = 0xffff_ffff;

export function countOfFault({ code }: Problem): number {
  return highest - Math.max(0, faults.indexOf(code as (typeof faults)[number]));
}

/** Undefined for every other count. */
export function faultOfCount(count: number): Problem | undefined {
  const code = faults[highest - count];
  return code && problem(code);
}
