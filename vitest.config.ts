import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/test/long-first.ts';

const unitFolders = ['core', 'main', 'preload', 'renderer', 'native', 'scripts'];
const unitTests = unitFolders.map((folder) => `${folder}/**/*.test.{ts,tsx}`);
/** They put fakes in the place of modules: of a module graph that files share, whoever comes first decides for all. */
const mockModules = globSync(unitTests, { cwd: import.meta.dirname })
  .filter((path) => /\bvi\.(mock|doMock)\(/.test(readFileSync(join(import.meta.dirname, path), 'utf8')))
  .map((path) => path.replaceAll('\\', '/'));

const mockElectron = ['bundle', 'receiving'].map((name) => `tests/integration/electron/${name}.test.ts`);
/** They promise a time, which a second browser would use up. */
const timeThemselves = ['tests/e2e/gpu-road.spec.ts', 'tests/e2e/k8-load.spec.ts'];

/** Of tests that cross modules. */
const crossing = {
  // Workers of the host come from the build; threads would share its native modules.
  pool: 'forks',
  // vitest leaves a core free, but much of this waits for disks, sockets and other programs.
  maxWorkers: 2,
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // A poll ends at once on success; vitest's own second is too short for a busy machine.
  expect: { poll: { timeout: 90_000 } },
  // Each file is a process of its own: Node loads the sources from its cache faster than vite transforms them.
  experimental: { viteModuleRunner: false },
} as const;

/** Four kinds of test; `scripts/test.ts` runs them one after the other and adds them up. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: unitTests,
          exclude: ['**/node_modules/**', ...mockModules],
          // One module graph for all files of a worker: starting it anew for each took half of the time.
          isolate: false,
          // vitest leaves a core free, which nobody uses.
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'unit-mocked',
          environment: 'node',
          include: mockModules,
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'tidy',
          environment: 'node',
          include: ['tests/tidy/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: [
            'tests/integration/**/*.test.ts',
            'tests/malformed/**/*.test.ts',
            'tests/visual/**/*.test.ts',
          ],
          exclude: mockElectron,
          ...crossing,
        },
      },
      {
        test: {
          name: 'integration-mocked',
          environment: 'node',
          include: mockElectron,
          ...crossing,
          // Node cannot put a fake in the place of a package.
          experimental: { viteModuleRunner: true },
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.spec.ts'],
          exclude: timeThemselves,
          ...crossing,
        },
      },
      {
        test: {
          name: 'e2e-alone',
          environment: 'node',
          include: timeThemselves,
          ...crossing,
          maxWorkers: 1,
          // After all others.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
