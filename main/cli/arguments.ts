import { problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';

/** One `--option` of a command. */
export interface OptionSpec {
  readonly name: string;
  /** False for a switch. */
  readonly takesValue: boolean;
  readonly repeats?: boolean;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

/** What is wrong about an option whose value is not at fault (`cli.mistake.…`). */
export type OptionMistake = 'unknown' | 'value' | 'twice' | 'missing';

const wrong = (name: string, value: string, mistake?: OptionMistake) =>
  fail(problem('INPUT_INVALID', { name, value, ...(mistake && { mistake }) }));

/**
 * Splits a command line. A value may begin with `-` (`--center -12,3,4`) and may follow `=`; `--` ends options;
 * an unknown option, a missing value or one given twice is INPUT_INVALID.
 */
export function parseArguments(
  argv: readonly string[],
  options: readonly OptionSpec[],
): Result<ParsedArguments> {
  const positionals: string[] = [];
  const switches = new Set<string>();
  const values = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') {
      positionals.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith('--')) {
      positionals.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const option = options.find((candidate) => candidate.name === name);
    if (!option) return wrong(`--${name}`, '', 'unknown');
    if (!option.takesValue) {
      if (equals >= 0) return wrong(`--${name}`, word.slice(equals + 1));
      switches.add(name);
      continue;
    }
    const value = equals >= 0 ? word.slice(equals + 1) : argv[++at];
    if (value === undefined) return wrong(`--${name}`, '', 'value');
    if (values.has(name)) return wrong(`--${name}`, '', 'twice');
    values.set(name, value);
  }
  return ok({ positionals, switches, values });
}

/** Comma-separated finite numbers, exactly `count` of them. */
export function numbersOf(name: string, text: string, count: number): Result<number[]> {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return numbers.length === count && numbers.every(Number.isFinite) ? ok(numbers) : wrong(`--${name}`, text);
}

/** Whole number of at least `least`. */
export function wholeOf(name: string, text: string, least: number): Result<number> {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) && number >= least ? ok(number) : wrong(`--${name}`, text);
}
