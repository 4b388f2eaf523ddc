/** F2 and F3 of reliability.md on the receiving path: killed between the steps of keeping an object, and a power cut. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import { killsAtEachStep } from '../soak/steps.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('F2: killed at each step of keeping an object, it is adopted or absent, and there once it is committed', async () => {
  mkdirSync(join(folder.path, 'steps'));
  const found = await killsAtEachStep(join(folder.path, 'steps/data'), 1);
  expect(found).toMatchObject({ missed: [], lost: [], damaged: [], unknown: [], parts: [] });
}, 300_000);
