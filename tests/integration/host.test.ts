import { spawn } from 'node:child_process';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostEvent } from '../../core/contract/index.ts';
import { createHost } from '../../main/host/host.ts';
import { createParseService } from '../../main/host/parse/service.ts';
import { connectHost } from '../../main/host/relay/client.ts';
import {
  ask,
  bodyOf,
  codesOf,
  equationHolds,
  importPaths,
  jobEnd,
  listAll,
  openHost,
  temporaryFolder,
} from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';

let folder: ReturnType<typeof temporaryFolder>;
const inside = (name: string): string => join(folder.path, name);
const objects = (): string[] =>
  readdirSync(inside('data/objects'), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('one data folder', () => {
  it('has one host; another process is told, and can use the first', async () => {
    const first = await openHost(inside('data'));
    const before = readFileSync(inside('data/index.db'));
    expect(await createHost({ dataDir: inside('data'), shell: 'browser' })).toEqual({
      ok: false,
      problem: { code: 'STORE_IN_USE' },
    });
    expect(readFileSync(inside('data/index.db'))).toEqual(before);
    const second = await connectHost(inside('data'));
    expect((await second?.call('app.info', {}))?.ok).toBe(true);
    writeSlices(inside('in'), 1, 3);
    const { receipt } = await importPaths(second!, [inside('in')]);
    expect(receipt).toMatchObject({ files: 3, stored: 3 });
    const plan = await ask(second!, 'series.plan', { seriesKey: 's.1.2.3.1.0' });
    const remote = await second!.fetch({ method: 'GET', path: `/pixels/${plan.planId}?frames=0-2` });
    const local = await first.fetch({ method: 'GET', path: `/pixels/${plan.planId}?frames=0-2` });
    expect(await bodyOf(remote.body)).toEqual(await bodyOf(local.body));
    expect((await second!.fetch({ method: 'GET', path: '/instance/s.9' })).status).toBe(404);
    await second?.close();
    await first.close();
    expect(await connectHost(inside('data'))).toBeNull();
  });

  it('refuses a caller that cannot read the folder’s key', async () => {
    const host = await openHost(inside('data'));
    writeFileSync(inside('data/host.key'), 'not the key');
    expect(await connectHost(inside('data'))).toBeNull();
    await host.close();
  });

  it('remembers settings, jobs, receipts and marks, and keeps its audit trail', async () => {
    writeSlices(inside('in'), 1, 2);
    const first = await openHost(inside('data'));
    const { receipt } = await importPaths(first, [inside('in')]);
    await ask(first, 'settings.set', { changes: { theme: 'light' } });
    await ask(first, 'studies.setStarred', { studyKeys: ['s.1.2.3.1'], starred: true });
    await first.close();
    const second = await openHost(inside('data'));
    expect((await ask(second, 'settings.get', {})).theme).toBe('light');
    expect((await listAll(second)).rows[0]).toMatchObject({ starred: true, unread: true, arriving: false });
    expect(await ask(second, 'jobs.receipts', {})).toEqual([receipt]);
    await ask(second, 'series.plan', { seriesKey: 's.1.2.3.1.0' });
    expect((await listAll(second)).rows[0]).toMatchObject({ unread: false });
    const audit = await ask(second, 'audit.list', { offset: 0, limit: 100 });
    expect(audit.intact).toBe(true);
    expect(audit.rows.map(({ event }) => event)).toEqual([
      'study.open',
      'app.start',
      'settings.write',
      'study.import',
      'app.start',
    ]);
    await second.close();
  });

  it('leaves no trace of a plan asked for ahead, and opens by it only while the series is the same', async () => {
    writeSlices(inside('in'), 1, 2);
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')]);
    const seriesKey = 's.1.2.3.1.0';
    const opened = async () => {
      const { rows } = await ask(host, 'audit.list', { offset: 0, limit: 100 });
      return rows.filter(({ event }) => event === 'study.open').length;
    };
    const { planId } = await ask(host, 'series.plan', { seriesKey, purpose: 'ahead' });
    expect([await opened(), (await listAll(host)).rows[0]?.unread]).toEqual([0, true]);
    expect(await ask(host, 'series.open', { seriesKey, planId })).toEqual({ plan: null });
    expect([await opened(), (await listAll(host)).rows[0]?.unread]).toEqual([1, false]);
    writeSlices(inside('in'), 1, 4);
    await importPaths(host, [inside('in')]);
    const { plan } = await ask(host, 'series.open', { seriesKey, planId });
    expect(plan?.frames).toHaveLength(4);
    expect(await opened()).toBe(2);
    const other = await ask(host, 'series.open', { seriesKey, planId: 'of another host' });
    expect(other.plan).toEqual(plan);
    const gone = await host.call('series.open', { seriesKey: 's.9', planId });
    expect(gone).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    await host.close();
  });

  it('deletes with undo', async () => {
    writeSlices(inside('in'), 1, 2);
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')]);
    const studyKeys = ['s.1.2.3.1'];
    expect(await ask(host, 'studies.delete', { studyKeys })).toEqual({ deleted: 1 });
    expect((await listAll(host)).total).toBe(0);
    expect((await listAll(host, 'doe')).total).toBe(0);
    expect(await ask(host, 'studies.counts', {})).toMatchObject({ all: 0, trash: 1 });
    const trash = await ask(host, 'studies.list', {
      filter: { trash: true, query: 'doe' },
      sort: [],
      offset: 0,
      limit: 9,
    });
    expect(trash.total).toBe(1);
    expect(objects()).toHaveLength(2);
    expect(await ask(host, 'studies.restore', { studyKeys })).toEqual({ restored: 1 });
    expect((await listAll(host, 'doe')).total).toBe(1);
    await host.close();
  });

  it('answers what it cannot take with a code, never an exception', async () => {
    const host = await openHost(inside('data'));
    const call = (name: string, input: unknown) => host.call(name as 'app.info', input as never);
    for (const [name, input] of [
      ['no.such', {}],
      ['__proto__', {}],
      ['studies.list', {}],
      ['studies.show', { studyKey: 'x', extra: 1 }],
      ['import.start', { paths: [], mode: 'import' }],
      ['import.start', { paths: ['/x'], mode: 'delete' }],
    ] as const) {
      expect(await call(name, input)).toMatchObject({ ok: false, problem: { code: 'INPUT_INVALID' } });
    }
    expect(await call('studies.show', { studyKey: 's.1' })).toMatchObject({ problem: { code: 'NOT_FOUND' } });
    const status = async (method: string, path: string) => (await host.fetch({ method, path })).status;
    expect(await status('GET', '/instance/..%2f..%2fetc%2fpasswd')).toBe(404);
    expect(await status('GET', '/../../etc/passwd')).toBe(404);
    expect(await status('GET', '/instance/%zz')).toBe(404);
    expect(await status('DELETE', '/instance/s.1')).toBe(405);
    expect(await status('POST', '/upload/none?name=x')).toBe(400);
    await host.close();
  });

  it('numbers its events so that a client can resume', async () => {
    writeSlices(inside('in'), 1, 2);
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')]);
    const all: HostEvent[] = [];
    host.subscribe(0, (event) => all.push(event))();
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(all.map(({ topic }) => topic)).toContain('studies');
    const later: HostEvent[] = [];
    host.subscribe(2, (event) => later.push(event))();
    expect(later).toEqual(all.slice(2));
    await host.close();
  });
});

describe('killed while it imports', () => {
  const child = `
    const { createHost } = await import(process.env.HOST_FILE);
    const host = (await createHost({ dataDir: process.env.DATA_DIR, shell: 'cli' })).value;
    host.subscribe(0, (e) => { if (e.topic === 'job') process.stdout.write(e.payload.done + '\\n'); });
    await host.call('import.start', { paths: [process.env.SOURCE], mode: 'import' });`;

  async function killAfter(delayMs: number): Promise<number> {
    const worker = spawn(process.execPath, ['--input-type=module', '-e', child], {
      env: {
        ...process.env,
        HOST_FILE: resolve(import.meta.dirname, '../../main/host/host.ts'),
        DATA_DIR: inside('data'),
        SOURCE: inside('in'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    let started: () => void = () => undefined;
    const running = new Promise<void>((go) => {
      started = go;
    });
    worker.stdout.on('data', (chunk: Buffer) => {
      acknowledged = Math.max(acknowledged, ...chunk.toString().trim().split('\n').map(Number));
      started();
    });
    const ended = new Promise<void>((done) => worker.once('exit', () => done()));
    await Promise.race([running, ended]);
    await Promise.race([ended, new Promise((go) => setTimeout(go, delayMs))]);
    worker.kill('SIGKILL');
    await ended;
    return acknowledged;
  }

  it('has lost nothing that it acknowledged, and goes on from there', async () => {
    const total = 300;
    writeSlices(inside('in'), 1, total, 40_000);
    for (const delayMs of [15, 60, 150, 260]) {
      const acknowledged = await killAfter(delayMs);
      const host = await openHost(inside('data'));
      const { rows } = await listAll(host);
      expect(rows[0]?.instances ?? 0).toBeGreaterThanOrEqual(acknowledged);
      const parts = readdirSync(inside('data/incoming'), { recursive: true, withFileTypes: true });
      expect(parts.filter((e) => e.isFile())).toEqual([]);
      expect(rows.every(({ arriving }) => !arriving)).toBe(true);
      const last = (await ask(host, 'jobs.list', {}))[0];
      expect(['interrupted', 'done']).toContain(last?.state);
      // Closing waits until objects without a row are taken in.
      await host.close();
    }
    const host = await openHost(inside('data'));
    const before = (await listAll(host)).rows[0]?.instances ?? 0;
    expect(objects()).toHaveLength(before);
    const { receipt } = await importPaths(host, [inside('in')]);
    expect(receipt.problems).toEqual([]);
    expect(receipt).toMatchObject({ files: total, duplicates: before, stored: total - before });
    const { jobId } = await ask(host, 'verify.start', {});
    const verified = await jobEnd(host, jobId);
    const found = await ask(host, 'jobs.receipt', { receiptId: verified.receiptId ?? '' });
    expect(found).toMatchObject({ files: total, stored: total, problems: [] });
    await host.close();
  });
});

describe('a damaged store', () => {
  it('builds its index anew from its files', async () => {
    writeSlices(inside('in'), 1, 20);
    writeSlices(inside('in2'), 2, 5);
    const first = await openHost(inside('data'));
    await importPaths(first, [inside('in'), inside('in2')]);
    const before = (await listAll(first)).rows.map(({ studyKey, instances, bytes }) => ({
      studyKey,
      instances,
      bytes,
    }));
    await first.close();
    for (const damage of ['zeros', 'cut', 'gone']) {
      const index = inside('data/index.db');
      if (damage === 'zeros') writeFileSync(index, Buffer.alloc(4096), { flag: 'r+' });
      if (damage === 'cut') truncateSync(index, 5000);
      if (damage === 'gone') rmSync(index);
      const host = await openHost(inside('data'));
      await host.close();
      const again = await openHost(inside('data'));
      const after = (await listAll(again)).rows.map(({ studyKey, instances, bytes }) => ({
        studyKey,
        instances,
        bytes,
      }));
      expect(
        after.sort((a, b) => a.studyKey.localeCompare(b.studyKey)),
        damage,
      ).toEqual(before.sort((a, b) => a.studyKey.localeCompare(b.studyKey)));
      await again.close();
    }
    expect(readdirSync(inside('data/backups')).filter((name) => name.endsWith('.db'))).toHaveLength(2);
  });

  it('finds a changed and a missing object', async () => {
    writeSlices(inside('in'), 1, 4);
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')]);
    const [first = '', second = ''] = objects();
    const bytes = readFileSync(first);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(first, bytes);
    rmSync(second);
    writeFileSync(inside('data/objects/Thumbs.db'), 'x');
    const { jobId } = await ask(host, 'verify.start', {});
    const job = await jobEnd(host, jobId);
    const receipt = await ask(host, 'jobs.receipt', { receiptId: job.receiptId ?? '' });
    expect(receipt).toMatchObject({ files: 4, stored: 2, broken: 2 });
    expect(codesOf(receipt)).toEqual({ OBJECT_CORRUPT: 1, FILE_MISSING: 1, NOT_FOUND: 1 });
    await host.close();
  });
});

describe('a job', () => {
  it('stops within a second of work of being cancelled, and keeps what is done', async () => {
    writeSlices(inside('in'), 1, 400);
    const parse = createParseService();
    let scanned = 0;
    const scanner = {
      async scan(file: string, options: { keepPartial: boolean }) {
        scanned += 1;
        // The last files hang as a bad medium does: a cancel that waits for them never answers.
        if (scanned > 200) await new Promise(() => undefined);
        return parse.scan(file, options);
      },
    };
    const host = await openHost(inside('data'), { scanner });
    const { jobId } = await ask(host, 'import.start', { paths: [inside('in')], mode: 'import' });
    await new Promise<void>((go) => {
      const stop = host.subscribe(0, (event) => {
        if (event.topic === 'job' && event.payload.done > 20) {
          setTimeout(() => stop());
          go();
        }
      });
    });
    // In time of our own threads: other programs of the machine have no part in it.
    const before = process.cpuUsage();
    await ask(host, 'jobs.cancel', { jobId });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
    const job = (await ask(host, 'jobs.list', {}))[0];
    expect(job?.state).toBe('cancelled');
    const receipt = await ask(host, 'jobs.receipt', { receiptId: job?.receiptId ?? '' });
    expect(receipt.cancelled).toBe(true);
    expect(equationHolds(receipt)).toBe(true);
    expect((await listAll(host)).rows[0]?.instances).toBe(receipt.stored);
    expect(objects()).toHaveLength(receipt.stored);
    await host.close();
    await parse.close();
  });

  it('stops when the disk is nearly full and says how much is missing', async () => {
    writeSlices(inside('in'), 1, 100);
    let looks = 0;
    const freeBytes = async () => {
      looks += 1;
      return looks <= 2 ? 2.5 * 1024 ** 3 : 1024 ** 3;
    };
    const host = await openHost(inside('data'), { freeBytes });
    const { job, receipt } = await importPaths(host, [inside('in')]);
    expect(job).toMatchObject({ state: 'failed', problem: { code: 'DISK_FULL' } });
    expect(receipt.stoppedBy?.params).toMatchObject({ missingBytes: 1024 ** 3 });
    expect(receipt.stored).toBeGreaterThan(0);
    expect(receipt.stored).toBeLessThan(100);
    expect(equationHolds(receipt)).toBe(true);
    expect((await listAll(host)).rows[0]?.instances).toBe(receipt.stored);
    await host.close();
  });

  it('refuses a file that is changed while it is read', async () => {
    writeSlices(inside('in'), 1, 3);
    const parse = createParseService();
    const scanner = {
      async scan(file: string, options: { keepPartial: boolean }) {
        const result = await parse.scan(file, options);
        if (file.endsWith('2')) appendFileSync(file, 'more');
        return result;
      },
    };
    const host = await openHost(inside('data'), { scanner });
    const { receipt } = await importPaths(host, [inside('in')]);
    expect(receipt).toMatchObject({ files: 3, stored: 2, broken: 1 });
    expect(codesOf(receipt)).toEqual({ FILE_CHANGED: 1 });
    await host.close();
    await parse.close();
  });

  it('says that the medium was removed', async () => {
    writeSlices(inside('in'), 1, 200);
    const parse = createParseService();
    let scanned = 0;
    const scanner = {
      async scan(file: string, options: { keepPartial: boolean }) {
        scanned += 1;
        if (scanned === 60) renameSync(inside('in'), inside('gone'));
        return parse.scan(file, options);
      },
    };
    const host = await openHost(inside('data'), { scanner });
    const { job, receipt } = await importPaths(host, [inside('in')]);
    expect(job.problem?.code).toBe('MEDIA_REMOVED');
    expect(equationHolds(receipt)).toBe(true);
    expect((await listAll(host)).rows[0]?.instances ?? 0).toBe(receipt.stored);
    renameSync(inside('gone'), inside('in'));
    const { jobId } = await ask(host, 'jobs.retry', { jobId: job.jobId });
    const again = await jobEnd(host, jobId);
    expect(again).toMatchObject({ state: 'done', done: 200 });
    await host.close();
    await parse.close();
  });
});
