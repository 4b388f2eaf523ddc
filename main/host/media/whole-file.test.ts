import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWhole, outputProblem, writeWhole } from './whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const noRoom = Object.assign(new Error('no room'), { code: 'ENOSPC' });
/** Half of a file, then a disk that is full. */
const half = async (path: string): Promise<void> => {
  await appendFile(path, 'half');
  throw noRoom;
};

describe('a file that a person named', () => {
  it('is there whole, or not at all', async () => {
    const path = join(folder, 'head.png');
    await expect(makeWhole(path, half)).rejects.toBe(noRoom);
    expect(readdirSync(folder)).toEqual([]);
    await writeWhole(path, new TextEncoder().encode('whole'));
    expect(readdirSync(folder)).toEqual(['head.png']);
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('stays what it was when another cannot take its place, or is no longer wanted', async () => {
    const path = join(folder, 'head.nii');
    writeFileSync(path, 'before');
    await expect(makeWhole(path, half)).rejects.toBe(noRoom);
    await expect(writeWhole(path, new Uint8Array(4), AbortSignal.abort())).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['head.nii']);
  });

  it.skipIf(process.platform === 'win32')(
    'may be one that a link leads to, or none that has a size',
    async () => {
      const path = join(folder, 'real.png');
      const link = join(folder, 'link.png');
      writeFileSync(path, 'before');
      symlinkSync(path, link);
      await writeWhole(link, new TextEncoder().encode('after'));
      expect(readFileSync(path, 'utf8')).toBe('after');
      await writeWhole('/dev/null', new Uint8Array(4));
      expect(readFileSync('/dev/null')).toHaveLength(0);
    },
  );

  it('that a full disk takes none of is told as such, not as the data folder’s', () => {
    expect(outputProblem(noRoom, 'head.png')).toEqual({ code: 'OUTPUT_DISK_FULL', path: 'head.png' });
    expect(outputProblem(Object.assign(new Error(), { code: 'EACCES' }), 'a').code).toBe('FORBIDDEN');
  });
});
