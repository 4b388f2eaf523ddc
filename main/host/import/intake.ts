import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail } from '../../../core/base/result.ts';
import type { StudySource } from '../../../core/contract/common.ts';
import type { DataFolder } from '../folder.ts';
import type { Candidate, SourceItem } from '../media/source.ts';
import { isDirectoryName } from '../media/walk.ts';
import type { CopyPool } from '../objects/copy-pool.ts';
import type { PackedScan } from '../parse/packed-scan.ts';
import type { AddedInstance, NewInstance } from '../store/add-instances.ts';
import type { SpaceGuard } from './free-space.ts';
import type { HeaderScanner } from './scanner.ts';
import type { Tally } from './tally.ts';

/** A leaf with what the scan made of it. */
export type Scanned =
  | { readonly kind: 'readable'; readonly candidate: Candidate; readonly scan: PackedScan }
  | {
      readonly kind: 'notDicom' | 'broken' | 'note';
      readonly problem: Problem;
      readonly candidate?: Candidate;
    };

export interface IntakeContext {
  readonly folder: DataFolder;
  readonly scanner: HeaderScanner;
  readonly copies: CopyPool;
  readonly space: SpaceGuard;
  readonly signal: AbortSignal;
  /** Shared with copy workers: 1 once the job is cancelled. */
  readonly cancel: Int32Array;
}

export interface IntakeTarget {
  readonly scope: string;
  readonly sourceKind: StudySource;
  readonly sourceLabel: string;
  readonly receiptId: string | null;
  readonly demo: boolean;
}

export async function scanItem(
  item: SourceItem,
  context: IntakeContext,
  keepPartial: boolean,
): Promise<Scanned> {
  if (item.kind === 'refused') return { kind: 'broken', problem: item.problem };
  if (item.kind === 'note') return { kind: 'note', problem: item.problem };
  const { candidate } = item;
  const path = candidate.shownPath;
  if (isDirectoryName(path))
    return { kind: 'notDicom', problem: problem('DIRECTORY_RECORD', undefined, path), candidate };
  const result = await context.scanner.scan(candidate.file, { keepPartial });
  if (!result.ok) {
    const kind = result.problem.code === 'NOT_DICOM' ? 'notDicom' : 'broken';
    return { kind, problem: { ...result.problem, path }, candidate };
  }
  if (result.value.isDirectory) {
    return { kind: 'notDicom', problem: problem('DIRECTORY_RECORD', undefined, path), candidate };
  }
  return { kind: 'readable', candidate, scan: result.value };
}

/** What is ready to be written to the index, with the path it came from; or why it is not. */
export type Ready =
  | {
      readonly kind: 'row';
      readonly path: string;
      readonly row: NewInstance;
      readonly isNewObject: boolean;
    }
  | Exclude<Scanned, { kind: 'readable' }>;

/** Copies the readable files of a chunk into the object store. */
export async function copyChunk(chunk: readonly Scanned[], context: IntakeContext): Promise<Ready[]> {
  const readable = chunk.filter((item) => item.kind === 'readable');
  if (readable.length === 0) return chunk as Ready[];
  const bytes = readable.reduce((sum, item) => sum + item.candidate.sizeBytes, 0);
  const full = await context.space.check(bytes);
  const copied = full
    ? readable.map(() => fail(full))
    : await context.copies.use((worker) =>
        worker.call('copy', {
          items: readable.map(({ candidate, scan }) => ({
            file: candidate.file,
            datasetOffset: scan.datasetOffset,
            sizeBytes: candidate.sizeBytes,
            modifiedAtMs: candidate.modifiedAtMs,
            isTemporary: candidate.isTemporary,
          })),
          objectsDir: context.folder.objects,
          incomingDir: context.folder.incoming,
          cancel: context.cancel,
        }),
      );
  const isFull = copied.some((result) => !result.ok && result.problem.code === 'DISK_FULL');
  const noRoom = full ?? (isFull ? await context.space.full(bytes) : null);
  const results = new Map(readable.map((item, index) => [item, copied[index]!]));
  return chunk.map((item): Ready => {
    if (item.kind !== 'readable') return item;
    const result = results.get(item)!;
    const path = item.candidate.shownPath;
    if (!result.ok) {
      const found = result.problem.code === 'DISK_FULL' && noRoom ? noRoom : result.problem;
      return { kind: 'broken', problem: { ...found, path }, candidate: item.candidate };
    }
    const { fileSha256, datasetSha256, sizeBytes, isNew } = result.value;
    const row: NewInstance = {
      scan: item.scan.bytes,
      fileSha256,
      datasetSha256,
      sizeBytes,
      path: null,
      modifiedAtMs: null,
    };
    return { kind: 'row', path, row, isNewObject: isNew };
  });
}

/** Counts what became of each leaf. Answers the objects that nothing refers to: duplicates under another name. */
export function count(tally: Tally, chunk: readonly Ready[], added: readonly AddedInstance[]): string[] {
  const orphans: string[] = [];
  let next = 0;
  for (const item of chunk) {
    if (item.kind === 'row') {
      const result = added[next++]!;
      tally.studies.add(result.studyUid);
      tally.studyKeys.add(result.studyKey);
      if (result.outcome === 'stored') {
        tally.addStored(item.row.sizeBytes, result.flags, item.path);
        if (result.isUndecided) tally.undecided.set(item.row.fileSha256 ?? '', item.path);
      } else {
        tally.addDuplicate(item.row.sizeBytes);
        if (item.isNewObject && item.row.fileSha256 !== null) orphans.push(item.row.fileSha256);
      }
    } else if (item.kind === 'notDicom') tally.addNotDicom(item.problem);
    else if (item.kind === 'note') tally.note(item.problem);
    else if (item.problem.code !== 'CANCELLED') {
      tally.addBroken(item.problem);
      if (stopsJob(item.problem)) tally.stoppedBy ??= withoutPath(item.problem);
    }
  }
  return orphans;
}

const stopsJob = ({ code }: Problem): boolean =>
  code === 'DISK_FULL' || code === 'READ_ONLY_STORE' || code === 'WORKER_CRASH_LOOP';

const withoutPath = ({ code, params }: Problem): Problem => ({ code, ...(params && { params }) });
