import type { Problem } from '../../../core/base/problem.ts';
import type { ProblemCode } from '../../../core/base/problem-table.ts';

/** Attempts in all, and how long to wait before the second and the third. */
export const mostAttempts = 3;
const waitsMs = [1_000, 5_000];

/** What another attempt will not change: somebody has to do something first. */
const lasting: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'CANCELLED',
  'HOST_UNKNOWN',
  'REJECTED_CALLED_AE',
  'REJECTED_CALLING_AE',
  'REJECTED_PROTOCOL',
  'NO_CONTEXT_ACCEPTED',
  'PEER_CLASS_UNSUPPORTED',
  'PEER_MOVE_DESTINATION',
  'PEER_NOT_AUTHORIZED',
  'RECEIVER_OFF',
  'NODE_MISSING',
  'NODE_PURPOSE',
  'DISK_FULL',
  'NODE_ADDRESS_INVALID',
  'WEB_FORM_REFUSED',
  // A wrong password that is tried again and again locks accounts.
  'WEB_LOGIN_FAILED',
  'WEB_NOT_FOUND',
  'WEB_REDIRECTED',
]);

export function mayPassLater({ code, params }: Problem): boolean {
  // Who gives out tokens may be busy, or has refused us.
  if (code === 'WEB_TOKEN_FAILED') return /^HTTP (429|5\d\d)$/.test(String(params?.['reason'] ?? ''));
  return !lasting.has(code) && !code.startsWith('TLS_');
}

/** Waits before attempt `attempt` (from 2); at once when the signal is aborted. */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const waitMs = waitsMs[Math.min(attempt - 2, waitsMs.length - 1)] ?? 0;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
