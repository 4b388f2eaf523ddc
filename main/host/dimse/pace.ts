import { type Problem, problem } from '../../../core/base/problem.ts';

export interface PaceRules {
  readonly idleMs: number;
  /** 0 = any. */
  readonly minBytesPerSecond: number;
}

/** waiting: for the peer's next message, its answer, or that it takes ours; receiving: within one; ours: the peer waits for us. */
export type PaceState = 'waiting' | 'receiving' | 'ours';

/** A peer's rate is judged over so long (reliability.md C25). */
const windowMs = 30_000;
/** Longer between two looks means that the machine slept: then nobody is blamed. */
const sleptMs = 15_000;

/** Whether a peer is silent or slow. It is looked at about once a second; counting bytes costs nothing. */
export class Pace {
  #bytes = 0;
  #taken = 0;
  #seenBytes = 0;
  #lastLookMs: number;
  #activeMs: number;
  #windowStartMs: number;
  #windowStartBytes = 0;
  #state: PaceState = 'waiting';

  constructor(nowMs: number) {
    this.#lastLookMs = nowMs;
    this.#activeMs = nowMs;
    this.#windowStartMs = nowMs;
  }

  came(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Bytes that it took from us, in all. */
  went(bytes: number): void {
    this.#taken = bytes;
  }

  /** PEER_IDLE, PEER_TOO_SLOW, or null. */
  look(nowMs: number, state: PaceState, rules: PaceRules): Problem | null {
    const hasSlept = nowMs - this.#lastLookMs > sleptMs;
    this.#lastLookMs = nowMs;
    const moved = this.#bytes + this.#taken;
    if (moved !== this.#seenBytes || state === 'ours' || hasSlept) {
      this.#seenBytes = moved;
      this.#activeMs = nowMs;
    }
    if (state !== this.#state || state !== 'receiving' || hasSlept) {
      this.#state = state;
      this.#windowStartMs = nowMs;
      this.#windowStartBytes = this.#bytes;
    }
    if (nowMs - this.#activeMs >= rules.idleMs) return problem('PEER_IDLE');
    if (nowMs - this.#windowStartMs < windowMs) return null;
    const came = this.#bytes - this.#windowStartBytes;
    const perSecond = (1000 * came) / (nowMs - this.#windowStartMs);
    this.#windowStartMs = nowMs;
    this.#windowStartBytes = this.#bytes;
    if (perSecond >= rules.minBytesPerSecond) return null;
    // A pulled cable is not slow.
    return problem(came === 0 ? 'PEER_IDLE' : 'PEER_TOO_SLOW');
  }
}
