import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * How files lie in a backup: as they are, or each encrypted by AES-256-GCM under a key made from a passphrase by
 * scrypt, with a nonce of its own before and its tag behind.
 */
export interface BackupKeys {
  /** Null: in clear. */
  readonly content: Uint8Array | null;
  /** Names of encrypted files tell nothing of their content. */
  readonly names: Uint8Array;
  readonly manifest: Uint8Array;
}

const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
export const saltBytes = 16;
const [magic, nonceBytes, tagBytes] = [Buffer.from('CNDB1\n'), 12, 16];
/** Bytes that encrypting adds to a file. */
export const envelopeBytes = magic.length + nonceBytes + tagBytes;
const pieceBytes = 1024 * 1024;

const derive = (key: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `candela backup ${use}`, 32));

export function keysOfPassphrase(passphrase: string, salt: Uint8Array): BackupKeys {
  const key = scryptSync(passphrase.normalize('NFC'), salt, 32, cost);
  return {
    content: derive(key, 'content'),
    names: derive(key, 'names'),
    manifest: derive(key, 'manifest'),
  };
}

/**
 * In clear, the manifest is signed with the store's own key: on this computer a changed backup is told from a right one;
 * elsewhere, with the key that the backup holds itself, damage only.
 */
export const keysInClear = (auditKey: Uint8Array): BackupKeys => ({
  content: null,
  names: new Uint8Array(),
  manifest: derive(auditKey, 'manifest'),
});

export const blobName = ({ content, names }: BackupKeys, sha256: string): string =>
  content ? createHmac('sha256', names).update(sha256).digest('hex') : sha256;

export const sign = (keys: BackupKeys, bytes: Uint8Array): string =>
  createHmac('sha256', keys.manifest).update(bytes).digest('hex');

export function isSigned(keys: BackupKeys, bytes: Uint8Array, signature: string): boolean {
  const [right, given] = [Buffer.from(sign(keys, bytes), 'hex'), Buffer.from(signature, 'hex')];
  return right.length === given.length && timingSafeEqual(right, given);
}

export function seal(keys: BackupKeys, plain: Uint8Array): Buffer {
  if (!keys.content) return Buffer.from(plain);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keys.content, nonce);
  return Buffer.concat([magic, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Null when it was not sealed with this key, or is damaged. */
export function unseal(keys: BackupKeys, sealed: Uint8Array): Buffer | null {
  if (!keys.content) return Buffer.from(sealed);
  const bytes = Buffer.from(sealed);
  if (bytes.length < envelopeBytes || !bytes.subarray(0, magic.length).equals(magic)) return null;
  const start = magic.length + nonceBytes;
  const cipher = createDecipheriv('aes-256-gcm', keys.content, bytes.subarray(magic.length, start));
  cipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(start, bytes.length - tagBytes)), cipher.final()]);
  } catch {
    return null;
  }
}

/** Copies from an open file into another, sealed. Answers what was read; `fd`s stay open. Throws what the system throws. */
export function copySealed(
  keys: BackupKeys,
  from: number,
  to: number,
  isCancelled: () => boolean,
): { readonly sha256: string; readonly sizeBytes: number } | null {
  const hash = createHash('sha256');
  const nonce = randomBytes(nonceBytes);
  const cipher = keys.content && createCipheriv('aes-256-gcm', keys.content, nonce);
  if (cipher) writeAll(to, Buffer.concat([magic, nonce]));
  let sizeBytes = 0;
  for (const piece of pieces(from, 0, Number.POSITIVE_INFINITY)) {
    if (isCancelled()) return null;
    hash.update(piece);
    sizeBytes += piece.length;
    writeAll(to, cipher ? cipher.update(piece) : piece);
  }
  if (cipher) writeAll(to, Buffer.concat([cipher.final(), cipher.getAuthTag()]));
  return { sha256: hash.digest('hex'), sizeBytes };
}

/**
 * Hash of what a sealed file holds, written in clear to `to` where that is an open file. Null when it is damaged or was
 * sealed with another key; then what was written must not be used.
 */
export function readSealed(
  keys: BackupKeys,
  from: number,
  sealedBytes: number,
  to: number | null,
  isCancelled: () => boolean,
): string | null {
  const hash = createHash('sha256');
  const take = (bytes: Uint8Array): void => {
    hash.update(bytes);
    if (to !== null) writeAll(to, bytes);
  };
  if (!keys.content) {
    for (const piece of pieces(from, 0, Number.POSITIVE_INFINITY)) {
      if (isCancelled()) return null;
      take(piece);
    }
    return hash.digest('hex');
  }
  const head = Buffer.alloc(magic.length + nonceBytes);
  const tag = Buffer.alloc(tagBytes);
  if (sealedBytes < envelopeBytes) return null;
  readSync(from, head, 0, head.length, 0);
  readSync(from, tag, 0, tagBytes, sealedBytes - tagBytes);
  if (!head.subarray(0, magic.length).equals(magic)) return null;
  const cipher = createDecipheriv('aes-256-gcm', keys.content, head.subarray(magic.length));
  cipher.setAuthTag(tag);
  for (const piece of pieces(from, head.length, sealedBytes - tagBytes)) {
    if (isCancelled()) return null;
    take(cipher.update(piece));
  }
  try {
    take(cipher.final());
  } catch {
    return null;
  }
  return hash.digest('hex');
}

function* pieces(fd: number, start: number, end: number): Generator<Buffer> {
  const buffer = Buffer.alloc(pieceBytes);
  for (let position = start; position < end; ) {
    const read = readSync(fd, buffer, 0, Math.min(pieceBytes, end - position), position);
    if (read === 0) break;
    yield buffer.subarray(0, read);
    position += read;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** Makes names in a folder durable; Windows has no fsync of directories. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
