import { backgroundNames } from '../../core/scene/backgrounds.ts';
import { volumePresets } from '../../core/scene/presets.ts';
import { cliTerms, commandTerms, optionTerms } from '../../core/terms/cli.ts';
import { type Language, say, type Term } from '../../core/terms/term.ts';
import type { OptionSpec } from './arguments.ts';
import type { Command } from './command.ts';

/** Options of every command. */
export const globalOptions: readonly OptionSpec[] = [
  { name: 'json', takesValue: false },
  { name: 'quiet', takesValue: false },
  { name: 'data', takesValue: true },
  { name: 'help', takesValue: false },
];

const places = {
  presets: volumePresets.map((preset) => preset.id).join(', '),
  backgrounds: backgroundNames.join(', '),
};

/** The one line about a command; the table has one for every command (a test looks). */
export function aboutCommand(language: Language, { name }: Pick<Command, 'name'>): string {
  const term = (commandTerms as Readonly<Record<string, Term>>)[name];
  return term ? say(language, term) : '';
}

/** The one line about an option. */
export function aboutOption(language: Language, command: Pick<Command, 'name'>, option: OptionSpec): string {
  const term = optionTerms[`${command.name}.${option.name}`] ?? optionTerms[option.name];
  return term ? say(language, term, places) : '';
}

export const usageOf = (command: Command): string => `candela ${command.name} ${command.usage}`.trimEnd();

/** `--size WxH`, with the placeholder that the usage has. */
export function optionShape(command: Command, option: OptionSpec): string {
  if (!option.takesValue) return `--${option.name}`;
  const words = `${command.usage} [--data DIR]`;
  const value = new RegExp(`--${option.name} (\\S+?)(?:\\]?(?: |$))`).exec(`${words} `)?.[1] ?? '…';
  return `--${option.name} ${openBrackets(value) ? `${value}]` : value}`;
}

const openBrackets = (text: string): boolean => text.split('[').length > text.split(']').length;

/** Width on a terminal: Chinese characters and their punctuation take two places. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/[\u2e80-\uffef]/.test(letter) ? 2 : 1), 0);

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(28, Math.max(...rows.map(([left]) => widthOf(left))));
  return rows.map(([left, right]) =>
    widthOf(left) > width
      ? `  ${left}\n${' '.repeat(width + 4)}${right}`
      : `  ${left}${' '.repeat(width - widthOf(left))}  ${right}`,
  );
}

/** `candela help`. */
export function generalHelp(language: Language, commands: readonly Command[]): string {
  return [
    'candela COMMAND …',
    '',
    say(language, cliTerms['cli.commands']),
    ...table(commands.map((command) => [command.name, aboutCommand(language, command)] as const)),
    '',
    say(language, cliTerms['cli.everywhere']),
    say(language, cliTerms['cli.exitCodes']),
    say(language, cliTerms['cli.more']),
  ].join('\n');
}

/** `candela COMMAND --help`. */
export function commandHelp(language: Language, command: Command): string {
  const options = [...command.options, ...globalOptions];
  return [
    usageOf(command),
    aboutCommand(language, command),
    '',
    say(language, cliTerms['cli.options']),
    ...table(
      options.map(
        (option) => [optionShape(command, option), aboutOption(language, command, option)] as const,
      ),
    ),
  ].join('\n');
}
