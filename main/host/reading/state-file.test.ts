import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DataFolder } from '../folder.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

const readings = mkdtempSync(join(tmpdir(), 'candela-state-'));
const folder = { readings } as DataFolder;
afterAll(() => rmSync(readings, { recursive: true, force: true }));

test('of states that are written together the last stays, however long the others take', async () => {
  const states = [4_000_000, 400_000, 1].map((length, n) => String(n).repeat(length));
  await Promise.all(states.map((state) => writeStateFile(folder, 's.1', state)));
  expect(await readStateFile(folder, 's.1')).toBe('2');
  expect(readdirSync(readings).length).toBe(1);
});

test('a state that cannot be written does not hold up the next', async () => {
  const path = join(readings, `${createHash('sha256').update('s.2').digest('hex')}.json`);
  mkdirSync(path);
  const failed = writeStateFile(folder, 's.2', 'a').catch(() => rmdirSync(path));
  await Promise.all([failed, writeStateFile(folder, 's.2', 'b')]);
  expect(await readStateFile(folder, 's.2')).toBe('b');
});
