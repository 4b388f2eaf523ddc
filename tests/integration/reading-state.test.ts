import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readingStateMostBytes } from '../../core/contract/reading.ts';
import { ask, importPaths, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';

let folder: ReturnType<typeof temporaryFolder>;
const inside = (name: string): string => join(folder.path, name);
const state = JSON.stringify({ version: 1, words: '结节 8 mm' });

beforeEach(() => {
  folder = temporaryFolder();
  writeSlices(inside('in'), 1, 3);
});
afterEach(() => folder.remove());

async function importOne() {
  const host = await openHost(inside('data'));
  await importPaths(host, [inside('in')]);
  const studyKey = (await listAll(host)).rows[0]?.studyKey ?? '';
  return { host, studyKey };
}

describe('what a reader did to a study', () => {
  it('is kept over a restart, and the last one counts', async () => {
    const { host, studyKey } = await importOne();
    expect(await ask(host, 'reading.load', { studyKey })).toEqual({ state: null });
    await ask(host, 'reading.save', { studyKey, state: '{}' });
    await ask(host, 'reading.save', { studyKey, state });
    await host.close();
    const again = await openHost(inside('data'));
    expect(await ask(again, 'reading.load', { studyKey })).toEqual({ state });
    await again.close();
  });

  it('goes with its study to the trash and back', async () => {
    const { host, studyKey } = await importOne();
    await ask(host, 'reading.save', { studyKey, state });
    await ask(host, 'studies.delete', { studyKeys: [studyKey] });
    await ask(host, 'studies.restore', { studyKeys: [studyKey] });
    expect(await ask(host, 'reading.load', { studyKey })).toEqual({ state });
    await host.close();
  });

  it('outlives a lost index', async () => {
    const { host, studyKey } = await importOne();
    await ask(host, 'reading.save', { studyKey, state });
    await host.close();
    for (const name of readdirSync(inside('data')).filter((n) => n.startsWith('index.db')))
      rmSync(inside(`data/${name}`));
    expect(existsSync(inside('data/index.db'))).toBe(false);
    const again = await openHost(inside('data'));
    await expect.poll(async () => (await listAll(again)).total).toBeGreaterThan(0);
    expect(await ask(again, 'reading.load', { studyKey })).toEqual({ state });
    await again.close();
  });

  it('of a study opened in place lives as long as the host, and leaves nothing behind', async () => {
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')], 'open');
    const opened = await ask(host, 'studies.list', {
      filter: { source: 'place' },
      sort: [],
      offset: 0,
      limit: 10,
    });
    const studyKey = opened.rows[0]?.studyKey ?? '';
    await ask(host, 'reading.save', { studyKey, state });
    expect(await ask(host, 'reading.load', { studyKey })).toEqual({ state });
    await host.close();
    expect(readdirSync(inside('data/readings'))).toEqual([]);
  });

  it('is refused for an unknown study and when it is too large', async () => {
    const { host, studyKey } = await importOne();
    const code = async (input: { studyKey: string; state: string }) => {
      const result = await host.call('reading.save', input);
      return result.ok ? 'ok' : result.problem.code;
    };
    expect(await code({ studyKey: 's.9.9', state })).toBe('NOT_FOUND');
    // Each of these letters is three bytes long.
    const most = Math.floor(readingStateMostBytes / 3);
    expect(await code({ studyKey, state: '结'.repeat(most) })).toBe('ok');
    expect(await code({ studyKey, state: '结'.repeat(most + 1) })).toBe('INPUT_INVALID');
    await host.close();
  });
});
