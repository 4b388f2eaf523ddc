import type { Problem } from '../../../core/base/problem.ts';
import type { SourceItem } from './source.ts';

/** Gives the files of an upload the names they came with, and lets them be moved: they are ours. */
export async function* withNames(
  items: AsyncIterable<SourceItem>,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<SourceItem> {
  const named = (path: string): string => {
    const own = names.get(path);
    if (own !== undefined) return own;
    for (const [file, name] of names) if (path.startsWith(`${file}/`)) return name + path.slice(file.length);
    return path;
  };
  const renamed = (problem: Problem): Problem =>
    problem.path === undefined ? problem : { ...problem, path: named(problem.path) };
  for await (const item of items) {
    if (item.kind === 'file') {
      const { candidate } = item;
      yield {
        kind: 'file',
        candidate: { ...candidate, shownPath: named(candidate.shownPath), isTemporary: true },
      };
    } else yield { ...item, problem: renamed(item.problem) };
  }
}
