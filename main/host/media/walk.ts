import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { archiveItems, archiveKindOf } from './archive.ts';
import { fileProblem } from './file-problem.ts';
import { type SourceContext, type SourceItem, walkLimits } from './source.ts';

/**
 * Everything below the given paths, in name order. Links are not followed, only regular files are read
 * (lstat here, and again after opening in the worker); archives give their entries.
 */
export async function* sourceItems(
  paths: readonly string[],
  context: SourceContext,
): AsyncGenerator<SourceItem> {
  const budget = { files: walkLimits.files };
  for (const path of paths) {
    const absolute = resolve(path);
    const found = await stat(absolute).catch((error: unknown) => fileProblem(error, path));
    if ('code' in found) yield { kind: 'refused', problem: found };
    else if (found.isDirectory()) yield* walkFolder(Buffer.from(absolute), context, budget, 0);
    else if (found.isFile()) {
      if (await archiveKindOf(absolute, true)) yield* archiveItems(absolute, absolute, context, 1);
      else yield fileItem(absolute, absolute, found);
    } else yield { kind: 'refused', problem: problem('NOT_REGULAR_FILE', undefined, path) };
  }
}

const fileItem = (file: string, shownPath: string, info: { size: number; mtimeMs: number }): SourceItem => ({
  kind: 'file',
  candidate: { shownPath, file, sizeBytes: info.size, modifiedAtMs: info.mtimeMs, isTemporary: false },
});

/** Names are kept as bytes: a stick written elsewhere may have names that are no UTF-8 (reliability.md M92). */
async function* walkFolder(
  folder: Buffer,
  context: SourceContext,
  budget: { files: number },
  depth: number,
): AsyncGenerator<SourceItem> {
  const shownFolder = folder.toString();
  if (depth > 0 && resolve(shownFolder) === resolve(context.dataDir)) return;
  if (depth > walkLimits.depth) {
    yield { kind: 'refused', problem: problem('PATH_REFUSED', { depth }, shownFolder) };
    return;
  }
  const listed = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch((error: unknown) =>
    fileProblem(error, shownFolder),
  );
  if ('code' in listed) {
    yield { kind: 'refused', problem: listed };
    return;
  }
  listed.sort((a, b) => Buffer.compare(a.name, b.name));
  const entries = listed.map((entry) => ({
    path: Buffer.concat([folder, Buffer.from(sep), entry.name]),
    isDirectory: entry.isDirectory(),
  }));
  const looked = new Map<Buffer, Promise<Looked>>();
  for (const [index, { path, isDirectory }] of entries.entries()) {
    if (context.signal.aborted) return;
    if (index % looksAtOnce === 0) {
      for (const ahead of entries.slice(index, index + looksAtOnce))
        if (!ahead.isDirectory) looked.set(ahead.path, look(ahead.path));
    }
    if (isDirectory) yield* walkFolder(path, context, budget, depth + 1);
    else {
      budget.files -= 1;
      if (budget.files < 0) {
        yield { kind: 'refused', problem: problem('PATH_REFUSED', { files: walkLimits.files }, shownFolder) };
        return;
      }
      const info = await (looked.get(path) ?? look(path));
      looked.delete(path);
      yield* fileEntry(path, info, context);
    }
  }
}

/** Files looked at ahead of the one that is given: one look after another would be one wait after another. */
const looksAtOnce = 32;

type Looked = Problem | Stats;
const look = (path: Buffer): Promise<Looked> =>
  lstat(path).catch((error: unknown) => fileProblem(error, path.toString()));

async function* fileEntry(path: Buffer, info: Looked, context: SourceContext): AsyncGenerator<SourceItem> {
  const shown = path.toString();
  if ('code' in info) {
    yield { kind: 'refused', problem: info };
    return;
  }
  if (!info.isFile()) {
    yield { kind: 'refused', problem: problem('NOT_REGULAR_FILE', undefined, shown) };
    return;
  }
  if (!Buffer.from(shown).equals(path)) yield await unreadableName(path, shown, context, info);
  else if (await archiveKindOf(shown, false)) yield* archiveItems(shown, shown, context, 1);
  else yield fileItem(shown, shown, info);
}

/** A name that no string can hold is read through a copy of ours. */
async function unreadableName(
  path: Buffer,
  shown: string,
  context: SourceContext,
  info: { size: number; mtimeMs: number },
): Promise<SourceItem> {
  const file = join(context.scratch, `name-${randomUUID()}`);
  try {
    await mkdir(context.scratch, { recursive: true, mode: 0o700 });
    await copyFile(path, file);
    const copied = await stat(file);
    return {
      kind: 'file',
      candidate: {
        shownPath: shown,
        file,
        sizeBytes: info.size,
        modifiedAtMs: copied.mtimeMs,
        isTemporary: true,
      },
    };
  } catch (error) {
    return { kind: 'refused', problem: fileProblem(error, shown) };
  }
}

const directoryNames = new Set(['DICOMDIR', 'DIRFILE']);
/** Directory records by name, with the suffixes that discs are written with (`DICOMDIR.;1`). */
export const isDirectoryName = (path: string): boolean =>
  directoryNames.has(
    basename(path)
      .toUpperCase()
      .replace(/\.?(;1)?$/, ''),
  );
