/** Stands in for the host until `main/host` is there: answers `app.info` and an empty list, knows nothing else. */
import { availableParallelism, totalmem } from 'node:os';
import { problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { CallName, CallOutput } from '../../core/contract/index.ts';

export function createPlaceholderHost(dataFolder: string): Host {
  const info: CallOutput<'app.info'> = {
    version: '0.1.0',
    shell: 'browser',
    dataFolder,
    nodeVersion: process.version,
    platform: process.platform,
    systemLanguage: Intl.DateTimeFormat().resolvedOptions().locale,
    freeBytes: 0,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
  const answers: { readonly [N in CallName]?: CallOutput<N> } = {
    'app.info': info,
    'studies.list': { total: 0, rows: [] },
  };
  return {
    async call<N extends CallName>(name: N): Promise<Result<CallOutput<N>>> {
      const value = answers[name];
      return value === undefined ? fail(problem('NOT_FOUND')) : ok(value as CallOutput<N>);
    },
    subscribe: () => () => {},
    fetch: async () => ({ status: 404, headers: {}, body: null }),
    close: async () => {},
  };
}
