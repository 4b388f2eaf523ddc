import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '../../../core/base/problem.ts';
import { type Command, CommandFailure, exitCodes } from '../command.ts';

/** Measures speed and memory in a clone; an installed Candela carries neither yardsticks nor a browser to drive. */
export const benchCommand: Command = {
  name: 'bench',
  usage: 'NAME… [--gpu] [--json]',
  options: [{ name: 'gpu', takesValue: false }],
  positionals: { least: 0, most: 20 },
  async run(args, context) {
    // Built, this lies in `out/main` or `out/main/chunks`; unbuilt, in `main/cli/commands`.
    const script = ['../../tests', '../../../tests']
      .map((tests) => join(import.meta.dirname, tests, 'bench/run.ts'))
      .find((path) => existsSync(path));
    if (script === undefined) throw new CommandFailure(problem('NOT_FOUND', {}, 'tests/bench'));
    const more = args.switches.has('gpu') ? ['--gpu'] : [];
    const child = spawn(process.execPath, [script, ...args.positionals, ...more, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      signal: context.signal,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
    if (code === exitCodes.wrongUsage)
      throw new CommandFailure(problem('INPUT_INVALID'), exitCodes.wrongUsage);
    if (output === '') throw new CommandFailure(problem('INTERNAL'));
    const figures = JSON.parse(output) as {
      name: string;
      value: number | null;
      unit: string;
      ratio: number;
      goal: string;
      met: boolean;
    }[];
    const text = figures
      .map((f) =>
        f.value === null
          ? `– ${f.name}: ${f.goal}`
          : `${f.met ? '✓' : '✗'} ${f.name}: ${f.value} ${f.unit}, ratio ${f.ratio} (${f.goal})`,
      )
      .join('\n');
    return { exitCode: code === 0 ? exitCodes.done : exitCodes.doneWithProblems, json: figures, text };
  },
};
