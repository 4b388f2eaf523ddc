import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { fileProblem } from '../media/file-problem.ts';

export interface Upload {
  readonly uploadId: string;
  readonly title: string;
  readonly dir: string;
  readonly names: Map<string, string>;
}

/** One file may be this large (reliability.md C1). */
const maxFileBytes = 32 * 1024 ** 3;
const maxUploads = 64;

/**
 * Files that a browser window hands over, kept under numbers in `incoming/uploads`. The names they came with are
 * shown, and tell archives and DICOMDIRs apart; no path is made of them but the last extension of an archive.
 */
export class Uploads {
  readonly #root: string;
  readonly #open = new Map<string, Upload>();

  constructor(root: string) {
    this.#root = root;
  }

  begin(title: string): Result<string> {
    if (this.#open.size >= maxUploads) return fail(problem('RATE_LIMIT'));
    const uploadId = randomUUID();
    const dir = join(this.#root, uploadId);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#open.set(uploadId, { uploadId, title, dir, names: new Map() });
    return ok(uploadId);
  }

  find(uploadId: string): Upload | undefined {
    return this.#open.get(uploadId);
  }

  /** Streams one file to disk. Problems: NOT_FOUND, FILE_TOO_LARGE, DISK_FULL, IO_ERROR. */
  async receive(uploadId: string, name: string, body: AsyncIterable<Uint8Array>): Promise<Result<number>> {
    const upload = this.#open.get(uploadId);
    if (!upload) return fail(problem('NOT_FOUND'));
    const file = join(upload.dir, `${upload.names.size + 1}${archiveSuffix(name)}`);
    upload.names.set(file, name.slice(0, 4096));
    await mkdir(upload.dir, { recursive: true });
    const written = await writeStream(file, body);
    if (!written.ok) {
      upload.names.delete(file);
      await rm(file, { force: true });
    }
    return written;
  }

  /** Hands the files over; `drop` removes them. */
  take(uploadId: string): Upload | undefined {
    const upload = this.#open.get(uploadId);
    this.#open.delete(uploadId);
    return upload;
  }

  async drop(uploadId: string): Promise<boolean> {
    const upload = this.take(uploadId);
    if (upload) await rm(upload.dir, { recursive: true, force: true });
    return upload !== undefined;
  }
}

async function writeStream(file: string, body: AsyncIterable<Uint8Array>): Promise<Result<number>> {
  let bytes = 0;
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > maxFileBytes) return fail(problem('FILE_TOO_LARGE', { limit: '32 GiB' }));
        await handle.write(chunk);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    const found: Problem = fileProblem(error);
    return fail(found);
  }
  return ok(bytes);
}

const archiveSuffix = (name: string): string =>
  /\.(zip|tar|tgz|tar\.gz)$/i.exec(name)?.[0]?.toLowerCase() ?? '';
