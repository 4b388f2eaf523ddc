/** The stages of `npm test` in order: cheap ones first, so that a slip shows within seconds. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failuresVariable } from './failure-reporter.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Name and first words of what went wrong, of each test that failed. */
  readonly failures?: readonly string[];
}

export interface Stage {
  readonly name: string;
  run(): Promise<Counts> | Counts;
}

const passed: Counts = { passed: 1, failed: 0, skipped: 0 };
const failed: Counts = { passed: 0, failed: 1, skipped: 0 };

/** Folders with a tsconfig of their own: each allows only what its environment has. */
export const typedFolders = ['core', 'main', 'preload', 'renderer', 'scripts', 'tests'];

export function stages(options: { readonly root: string; readonly build: () => unknown }): Stage[] {
  const { root } = options;
  return [
    { name: 'types', run: () => checkTypes(root) },
    { name: 'lint', run: () => lint(root) },
    { name: 'tidy', run: () => runVitest(root, 'tidy') },
    { name: 'build', run: () => buildStage(options.build) },
    { name: 'unit', run: () => runVitest(root, 'unit') },
    { name: 'integration', run: () => runVitest(root, 'integration') },
    { name: 'e2e', run: () => runVitest(root, 'e2e') },
  ];
}

/** One count for all folders; each compiler's output is shown. */
export function checkTypes(root: string): Counts {
  let isClean = true;
  for (const folder of typedFolders) {
    if (!existsSync(join(root, folder, 'tsconfig.json'))) continue;
    const result = node(root, ['node_modules/typescript/bin/tsc', '--noEmit', '-p', folder]);
    if (result !== 0) isClean = false;
  }
  return isClean ? passed : failed;
}

export function lint(root: string): Counts {
  // `ci` is the read-only mode: format, lint and import order, nothing rewritten.
  const colors = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;
  const args = ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', colors, '.'];
  return node(root, args) === 0 ? passed : failed;
}

function buildStage(build: () => unknown): Counts {
  try {
    build();
    return passed;
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return failed;
  }
}

/** Runs one vitest project and reads its JSON report; a run that leaves none has failed. */
export function runVitest(root: string, project: string, extra: readonly string[] = []): Counts {
  const report = join(root, '.cache/test', `${project}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const told = join(root, '.cache/test', `${project}.failures.json`);
  rmSync(told, { force: true });
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    '--reporter=./scripts/test/failure-reporter.ts',
    `--outputFile.json=${report}`,
  ];
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    // With those that differ from it in how they run.
    `${project}*`,
    '--passWithNoTests',
    ...reporters,
  ];
  const status = node(root, [...args, ...extra], { [failuresVariable]: told });
  if (!existsSync(report)) return status === 0 ? { passed: 0, failed: 0, skipped: 0 } : failed;
  const counts = countReport(JSON.parse(readFileSync(report, 'utf8')) as VitestReport);
  const failures = existsSync(told) ? (JSON.parse(readFileSync(told, 'utf8')) as string[]) : [];
  // A file that does not even load, or an error outside a test, fails the run without a failed test.
  const whole = { ...counts, failed: status !== 0 && counts.failed === 0 ? 1 : counts.failed, failures };
  return extra.length > 0 ? whole : againWhereNodeDied(root, project, whole);
}

const nodeDied =
  /Worker exited unexpectedly with signal (?:SIGTRAP|SIGSEGV|SIGILL) .*running test file (\S+)/;

/**
 * V8's book-keeping of machine code loses a page now and then where many threads end (nodejs/node issue 64500) and ends
 * the whole process by a signal, in whatever test is running. Where that is all that failed, those files run once more.
 */
export function againWhereNodeDied(
  root: string,
  project: string,
  first: Counts,
  run: typeof runVitest = runVitest,
): Counts {
  const files = (first.failures ?? []).flatMap((text) => nodeDied.exec(text)?.[1] ?? []);
  if (files.length === 0 || files.length !== first.failures?.length) return first;
  process.stdout.write(`   Node itself died in ${files.join(', ')}: running again\n`);
  const second = run(root, project, files);
  return {
    passed: first.passed + second.passed,
    failed: first.failed - 1 + second.failed,
    skipped: first.skipped + second.skipped,
    failures: second.failures ?? [],
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
}

export function countReport(report: VitestReport): Counts {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

function node(root: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): number {
  const flags = ['--disable-warning=ExperimentalWarning'];
  // Hundreds of processes and threads of the tests load the same sources: one compiles them for all.
  const compiled = { NODE_COMPILE_CACHE: join(root, '.cache/compiled') };
  return (
    spawnSync(process.execPath, [...flags, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...compiled, ...variables },
    }).status ?? 1
  );
}
