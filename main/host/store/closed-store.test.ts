import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dataFolder } from '../folder.ts';
import { WorkerEnded } from '../worker-rpc.ts';
import { startStore } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'candela-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('starts no index of places once it has closed, which nobody would end', async () => {
  const started = await startStore(dataFolder(join(root, 'data')));
  if (!started.ok) throw new Error(started.problem.code);
  await started.value.close();
  await expect(started.value.places()).rejects.toThrow(WorkerEnded);
});
