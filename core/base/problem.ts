import type { ProblemCode } from './problem-table.ts';

/** Something expected that went wrong, in a form every process, log and language can carry. */
export interface Problem {
  readonly code: ProblemCode;
  /** Values for the `{name}` places of the code's sentences. Never patient data. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** The file concerned, as the user knows it (shown in receipts, never logged). */
  readonly path?: string;
}

export const problem = (
  code: ProblemCode,
  params?: Readonly<Record<string, string | number>>,
  path?: string,
): Problem => ({ code, ...(params && { params }), ...(path !== undefined && { path }) });
