import { cliTerms } from '../../core/terms/cli.ts';
import { type Language, say } from '../../core/terms/term.ts';

export interface ProblemLine {
  readonly code: string;
  /** The path or UID concerned. */
  readonly path: string;
  readonly message: string;
}

/** Lines of one kind that are shown one by one; of more, as many stand for all. */
const shownAlike = 3;

/** Problems as text: many equal ones are one thing to know. `--json` has them all. */
export function groupedLines(language: Language, problems: readonly ProblemLine[]): string[] {
  const groups = new Map<string, ProblemLine[]>();
  for (const found of problems) {
    const key = `${found.code}\n${found.message}`;
    const group = groups.get(key);
    if (group) group.push(found);
    else groups.set(key, [found]);
  }
  return [...groups.values()].flatMap((group) => {
    const lines = group
      .slice(0, shownAlike)
      .map(({ code, path, message }) => [code, path, message].filter(Boolean).join('  '));
    const left = group.length - shownAlike;
    const code = group[0]?.code ?? '';
    return left > 0 ? [...lines, `${code}  ${say(language, cliTerms['cli.alike'], { left })}`] : lines;
  });
}
