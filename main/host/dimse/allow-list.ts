import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { AllowedPeer } from './receiver-protocol.ts';
import { plainAddress } from './sockets.ts';

const keptMs = 60_000;

/** Stations by AE title and address; names are looked up, and the answer kept for a minute. */
export class AllowList {
  readonly #peers: readonly AllowedPeer[];
  readonly #known = new Map<
    string,
    { readonly addresses: Promise<readonly string[]>; readonly atMs: number }
  >();

  constructor(peers: readonly AllowedPeer[]) {
    this.#peers = peers;
  }

  /** Null when one is listed so; else which of both is wrong. */
  async check(aeTitle: string, address: string): Promise<Problem | null> {
    const named = this.#peers.filter((peer) => peer.aeTitle === aeTitle);
    if (named.length === 0) return problem('REFUSED_CALLING_AE', { aeTitle });
    for (const { host } of named) {
      if ((await this.#addressesOf(host)).includes(address)) return null;
    }
    return problem('REFUSED_ADDRESS', { aeTitle });
  }

  #addressesOf(host: string): Promise<readonly string[]> {
    if (isIP(host)) return Promise.resolve([plainAddress(host)]);
    const nowMs = performance.now();
    const known = this.#known.get(host);
    if (known && nowMs - known.atMs < keptMs) return known.addresses;
    const addresses = lookup(host, { all: true }).then(
      (found) => found.map(({ address }) => plainAddress(address)),
      () => [],
    );
    this.#known.set(host, { addresses, atMs: nowMs });
    return addresses;
  }
}
