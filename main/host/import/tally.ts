import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';

/** Problems listed in one receipt; the counts go on beyond. */
const listedProblems = 100_000;

/** Keeps the receipt's equation: every leaf is counted once, when what became of it is known. */
export class Tally {
  stored = 0;
  duplicates = 0;
  notDicom = 0;
  broken = 0;
  bytes = 0;
  stoppedBy: Problem | null = null;
  readonly problems: Problem[] = [];
  readonly flags: Record<string, number> = {};
  readonly studies = new Set<string>();
  readonly studyKeys = new Set<string>();
  /** Objects whose UID was here with other content, by their hash, with the path they came from. */
  readonly undecided = new Map<string, string>();

  get files(): number {
    return this.stored + this.duplicates + this.notDicom + this.broken;
  }

  addStored(sizeBytes: number, flags: readonly Problem[], path: string): void {
    this.stored += 1;
    this.bytes += sizeBytes;
    for (const flag of flags) {
      this.flags[flag.code] = (this.flags[flag.code] ?? 0) + 1;
      if (flag.code === 'UID_CONFLICT') this.note({ ...flag, path });
    }
  }

  /** What became of an undecided one: a conflict is told by its path, a version counted. */
  addDecision(fileSha256: string, isConflict: boolean): void {
    const path = this.undecided.get(fileSha256);
    const found = problem(isConflict ? 'UID_CONFLICT' : 'INSTANCE_VERSIONS');
    this.flags[found.code] = (this.flags[found.code] ?? 0) + 1;
    if (isConflict) this.note({ ...found, ...(path !== undefined && { path }) });
  }

  addDuplicate(sizeBytes: number): void {
    this.duplicates += 1;
    this.bytes += sizeBytes;
  }

  addNotDicom(found: Problem): void {
    this.notDicom += 1;
    this.note(found);
  }

  addBroken(found: Problem): void {
    this.broken += 1;
    this.note(found);
  }

  note(found: Problem): void {
    if (this.problems.length < listedProblems) this.problems.push(found);
  }

  receipt(head: {
    receiptId: string;
    jobId: string;
    source: string;
    startedAtMs: number;
    finishedAtMs: number;
    cancelled: boolean;
  }): Receipt {
    return {
      ...head,
      files: this.files,
      stored: this.stored,
      duplicates: this.duplicates,
      notDicom: this.notDicom,
      broken: this.broken,
      bytes: this.bytes,
      elapsedMs: Math.max(0, Math.round(head.finishedAtMs - head.startedAtMs)),
      studies: [...this.studies],
      stoppedBy: this.stoppedBy,
      problems: this.problems,
      flags: this.flags,
    };
  }
}
