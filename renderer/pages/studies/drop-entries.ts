import type { UploadFile } from '../../app/uploads.ts';

/** The parts of the File and Directory Entries API that are used, so that tests need no browser. */
export interface FileEntryLike {
  readonly isFile: true;
  readonly isDirectory: false;
  readonly name: string;
  file(done: (file: Blob) => void, failed: (error: unknown) => void): void;
}
export interface DirectoryEntryLike {
  readonly isFile: false;
  readonly isDirectory: true;
  readonly name: string;
  createReader(): {
    readEntries(done: (entries: readonly EntryLike[]) => void, failed: (error: unknown) => void): void;
  };
}
export type EntryLike = FileEntryLike | DirectoryEntryLike;

export interface Collected {
  readonly files: readonly UploadFile[];
  readonly bytes: number;
  /** Folders and files that could not be read. */
  readonly failed: number;
}

const foldersDeepAtMost = 64;

/** `readEntries` answers at most 100 at a time: it must be asked until it answers none. */
async function childrenOf(directory: DirectoryEntryLike): Promise<readonly EntryLike[]> {
  const reader = directory.createReader();
  const all: EntryLike[] = [];
  for (;;) {
    const some = await new Promise<readonly EntryLike[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Every file below the dropped entries, with its path. Tells how many as it goes. */
export async function collectFiles(
  entries: readonly EntryLike[],
  onProgress: (soFar: Collected) => void = () => undefined,
): Promise<Collected> {
  const files: UploadFile[] = [];
  let bytes = 0;
  let failed = 0;
  const waiting = entries.map((entry) => ({ entry, path: entry.name, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { entry, path, depth } = next;
    try {
      if (entry.isFile) {
        const file = await new Promise<Blob>((done, no) => entry.file(done, no));
        files.push({ path, file });
        bytes += file.size;
      } else if (depth < foldersDeepAtMost) {
        for (const child of await childrenOf(entry)) {
          waiting.push({ entry: child, path: `${path}/${child.name}`, depth: depth + 1 });
        }
      } else failed++;
    } catch {
      failed++;
    }
    if (files.length % 50 === 0) onProgress({ files, bytes, failed });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, bytes, failed };
}
