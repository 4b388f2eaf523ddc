import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { replaceFile } from '../network/durable-file.ts';

const digest = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** The one bearer token of scripts: 256 random bits, of which only the hash is kept; shown once, by `make`. */
export class WebToken {
  readonly #path: string;
  #hash: Buffer | null;

  private constructor(path: string, hash: Buffer | null) {
    this.#path = path;
    this.#hash = hash;
  }

  static async load(path: string): Promise<WebToken> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return new WebToken(path, /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : null);
  }

  get isThere(): boolean {
    return this.#hash !== null;
  }

  /** The one before ends. Throws what writing throws. */
  async make(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const hash = digest(token);
    await replaceFile(this.#path, hash.toString('hex'));
    this.#hash = hash;
    return token;
  }

  async revoke(): Promise<void> {
    this.#hash = null;
    await rm(this.#path, { force: true });
  }

  matches(token: string): boolean {
    return this.#hash !== null && timingSafeEqual(digest(token), this.#hash);
  }
}
