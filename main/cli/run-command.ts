import { resolve } from 'node:path';
import type { Problem } from '../../core/base/problem.ts';
import type { Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { chooseLanguage, type Language } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { defaultDataDir } from '../host/folder.ts';
import { parseArguments } from './arguments.ts';
import { type Command, CommandFailure, type ExitCode, exitCodes, need } from './command.ts';
import { commands } from './commands.ts';

export interface Terminal {
  out(text: string): void;
  error(line: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  openHost(dataDir: string, language: Language): Promise<Result<Host>>;
  openScratchHost(language: Language): Promise<Result<Host>>;
}

const globalOptions = [
  { name: 'json', takesValue: false },
  { name: 'help', takesValue: false },
  { name: 'data', takesValue: true },
] as const;

/** Language of a terminal: the usual variables in their usual order. */
export function terminalLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return chooseLanguage('system', (LC_ALL || LC_MESSAGES || LANG || '').replace('_', '-'));
}

const usageOf = (command: Command): string => `candela ${command.name} ${command.usage}`;
const allUsage = (): string => commands.map((command) => `  ${usageOf(command)}`).join('\n');

/** Runs one command line to its exit code; a command's one JSON document goes to `out`, everything else to `error`. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const language = terminalLanguage(terminal.environment);
  const [name, ...rest] = argv;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const asked = name === undefined || name === 'help' || name === '--help';
    if (asked) terminal.out(`candela COMMAND …\n${allUsage()}\n`);
    else terminal.error(`candela: ${name}?\n${allUsage()}`);
    return name === undefined || !asked ? exitCodes.wrongUsage : exitCodes.done;
  }
  const parsed = parseArguments(rest, [...globalOptions, ...command.options]);
  if (parsed.ok && parsed.value.switches.has('help')) {
    terminal.out(`${usageOf(command)}\n`);
    return exitCodes.done;
  }
  const count = parsed.ok ? parsed.value.positionals.length : 0;
  if (!parsed.ok || count < command.positionals.least || count > command.positionals.most) {
    if (!parsed.ok) printProblem(parsed.problem, language, terminal);
    terminal.error(usageOf(command));
    return exitCodes.wrongUsage;
  }
  const args = parsed.value;
  const asJson = args.switches.has('json');
  const dataDir = resolve(args.values.get('data') ?? defaultDataDir());
  const opened = new Map<string, Promise<Host>>();
  const once = (name: string, open: () => Promise<Result<Host>>): Promise<Host> => {
    const host = opened.get(name) ?? open().then((result) => need(result));
    opened.set(name, host);
    return host;
  };
  try {
    const outcome = await command.run(args, {
      dataDir,
      language,
      host: () => once('data', () => terminal.openHost(dataDir, language)),
      scratchHost: () => once('scratch', () => terminal.openScratchHost(language)),
      log: (text) => terminal.error(text),
      signal: terminal.signal,
    });
    if (asJson) terminal.out(`${JSON.stringify(outcome.json)}\n`);
    else if (outcome.text !== '') terminal.out(`${outcome.text}\n`);
    if (outcome.problem) printProblem(outcome.problem, language, terminal);
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    printProblem(error.problem, language, terminal);
    return error.exitCode;
  } finally {
    for (const host of opened.values()) await closeQuietly(host);
  }
}

/** A host that never opened has nothing to close; its problem was already told. */
async function closeQuietly(opening: Promise<Host>): Promise<void> {
  const [result] = await Promise.allSettled([opening]);
  if (result?.status === 'fulfilled') await result.value.close();
}

function printProblem(problem: Problem, language: Language, terminal: Terminal): void {
  const { code, sentence, advice } = problemText(language, problem);
  const where = problem.path === undefined ? '' : `${problem.path}: `;
  terminal.error(`candela: ${where}${sentence} ${advice} (${code})`.replace(/ +/g, ' '));
}
