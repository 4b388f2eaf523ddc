import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { type ArchiveEntry, archiveLimits, nameProblem, refusedEntry } from './archive-entry.ts';
import { fileProblem } from './file-problem.ts';

/** Random access for zip.js over a file descriptor. */
class DescriptorReader extends Reader<number> {
  readonly #fd: number;
  constructor(fd: number, sizeBytes: number) {
    super(fd);
    this.#fd = fd;
    this.size = sizeBytes;
  }
  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(this.#fd, bytes, done, bytes.length - done, index + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }
}

class Bomb extends Error {}

/** Names without the UTF-8 mark are CP437 by the book, GBK in practice (Chinese Windows). */
function decodeName(bytes: Uint8Array): string | undefined {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

export interface Unpacker {
  readonly entries: AsyncGenerator<ArchiveEntry>;
}

/** Opens a ZIP and reads its directory. Links, encrypted entries, bad names and bombs come as refused entries. */
export async function openZip(file: string, outDir: string): Promise<Result<Unpacker>> {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    return fail(fileProblem(error));
  }
  try {
    const zip = new ZipReader(new DescriptorReader(fd, fstatSync(fd).size), {
      useWebWorkers: false,
      checkOverlappingEntry: true,
      checkSignature: true,
      // Names are only shown, never written to; `nameProblem` refuses bad ones entry by entry.
      filenameValidation: 'tolerant',
      decodeText: (bytes: Uint8Array, encoding: string) =>
        encoding === 'utf-8' ? undefined : decodeName(bytes),
    });
    const list: FileEntry[] = [];
    let count = 0;
    for await (const entry of zip.getEntriesGenerator()) {
      count += 1;
      if (count > archiveLimits.entries) {
        closeSync(fd);
        return fail(problem('ARCHIVE_BOMB', { entries: count }));
      }
      if (!entry.directory) list.push(entry);
    }
    return ok({ entries: unpackAll(list, outDir, fd, fstatSync(fd).size) });
  } catch (error) {
    closeSync(fd);
    return fail(damage(error));
  }
}

async function* unpackAll(
  list: readonly FileEntry[],
  outDir: string,
  fd: number,
  archiveBytes: number,
): AsyncGenerator<ArchiveEntry> {
  let wholeBytes = 0;
  let isBomb = false;
  try {
    for (const [index, entry] of list.entries()) {
      const refused = isBomb ? problem('ARCHIVE_BOMB') : refusalOf(entry);
      if (refused) {
        yield refusedEntry(entry.filename, refused);
        continue;
      }
      const path = join(outDir, String(index));
      const limit = Math.min(entry.uncompressedSize, entry.compressedSize * archiveLimits.entryRatio + 1024);
      const result = await unpackOne(
        entry,
        path,
        (bytes) => {
          wholeBytes += bytes;
          return wholeLimit(archiveBytes) >= wholeBytes;
        },
        limit,
      );
      isBomb = !result.ok && result.problem.code === 'ARCHIVE_BOMB' && wholeBytes > wholeLimit(archiveBytes);
      if (!result.ok) yield refusedEntry(entry.filename, result.problem);
      else {
        const { size, mtimeMs } = statSync(path);
        yield { name: entry.filename, file: path, sizeBytes: size, modifiedAtMs: mtimeMs, problem: null };
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** 200 : 1 counts once a gigabyte is passed; 256 GiB is the end in any case. */
const wholeLimit = (archiveBytes: number): number =>
  Math.min(
    archiveLimits.wholeBytes,
    Math.max(archiveLimits.wholeRatioFromBytes, archiveBytes * archiveLimits.wholeRatio),
  );

function refusalOf(entry: FileEntry) {
  if (entry.encrypted) return problem('ARCHIVE_ENCRYPTED');
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (entry.symlink || (type !== 0 && type !== 0o100000)) return problem('ARCHIVE_LINK');
  return nameProblem(entry.filename);
}

async function unpackOne(
  entry: FileEntry,
  path: string,
  countWhole: (bytes: number) => boolean,
  limit: number,
): Promise<Result<null>> {
  const out = openSync(path, 'wx', 0o600);
  let written = 0;
  try {
    const writable = new WritableStream<Uint8Array>({
      write(chunk) {
        written += chunk.length;
        if (written > limit || !countWhole(chunk.length)) throw new Bomb();
        for (let done = 0; done < chunk.length; ) done += writeSync(out, chunk, done);
      },
    });
    await entry.getData(writable);
    return ok(null);
  } catch (error) {
    if (error instanceof Bomb || /overlap|uncompressed size|ambiguous|out of bounds/i.test(reasonOf(error)))
      return fail(problem('ARCHIVE_BOMB'));
    if (/encrypt|password/i.test(reasonOf(error))) return fail(problem('ARCHIVE_ENCRYPTED'));
    return fail(damage(error));
  } finally {
    closeSync(out);
  }
}

/** The disk's own errors have a code; what zip.js says is about the archive. */
const damage = (error: unknown): Problem =>
  (error as NodeJS.ErrnoException).code === undefined
    ? problem('ARCHIVE_DAMAGED', { reason: reasonOf(error) })
    : fileProblem(error);

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 100);
