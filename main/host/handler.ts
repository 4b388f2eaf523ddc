import type { Result } from '../../core/base/result.ts';
import type { CallName, CallOutput, CallParsedInput } from '../../core/contract/index.ts';
import type { Services } from './services.ts';

/** One handler per call of an area; the input is already validated. */
export type Handlers<Names extends CallName> = {
  readonly [N in Names]: (services: Services, input: CallParsedInput<N>) => Promise<Result<CallOutput<N>>>;
};
