/** N21 of reliability.md: certificates of clients that nobody may believe. Oracle: OpenSSL, which makes them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { requestBytes } from '../fixtures/dimse-peer.ts';
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

  describe('N21: at the end of a chain', () => {
    const longest = 130;
    let chain: readonly string[] = [];

    beforeAll(() => {
      openssl('req', ...newKey, '-keyout', 'link.key', '-out', 'link.csr', '-subj', '/CN=link');
      const links = [readFileSync(inside('known.crt'), 'utf8')];
      writeFileSync(inside('ca.ext'), 'basicConstraints=critical,CA:TRUE\n');
      for (let n = 1; n <= longest; n++) {
        const by = n === 1 ? 'known' : `link${n - 1}`;
        openssl('req', '-new', '-key', 'link.key', '-subj', `/CN=link${n}`, '-out', 'link.csr');
        const signed = [
          '-CA',
          `${by}.crt`,
          '-CAkey',
          n === 1 ? 'known.key' : 'link.key',
          '-set_serial',
          String(n),
        ];
        const made = ['-out', `link${n}.crt`, '-days', '5', '-extfile', 'ca.ext'];
        openssl('x509', '-req', '-in', 'link.csr', ...signed, ...made);
        links.push(readFileSync(inside(`link${n}.crt`), 'utf8'));
      }
      chain = links;
    });

    /** The last of `length` links is shown with all between it and the authority, `times` over. */
    function call(length: number, times = 1): Promise<'accepted' | 'refused'> {
      const shown = chain.slice(1, length + 1).reverse();
      const more = Array.from({ length: times - 1 }, () => shown).flat();
      return new Promise((resolve) => {
        const socket = connect({
          host: '127.0.0.1',
          port: tlsPort,
          key: readFileSync(inside('link.key')),
          cert: [...shown, ...more].join('\n'),
          ca: readFileSync(inside('host.pem')),
          checkServerIdentity: () => undefined,
        });
        socket.on('secureConnect', () => socket.write(requestBytes({ port: tlsPort })));
        // The first byte of an A-ASSOCIATE-AC is 2 (PS3.8 9.3.3).
        socket.once('data', (bytes) => {
          resolve(bytes[0] === 2 ? 'accepted' : 'refused');
          socket.destroy();
        });
        socket.on('error', () => resolve('refused'));
        socket.on('close', () => resolve('refused'));
      });
    }

    it.each([1, 5])('of %i links it is believed', async (length) => {
      expect(await call(length)).toBe('accepted');
    });

    it.each([
      ['longer than anybody follows', longest, 1],
      ['longer than a handshake may be', longest, 4],
    ])('that is %s it is refused, soon, and the next is served', async (_what, length, times) => {
      const { refusals: before } = await ask(host, 'receiver.status', {});
      const startMs = performance.now();
      expect(await call(length, times)).toBe('refused');
      expect(performance.now() - startMs).toBeLessThan(30_000);
      const { refusals } = await receiverUntil(host, (status) => status.refusals.length > before.length);
      expect(refusals[0]?.problem.code).toMatch(/^TLS_(CERTIFICATE|FAILED)$/);
      expect(await call(1)).toBe('accepted');
    });
  });

  it('N21: an expired one is not even imported', async () => {
    const [, expired] = client('late', 'known', -1);
    const result = await host.call('certificates.import', { pem: readFileSync(expired, 'utf8') });
    expect(result.ok ? null : result.problem.code).toBe('CERTIFICATE_EXPIRED');
  });
});
