import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node';

/** Names the file to write; reporters on the command line take no options. */
export const failuresVariable = 'CANDELA_FAILURES';

const saidOfFailure = 600;

/**
 * Writes what went wrong, of tests, of hooks, of files that did not load and of errors outside any test, one text each.
 * vitest's own JSON report knows failed tests only, and CI shows a log's end only.
 */
export default class FailureReporter implements Reporter {
  readonly #file = process.env[failuresVariable] ?? '';
  #root = '';

  onInit({ config }: Vitest): void {
    this.#root = config.root;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const failures = modules.flatMap((module) => this.#ofModule(module));
    for (const error of unhandled) failures.push(said('outside any test', [error]));
    if (this.#file !== '') writeFileSync(this.#file, JSON.stringify(failures));
  }

  #ofModule(module: TestModule): string[] {
    const path = relative(this.#root, module.moduleId);
    const found: string[] = [];
    if (module.errors().length > 0) found.push(said(path, module.errors()));
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) found.push(said(`${path} › ${suite.fullName}`, suite.errors()));
    }
    for (const test of module.children.allTests('failed')) {
      found.push(said(`${path} › ${test.fullName}`, test.result().errors ?? []));
    }
    return found;
  }
}

function said(where: string, errors: readonly SerializedError[]): string {
  const words = errors.map(wordsOf).join('\n');
  return `${where}\n${words.slice(0, saidOfFailure)}`;
}

/** With what caused it: that names the test file whose process died. */
const wordsOf = ({ message, stack, cause }: SerializedError): string =>
  [...(cause ? [(cause as SerializedError).message] : []), stack ?? message].join('\n');
