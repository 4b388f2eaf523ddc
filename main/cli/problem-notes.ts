import type { Problem } from '../../core/base/problem.ts';
import { cliTerms } from '../../core/terms/cli.ts';
import { type Language, say } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';

/** Problems with one code that are told one by one; of more, as many stand for all. */
const toldOfOneCode = 3;

/** Lines for a person about what was found wrong with pictures that were made nevertheless. */
export function problemNotes(language: Language, problems: readonly Problem[]): string[] {
  const ofCode = Map.groupBy(problems, ({ code }) => code);
  return [...ofCode].flatMap(([code, found]) => {
    const lines = found.slice(0, toldOfOneCode).map((one) => {
      const where = one.path === undefined ? '' : `${one.path}: `;
      return `candela: ${where}${problemText(language, one).sentence} (${code})`;
    });
    const left = found.length - toldOfOneCode;
    return left > 0
      ? [...lines, `candela: ${say(language, cliTerms['cli.alike'], { left })} (${code})`]
      : lines;
  });
}
