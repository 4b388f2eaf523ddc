import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { problem } from '../../../core/base/problem.ts';
import { type ArchiveEntry, archiveLimits, nameProblem, refusedEntry } from './archive-entry.ts';

/** Reads exact amounts from a stream of chunks. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  bytesRead = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Up to `length` bytes, at least one; empty at the end. */
  async some(length: number): Promise<Buffer> {
    if (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return Buffer.alloc(0);
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(taken.length);
    this.bytesRead += taken.length;
    return taken;
  }

  async exactly(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const part = await this.some(left);
      if (part.length === 0) return null;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }
}

const blockBytes = 512;
const padded = (size: number): number => Math.ceil(size / blockBytes) * blockBytes;
const cString = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString();
};

/** Octal text, or base-256 when the top bit is set (GNU, for sizes above 8 GiB). */
function numberField(bytes: Buffer): number {
  if ((bytes[0] ?? 0) & 0x80) {
    let value = (bytes[0] ?? 0) & 0x7f;
    for (const byte of bytes.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const value = Number.parseInt(cString(bytes).trim() || '0', 8);
  return Number.isFinite(value) ? value : -1;
}

function checksumFits(header: Buffer): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return sum === numberField(header.subarray(148, 156));
}

function nameOf(header: Buffer): string {
  const short = cString(header.subarray(0, 100));
  const prefix = cString(header.subarray(345, 500));
  return prefix && header.subarray(257, 262).toString() === 'ustar' ? `${prefix}/${short}` : short;
}

/** `path` of a pax header: records of `<length> <key>=<value>\n` (POSIX.1-2001). */
function paxPath(text: string): string | null {
  const match = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text);
  return match?.[1] ?? null;
}

/**
 * The regular files of a TAR or TGZ (ustar, pax and GNU long names), in one pass. Links and devices come as
 * ARCHIVE_LINK; a damaged header ends the archive with a refused entry.
 */
export async function* unpackTar(
  file: string,
  outDir: string,
  isZipped: boolean,
): AsyncGenerator<ArchiveEntry> {
  const archiveBytes = statSync(file).size;
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = isZipped ? source.pipe(createGunzip()) : source;
  if (isZipped) source.on('error', (error) => stream.destroy(error));
  const queue = new ByteQueue(stream as AsyncIterable<Buffer>);
  const limit = Math.max(archiveLimits.wholeRatioFromBytes, archiveBytes * archiveLimits.wholeRatio);
  let longName: string | null = null;
  let index = 0;
  try {
    for (;;) {
      const header = await queue.exactly(blockBytes);
      if (!header || header.every((byte) => byte === 0)) return;
      const size = numberField(header.subarray(124, 136));
      if (!checksumFits(header) || size < 0) {
        yield refusedEntry(`#${index}`, problem('IO_ERROR', { reason: 'tar header' }));
        return;
      }
      const type = String.fromCharCode(header[156] ?? 0);
      const name: string = longName ?? nameOf(header);
      longName = null;
      index += 1;
      if (index > archiveLimits.entries || queue.bytesRead + size > limit) {
        yield refusedEntry(name, problem('ARCHIVE_BOMB'));
        return;
      }
      if (type === 'x' || type === 'L') {
        const text = size <= 1 << 16 ? await queue.exactly(padded(size)) : null;
        if (!text) return;
        const body = text.subarray(0, size);
        longName = type === 'L' ? cString(body) : paxPath(body.toString());
      } else if (type === '0' || type === '\0' || type === '7') {
        const refused = nameProblem(name);
        const path = join(outDir, String(index));
        const isWhole = await copyBody(queue, size, refused ? null : path);
        if (refused) yield refusedEntry(name, refused);
        else if (!isWhole) yield refusedEntry(name, problem('IO_ERROR', { reason: 'tar cut' }));
        else {
          const info = statSync(path);
          yield { name, file: path, sizeBytes: info.size, modifiedAtMs: info.mtimeMs, problem: null };
        }
        if (!isWhole) return;
      } else {
        if (type !== '5' && type !== 'g') yield refusedEntry(name, problem('ARCHIVE_LINK'));
        if (!(await copyBody(queue, size, null))) return;
      }
    }
  } catch (error) {
    yield refusedEntry(`#${index}`, problem('IO_ERROR', { reason: String(error).slice(0, 100) }));
  } finally {
    source.destroy();
  }
}

async function copyBody(queue: ByteQueue, size: number, path: string | null): Promise<boolean> {
  const out = path === null ? null : createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let left = padded(size);
  let content = size;
  while (left > 0) {
    const part = await queue.some(left);
    if (part.length === 0) break;
    left -= part.length;
    const mine = part.subarray(0, Math.min(content, part.length));
    content -= mine.length;
    if (out && mine.length > 0 && !out.write(mine)) await once(out, 'drain');
  }
  if (out) {
    out.end();
    await once(out, 'close');
  }
  return content === 0;
}
