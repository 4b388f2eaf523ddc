/** Peers that must say who they are (PS3.7 D.3.3.7), with DCMTK's storescu as the peer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { CallInput } from '../../core/contract/index.ts';
import type { ReceiverSettings } from '../../core/contract/network-settings.ts';
import { ask, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, run, startStorescp } from '../fixtures/peers.ts';
import { element, file, sliceWith } from '../fixtures/raw-dicom.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const passcode = 'geheim-密码';
let host: Host;
let port: number;
let sent = 0;

/** One object; answers whether it was taken, and what storescu said. */
const store = (...words: string[]) => storeAs('CT1', ...words);

async function storeAs(
  aeTitle: string,
  ...words: readonly string[]
): Promise<{ taken: boolean; output: string }> {
  const path = join(folder.path, `${++sent}.dcm`);
  writeFileSync(path, file(sliceWith(element(0x8, 0x18, 'UI', `1.2.3.90.${sent}`))));
  const where = ['-aet', aeTitle, '-aec', 'CANDELA', '127.0.0.1', String(port)];
  const { code, output } = await run('storescu', ['-v', ...words, ...where, path]);
  return { taken: code === 0, output };
}

async function change(changes: Partial<ReceiverSettings>): Promise<void> {
  const { network } = await ask(host, 'settings.get', {});
  const receiver = { ...network.receiver, ...changes };
  await ask(host, 'settings.set', { changes: { network: { ...network, receiver } } });
  // A restart answers when what changed is in force.
  await ask(host, 'receiver.restart', {});
}

/** A device at this address, by its title. */
async function saveNode(
  aeTitle: string,
  changes: Partial<CallInput<'nodes.save'>['node']>,
  callerPasscode?: string,
): Promise<void> {
  await ask(host, 'nodes.save', {
    node: { nodeId: aeTitle, name: aeTitle, protocol: 'dimse', aeTitle, host: '127.0.0.1', ...changes },
    ...(callerPasscode !== undefined && { callerPasscode }),
  });
  await ask(host, 'receiver.restart', {});
}

describe.skipIf(dcmtkMissing !== null)(`user identity (${dcmtkMissing ?? 'DCMTK is there'})`, () => {
  beforeAll(async () => {
    ({ host, port } = await openReceiver(dataDir));
  });
  afterAll(async () => {
    await host.close();
    folder.remove();
  });

  it('is not asked for at first, nor looked at', async () => {
    expect((await store()).taken).toBe(true);
    expect((await store('-usr', 'anybody', '-pwd', 'x')).taken).toBe(true);
  });

  it('that wants to be confirmed is told of when it goes away, as nobody checked it', async () => {
    const { taken, output } = await store('-usr', 'anybody', '-pwd', 'x', '-rsp');
    expect([taken, output]).toEqual([false, expect.stringMatching(/positive response requested/i)]);
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length > 0);
    expect(refusals).toMatchObject([
      { aeTitle: 'CT1', problem: { code: 'IDENTITY_UNCONFIRMED', params: { aeTitle: 'CT1' } } },
    ]);
    expect((await store('-usr', 'anybody')).taken).toBe(true);
    expect((await ask(host, 'receiver.status', {})).refusals).toHaveLength(1);
  });

  it('lets nobody in while the passcode that is asked for is not set', async () => {
    await change({ identity: 'password', identityUser: 'ct' });
    expect(await ask(host, 'receiver.hasPasscode', {})).toEqual({ hasPasscode: false });
    expect((await store('-usr', 'ct', '-epw')).taken).toBe(false);
    expect((await store('-usr', 'ct')).taken).toBe(false);
  });

  it('takes the right name and passcode, and answers one that wants to know', async () => {
    await ask(host, 'receiver.setPasscode', { passcode });
    expect(await ask(host, 'receiver.hasPasscode', {})).toEqual({ hasPasscode: true });
    expect((await store('-usr', 'ct', '-pwd', passcode)).taken).toBe(true);
    expect((await store('-usr', 'ct', '-pwd', passcode, '-rsp')).taken).toBe(true);
  });

  it.each([
    ['none', []],
    ['a name alone', ['-usr', 'ct']],
    ['another name', ['-usr', 'mr', '-pwd', passcode]],
    ['another passcode', ['-usr', 'ct', '-pwd', `${passcode}!`]],
    ['an empty one', ['-usr', 'ct', '-epw']],
  ])('rejects %s, permanently and without telling more, and shows it', async (_what, words) => {
    const before = (await ask(host, 'receiver.status', {})).refusals.length;
    const { taken, output } = await store(...words);
    expect(taken).toBe(false);
    expect(output).toMatch(/Rejected Permanent, Source: Service Provider \(ACSE/);
    expect(output).toMatch(/Reason: No Reason/);
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length > before);
    expect(refusals[0]).toMatchObject({
      aeTitle: 'CT1',
      address: '127.0.0.1',
      problem: { code: 'REFUSED_IDENTITY', params: { aeTitle: 'CT1' } },
    });
  });

  it('takes the name alone where no passcode is asked for', async () => {
    await change({ identity: 'name' });
    expect((await store('-usr', 'ct')).taken).toBe(true);
    expect((await store('-usr', 'mr')).taken).toBe(false);
    expect((await store()).taken).toBe(false);
    await change({ identity: 'none' });
    expect((await store()).taken).toBe(true);
  });

  it('asks a station for a user of its own, or for none, whatever it asks of all', async () => {
    await change({ identity: 'password', identityUser: 'all' });
    await ask(host, 'receiver.setPasscode', { passcode });
    await saveNode('CT2', { callerIdentity: 'password', callerUser: 'two' });
    // Its passcode is not set yet.
    expect((await storeAs('CT2', '-usr', 'two', '-epw')).taken).toBe(false);
    await saveNode('CT2', { callerIdentity: 'password', callerUser: 'two' }, 'second');
    await saveNode('CT3', { callerIdentity: 'name', callerUser: 'three' });
    await saveNode('CT4', { callerIdentity: 'none' });
    await saveNode('CT5', {});
    await saveNode('CT6', { callerIdentity: 'none', host: '127.0.0.9' });
    const all = ['-usr', 'all', '-pwd', passcode];
    const two = ['-usr', 'two', '-pwd', 'second'];
    const cases: readonly (readonly [string, readonly string[], boolean])[] = [
      ['CT2', two, true],
      ['CT2', all, false],
      ['CT2', ['-usr', 'two', '-pwd', 'Second'], false],
      ['CT2', [], false],
      ['CT3', ['-usr', 'three'], true],
      ['CT3', two, false],
      ['CT4', [], true],
      ['CT4', ['-usr', 'anybody'], true],
      ['CT5', all, true],
      ['CT5', two, false],
      // Another station by its address: nothing of it is believed.
      ['CT6', [], false],
      ['CT6', all, true],
    ];
    for (const [aeTitle, words, taken] of cases) {
      expect(await storeAs(aeTitle, ...words), `${aeTitle} ${words.join(' ')}`).toMatchObject({ taken });
    }
  });

  it('asks a station for a user where nobody else is asked; another passcode is in force at once', async () => {
    await change({ identity: 'none' });
    expect((await storeAs('CT9')).taken).toBe(true);
    expect((await storeAs('CT2')).taken).toBe(false);
    await saveNode('CT2', { callerIdentity: 'password', callerUser: 'two' }, 'third');
    expect((await storeAs('CT2', '-usr', 'two', '-pwd', 'second')).taken).toBe(false);
    expect((await storeAs('CT2', '-usr', 'two', '-pwd', 'third')).taken).toBe(true);
    // Saved without a word of it, it is as it was.
    await saveNode('CT2', { callerIdentity: 'password', callerUser: 'two' });
    expect((await storeAs('CT2', '-usr', 'two', '-pwd', 'third')).taken).toBe(true);
    expect(JSON.stringify(await ask(host, 'settings.get', {}))).not.toContain('third');
    const kept = () => readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    expect(kept()).toContain(Buffer.from('third').toString('base64'));
    await ask(host, 'nodes.delete', { nodeId: 'CT2' });
    expect(kept()).not.toContain(Buffer.from('third').toString('base64'));
    expect((await storeAs('CT2')).taken).toBe(true);
  });

  it('tells each station the user that is set for it', async () => {
    const peer = await startStorescp(['-d']);
    for (const user of ['reader-a', 'reader-b']) {
      const node = {
        nodeId: user,
        name: user,
        protocol: 'dimse' as const,
        aeTitle: peer.aeTitle,
        host: '127.0.0.1',
        port: peer.port,
        identity: 'password' as const,
        user,
      };
      await ask(host, 'nodes.save', { node, secret: `${user}!` });
      const saved = (await ask(host, 'nodes.list', {})).find(({ nodeId }) => nodeId === user)!;
      await ask(host, 'nodes.test', { node: saved });
      expect(peer.log()).toMatch(new RegExp(`Username: \\[${user}\\]`));
    }
    await peer.stop();
  });

  it('keeps the passcode with the secrets only, and forgets it when it is emptied', async () => {
    const told = [
      JSON.stringify(await ask(host, 'settings.get', {})),
      JSON.stringify(await ask(host, 'receiver.status', {})),
      readFileSync(join(dataDir, 'index.db'), 'latin1'),
    ];
    for (const text of told) expect(text).not.toContain('geheim');
    const kept = () => readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    expect(kept()).toContain(Buffer.from(passcode).toString('base64'));
    await ask(host, 'receiver.setPasscode', { passcode: '' });
    expect(kept()).not.toContain(Buffer.from(passcode).toString('base64'));
    expect(await ask(host, 'receiver.hasPasscode', {})).toEqual({ hasPasscode: false });
  });
});
