import type { ScalarField } from '../../core/analysis/types.ts';
import type { Problem } from '../../core/base/problem.ts';
import type { Result } from '../../core/base/result.ts';

/** Told how far a piece of work is, 0…1; false = stop. */
export type Progress = (done: number) => boolean;

/** A piece of work on a volume: pure, long, stopped by its `Progress`. */
export type Operation<Input, Output> = (
  field: ScalarField,
  input: Input,
  progress: Progress,
) => Result<Output>;

/** A table of operations by name; what each takes and gives is plain data. */
export type OperationTable = Readonly<Record<string, Operation<never, unknown>>>;

/** What the page and its analysis worker say to each other: the volume once, then one request at a time. */
export type AnalysisRequest =
  | {
      readonly kind: 'open';
      readonly field: ScalarField;
      /** Shared cells: a request stops once its cell, id modulo their count, holds its id. */
      readonly stopped: Int32Array;
    }
  | { readonly kind: 'run'; readonly id: number; readonly name: string; readonly input: unknown };

export type AnalysisAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly done: number }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'problem'; readonly id: number; readonly problem: Problem }
  | { readonly kind: 'stopped'; readonly id: number };
