/** What both shells check before a call reaches the host: a known name, a bounded size, a bounded rate (D6). */
import type { Problem } from '../../core/base/problem.ts';
import { problem } from '../../core/base/problem.ts';
import { fail, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { type CallInput, type CallName, calls } from '../../core/contract/index.ts';
import { fromWire, toWire } from '../../core/contract/wire.ts';

export const callBytesMax = 1024 * 1024;
export const callsPerSecondMax = 200;

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** Counts one call and says whether it is above what a second allows. */
export function createRateLimit(nowMs: () => number): () => boolean {
  let startMs = nowMs();
  let count = 0;
  return () => {
    const now = nowMs();
    if (now - startMs >= 1000 || now < startMs) {
      startMs = now;
      count = 0;
    }
    count += 1;
    return count > callsPerSecondMax;
  };
}

export interface CallGate {
  /** Answers the wire text of a `Result`; never rejects, never carries a stack. */
  answer(name: string, inputText: string): Promise<string>;
}

/**
 * One gate per window: a window that floods is refused, the others go on.
 * @param report told about bugs (exceptions), which the caller sees only as `INTERNAL`
 */
export function createCallGate(options: {
  readonly host: Host;
  readonly nowMs: () => number;
  readonly report: (name: string, error: unknown) => void;
}): CallGate {
  const { host, report } = options;
  const isTooFast = createRateLimit(options.nowMs);

  const refused = (code: Problem['code']): Result<never> => fail(problem(code));

  async function run(name: string, inputText: string): Promise<Result<unknown>> {
    if (isTooFast()) return refused('RATE_LIMIT');
    if (inputText.length > callBytesMax) return refused('INPUT_INVALID');
    if (!isCallName(name)) return refused('NOT_FOUND');
    let input: unknown;
    try {
      input = fromWire(inputText);
    } catch {
      return refused('INPUT_INVALID');
    }
    try {
      // The host validates against the call's schema; until then the input is only claimed to fit.
      return await host.call(name, input as CallInput<typeof name>);
    } catch (error) {
      report(name, error);
      return refused('INTERNAL');
    }
  }

  return {
    async answer(name, inputText) {
      return toWire(await run(name, inputText));
    },
  };
}
