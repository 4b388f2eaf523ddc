/**
 * Encryption against DCMTK and OpenSSL (N21 of reliability.md): who is believed, what is refused, and that nothing falls
 * back to plain.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { RemoteNode } from '../../core/contract/network.ts';
import { Certificates } from '../../main/host/network/certificates.ts';
import { emptyNode } from '../../renderer/pages/settings/node-draft.ts';
import { ask, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, run, type Station, startStorescp } from '../fixtures/peers.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const hosts: Host[] = [];
const stations: Station[] = [];
afterAll(async () => {
  for (const station of stations) await station.stop();
  for (const host of hosts) await host.close();
  folder.remove();
});
const inside = (name: string): string => join(folder.path, name);

let made = 0;
async function receiver(tlsClientCertificate: 'none' | 'required') {
  const opened = await openReceiver(inside(`data-${made++}`), { tlsPort: 0, tlsClientCertificate });
  hosts.push(opened.host);
  const [own] = await ask(opened.host, 'certificates.list', {});
  const { pem } = await ask(opened.host, 'certificates.export', { certificateId: own?.certificateId ?? '' });
  const authority = inside(`host-${made}.pem`);
  writeFileSync(authority, pem);
  return { ...opened, tlsPort: opened.tlsPort ?? 0, authority };
}

/** A certificate of a peer with its key, as files and as text; `ageDays` ago. */
async function peerCertificate(name: string, ageDays = 0) {
  const book = new Certificates(inside(name), () => Date.now() - ageDays * 86_400_000);
  const { certificatePem, keyPem } = await book.identity();
  const [certificate, key] = [inside(`${name}.crt`), inside(`${name}.key`)];
  writeFileSync(certificate, certificatePem);
  writeFileSync(key, keyPem);
  return { certificate, key, pem: certificatePem, keyPem };
}

const echo = (port: number, ...words: readonly string[]) =>
  run('echoscu', ['-to', '15', '-aec', 'CANDELA', ...words, '127.0.0.1', String(port)]);

/** What OpenSSL's client says about a handshake. */
function openssl(port: number, ...words: readonly string[]): Promise<string> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may be gone before it read that it should go.
  child.stdin.on('error', () => undefined);
  child.stdin.end('Q\n');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += String(bytes)));
  return new Promise((resolve) => child.on('close', () => resolve(said)));
}

describe.skipIf(dcmtkMissing)(`TLS${dcmtkMissing ? ` (${dcmtkMissing})` : ''}`, () => {
  it('is taken by DCMTK, which checks our certificate', async () => {
    const { tlsPort, authority } = await receiver('none');
    expect((await echo(tlsPort, '+tla', '+cf', authority)).code).toBe(0);
    const other = await peerCertificate('stranger');
    expect((await echo(tlsPort, '+tla', '+cf', other.certificate)).code).not.toBe(0);
  });

  it('wants a certificate that was imported, when it is told to', async () => {
    const { host, tlsPort, authority } = await receiver('required');
    const known = await peerCertificate('known');
    const stranger = await peerCertificate('unknown');
    const withKey = ({ key, certificate }: typeof known) => ['+tls', key, certificate, '+cf', authority];
    expect((await echo(tlsPort, ...withKey(known))).code).not.toBe(0);
    await ask(host, 'certificates.import', { pem: known.pem });
    // It listens anew, and here on any free port.
    const now = (await ask(host, 'receiver.status', {})).tlsPort ?? 0;
    expect((await echo(now, ...withKey(known))).code).toBe(0);
    expect((await echo(now, ...withKey(stranger))).code).not.toBe(0);
    expect((await echo(now, '+tla', '+cf', authority)).code).not.toBe(0);
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length >= 3);
    expect(refusals.map(({ problem }) => problem.code)).toEqual(refusals.map(() => 'TLS_CERTIFICATE'));
    // Who was turned away, though most of them had gone before we knew why.
    expect(refusals.map(({ address }) => address)).toEqual(refusals.map(() => '127.0.0.1'));
  });

  it('speaks TLS 1.2 with forward secrecy and 1.3, and nothing weaker', async () => {
    const { tlsPort } = await receiver('none');
    expect(await openssl(tlsPort, '-tls1_3')).toContain('TLSv1.3');
    const strong = ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'];
    expect(await openssl(tlsPort, ...strong)).toContain('Cipher is ECDHE-ECDSA-AES256-GCM-SHA384');
    // Level 0 lets OpenSSL itself offer what is long broken.
    for (const weak of [
      ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'],
      ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'],
      ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'],
      ['-tls1_2', '-cipher', 'AES256-GCM-SHA384:@SECLEVEL=0'],
    ]) {
      const said = await openssl(tlsPort, ...weak);
      expect([weak.join(' '), /Cipher is \(NONE\)|alert|error/.test(said)]).toEqual([weak.join(' '), true]);
    }
  });

  it('never falls back to plain, either way', async () => {
    const { port, tlsPort, authority, host } = await receiver('none');
    expect((await echo(tlsPort)).code).not.toBe(0);
    expect((await echo(port, '+tla', '+cf', authority)).code).not.toBe(0);
    expect((await echo(port)).code).toBe(0);
    await receiverUntil(host, (status) => status.refusals.length > 0);
  });

  it('gives up a handshake that does not come', async () => {
    const { tlsPort } = await receiver('none');
    const socket = connect(tlsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    const startedAtMs = performance.now();
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(performance.now() - startedAtMs).toBeLessThan(30_000);
  });

  const node = (port: number, changes: Partial<RemoteNode> = {}): RemoteNode => ({
    ...emptyNode(),
    nodeId: 'n',
    name: 'Peer',
    aeTitle: 'STORESCP',
    host: '127.0.0.1',
    port,
    tls: true,
    canQuery: false,
    maySend: false,
    ...changes,
  });

  it('as a caller believes imported certificates only, and says which step failed', async () => {
    const { host } = await receiver('none');
    const peer = await peerCertificate('storescp');
    // `-ic`: it does not ask for ours.
    const station = await startStorescpTls(['+tls', peer.key, peer.certificate, '-ic']);
    const untrusted = await ask(host, 'nodes.test', { node: node(station.port) });
    expect(untrusted.ok).toBe(false);
    expect(untrusted.steps.find(({ state }) => state === 'failed')).toMatchObject({
      id: 'tls',
      problem: { code: 'TLS_CERTIFICATE' },
    });
    await ask(host, 'certificates.import', { pem: peer.pem });
    const trusted = await ask(host, 'nodes.test', { node: node(station.port) });
    expect(trusted).toMatchObject({ ok: true });
    const plain = await ask(host, 'nodes.test', { node: node(station.port, { tls: false }) });
    expect(plain.ok).toBe(false);
  });

  // The extended profile of DCMTK 3.6.7 is TLS 1.2 alone, which has no alert of its own for a certificate that is missing.
  it.each([
    ['TLS 1.3', '+py'],
    ['TLS 1.2', '+pz'],
  ])('as a caller shows its own certificate to a peer that asks in %s', async (_version, profile) => {
    const { host, authority } = await receiver('none');
    const peer = await peerCertificate(`asking${profile}`);
    await ask(host, 'certificates.import', { pem: peer.pem });
    const station = await startStorescpTls([
      ...['+tls', peer.key, peer.certificate, '+cf', authority, '-rc', profile],
    ]);
    const [own] = (await ask(host, 'certificates.list', {})).filter(({ kind }) => kind === 'own');
    const certificateId = own?.certificateId ?? null;
    const withheld = await ask(host, 'nodes.test', { node: node(station.port) });
    expect(withheld.steps.find(({ state }) => state === 'failed')?.problem?.code).toBe('TLS_NEEDS_OURS');
    expect(await ask(host, 'nodes.test', { node: node(station.port, { certificateId }) })).toMatchObject({
      ok: true,
    });
    const words = ['--peer', `STORESCP@127.0.0.1:${station.port}`, '--tls'];
    const byAddress = await candela(['echo', ...words, '--data', inside(`data-${made - 1}`)]);
    expect(byAddress.code, byAddress.err).toBe(0);
  });

  it('says that a station does not speak TLS when its port closes the connection', async () => {
    const { host } = await receiver('none');
    const closing = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
    const address = closing.address();
    const closedPort = typeof address === 'object' && address ? address.port : 0;
    const tested = await ask(host, 'nodes.test', { node: node(closedPort) });
    closing.close();
    expect(tested.steps.find(({ id }) => id === 'tls')?.problem?.code).toBe('TLS_FAILED');
  });

  /** storescp with TLS cannot be asked by a plain echo whether it is there: any connection says so. */
  async function startStorescpTls(words: readonly string[]): Promise<Station> {
    const station = await startStorescp(words, 'STORESCP', 'socket');
    stations.push(station);
    return station;
  }
});
