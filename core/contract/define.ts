import type * as v from 'valibot';

export const reads = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output, reads: true }) as const;
export const writes = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output, reads: false }) as const;
