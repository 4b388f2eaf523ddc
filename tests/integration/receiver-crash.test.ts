/** F13: 30 SIGKILLs in the midst of storing (200 in `npm run soak`). */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import { killsWhileStoring } from '../soak/kills.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('loses nothing that it acknowledged, and leaves no parts', async () => {
  const found = await killsWhileStoring(join(folder.path, 'data'), 30, 20_261_126);
  expect(found.lost).toEqual([]);
  expect(found.parts).toEqual([]);
  // Else nothing was tried.
  expect(found.acknowledged).toBeGreaterThan(60);
  expect(found.rows).toBeGreaterThanOrEqual(found.acknowledged);
}, 600_000);
