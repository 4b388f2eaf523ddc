import { resolve } from 'node:path';
import type { Problem } from '../../core/base/problem.ts';
import type { Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { cliTerms } from '../../core/terms/cli.ts';
import { chooseLanguage, type Language, say } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { defaultDataDir } from '../host/folder.ts';
import type { OwnHost } from '../host/host.ts';
import { type ParsedArguments, parseArguments } from './arguments.ts';
import {
  type Command,
  CommandFailure,
  type ExitCode,
  exitCodes,
  need,
  type OwnHostOptions,
} from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, generalHelp, globalOptions, usageOf } from './help.ts';
import type { LineStream } from './line-stream.ts';
import { problemNotes } from './problem-notes.ts';

export interface Terminal {
  out(text: string): void;
  error(line: string): void;
  progress?(text: string | null): void;
  /** As `out`, line by line, for commands that must not wait for their reader. */
  lines?(leftOut: (lines: number) => string): LineStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  openHost(dataDir: string, language: Language): Promise<Result<Host>>;
  openOwnHost(dataDir: string, language: Language, options?: OwnHostOptions): Promise<Result<OwnHost>>;
  openScratchHost(language: Language, asDataDir?: string): Promise<Result<Host>>;
}

/** Language of a terminal: the usual variables in their usual order. */
export function terminalLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return chooseLanguage('system', (LC_ALL || LC_MESSAGES || LANG || '').replace('_', '-'));
}

/** Words that may be options: what follows `--` is not. */
const untilDashes = (words: readonly string[]): readonly string[] =>
  words.includes('--') ? words.slice(0, words.indexOf('--')) : words;

/** What to do with a command line before a command runs: help, or why there is nothing to run. */
function prepare(
  argv: readonly string[],
  language: Language,
  terminal: Terminal,
): { readonly command: Command; readonly args: ParsedArguments } | ExitCode {
  const [first, ...others] = argv;
  const asksHelp = first === 'help' || first === '--help' || first === '-h';
  if (first === undefined || (asksHelp && others.length === 0)) {
    const help = generalHelp(language, commands);
    if (asksHelp) terminal.out(`${help}\n`);
    else terminal.error(help);
    return asksHelp ? exitCodes.done : exitCodes.wrongUsage;
  }
  const [name, rest] = asksHelp ? [others[0], ['--help']] : [first, others];
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    terminal.error(`candela: ${say(language, cliTerms['cli.unknownCommand'], { name: name ?? '' })}`);
    terminal.error(generalHelp(language, commands));
    return exitCodes.wrongUsage;
  }
  const options = [...globalOptions, ...command.options];
  const asksCommandHelp = untilDashes(rest).some((word) => word === '--help' || word === '-h');
  const parsed = parseArguments(asksCommandHelp ? ['--help'] : rest, options);
  if (asksCommandHelp) {
    terminal.out(`${commandHelp(language, command)}\n`);
    return exitCodes.done;
  }
  if (!parsed.ok) return wrongUsage(command, parsed.problem, language, terminal);
  const { positionals } = parsed.value;
  const { least, most, mayBeEmpty = false } = command.positionals;
  if (positionals.length < least || positionals.length > most || (!mayBeEmpty && positionals.includes('')))
    return wrongUsage(command, null, language, terminal);
  return { command, args: parsed.value };
}

function wrongUsage(
  command: Command,
  found: Problem | null,
  language: Language,
  terminal: Terminal,
): ExitCode {
  if (found) printProblem(found, language, terminal);
  else terminal.error(`candela: ${say(language, cliTerms['cli.wrongCount'])}`);
  terminal.error(usageOf(command));
  return exitCodes.wrongUsage;
}

/** Runs one command line to its exit code; a command's one JSON document goes to `out`, everything else to `error`. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const language = terminalLanguage(terminal.environment);
  const prepared = prepare(argv, language, terminal);
  if (typeof prepared === 'number') return prepared;
  const { command, args } = prepared;
  const asJson = args.switches.has('json');
  const dataDir = resolve(args.values.get('data') || defaultDataDir(process.platform, terminal.environment));
  const opened = new Set<Promise<Host>>();
  let lines: LineStream | undefined;
  const once = <H extends Host, A extends unknown[]>(
    open: (...options: A) => Promise<Result<H>>,
  ): ((...options: A) => Promise<H>) => {
    let host: Promise<H> | undefined;
    return (...options) => {
      host ??= open(...options).then((result) => need(result));
      opened.add(host);
      return host;
    };
  };
  try {
    const outcome = await command.run(args, {
      dataDir,
      language,
      host: once(() => terminal.openHost(dataDir, language)),
      ownHost: once((options?: OwnHostOptions) => terminal.openOwnHost(dataDir, language, options)),
      scratchHost: once((asDataDir?: string) => terminal.openScratchHost(language, asDataDir)),
      print: (line) => terminal.out(`${line}\n`),
      lines: (leftOut) => {
        lines = terminal.lines?.(leftOut);
        return lines ?? { write: (line) => terminal.out(`${line}\n`) };
      },
      log: (text) => terminal.error(text),
      progress: (text) => {
        if (!args.switches.has('quiet')) terminal.progress?.(text);
      },
      environment: terminal.environment,
      signal: terminal.signal,
    });
    if (asJson && outcome.json !== undefined) terminal.out(`${JSON.stringify(outcome.json)}\n`);
    if (!asJson && outcome.text !== '') terminal.out(`${outcome.text}\n`);
    if (outcome.problem) printProblem(outcome.problem, language, terminal);
    if (!asJson) for (const line of problemNotes(language, outcome.problems ?? [])) terminal.error(line);
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    printProblem(error.problem, language, terminal);
    if (error.exitCode === exitCodes.wrongUsage) terminal.error(usageOf(command));
    return error.exitCode;
  } finally {
    for (const host of opened) await closeQuietly(host);
    // After the hosts: what they do while they close is told, too.
    await lines?.end();
  }
}

/** A host that never opened has nothing to close; its problem was already told. */
async function closeQuietly(opening: Promise<Host>): Promise<void> {
  const [result] = await Promise.allSettled([opening]);
  if (result?.status === 'fulfilled') await result.value.close();
}

function printProblem(problem: Problem, language: Language, terminal: Terminal): void {
  const both = problemText(language, problem);
  const { code } = both;
  const { name, value, mistake } = problem.params ?? {};
  const term =
    mistake === undefined ? undefined : cliTerms[`cli.mistake.${mistake}` as keyof typeof cliTerms];
  const what =
    code === 'INPUT_INVALID' && name !== undefined ? `${name} ${value ?? ''}`.trimEnd() : undefined;
  const where = problem.path ?? what;
  const told = term ? say(language, term) : both.told;
  const words = [where === undefined ? '' : `${where}: `, told, ` (${code})`].join('');
  terminal.error(`candela: ${words}`.replace(/ +/g, ' '));
}
