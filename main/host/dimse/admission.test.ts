import { describe, expect, it } from 'vitest';
import { askedOf } from './admission.ts';
import { AllowList } from './allow-list.ts';
import type { AskedIdentity, KnownPeer } from './receiver-protocol.ts';

const user = (name: string): AskedIdentity => ({ users: [{ name, passcode: null }] });
const ofAll = user('everybody');
const own = user('ct');

describe('what a peer must say of itself', () => {
  const peers: readonly KnownPeer[] = [
    { aeTitle: 'OWN', host: '10.0.0.1', asks: own },
    { aeTitle: 'FREE', host: '10.0.0.2', asks: null },
    { aeTitle: 'LIKEALL', host: '10.0.0.3' },
    { aeTitle: 'TWICE', host: '10.0.0.4', asks: null },
    { aeTitle: 'TWICE', host: '10.0.0.4', asks: own },
    { aeTitle: 'HALF', host: '10.0.0.5', asks: null },
    { aeTitle: 'HALF', host: '10.0.0.5' },
  ];
  const list = new AllowList(peers);
  const asked = async (aeTitle: string, address: string, all: AskedIdentity | null) =>
    askedOf(list.named(aeTitle), await list.at(aeTitle, address), all);

  it.each([
    // Its own user holds for its title, wherever it calls from.
    ['OWN', '10.0.0.1', own, own],
    ['OWN', '10.0.0.9', own, own],
    // Freed is only who has the address too.
    ['FREE', '10.0.0.2', null, null],
    ['FREE', '10.0.0.9', ofAll, null],
    ['LIKEALL', '10.0.0.3', ofAll, null],
    ['STRANGER', '10.0.0.1', ofAll, null],
    // Entries that differ: the stricter one.
    ['TWICE', '10.0.0.4', own, own],
    ['HALF', '10.0.0.5', ofAll, null],
  ])('%s from %s', async (aeTitle, address, whereAllAreAsked, whereNobodyIs) => {
    expect(await asked(aeTitle, address, ofAll)).toEqual(whereAllAreAsked);
    expect(await asked(aeTitle, address, null)).toEqual(whereNobodyIs);
  });
});
