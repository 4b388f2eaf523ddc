import { defineConfig } from 'vitest/config';
import { LongFirst } from './scripts/test/long-first.ts';

const unitFolders = ['core', 'main', 'preload', 'renderer', 'native', 'scripts'];

const mocksElectron = 'tests/integration/electron/bundle.test.ts';

/** Of tests that cross modules. */
const crossing = {
  // Workers of the host come from the build; threads would share its native modules.
  pool: 'forks',
  // vitest leaves a core free, but much of this waits for disks, sockets and other programs.
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
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
          include: unitFolders.map((folder) => `${folder}/**/*.test.{ts,tsx}`),
          exclude: ['**/node_modules/**'],
          // One module graph for all files of a worker: starting it anew for each took half of the time.
          isolate: false,
          testTimeout: 20_000,
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
          exclude: [mocksElectron],
          ...crossing,
        },
      },
      {
        test: {
          name: 'integration-mocked',
          environment: 'node',
          include: [mocksElectron],
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
          ...crossing,
          // One browser at a time: two would fight for two cores and make waits flaky.
          fileParallelism: false,
        },
      },
    ],
  },
});
