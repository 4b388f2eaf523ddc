import { type Problem, problem } from '../../core/base/problem.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Language } from '../../core/terms/term.ts';
import type { OwnHost } from '../host/host.ts';
import type { ReceiverOverrides } from '../host/receive/receiver-config.ts';
import type { OptionSpec, ParsedArguments } from './arguments.ts';
import type { LineStream } from './line-stream.ts';

/** Exit codes of every command. */
export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, doneWithProblems: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command ends with: one document for `--json`, the same as text for people. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** Left out: a failure that printed its reason; stdout stays empty. */
  readonly json?: unknown;
  readonly text: string;
  readonly problem?: Problem;
  /** What was found wrong though the work was done: on stderr where no document tells of it. */
  readonly problems?: readonly Problem[];
}

export interface OwnHostOptions {
  readonly receiver?: ReceiverOverrides;
  /** For windows of a browser: receiver, listener, rules and upkeep run as Settings say, as in every window. */
  readonly isServed?: boolean;
}

/** What commands may use; the host is opened only by those that need it. */
export interface CommandContext {
  readonly dataDir: string;
  readonly language: Language;
  host(): Promise<Host>;
  /** Like `host`, but never another process's: STORE_IN_USE then. */
  ownHost(options?: OwnHostOptions): Promise<OwnHost>;
  /**
   * A host on an empty folder that vanishes with the command, for reading paths in place; with the certificates and
   * passwords of a data folder where it calls others in its name.
   */
  scratchHost(asDataDir?: string): Promise<Host>;
  /** One line on stdout at once, for commands that tell as they go. */
  print(line: string): void;
  /**
   * Lines on stdout for commands that must not wait for who reads them; `leftOut` is the line that stands for those that
   * a late reader missed.
   */
  lines(leftOut: (lines: number) => string): Pick<LineStream, 'write'>;
  /** Progress and notes, on stderr. */
  log(line: string): void;
  /** How far long work is, on stderr; null when it is over. */
  progress(text: string | null): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** After the name, e.g. `PATH… [--frame N]`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  readonly positionals: {
    readonly least: number;
    readonly most: number;
    /** An empty one means everything; elsewhere, as a path, it would be the folder that the command is given in. */
    readonly mayBeEmpty?: true;
  };
  run(args: ParsedArguments, context: CommandContext): Promise<Outcome>;
}

/** A problem thrown through a command's steps; caught once, in `run-command.ts`. */
export class CommandFailure extends Error {
  readonly problem: Problem;
  readonly exitCode: ExitCode;
  constructor(reason: Problem, exitCode: ExitCode = exitCodes.failed) {
    super(reason.code);
    this.problem = reason;
    this.exitCode = exitCode;
  }
}

/** The promise's value, or CANCELLED as soon as the command is interrupted; for work that leaves nothing behind. */
export async function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = (): void => reject(new CommandFailure(problem('CANCELLED')));
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The value of a result, or the end of the command. */
export function need<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem },
  exitCode: ExitCode = exitCodes.failed,
): T {
  if (result.ok) return result.value;
  throw new CommandFailure(result.problem, exitCode);
}
