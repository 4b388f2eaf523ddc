import type { Problem } from '../../../core/base/problem.ts';
import type { ProblemCode } from '../../../core/base/problem-table.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';

/** Codes of files that are not DICOM, not broken: told apart from the broken ones. */
const notDicomCodes: ReadonlySet<ProblemCode> = new Set([
  'NOT_DICOM',
  'DIRECTORY_RECORD',
  'NOT_REGULAR_FILE',
]);

/** Name of a stored object below the data folder. */
const isObject = /^objects\/[0-9a-f]{2}\/[0-9a-f]{64}\.dcm$/;

export interface SortedProblems {
  readonly broken: readonly Problem[];
  /** In no sum: what a rebuild or check found beside files. */
  readonly noted: readonly Problem[];
  /** Named by a disc's directory, but not there: in no sum, as there was nothing to read. */
  readonly missing: readonly Problem[];
  /** Stored, but to be looked at. */
  readonly flagged: readonly Problem[];
  readonly notDicom: readonly Problem[];
}

/** The problems of a receipt by what they mean for the sums. */
export function sortProblems({ problems, flags }: Pick<Receipt, 'problems' | 'flags'>): SortedProblems {
  const partOf = ({ code, path }: Problem): keyof SortedProblems => {
    if (notDicomCodes.has(code)) return 'notDicom';
    if (code === 'INDEX_DIFFERED') return 'noted';
    // A check counts a stored file that is gone as broken.
    if (code === 'FILE_MISSING' && !isObject.test(path ?? '')) return 'missing';
    return (flags[code] ?? 0) > 0 ? 'flagged' : 'broken';
  };
  const of = (part: keyof SortedProblems) => problems.filter((problem) => partOf(problem) === part);
  return {
    ...{ broken: of('broken'), noted: of('noted'), missing: of('missing') },
    ...{ flagged: of('flagged'), notDicom: of('notDicom') },
  };
}

/** The folder that all paths share, with its last separator; empty when they share none or there is one path. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...rest] = paths;
  if (rest.length === 0) return '';
  let length = first.length;
  for (const path of rest) {
    let same = 0;
    while (same < length && path[same] === first[same]) same += 1;
    length = same;
  }
  const end = Math.max(first.lastIndexOf('/', length - 1), first.lastIndexOf('\\', length - 1));
  return length === 0 ? '' : first.slice(0, end + 1);
}

export interface Reason {
  /** The first problem of its code: its words stand for all. */
  readonly problem: Problem;
  readonly paths: readonly string[];
}

/** Problems of one code together, in order of first appearance. */
export function byReason(problems: readonly Problem[]): readonly Reason[] {
  const reasons = new Map<string, { problem: Problem; paths: string[] }>();
  for (const problem of problems) {
    const path = problem.path ?? '';
    const known = reasons.get(problem.code);
    if (known) known.paths.push(path);
    else reasons.set(problem.code, { problem, paths: [path] });
  }
  return [...reasons.values()];
}
