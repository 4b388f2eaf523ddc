import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { fileProblem } from './file-problem.ts';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'candela-'));
afterAll(() => rmSync(root, { recursive: true }));

const problemOf = (path: string): string => {
  try {
    makeFolder(path);
    return 'made';
  } catch (error) {
    return fileProblem(error, path).code;
  }
};

describe('making a folder', () => {
  it('makes those above it, and leaves one that is there', () => {
    const path = join(root, '检查', 'b', 'c');
    makeFolder(path, 0o700);
    makeFolder(path);
    expect(existsSync(path)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('says that none can be there where a file stands in the way', () => {
    writeFileSync(join(root, 'file'), '');
    expect(problemOf(join(root, 'file'))).toBe('FOLDER_IMPOSSIBLE');
    expect(problemOf(join(root, 'file', 'below', 'it'))).toBe('FOLDER_IMPOSSIBLE');
  });

  it('leaves one that another thread makes at the same moment', async () => {
    const [count, threads] = [2000, 2];
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const racing = `const { workerData: { url, root, gate, count, threads } } = require('node:worker_threads');
      import(url).then(({ makeFolder }) => {
        for (Atomics.add(gate, 0, 1); Atomics.load(gate, 0) < threads;);
        for (let n = 0; n < count; n++) makeFolder(root + '/raced' + n + '/a/b');
      });`;
    const url = new URL('./make-folder.ts', import.meta.url).href;
    const workerData = { url, root, gate, count, threads };
    const ends = Array.from({ length: threads }, () => {
      const worker = new Worker(racing, { eval: true, workerData });
      return Promise.race([once(worker, 'exit'), once(worker, 'error').then(([error]) => error)]);
    });
    expect(await Promise.all(ends)).toEqual([[0], [0]]);
    expect(existsSync(join(root, `raced${count - 1}`, 'a', 'b'))).toBe(true);
  });

  it.runIf(existsSync('/proc/self'))('ends where the system has no place for one', () => {
    expect(problemOf('/proc/candela')).toBe('FOLDER_IMPOSSIBLE');
    expect(problemOf('/proc/candela/data/x')).toBe('FOLDER_IMPOSSIBLE');
  });
});
