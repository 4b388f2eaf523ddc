import type { Problem } from '../../../core/base/problem.ts';
import type { ByteResponse } from '../../../core/contract/host.ts';

/** A byte route's refusal: the status, and the problem where there is one to tell. */
export const refuse = (status: number, why?: Problem): ByteResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: new TextEncoder().encode(JSON.stringify(why ? { problem: why } : {})),
});
