import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { AllowedPeer } from './receiver-protocol.ts';
import { plainAddress } from './sockets.ts';

const keptMs = 60_000;

/** Stations by AE title and address; names are looked up, and the answer kept for a minute. */
export class AllowList<Peer extends AllowedPeer = AllowedPeer> {
  readonly #peers: readonly Peer[];
  readonly #known = new Map<
    string,
    { readonly addresses: Promise<readonly string[]>; readonly atMs: number }
  >();

  constructor(peers: readonly Peer[]) {
    this.#peers = peers;
  }

  /** Null when one is listed so; else which of both is wrong. */
  async check(aeTitle: string, address: string): Promise<Problem | null> {
    if (this.named(aeTitle).length === 0) return problem('REFUSED_CALLING_AE', { aeTitle });
    const found = await this.at(aeTitle, address);
    return found.length > 0 ? null : problem('REFUSED_ADDRESS', { aeTitle });
  }

  /** All of a title, wherever they are. */
  named(aeTitle: string): readonly Peer[] {
    return this.#peers.filter((peer) => peer.aeTitle === aeTitle);
  }

  /** Those of a title that have this address. */
  async at(aeTitle: string, address: string): Promise<readonly Peer[]> {
    const named = this.named(aeTitle);
    const addresses = await Promise.all(named.map(({ host }) => this.#addressesOf(host)));
    return named.filter((_peer, i) => addresses[i]?.includes(address));
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
