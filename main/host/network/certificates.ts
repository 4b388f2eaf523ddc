import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Certificate } from '../../../core/contract/network.ts';
import type { TlsIdentity, TlsTrust } from '../dimse/tls-options.ts';
import { replaceFile } from './durable-file.ts';
import { makeOwnCertificate } from './own-certificate.ts';

interface Kept {
  readonly shown: Certificate;
  readonly certificatePem: string;
  readonly keyPem: string | null;
}

/** A certificate and its chain in one text, first the one that is meant. */
const pemPattern = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const ownName = 'own';
const mostCertificates = 100;

/**
 * Certificates in `tls/`: `<id>.crt`, and `<id>.key` beside those that are ours; the id is the start of the SHA-256.
 * `own` names the one that is shown to peers unless a node says otherwise; it is made on first use.
 */
export class Certificates {
  readonly #dir: string;
  readonly #now: () => number;
  #kept: Promise<readonly Kept[]> | null = null;

  constructor(dir: string, now: () => number) {
    this.#dir = dir;
    this.#now = now;
  }

  async list(): Promise<Certificate[]> {
    return (await this.#read()).map(({ shown }) => shown);
  }

  /** Of a node, or our default one, which is made when there is none. Throws what the disk throws. */
  async identity(certificateId: string | null = null): Promise<TlsIdentity> {
    const kept = (await this.#read()).filter(({ keyPem }) => keyPem !== null);
    const found =
      kept.find(({ shown }) => shown.certificateId === certificateId) ??
      kept.find(({ shown }) => shown.isDefault) ??
      kept[0];
    if (found?.keyPem) return { certificatePem: found.certificatePem, keyPem: found.keyPem };
    const made = await makeOwnCertificate(this.#now());
    await this.#keep(made.certificatePem, made.keyPem);
    return made;
  }

  /** Everything that was imported: authorities, and stations' own certificates. */
  async trust(): Promise<TlsTrust> {
    const kept = (await this.#read()).filter(({ keyPem }) => keyPem === null);
    return {
      authoritiesPem: kept.map(({ certificatePem }) => certificatePem),
      pinnedSha256: kept.map(({ shown }) => shown.sha256),
    };
  }

  /**
   * Takes PEM texts; with a key it becomes ours and the default. Problems: CERTIFICATE_INVALID, CERTIFICATE_EXPIRED,
   * KEY_DOES_NOT_FIT.
   */
  async import(input: {
    readonly pem: string;
    readonly key?: string | undefined;
    readonly passphrase?: string | undefined;
  }): Promise<Result<Certificate[]>> {
    const pems = input.pem.match(pemPattern) ?? [];
    const parsed = pems.map(parsePem);
    const [first] = parsed;
    if (!first || parsed.some((one) => one === null)) return fail(problem('CERTIFICATE_INVALID'));
    if ((await this.#read()).length + pems.length > mostCertificates)
      return fail(problem('CERTIFICATE_INVALID'));
    const expired = parsed.find((one) => one && !isValidAt(one, this.#now()));
    if (expired) return fail(problem('CERTIFICATE_EXPIRED', { subject: nameOf(expired.subject) }));
    if (input.key === undefined) {
      for (const pem of pems) await this.#keep(pem, null);
      return ok(await this.list());
    }
    const keyPem = openKey(input.key, input.passphrase);
    if (keyPem === null || !first.checkPrivateKey(createPrivateKey(keyPem))) {
      return fail(problem('KEY_DOES_NOT_FIT'));
    }
    await this.#keep(`${pems.join('\n')}\n`, keyPem);
    return ok(await this.list());
  }

  async delete(certificateId: string): Promise<Certificate[] | null> {
    const found = (await this.#read()).find(({ shown }) => shown.certificateId === certificateId);
    if (!found) return null;
    for (const end of ['crt', 'key']) await rm(join(this.#dir, `${certificateId}.${end}`), { force: true });
    this.#kept = null;
    return this.list();
  }

  async pemOf(certificateId: string): Promise<string | null> {
    const kept = await this.#read();
    return kept.find(({ shown }) => shown.certificateId === certificateId)?.certificatePem ?? null;
  }

  async #keep(certificatePem: string, keyPem: string | null): Promise<void> {
    const certificate = parsePem(certificatePem);
    if (!certificate) throw new Error('a certificate that was just read cannot be read');
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const id = idOf(certificate);
    if (keyPem !== null) await replaceFile(join(this.#dir, `${id}.key`), keyPem);
    await replaceFile(join(this.#dir, `${id}.crt`), certificatePem);
    if (keyPem !== null) await replaceFile(join(this.#dir, ownName), id);
    this.#kept = null;
  }

  #read(): Promise<readonly Kept[]> {
    this.#kept ??= this.#load();
    return this.#kept;
  }

  async #load(): Promise<readonly Kept[]> {
    const names = await readdir(this.#dir).catch((): string[] => []);
    const textOf = (name: string): Promise<string> => readFile(join(this.#dir, name), 'utf8').catch(() => '');
    const own = names.includes(ownName) ? await textOf(ownName) : '';
    const found: Kept[] = [];
    for (const name of names.filter((one) => /^[0-9a-f]{16}\.crt$/.test(one)).sort()) {
      const id = name.slice(0, 16);
      const certificatePem = await textOf(name);
      const certificate = parsePem(certificatePem);
      if (!certificate) continue;
      const keyPem = names.includes(`${id}.key`) ? await textOf(`${id}.key`) : null;
      found.push({ shown: shownOf(certificate, id, keyPem !== null, own === id), certificatePem, keyPem });
    }
    return found;
  }
}

function shownOf(
  one: X509Certificate,
  certificateId: string,
  isOwn: boolean,
  isDefault: boolean,
): Certificate {
  return {
    certificateId,
    kind: isOwn ? 'own' : 'authority',
    subject: nameOf(one.subject),
    issuer: nameOf(one.issuer),
    notBeforeMs: Date.parse(one.validFrom),
    notAfterMs: Date.parse(one.validTo),
    sha256: one.fingerprint256,
    isDefault,
  };
}

function parsePem(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** As PKCS#8 without a passphrase: the file is readable by its owner only, and the receiver starts unattended. */
function openKey(pem: string, passphrase: string | undefined): string | null {
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
    return String(key.export({ type: 'pkcs8', format: 'pem' }));
  } catch {
    return null;
  }
}

const isValidAt = (one: X509Certificate, nowMs: number): boolean =>
  Date.parse(one.validFrom) <= nowMs && nowMs < Date.parse(one.validTo);

const idOf = (one: X509Certificate): string =>
  createHash('sha256').update(one.raw).digest('hex').slice(0, 16);

/** The common name, else everything in one line. */
const nameOf = (lines: string): string =>
  (/^CN=(.*)$/m.exec(lines)?.[1] ?? lines.replaceAll('\n', ', ')).slice(0, 200);
