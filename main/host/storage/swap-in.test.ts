import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { takeLock } from '../store/lock.ts';
import { planPath, swapIn, writePlan } from './swap-in.ts';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'candela-swap-'));
  made.push(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}
const read = (...parts: string[]): string => readFileSync(join(...parts), 'utf8');

const old = {
  'index.db': 'old',
  'index.db-wal': 'old log',
  'audit.key': 'old key',
  'objects/ab/1': 'old image',
  'secrets.json': 'passwords',
  'electron/window': 'of the window',
};
const fresh = { 'index.db': 'new', 'audit.key': 'new key', 'objects/cd/2': 'new image' };
const plan = (from: string) => ({ version: 1, from, aside: 'before', phase: 'aside' }) as const;

it('puts the restored store in, keeps the old one aside, and what the backup has not stays', () => {
  const [root, from] = [folder(old), folder(fresh)];
  writePlan(root, plan(from));
  expect(swapIn(root)).toEqual({ ok: true, value: true });
  expect(read(root, 'index.db')).toBe('new');
  expect(read(root, 'objects/cd/2')).toBe('new image');
  expect(existsSync(join(root, 'objects/ab'))).toBe(false);
  // A log of the old index beside the new one would destroy it.
  expect(existsSync(join(root, 'index.db-wal'))).toBe(false);
  expect(read(root, 'before/index.db-wal')).toBe('old log');
  expect(read(root, 'before/objects/ab/1')).toBe('old image');
  expect(read(root, 'secrets.json')).toBe('passwords');
  expect(read(root, 'electron/window')).toBe('of the window');
  expect(existsSync(from)).toBe(false);
  expect(existsSync(planPath(root))).toBe(false);
  expect(swapIn(root)).toEqual({ ok: true, value: false });
});

it('goes on wherever it was cut', () => {
  const names = ['index.db', 'index.db-wal', 'audit.key', 'objects'];
  for (let moved = 0; moved <= names.length; moved += 1) {
    // As a kill between two renames leaves it.
    const [root, from] = [folder(old), folder(fresh)];
    const aside = folder({});
    mkdirSync(join(root, 'before'));
    for (const name of names.slice(0, moved)) {
      rmSync(join(root, name), { recursive: true });
      writeFileSync(join(root, 'before', name), 'put away');
    }
    writePlan(root, plan(from));
    expect(swapIn(root)).toEqual({ ok: true, value: true });
    expect(read(root, 'index.db')).toBe('new');
    expect(readdirSync(join(root, 'before')).sort()).toEqual([...names].sort());
    expect(readdirSync(aside)).toEqual([]);
  }
  for (const done of [[], ['index.db'], ['index.db', 'audit.key', 'objects']]) {
    const [root, from] = [folder({ 'before/index.db': 'old' }), folder(fresh)];
    for (const name of done) {
      rmSync(join(from, name), { recursive: true });
      writeFileSync(join(root, name), 'new');
    }
    writePlan(root, { ...plan(from), phase: 'in' });
    expect(swapIn(root)).toEqual({ ok: true, value: true });
    expect(read(root, 'index.db')).toBe('new');
    expect(read(root, 'before/index.db')).toBe('old');
  }
});

it('changes nothing where the restored folder is gone, and waits for the folder of another host', () => {
  const root = folder(old);
  writePlan(root, plan(join(root, 'nowhere')));
  expect(swapIn(root)).toMatchObject({ ok: false, problem: { code: 'RESTORED_MISSING' } });
  expect(read(root, 'index.db')).toBe('old');
  expect(existsSync(planPath(root))).toBe(false);
  const from = folder(fresh);
  writePlan(root, plan(from));
  const lock = takeLock(join(root, 'lock.db'));
  expect(swapIn(root)).toMatchObject({ ok: false, problem: { code: 'STORE_IN_USE' } });
  expect(read(root, 'index.db')).toBe('old');
  if (lock.ok) lock.value.release();
  expect(swapIn(root)).toEqual({ ok: true, value: true });
});

const shared = '/dev/shm';
const isOtherDisk = existsSync(shared) && statSync(shared).dev !== statSync(tmpdir()).dev;

it.skipIf(!isOtherDisk)('puts everything back where the restored store cannot be moved in', () => {
  const root = folder(old);
  const from = mkdtempSync(join(shared, 'candela-swap-'));
  made.push(from);
  for (const name of ['index.db', 'audit.key']) writeFileSync(join(from, name), 'new');
  writePlan(root, plan(from));
  const before = readdirSync(root).filter((name) => name !== 'replace-by.json');
  expect(swapIn(root)).toMatchObject({ ok: false });
  expect(readdirSync(root).filter((name) => name !== 'lock.db')).toEqual(before);
  expect(read(root, 'objects/ab/1')).toBe('old image');
  expect(read(from, 'index.db')).toBe('new');
});
