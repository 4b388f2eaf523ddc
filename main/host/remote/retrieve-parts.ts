import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ProblemCode } from '../../../core/base/problem-table.ts';
import type { RemoteInstance } from './archive.ts';

/** Answers to a whole request that one object of it may be the reason of: Orthanc ends a C-GET at one it cannot send. */
const ofOneObject: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'PEER_ABORTED',
  'PEER_CANNOT_PROCESS',
  'PEER_DATASET_MISMATCH',
  'PEER_NO_SUCH_INSTANCE',
  'PEER_OUT_OF_RESOURCES',
  'PEER_STATUS_FAILED',
  'WEB_ANSWER_INVALID',
  'WEB_STATUS_FAILED',
]);

export const mayBeOneObject = ({ code }: Problem): boolean => ofOneObject.has(code);

/** Requests in a row that bring nothing: then it is no matter of single objects. */
const mostInVain = 500;

export interface PartSteps {
  /** Asks for these objects alone; null when in the peer's words all of them came. */
  attempt(part: readonly RemoteInstance[]): Promise<Problem | null>;
  missing(part: readonly RemoteInstance[]): Promise<readonly RemoteInstance[]>;
  /** This one cannot be had. */
  cannot(one: RemoteInstance, reason: Problem): void;
}

/**
 * Retrieves `left` in halves, those that fail in halves again, down to single objects: what can be sent comes, large
 * parts first. The problem that ended it before everything was tried; else null.
 */
export async function retrieveInParts(
  left: readonly RemoteInstance[],
  steps: PartSteps,
  signal: AbortSignal,
): Promise<Problem | null> {
  const parts = halves(left);
  let inVain = 0;
  for (let part = parts.shift(); part !== undefined && !signal.aborted; part = parts.shift()) {
    const failed = await steps.attempt(part);
    const still = await steps.missing(part);
    if (failed && !mayBeOneObject(failed)) return failed;
    if (still.length === 0) continue;
    inVain = still.length < part.length ? 0 : inVain + 1;
    if (failed && still.length > 1) parts.push(...halves(still));
    else for (const one of still) steps.cannot(one, failed ?? problem('NOT_DELIVERED'));
    if (failed && inVain >= mostInVain) return failed;
  }
  return null;
}

function halves(all: readonly RemoteInstance[]): (readonly RemoteInstance[])[] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)].filter((half) => half.length > 0);
}
