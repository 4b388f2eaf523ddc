/** Secrets, certificates and the check of nodes: what lasts, what is refused. The oracle of certificates is OpenSSL. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { remoteNode } from '../../../core/contract/network.ts';
import { Certificates } from './certificates.ts';
import { checkNode } from './nodes.ts';
import { type SecretBox, Secrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'candela-network-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nowMs = Date.now();
const dayMs = 86_400_000;

describe('Secrets', () => {
  it('keeps, changes and removes them, in a file of the owner only', async () => {
    const path = join(folder, 'secrets.json');
    const secrets = new Secrets(path, null);
    await Promise.all([secrets.set('a', '密码 1'), secrets.set('b', 'two')]);
    expect(await new Secrets(path, null).get('a')).toBe('密码 1');
    expect(await new Secrets(path, null).get('b')).toBe('two');
    await secrets.set('a', '');
    expect(await new Secrets(path, null).get('a')).toBe('');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('seals them where the shell can, and gives none that it cannot open', async () => {
    const path = join(folder, 'sealed.json');
    const box: SecretBox = {
      seal: (text) => new Uint8Array(Buffer.from([...text].reverse().join(''), 'utf8')),
      open: (bytes) => [...Buffer.from(bytes).toString('utf8')].reverse().join(''),
    };
    await new Secrets(path, box).set('a', 'swordfish');
    expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from('swordfish').toString('base64'));
    expect(await new Secrets(path, box).get('a')).toBe('swordfish');
    const elsewhere = new Secrets(path, null);
    expect(await elsewhere.get('a')).toBe('');
    expect(await elsewhere.isSealedOff('a')).toBe(true);
    expect(await elsewhere.isSealedOff('b')).toBe(false);
    expect(await new Secrets(path, box).isSealedOff('a')).toBe(false);
    elsewhere.lend('a', 'by hand');
    expect(await elsewhere.isSealedOff('a')).toBe(false);
  });
});

describe('Certificates', () => {
  it('makes one of its own once, which OpenSSL takes for this machine’s names', async () => {
    const dir = join(folder, 'tls');
    const first = await new Certificates(dir, () => nowMs).identity();
    const again = await new Certificates(dir, () => nowMs).identity();
    expect(again).toEqual(first);
    const certificate = new X509Certificate(first.certificatePem);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(nowMs + 800 * dayMs);
    const [shown] = await new Certificates(dir, () => nowMs).list();
    expect(shown).toMatchObject({ kind: 'own', isDefault: true, sha256: certificate.fingerprint256 });
    const path = join(dir, `${shown?.certificateId}.crt`);
    const said = execFileSync('openssl', ['verify', '-CAfile', path, path], { encoding: 'utf8' });
    expect(said).toContain('OK');
  });

  it('imports an authority, and one of ours with its key only', async () => {
    const made = await new Certificates(join(folder, 'made'), () => nowMs).identity();
    const certificates = new Certificates(join(folder, 'imported'), () => nowMs);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const wrongKey = String(other.export({ type: 'pkcs8', format: 'pem' }));
    expect(await certificates.import({ pem: 'nonsense' })).toMatchObject({
      problem: { code: 'CERTIFICATE_INVALID' },
    });
    expect(await certificates.import({ pem: made.certificatePem, key: wrongKey })).toMatchObject({
      problem: { code: 'KEY_DOES_NOT_FIT' },
    });
    expect(await certificates.list()).toEqual([]);
    const authority = await certificates.import({ pem: made.certificatePem });
    expect(authority).toMatchObject({ value: [{ kind: 'authority', isDefault: false }] });
    const trust = await certificates.trust();
    expect(trust.authoritiesPem.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual(
      trust.pinnedSha256,
    );
    const own = await certificates.import({ pem: made.certificatePem, key: made.keyPem });
    expect(own).toMatchObject({ value: [{ kind: 'own', isDefault: true }] });
    const [{ certificateId = '' } = {}] = await certificates.list();
    expect(await certificates.delete(certificateId)).toEqual([]);
    expect(await certificates.delete(certificateId)).toBeNull();
  });

  it('refuses one that has expired', async () => {
    const made = await new Certificates(join(folder, 'old'), () => nowMs - 1000 * dayMs).identity();
    const result = await new Certificates(join(folder, 'new'), () => nowMs).import({
      pem: made.certificatePem,
    });
    expect(result).toMatchObject({ problem: { code: 'CERTIFICATE_EXPIRED' } });
  });
});

describe('checkNode', () => {
  const node = (changes: object) =>
    v.parse(remoteNode, {
      nodeId: 'n',
      name: 'PACS',
      protocol: 'dimse',
      aeTitle: 'PACS',
      host: 'pacs',
      ...changes,
    });

  it.each(['pacs', 'pacs.hospital.local', '192.168.1.20', '::1', 'fe80::1%eth0'])('takes %s', (host) => {
    expect(checkNode(node({ host }))).toBeNull();
  });

  it.each(['', 'http://pacs', 'a b', '-x', 'pacs:104', '$(id)'])('refuses %j as a host', (host) => {
    expect(checkNode(node({ host }))?.code).toBe('NODE_ADDRESS_INVALID');
  });

  it('asks for an AE title, and for a root without a password in it', () => {
    expect(checkNode(node({ aeTitle: '' }))?.code).toBe('NODE_TITLE_MISSING');
    expect(checkNode(node({ protocol: 'web', url: 'https://pacs/dicom-web' }))).toBeNull();
    for (const url of ['file:///x', 'https://u:p@pacs/', 'pacs/dicom-web', 'https://pacs/?a=1']) {
      expect(checkNode(node({ protocol: 'web', url }))?.code).toBe('NODE_ADDRESS_INVALID');
    }
  });
});
