import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../../../core/base/problem.ts';
import { fail } from '../../../core/base/result.ts';
import { WorkerEnded } from '../worker-rpc.ts';
import { createParseService, type ParserClient } from './service.ts';

const misbehaving = `
  require('node:worker_threads').parentPort.on('message', (file) => {
    if (file === 'abort') process.exit(134);
    const eaten = [];
    for (;;) if (file === 'memory') eaten.push(new Array(200000).fill(eaten.length + 0.5));
  });
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-parse-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer = fail(problem('NOT_DICOM'));

/** Workers that answer, hang or die by the name of the file. */
function workers() {
  const seen = { files: [] as string[], started: 0, terminated: 0, running: 0, most: 0 };
  const startWorker = (): ParserClient => {
    seen.started++;
    const ask = async ({ file }: { readonly file: string }) => {
      seen.files.push(file);
      seen.running++;
      seen.most = Math.max(seen.most, seen.running);
      try {
        if (file.includes('takes a while')) await new Promise((resolve) => setTimeout(resolve, 100));
        if (file === 'slow once' && seen.started === 1) await new Promise(() => undefined);
        if (file.includes('hang')) await new Promise(() => undefined);
        if (file.includes('memory')) throw new WorkerEnded('Worker terminated: JS heap out of memory');
        if (file.includes('die')) throw new WorkerEnded('worker has ended');
        if (file.includes('once') && seen.started === 1) throw new WorkerEnded('worker has ended');
        await new Promise((resolve) => setTimeout(resolve, 1));
        return answer;
      } finally {
        seen.running--;
      }
    };
    const scanAll: ParserClient['scanAll'] = async ({ files, progress }) => {
      const answers = [];
      for (const [index, request] of files.entries()) {
        Atomics.store(progress, 0, index);
        answers.push(await ask(request));
      }
      return answers;
    };
    return {
      scanAll,
      tags: ask,
      inherited: ask,
      web: ask,
      terminate: async () => {
        seen.terminated++;
      },
    };
  };
  return { seen, startWorker };
}

describe('createParseService', () => {
  it('kills a worker that hangs twice on one file and reads the others', async () => {
    const { seen, startWorker } = workers();
    const service = createParseService({ workers: 1, startWorker, deadlineMs: 20, maxDeadlineMs: 40 });
    const [hung, next] = await Promise.all([
      service.scan('hang', { keepPartial: false }),
      service.scan('fine', { keepPartial: false }),
    ]);
    expect(hung).toEqual(fail(problem('DEADLINE', undefined, 'hang')));
    expect(next).toEqual(answer);
    expect(seen).toMatchObject({ started: 3, terminated: 2, files: ['hang', 'hang', 'fine'] });
    await service.close();
  });

  it('gives a file a second try when a busy machine let its deadline pass', async () => {
    const { seen, startWorker } = workers();
    const service = createParseService({ workers: 1, startWorker, deadlineMs: 20, maxDeadlineMs: 40 });
    expect(await service.scan('slow once', { keepPartial: false })).toEqual(answer);
    expect(seen).toMatchObject({ started: 2, terminated: 1 });
    await service.close();
  });

  it('allows each file of a message its own deadline', async () => {
    const { seen, startWorker } = workers();
    const service = createParseService({ workers: 1, startWorker, deadlineMs: 400, maxDeadlineMs: 400 });
    const files = Array.from({ length: 8 }, (_, i) => `takes a while ${i}`);
    const found = await Promise.all(files.map((file) => service.scan(file, { keepPartial: false })));
    expect(found).toEqual(files.map(() => answer));
    expect(seen).toMatchObject({ started: 1, files });
    await service.close();
  });

  it('tries a file again after a crash, and gives it up after the second', async () => {
    const { seen, startWorker } = workers();
    const service = createParseService({ workers: 1, startWorker });
    expect(await service.scan('once', { keepPartial: false })).toEqual(answer);
    expect(seen.started).toBe(2);
    expect(await service.scan('die', { keepPartial: false })).toEqual(
      fail(problem('PARSER_CRASH', undefined, 'die')),
    );
    expect(await service.scan('memory', { keepPartial: false })).toEqual(
      fail(problem('WORKER_OOM', undefined, 'memory')),
    );
    expect(await service.scan('fine', { keepPartial: false })).toEqual(answer);
    await service.close();
  });

  it('sends files in messages to one worker, and calls a second when the first does not answer', async () => {
    const { seen, startWorker } = workers();
    const service = createParseService({ workers: 2, startWorker, helpAfterMs: 200 });
    const scan = (file: string) => service.scan(file, { keepPartial: false });
    await Promise.all(Array.from({ length: 40 }, (_, i) => scan(`f${i}`)));
    expect(seen).toMatchObject({ started: 1, most: 1 });
    const hung = scan('hang');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await scan('fine')).toEqual(answer);
    expect(seen).toMatchObject({ started: 2, most: 2 });
    await service.close();
    void hung;
  });

  it('ends real threads that loop for ever or eat memory', async () => {
    const threads: Worker[] = [];
    const startWorker = (): ParserClient => {
      const worker = new Worker(misbehaving, {
        eval: true,
        resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
      });
      threads.push(worker);
      const ask = (file: string | undefined): Promise<never> =>
        new Promise((_, reject) => {
          let reason = 'worker has ended';
          worker.on('error', (error) => {
            reason = String(error);
          });
          worker.on('exit', () => reject(new WorkerEnded(reason)));
          worker.postMessage(file);
        });
      return {
        scanAll: ({ files }) => ask(files[0]?.file),
        tags: ({ file }) => ask(file),
        inherited: ({ file }) => ask(file),
        web: ({ file }) => ask(file),
        terminate: async () => {
          await worker.terminate();
        },
      };
    };
    const service = createParseService({
      workers: 1,
      startWorker,
      deadlineMs: 40_000,
      maxDeadlineMs: 40_000,
    });
    expect(await service.scan('memory', { keepPartial: false })).toMatchObject({
      problem: { code: 'WORKER_OOM' },
    });
    expect(await service.scan('abort', { keepPartial: false })).toMatchObject({
      problem: { code: 'PARSER_CRASH' },
    });
    const impatient = createParseService({ workers: 1, startWorker, deadlineMs: 300, maxDeadlineMs: 300 });
    const started = performance.now();
    expect(await impatient.scan('loop', { keepPartial: false })).toMatchObject({
      problem: { code: 'DEADLINE' },
    });
    // A busy machine takes its time to start a thread.
    expect(performance.now() - started).toBeLessThan(20_000);
    await Promise.all([service.close(), impatient.close()]);
    await Promise.all(threads.map((thread) => thread.terminate()));
  });

  it('reads files in real workers, and says what is wrong with a path', async () => {
    const service = createParseService();
    const text = join(folder, 'notes 张三.txt');
    writeFileSync(text, 'no DICOM here');
    expect(await service.scan(text, { keepPartial: false })).toEqual(
      fail(problem('NOT_DICOM', undefined, text)),
    );
    expect(await service.scan(folder, { keepPartial: false })).toEqual(
      fail(problem('NOT_REGULAR_FILE', undefined, folder)),
    );
    const missing = join(folder, 'missing');
    expect(await service.tags(missing)).toEqual(fail(problem('FILE_MISSING', undefined, missing)));
    await service.close();
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'tells a file that may not be read from one that cannot (skipped for root, who may read all, and on Windows)',
    async () => {
      const service = createParseService();
      const locked = join(folder, 'locked.dcm');
      writeFileSync(locked, '');
      chmodSync(locked, 0);
      expect(await service.scan(locked, { keepPartial: false })).toEqual(
        fail(problem('FORBIDDEN', undefined, locked)),
      );
      await service.close();
    },
  );
});
