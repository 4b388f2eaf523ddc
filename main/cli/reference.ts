import { cliTerms } from '../../core/terms/cli.ts';
import { type Language, say } from '../../core/terms/term.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { aboutCommand, aboutOption, globalOptions, optionShape, usageOf } from './help.ts';

/** A bar would end a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function sectionOf(language: Language, command: Command): string {
  const rows = command.options.map(
    (option) =>
      `| \`${cell(optionShape(command, option))}\` | ${cell(aboutOption(language, command, option))} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...rows];
  return [
    `### ${command.name}`,
    '',
    `${aboutCommand(language, command)}${language === 'zh-CN' ? '。' : '.'}`,
    '',
    '```',
    usageOf(command),
    '```',
    ...table,
  ].join('\n');
}

/** All commands as Markdown, for docs/command-line.md; a test holds the page against it. */
export function commandReference(language: Language): string {
  const everywhere = globalOptions.map(
    (option) =>
      `| \`${option.name === 'data' ? '--data DIR' : `--${option.name}`}\` | ${aboutOption(language, { name: '' }, option)} |`,
  );
  return [
    `${say(language, cliTerms['cli.exitCodes'])}`,
    ['| | |', '|---|---|', ...everywhere].join('\n'),
    ...commands.map((command) => sectionOf(language, command)),
  ].join('\n\n');
}

/** The page with both references put between their marks; null when a mark is missing. */
export function withReferences(page: string): string | null {
  let text = page;
  for (const language of ['en', 'zh-CN'] as const) {
    const [begin, end] = [`<!-- commands ${language} -->`, `<!-- end ${language} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) return null;
    text = `${text.slice(0, from + begin.length)}\n\n${commandReference(language)}\n\n${text.slice(to)}`;
  }
  return text;
}
