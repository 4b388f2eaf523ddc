import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptStores } from './kept-stores.ts';
import { asideName, planPath } from './swap-in.ts';

let root: string;
let kept: KeptStores;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'candela-kept-'));
  kept = new KeptStores(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, bytes: number): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), new Uint8Array(bytes));
};
const first = asideName(Date.UTC(2026, 10, 26, 8, 5, 9));
const second = asideName(Date.UTC(2026, 10, 27, 8, 5, 9));

it('are listed with their size, newest first, and nothing else is', async () => {
  put(`${first}/index.db`, 100);
  put(`${first}/objects/ab/1.dcm`, 1000);
  put(`${second}/index.db`, 7);
  put('objects/ab/2.dcm', 50);
  put('before-restore-notes/1', 50);
  expect(await kept.list()).toEqual([
    { name: second, atMs: Date.UTC(2026, 10, 27, 8, 5, 9), bytes: 7, isPartial: false },
    { name: first, atMs: Date.UTC(2026, 10, 26, 8, 5, 9), bytes: 1100, isPartial: false },
  ]);
});

it('are deleted whole, and only they are', async () => {
  put(`${first}/objects/ab/1.dcm`, 1000);
  put(`${second}/index.db`, 7);
  put('index.db', 50);
  put('elsewhere/image', 9);
  symlinkSync(join(root, 'elsewhere'), join(root, first, 'link'));
  expect(await kept.remove(first)).toEqual({ ok: true, value: { bytes: 1000 } });
  // Gone from the list at once, though its files take their time.
  expect((await kept.list()).map(({ name }) => name)).toEqual([second]);
  await expect
    .poll(() => readdirSync(root).sort(), { timeout: 30_000 })
    .toEqual([second, 'elsewhere', 'index.db']);
  expect(existsSync(join(root, 'elsewhere/image'))).toBe(true);
  expect(await kept.remove(first)).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
});

it.each(['', '.', '..', 'objects', 'index.db', `../${first}`, `${first}/objects`, 'before-restore-20261126'])(
  'are named as such: %j is none',
  async (name) => {
    put('objects/ab/1.dcm', 10);
    put(`${first}/objects/1.dcm`, 10);
    expect(await kept.remove(name)).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    expect(existsSync(join(root, 'objects/ab/1.dcm'))).toBe(true);
    expect(existsSync(join(root, first, 'objects/1.dcm'))).toBe(true);
  },
);

it('stay while a restored store is about to be used', async () => {
  put(`${first}/index.db`, 10);
  writeFileSync(planPath(root), '{}');
  expect(await kept.remove(first)).toMatchObject({ ok: false, problem: { code: 'STORE_BUSY' } });
  expect(existsSync(join(root, first, 'index.db'))).toBe(true);
});

it('whose deleting a host had no time for are deleted by the next one', async () => {
  put(`${first}.deleting/objects/1.dcm`, 10);
  put(`${second}/index.db`, 7);
  expect(await kept.list()).toMatchObject([{ name: second }, { name: `${first}.deleting`, isPartial: true }]);
  await new KeptStores(root).resume();
  expect(readdirSync(root)).toEqual([second]);
});
