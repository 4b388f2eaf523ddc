import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { replaceFile } from './durable-file.ts';

/** Encrypts with a key of the signed-in person; the desktop shell has one (Electron's safeStorage). */
export interface SecretBox {
  seal(text: string): Uint8Array;
  /** Null when it cannot be opened: made on another machine, or by another person. */
  open(bytes: Uint8Array): string | null;
}

const fileSchema = v.record(v.string(), v.object({ sealed: v.boolean(), text: v.string() }));
type File = v.InferOutput<typeof fileSchema>;

/**
 * Passwords and tokens of other stations, by node id. They are in a file of their own (0600), never in settings, events,
 * logs or backups, and no call gives them back.
 */
export class Secrets {
  readonly #path: string;
  readonly #box: SecretBox | null;
  #file: Promise<File> | null = null;
  #saving: Promise<void> = Promise.resolve();
  readonly #lent = new Map<string, string>();

  constructor(path: string, box: SecretBox | null) {
    this.#path = path;
    this.#box = box;
  }

  /** Kept in memory only, until the host ends. */
  lend(id: string, text: string): void {
    this.#lent.set(id, text);
  }

  /** Empty when there is none or it cannot be opened here. */
  async get(id: string): Promise<string> {
    const lent = this.#lent.get(id);
    if (lent !== undefined) return lent;
    const kept = (await this.#read())[id];
    if (!kept) return '';
    const bytes = Buffer.from(kept.text, 'base64');
    if (!kept.sealed) return bytes.toString('utf8');
    return this.#box?.open(new Uint8Array(bytes)) ?? '';
  }

  /** One is kept, but sealed for another person, another machine, or a shell that has the key. */
  async isSealedOff(id: string): Promise<boolean> {
    const kept = (await this.#read())[id];
    return kept !== undefined && !this.#lent.has(id) && (await this.get(id)) === '';
  }

  /** Empty text removes it. Throws what writing throws. */
  async set(id: string, text: string): Promise<void> {
    const save = this.#saving.then(async () => {
      const { [id]: _old, ...others } = await this.#read();
      const sealed = this.#box !== null;
      const bytes = this.#box ? Buffer.from(this.#box.seal(text)) : Buffer.from(text, 'utf8');
      const file = text === '' ? others : { ...others, [id]: { sealed, text: bytes.toString('base64') } };
      await replaceFile(this.#path, JSON.stringify(file));
      this.#file = Promise.resolve(file);
    });
    this.#saving = save.catch(() => undefined);
    await save;
  }

  #read(): Promise<File> {
    this.#file ??= readFile(this.#path, 'utf8').then(
      (text) => {
        const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), fileSchema), text);
        return parsed.success ? parsed.output : {};
      },
      () => ({}),
    );
    return this.#file;
  }
}
