import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';

/** reliability.md A11, B9, F4, F5, F37, F43 on a real file system of 64 MiB, where the system lets us make one. */
const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;
const missing = canMount ? '' : ' (this system does not let us mount)';

describe.skipIf(!canMount)(`a full disk${missing}`, () => {
  const steps = new Map<string, unknown>();
  beforeAll(() => {
    mkdirSync(inside('disk'));
    writeSlices(inside('small'), 1, 5, 10_000);
    writeSlices(inside('other'), 3, 5, 300_000);
    writeSlices(inside('large'), 2, 200, 500_000);
    const child = join(import.meta.dirname, '../fixtures/disk-full-child.ts');
    const words = [process.execPath, child, inside('disk'), inside('large'), inside('small')];
    const script = `mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"`;
    const ended = spawnSync('unshare', ['-rm', 'sh', '-c', script, inside('disk'), ...words], {
      encoding: 'utf8',
      timeout: 250_000,
    });
    for (const line of ended.stdout.split('\n').filter(Boolean)) {
      const { step, value } = JSON.parse(line) as { step: string; value: unknown };
      steps.set(step, value);
    }
    if (!steps.has('snapshots')) throw new Error(`${ended.stdout}\n${ended.stderr}`);
  });

  it('F4: stops an import, and what it stored is there', () => {
    const told = steps.get('import') as Record<string, number | string>;
    expect(told).toMatchObject({ state: 'failed', stopped: 'DISK_FULL' });
    // How many rows were written before objects took the last byte is chance.
    expect(told['stored']).toBeGreaterThan(0);
    expect(told['listed']).toBe(Number(told['stored']) + 5);
  });

  it('A11: at 0 bytes, images are shown, nothing more is taken, and deleting goes on', () => {
    expect(steps.get('free')).toBe(0);
    expect(steps.get('view')).toBe(true);
    expect(steps.get('full')).toBe(true);
    expect(steps.get('view when full')).toBe(true);
    expect(steps.get('show when full')).toBe(1);
    expect(steps.get('gave up')).toBe(true);
    expect(steps.get('refused')).toBe('DISK_FULL');
    expect(steps.get('deleted')).toEqual({ deleted: 1 });
    expect(steps.get('intact')).toBe(true);
  });

  it('A11: starts at 0 bytes, and emptying the trash makes room', () => {
    expect(steps.get('nothing left')).toMatch(/^(opened|DISK_FULL)$/);
    expect(steps.get('free again')).toBe(0);
    expect(steps.get('started')).toBe(1);
    expect(steps.get('emptied')).toMatchObject({ studies: 1 });
    expect(steps.get('made room')).toBe(true);
  });

  it('goes on once there is room, and every file is whole', () => {
    expect(steps.get('again')).toMatchObject({ state: 'failed' });
    expect(steps.get('not whole')).toBe(0);
  });

  it('F43: lists no backup that found no room', () => {
    expect(steps.get('backup')).toEqual({ state: 'failed', code: 'DISK_FULL' });
    expect(steps.get('manifests')).toBe(0);
  });
});
