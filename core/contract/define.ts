import type * as v from 'valibot';

/** One call of the host: its name, the schema of its input, the schema of its output. */
export interface CallDefinition<
  I extends v.GenericSchema = v.GenericSchema,
  O extends v.GenericSchema = v.GenericSchema,
> {
  readonly input: I;
  readonly output: O;
  /** True when the call changes nothing: safe to repeat. */
  readonly reads: boolean;
}

export const reads = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output, reads: true }) as const;
export const writes = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output, reads: false }) as const;
