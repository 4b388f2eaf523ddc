import {
  closeSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type ProvenanceEvent, parseProvenance } from './provenance-events.ts';

/** Synced this long after the first line that is not; rows of lines that a power cut took are logged anew at start. */
const syncAfterMs = 1000;

const namePattern = /^(\d{6})-(\d{4}-\d{2})\.jsonl$/;

/** In the order in which they were written, whatever the clock said then. */
export function provenanceFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => namePattern.test(name))
      .sort();
  } catch {
    return [];
  }
}

/**
 * Appends lines, a file a month. Written by the store's one writer right after the transaction that a line tells of:
 * the index is what is acknowledged, the log what makes another index of it. A line that cannot be written (a full
 * disk) makes the log incomplete, never the index wrong.
 */
export class ProvenanceLog {
  readonly #dir: string;
  #file: { readonly name: string; readonly fd: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isComplete = true;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /** False once a line was lost. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  append(event: ProvenanceEvent): void {
    try {
      const fd = this.#fileOf(event.atMs);
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      for (let done = 0; done < line.length; ) done += writeSync(fd, line, done);
      this.#timer ??= setTimeout(() => this.#sync(), syncAfterMs);
      this.#timer.unref?.();
    } catch {
      this.#isComplete = false;
    }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#closeFile();
  }

  #fileOf(atMs: number): number {
    const month = new Date(Math.min(Math.max(atMs, 0), 8e15)).toISOString().slice(0, 7).slice(-7);
    const newest = this.#file?.name ?? provenanceFiles(this.#dir).at(-1);
    const [, number = '000000', newestMonth] = namePattern.exec(newest ?? '') ?? [];
    const name =
      newest !== undefined && newestMonth === month
        ? newest
        : `${String(Number(number) + 1).padStart(6, '0')}-${month}.jsonl`;
    if (this.#file?.name === name) return this.#file.fd;
    this.#closeFile();
    const path = join(this.#dir, name);
    const fd = openSync(path, 'a', 0o600);
    this.#file = { name, fd };
    // What a dead host left of a line stays a line of its own, which nobody can read.
    if (name === newest && !readFileSync(path).subarray(-1).equals(Buffer.from('\n'))) writeSync(fd, '\n');
    return fd;
  }

  #sync(): void {
    this.#timer = null;
    const fd = this.#file?.fd;
    if (fd === undefined) return;
    fsync(fd, (error) => {
      if (error && this.#file?.fd === fd) this.#isComplete = false;
    });
  }

  #closeFile(): void {
    if (!this.#file) return;
    try {
      fsyncSync(this.#file.fd);
    } catch {
      this.#isComplete = false;
    }
    closeSync(this.#file.fd);
    this.#file = null;
  }
}

/** All events of one file of the log. */
export function readProvenance(dir: string, name: string): ProvenanceEvent[] {
  if (!namePattern.test(name)) return [];
  return readFileSync(join(dir, name), 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parseProvenance(line) ?? [])));
}
