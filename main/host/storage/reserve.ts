import { open, rm, stat } from 'node:fs/promises';
import { warnBelowBytes } from '../import/free-space.ts';
import type { Services } from '../services.ts';

/** Kept free for checkpoints and deletes of a full disk (reliability.md B9). */
const reserveBytes = 256 * 1024 * 1024;
const piece = 4 * 1024 * 1024;

/**
 * Writes the reserve file again when there is plenty of room; the store's writer gives it up when SQLite finds the disk
 * full (store/make-room.ts). Really written: a file system may promise the same room twice.
 */
export async function keepReserve(
  services: Pick<Services, 'folder' | 'imports'>,
  signal: AbortSignal,
): Promise<void> {
  const { folder, imports } = services;
  const present = await stat(folder.reserve).catch(() => null);
  if (present?.size === reserveBytes) return;
  const free = await imports.freeBytes(folder.root);
  if (free < warnBelowBytes(0) + reserveBytes) return;
  let file: Awaited<ReturnType<typeof open>> | null = null;
  let isWhole = false;
  try {
    file = await open(folder.reserve, 'w', 0o600);
    // Not zeros: a file system that compresses would keep nothing of them.
    const filler = Buffer.alloc(piece);
    for (let at = 0; at < piece; at += 4) filler.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
    for (let done = 0; done < reserveBytes && !signal.aborted; done += piece) await file.write(filler);
    await file.sync();
    isWhole = !signal.aborted;
  } catch {
    isWhole = false;
  } finally {
    await file?.close();
    if (!isWhole) await rm(folder.reserve, { force: true });
  }
}
