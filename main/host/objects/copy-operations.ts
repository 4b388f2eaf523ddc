import type { Result } from '../../../core/base/result.ts';

export interface CopyItem {
  readonly file: string;
  readonly datasetOffset: number;
  /** As seen before the header was scanned: another size or time means FILE_CHANGED. */
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** The file is ours: it is moved, not copied. */
  readonly isTemporary: boolean;
}

export interface CopiedObject {
  readonly fileSha256: string;
  readonly datasetSha256: string;
  readonly sizeBytes: number;
  /** False when an object of that name was there already. */
  readonly isNew: boolean;
}

export interface Hashes {
  readonly fileSha256: string;
  readonly datasetSha256: string;
}

/** What a copy worker does: hashing, copying and re-hashing, with synchronous file calls of its own thread. */
export interface CopyOperations {
  /**
   * Copies files into the object store; when it answers, the files and their names are on disk (fsync).
   * Cancelling ends it after the file under way.
   * Problems per item: FILE_CHANGED, FILE_MISSING, NOT_REGULAR_FILE, IO_ERROR, MEDIA_REMOVED, DISK_FULL.
   */
  copy(input: {
    items: readonly CopyItem[];
    objectsDir: string;
    incomingDir: string;
    cancel: Int32Array;
  }): Promise<Result<CopiedObject>[]>;
  hash(input: { file: string; datasetOffset: number; cancel: Int32Array }): Result<{
    hashes: Hashes;
    sizeBytes: number;
  }>;
  /** Of each object its hash now, or why it cannot be read. */
  verify(input: { objectsDir: string; fileSha256: readonly string[]; cancel: Int32Array }): Result<string>[];
  /** Removes objects that turned out to be duplicates under another file hash. */
  remove(input: { objectsDir: string; fileSha256: readonly string[] }): void;
}
