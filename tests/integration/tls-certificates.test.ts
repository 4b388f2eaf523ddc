/** N21 of reliability.md: certificates of clients that nobody may believe. Oracle: OpenSSL, which makes them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { ask, temporaryFolder } from '../fixtures/host.ts';
import { dcmtkMissing, run } from '../fixtures/peers.ts';
import { openReceiver, receiverUntil } from '../fixtures/receiver.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
let host: Host;
let tlsPort = 0;

const openssl = (...words: readonly string[]): string => {
  const made = spawnSync('openssl', words, { encoding: 'utf8', cwd: folder.path });
  if (made.status !== 0) throw new Error(`openssl ${words.join(' ')}: ${made.stderr}`);
  return made.stdout;
};
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A client of an authority, whose certificate is good for so many days from now on. */
function client(name: string, authority: string, days: number): readonly [key: string, certificate: string] {
  openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  const signed = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`, '-days', String(days));
  return [inside(`${name}.key`), inside(`${name}.crt`)];
}

function authority(name: string): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  openssl('req', '-x509', ...newKey, ...files, '-subj', `/CN=${name}`, '-days', '10');
}

beforeAll(async () => {
  const opened = await openReceiver(inside('data'), { tlsPort: 0, tlsClientCertificate: 'required' });
  host = opened.host;
  const [own] = await ask(host, 'certificates.list', {});
  const { pem } = await ask(host, 'certificates.export', { certificateId: own?.certificateId ?? '' });
  writeFileSync(inside('host.pem'), pem);
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

const echo = (key: string, shown: string) =>
  run('echoscu', [
    ...['-to', '15', '-aec', 'CANDELA', '+tls', key, shown, '+cf', inside('host.pem')],
    ...['127.0.0.1', String(tlsPort)],
  ]);

describe.skipIf(dcmtkMissing)(`client certificates${dcmtkMissing ? ` (${dcmtkMissing})` : ''}`, () => {
  beforeAll(async () => {
    for (const name of ['known', 'stranger']) authority(name);
    await ask(host, 'certificates.import', { pem: readFileSync(inside('known.crt'), 'utf8') });
    // It listens anew for what it trusts, and here on any free port.
    tlsPort = (await ask(host, 'receiver.status', {})).tlsPort ?? 0;
  });

  it('of an authority that was imported are believed', async () => {
    expect((await echo(...client('valid', 'known', 5))).code).toBe(0);
  });

  it.each([
    ['an expired certificate of a known authority', 'known', -1, 'TLS_EXPIRED'],
    ['a certificate of another authority', 'stranger', 5, 'TLS_CERTIFICATE'],
  ])('N21: %s is refused', async (_name, by, days, code) => {
    const { refusals: before } = await ask(host, 'receiver.status', {});
    expect((await echo(...client(`${by}${days}`, by, days))).code).not.toBe(0);
    const { refusals } = await receiverUntil(host, (status) => status.refusals.length > before.length);
    expect(refusals[0]?.problem.code).toBe(code);
  });

  it('N21: an expired one is not even imported', async () => {
    const [, expired] = client('late', 'known', -1);
    const result = await host.call('certificates.import', { pem: readFileSync(expired, 'utf8') });
    expect(result.ok ? null : result.problem.code).toBe('CERTIFICATE_EXPIRED');
  });
});
