import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { WorkerClient, WorkerEnded } from '../worker-rpc.ts';
import type { ArchiveEntry, ArchiveKind, ArchiveOperations } from './archive-entry.ts';
import type { SourceContext, SourceItem } from './source.ts';

/** Archives within archives are opened to this depth (reliability.md C15). */
const maxNesting = 2;
/** Office documents and programs are ZIP files too; nobody keeps images in them. */
const otherZips = /\.(docx|xlsx|pptx|odt|ods|odp|jar|apk|epub|xpi|vsix)$/i;

/** By name where a folder is walked (no file is opened for it), by content for a file that was chosen. */
export async function archiveKindOf(
  file: string,
  isChosen: boolean,
  name = file,
): Promise<ArchiveKind | null> {
  const named = /\.(zip|tar|tgz|tar\.gz)$/i.exec(name)?.[1]?.toLowerCase();
  if (named === undefined && !isChosen) return null;
  if (otherZips.test(name)) return null;
  const start = await firstBytes(file, 4);
  if (start.length >= 4 && start[0] === 0x50 && start[1] === 0x4b) {
    return (start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6) ? 'zip' : null;
  }
  if (named === 'tar') return 'tar';
  if ((named === 'tgz' || named === 'tar.gz') && start[0] === 0x1f && start[1] === 0x8b) return 'tgz';
  return null;
}

async function firstBytes(file: string, length: number): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return new Uint8Array();
  }
}

/** The entries of an archive, taken out by a capped worker a few at a time. */
export async function* archiveItems(
  file: string,
  shownPath: string,
  context: SourceContext,
  depth: number,
): AsyncGenerator<SourceItem> {
  const kind = await archiveKindOf(file, true, shownPath);
  if (kind === null) {
    yield { kind: 'refused', problem: problem('IO_ERROR', { reason: 'archive' }, shownPath) };
    return;
  }
  const outDir = join(context.scratch, `archive-${randomUUID()}`);
  await mkdir(outDir, { recursive: true, mode: 0o700 });
  const worker = new WorkerClient<ArchiveOperations>('archive', null, {
    limits: { maxOldGenerationSizeMb: 512 },
  });
  const stop = (): void => void worker.terminate();
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    const opened = await worker.call('open', { file, kind, outDir });
    if (!opened.ok) {
      yield { kind: 'refused', problem: { ...opened.problem, path: shownPath } };
      return;
    }
    for (;;) {
      const { entries, isDone } = await worker.call('next', null);
      for (const entry of entries) yield* entryItems(entry, shownPath, context, depth);
      if (isDone || context.signal.aborted) return;
    }
  } catch (error) {
    if (!(error instanceof WorkerEnded)) throw error;
    if (!context.signal.aborted)
      yield { kind: 'refused', problem: problem('WORKER_OOM', undefined, shownPath) };
  } finally {
    context.signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

async function* entryItems(
  entry: ArchiveEntry,
  archivePath: string,
  context: SourceContext,
  depth: number,
): AsyncGenerator<SourceItem> {
  const shownPath = `${archivePath}/${entry.name}`;
  if (entry.problem) {
    yield { kind: 'refused', problem: { ...entry.problem, path: shownPath } };
    return;
  }
  const isArchive = (await archiveKindOf(entry.file, false, entry.name)) !== null;
  if (isArchive && depth < maxNesting) yield* archiveItems(entry.file, shownPath, context, depth + 1);
  else if (isArchive) yield { kind: 'refused', problem: problem('ARCHIVE_BOMB', { depth }, shownPath) };
  else {
    const { file, sizeBytes, modifiedAtMs } = entry;
    yield { kind: 'file', candidate: { shownPath, file, sizeBytes, modifiedAtMs, isTemporary: true } };
  }
}
