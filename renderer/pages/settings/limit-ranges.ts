import type { NetworkLimits } from '../../../core/contract/network-settings.ts';

/** Least and most of each, as the contract has them; setting-defaults.test.ts compares them. */
export const limitRanges: { readonly [N in keyof NetworkLimits]: readonly [number, number] } = {
  associations: [1, 256],
  associationsPerAddress: [1, 256],
  artimSeconds: [1, 120],
  idleSeconds: [5, 3600],
  idleKnownSeconds: [5, 86_400],
  minBytesPerSecond: [0, 1 << 20],
  peerConnectSeconds: [1, 120],
  peerIdleSeconds: [5, 3600],
  webConnectSeconds: [1, 120],
  webIdleSeconds: [5, 3600],
  offeredPduBytes: [4096, 1 << 20],
  maxPduBytes: [4096, 1 << 20],
};
