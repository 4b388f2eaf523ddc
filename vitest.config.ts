import { defineConfig } from 'vitest/config';

const unitFolders = ['core', 'main', 'preload', 'renderer', 'native', 'scripts'];

/** Four kinds of test; `scripts/test.ts` runs them one after the other and adds them up. */
export default defineConfig({
  test: {
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
          // Workers of the host come from the build; threads would share its native modules.
          pool: 'forks',
          // vitest leaves a core free, but much of this waits for disks, sockets and other programs.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.spec.ts'],
          pool: 'forks',
          // One browser at a time: two would fight for two cores and make waits flaky.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
