import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { Job } from '../../core/contract/jobs.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { indexLines } from '../fixtures/index-dump.ts';
import { writeSlices } from '../fixtures/slices.ts';

/** reliability.md B8, F43, F44. */
let folder: ReturnType<typeof temporaryFolder>;
let host: Host;
const inside = (name: string): string => join(folder.path, name);
const filesOf = (name: string): string[] =>
  existsSync(inside(name))
    ? readdirSync(inside(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

beforeEach(async () => {
  folder = temporaryFolder();
  writeSlices(inside('in'), 1, 20, 5000);
  host = await openHost(inside('data'));
  await importPaths(host, [inside('in')]);
  await ask(host, 'studies.setStarred', { studyKeys: ['s.1.2.3.1'], starred: true });
  await ask(host, 'reading.save', { studyKey: 's.1.2.3.1', state: '{"items":[1]}' });
  await ask(host, 'settings.set', { changes: { theme: 'light' } });
});
afterEach(async () => {
  await host.close();
  folder.remove();
});

type Backup = 'backup.start' | 'backup.verify';
async function run(name: Backup, to = 'backup', passphrase?: string): Promise<Job> {
  const { jobId } = await ask(host, name, { folder: inside(to), ...(passphrase && { passphrase }) });
  return jobEnd(host, jobId);
}
async function restore(target: string, from = 'backup', passphrase?: string): Promise<Job> {
  const secret = passphrase ? { passphrase } : {};
  const { jobId } = await ask(host, 'backup.restore', {
    folder: inside(from),
    target: inside(target),
    ...secret,
  });
  return jobEnd(host, jobId);
}
const listed = (to = 'backup'): string[] =>
  filesOf(`${to}/manifests`).filter((path) => path.endsWith('.manifest'));

async function sameStore(target: string): Promise<void> {
  const before = indexLines(inside('data'));
  expect(indexLines(inside(target))).toEqual(before);
  const second = await openHost(inside(target));
  expect((await listAll(second)).rows).toMatchObject([{ instances: 20, starred: true }]);
  expect((await ask(second, 'settings.get', {})).theme).toBe('light');
  expect(await ask(second, 'reading.load', { studyKey: 's.1.2.3.1' })).toEqual({ state: '{"items":[1]}' });
  expect((await ask(second, 'audit.list', { offset: 0, limit: 10 })).intact).toBe(true);
  const verify = await jobEnd(second, (await ask(second, 'verify.start', {})).jobId);
  expect(verify.counts).toMatchObject({ stored: 20, broken: 0 });
  await second.close();
}

describe.each([
  ['in clear', undefined],
  ['encrypted', 'open sesame'],
] as const)('a backup %s', (_kind, secret) => {
  it('comes back as it was, and the next one copies only what is new', async () => {
    const first = await run('backup.start', 'backup', secret);
    expect(first).toMatchObject({ state: 'done', problem: null });
    expect(first.counts?.stored).toBeGreaterThanOrEqual(23);
    expect(listed()).toHaveLength(1);
    const restored = await restore('restored', 'backup', secret);
    expect(restored).toMatchObject({ state: 'done', problem: null });
    await sameStore('restored');
    writeSlices(inside('more'), 2, 3, 5000);
    await importPaths(host, [inside('more')]);
    const second = await run('backup.start', 'backup', secret);
    expect(second).toMatchObject({ state: 'done' });
    // Three objects, the index and the log.
    expect(second.counts?.stored).toBeLessThanOrEqual(5);
    expect(second.counts?.duplicates).toBeGreaterThanOrEqual(20);
    const status = await ask(host, 'storage.status', {});
    expect(
      status.backups.map(({ instances, verified, encrypted }) => [instances, verified, encrypted]),
    ).toEqual([
      [23, true, secret !== undefined],
      [20, true, secret !== undefined],
    ]);
    expect(await run('backup.verify', 'backup', secret)).toMatchObject({ state: 'done', problem: null });
  });

  it('names a file that was flipped, cut or lost, and copies it anew', async () => {
    await run('backup.start', 'backup', secret);
    const blobs = filesOf('backup/blobs');
    const harm = [
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(path, bytes);
      },
      (path: string) => truncateSync(path, 10),
      (path: string) => rmSync(path),
    ];
    for (const [at, change] of harm.entries()) change(blobs[at * 3]!);
    const verify = await run('backup.verify', 'backup', secret);
    expect(verify).toMatchObject({ state: 'failed', problem: { code: 'BACKUP_DAMAGED' } });
    const { problems } = await ask(host, 'jobs.receipt', { receiptId: verify.receiptId ?? '' });
    expect(problems).toHaveLength(3);
    for (const { path } of problems)
      expect(path).toMatch(/^(objects|readings|provenance)\/|^(index\.db|audit\.key)$/);
    expect((await ask(host, 'storage.status', {})).backups[0]?.verified).toBe(false);
    expect(await restore('restored', 'backup', secret)).toMatchObject({
      problem: { code: 'BACKUP_DAMAGED' },
    });
    expect(existsSync(inside('restored'))).toBe(false);
    expect(await run('backup.start', 'backup', secret)).toMatchObject({ state: 'done', problem: null });
    expect(await run('backup.verify', 'backup', secret)).toMatchObject({ state: 'done', problem: null });
  });
});

describe('an encrypted backup', () => {
  it('tells nothing without the passphrase', async () => {
    await run('backup.start', 'backup', 'secret');
    const all = Buffer.concat(filesOf('backup').map((path) => readFileSync(path)));
    // Three letters stand in some of the ciphers by chance.
    const written = Buffer.concat(filesOf('in').map((path) => readFileSync(path)));
    expect(written.includes('Doe^Jane')).toBe(true);
    expect(all.includes('Doe^Jane')).toBe(false);
    expect(all.includes('1.2.3.1')).toBe(false);
    const known = new Set(filesOf('data/objects').map((path) => path.slice(-68, -4)));
    expect(filesOf('backup').filter((path) => known.has(path.slice(-64)))).toEqual([]);
    for (const wrong of [undefined, 'Secret']) {
      expect(await restore('restored', 'backup', wrong)).toMatchObject({
        problem: { code: 'BACKUP_PASSPHRASE' },
      });
      expect(await run('backup.verify', 'backup', wrong)).toMatchObject({
        problem: { code: 'BACKUP_PASSPHRASE' },
      });
      expect(await run('backup.start', 'backup', wrong)).toMatchObject({
        problem: { code: 'BACKUP_PASSPHRASE' },
      });
    }
    const jobs = JSON.stringify(await ask(host, 'jobs.list', {}));
    expect(jobs).not.toContain('secret');
  });
});

describe('refusals', () => {
  it('takes no folder that holds other things, nor one within the store', async () => {
    mkdirSync(inside('photos'));
    writeFileSync(inside('photos/me.jpg'), 'x');
    for (const name of ['photos', 'data/backups', 'data', '.']) {
      expect(await run('backup.start', name)).toMatchObject({ problem: { code: 'BACKUP_FOREIGN' } });
    }
    expect(filesOf('photos')).toEqual([inside('photos/me.jpg')]);
    expect(await run('backup.verify', 'photos')).toMatchObject({ problem: { code: 'BACKUP_NONE' } });
  });

  it('F44: restores onto nothing that is there, the store in use included', async () => {
    await run('backup.start');
    for (const target of ['data', 'in']) {
      const before = filesOf(target);
      expect(await restore(target)).toMatchObject({ state: 'failed', problem: { code: 'RESTORE_REFUSED' } });
      expect(filesOf(target)).toEqual(before);
    }
    mkdirSync(inside('empty'));
    expect(await restore('empty')).toMatchObject({ state: 'done' });
    await sameStore('empty');
  });

  it('a changed manifest is none, and its paths lead nowhere else', async () => {
    await run('backup.start');
    const [path] = listed();
    const text = readFileSync(path!, 'utf8');
    for (const changed of [
      text.replace('objects/', 'objects/../../'),
      text.replace(/"signature":"../, '"signature":"00'),
      text.slice(0, -200),
    ]) {
      writeFileSync(path!, changed);
      expect(await restore('restored')).toMatchObject({ problem: { code: 'BACKUP_DAMAGED' } });
    }
    expect(existsSync(inside('restored'))).toBe(false);
  });

  it('an object that is damaged in the store is told, and the rest is backed up', async () => {
    const objects = filesOf('data/objects');
    const bytes = readFileSync(objects[0]!);
    bytes[600]! ^= 1;
    writeFileSync(objects[0]!, bytes);
    rmSync(objects[1]!);
    const job = await run('backup.start');
    expect(job.counts).toMatchObject({ broken: 2 });
    const { problems } = await ask(host, 'jobs.receipt', { receiptId: job.receiptId ?? '' });
    expect(problems.map(({ code }) => code).sort()).toEqual(['FILE_MISSING', 'OBJECT_CORRUPT']);
    expect((await ask(host, 'storage.status', {})).backups).toMatchObject([
      { instances: 18, verified: true },
    ]);
  });

  it('damaged and lost objects come back from a backup', async () => {
    await run('backup.start', 'backup', 'secret');
    const [first, second] = filesOf('data/objects');
    const before = filesOf('data/objects').map((path) => readFileSync(path));
    truncateSync(first!, 30);
    rmSync(second!);
    await jobEnd(host, (await ask(host, 'verify.start', {})).jobId);
    expect((await ask(host, 'storage.status', {})).scrub).toMatchObject({ corrupt: 1, missing: 1 });
    const { jobId } = await ask(host, 'backup.repair', { folder: inside('backup'), passphrase: 'secret' });
    expect((await jobEnd(host, jobId)).counts).toMatchObject({ stored: 2, broken: 0 });
    expect(filesOf('data/objects').map((path) => readFileSync(path))).toEqual(before);
    expect((await ask(host, 'storage.status', {})).scrub).toMatchObject({ corrupt: 0, missing: 0 });
  });
});

describe('F43: killed', () => {
  const child = `
    const { createHost } = await import(process.env.HOST_FILE);
    const host = (await createHost({ dataDir: process.env.DATA_DIR, shell: 'cli' })).value;
    process.stdout.write('up\\n');
    await host.call(process.env.CALL, JSON.parse(process.env.INPUT));
    host.subscribe(0, (e) => { if (e.topic === 'job' && e.payload.state === 'done') process.exit(0); });`;

  /** Answers whether it was killed before its end. */
  async function killed(call: string, input: object, delayMs: number): Promise<boolean> {
    const worker = spawn(process.execPath, ['--input-type=module', '-e', child], {
      env: {
        ...process.env,
        HOST_FILE: resolve(import.meta.dirname, '../../main/host/host.ts'),
        DATA_DIR: inside('copy'),
        CALL: call,
        INPUT: JSON.stringify(input),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise<boolean>((done) => worker.once('exit', (code) => done(code !== 0)));
    await Promise.race([new Promise((go) => worker.stdout.once('data', go)), ended]);
    await Promise.race([ended, new Promise((go) => setTimeout(go, delayMs))]);
    worker.kill('SIGKILL');
    return ended;
  }

  it('at random moments of a backup, a rebuild or a restore, nothing half-made counts, and the store is whole', async () => {
    writeSlices(inside('more'), 2, 300, 20_000);
    await importPaths(host, [inside('more')]);
    await run('backup.start', 'good');
    await host.close();
    cpSync(inside('data'), inside('copy'), { recursive: true });
    const before = indexLines(inside('data'));
    let kills = 0;
    for (let round = 0; round < 4; round += 1) {
      const delayMs = 20 + ((round * 7) % 10) * 45;
      if (await killed('backup.start', { folder: inside('backup') }, delayMs)) kills += 1;
      if (await killed('rebuild.start', {}, delayMs)) kills += 1;
      const target = inside(`restored${round}`);
      if (await killed('backup.restore', { folder: inside('good'), target }, delayMs)) kills += 1;
      if (existsSync(target)) expect(indexLines(target)).toEqual(before);
    }
    expect(kills).toBeGreaterThan(4);
    host = await openHost(inside('copy'));
    expect(indexLines(inside('copy'))).toEqual(before);
    // Whatever is listed is good, and the next one goes on from what was copied.
    if (listed().length > 0) expect(await run('backup.verify')).toMatchObject({ problem: null });
    expect(await run('backup.start')).toMatchObject({ state: 'done', problem: null });
    expect(await restore('last')).toMatchObject({ state: 'done', problem: null });
    expect(indexLines(inside('last'))).toEqual(before);
    expect(readdirSync(inside('copy')).filter((name) => name.startsWith('rebuild-'))).toEqual([]);
  });
});
