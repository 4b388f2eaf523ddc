import { type Problem, problem } from '../../../core/base/problem.ts';
import type { NodeTest } from '../../../core/contract/network.ts';
import type { WebClient } from './client.ts';
import { statusProblem } from './exchange-problem.ts';

type Step = NodeTest['steps'][number];
/** In the order in which an exchange passes them. */
const order = ['address', 'connect', 'tls', 'login', 'http', 'query'] as const;
type StepId = (typeof order)[number];

const connecting = new Set([
  'CONNECTION_REFUSED',
  'CONNECTION_TIMEOUT',
  'CONNECTION_LOST',
  'HOST_UNREACHABLE',
]);

/** Which step a problem belongs to. */
function stepOf({ code }: Problem): StepId {
  if (code === 'NODE_ADDRESS_INVALID' || code === 'HOST_UNKNOWN') return 'address';
  if (connecting.has(code)) return 'connect';
  if (code.startsWith('TLS_')) return 'tls';
  if (code === 'WEB_LOGIN_FAILED' || code === 'WEB_TOKEN_FAILED') return 'login';
  return code === 'WEB_ANSWER_INVALID' || code === 'WEB_FORM_REFUSED' ? 'query' : 'http';
}

/** Asks for one study: that passes every step a node needs. `isSecure`: the address is https. */
export async function testServer(
  client: WebClient,
  isSecure: boolean,
  signal: AbortSignal,
): Promise<NodeTest> {
  const startedAtMs = performance.now();
  const asked = { path: ['studies'], parameters: [['limit', '1']] as const, signal };
  const answer = await client.once({ ...asked, accept: 'application/dicom+json' });
  const answeredMs = performance.now() - startedAtMs;
  if (!answer.ok) {
    const isEnded = isSecure && answer.problem.code === 'CONNECTION_LOST';
    return outcome(isEnded ? problem('TLS_ENDED') : answer.problem, isSecure, answeredMs, 0);
  }
  const { status } = answer.value;
  if (status < 200 || status >= 300) {
    answer.value.drop();
    const isElsewhere = [400, 404, 405, 410, 501].includes(status);
    const found = isElsewhere ? problem('WEB_ROOT_WRONG', { status }) : statusProblem(status);
    return outcome(found, isSecure, answeredMs, 0);
  }
  answer.value.drop();
  // Once more as searches ask it, with what stands in the answer.
  const rows = await client.datasets(asked);
  return outcome(
    rows.ok ? null : rows.problem,
    isSecure,
    answeredMs,
    performance.now() - startedAtMs - answeredMs,
  );
}

function outcome(found: Problem | null, isSecure: boolean, answeredMs: number, queryMs: number): NodeTest {
  const failedAt = found === null ? order.length : order.indexOf(stepOf(found));
  const steps = order.map((id, index): Step => {
    const isPassed = index < failedAt && !(id === 'tls' && !isSecure);
    const tookMs = id === 'http' && isPassed ? answeredMs : id === 'query' && isPassed ? queryMs : 0;
    if (index === failedAt) return { id, state: 'failed', problem: found, tookMs: answeredMs };
    return { id, state: isPassed ? 'ok' : 'skipped', problem: null, tookMs: Math.round(tookMs) };
  });
  return { ok: found === null, steps };
}

/** The test of a server that proved to be something else. */
export const otherTest = (found: Problem, isSecure: boolean): NodeTest => outcome(found, isSecure, 0, 0);

/** An address that cannot be one. */
export const addressTest = (): NodeTest => outcome(problem('NODE_ADDRESS_INVALID'), false, 0, 0);
