import { expect, it } from 'vitest';
import { collectFiles, type DirectoryEntryLike, type EntryLike } from './drop-entries.ts';

const file = (name: string, size = 3): EntryLike => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (done) => done(new Blob(['x'.repeat(size)])),
});
const broken = (name: string): EntryLike => ({
  isFile: true,
  isDirectory: false,
  name,
  file: (_done, failed) => failed(new Error('gone')),
});
/** Answers at most 100 a call, as browsers do. */
const folder = (name: string, children: readonly EntryLike[]): DirectoryEntryLike => ({
  isFile: false,
  isDirectory: true,
  name,
  createReader: () => {
    let from = 0;
    return {
      readEntries: (done) => {
        from += 100;
        done(children.slice(from - 100, from));
      },
    };
  },
});

it('reads folders of more than one batch, deep ones too, in order', async () => {
  const many = Array.from({ length: 250 }, (_, i) => file(`IM${String(i).padStart(4, '0')}`));
  const found = await collectFiles([folder('CD', [folder('DICOM', many), file('DICOMDIR')]), file('a.zip')]);
  expect(found.files).toHaveLength(252);
  expect(found.bytes).toBe(252 * 3);
  expect(found.files[0]?.path).toBe('CD/DICOM/IM0000');
  expect(found.files.at(-1)?.path).toBe('a.zip');
});

it('counts what cannot be read and goes on', async () => {
  const found = await collectFiles([broken('a'), file('b')]);
  expect(found).toMatchObject({ failed: 1, bytes: 3 });
  expect(found.files.map((item) => item.path)).toEqual(['b']);
});

it('ends on folders that hold themselves', async () => {
  const children: EntryLike[] = [];
  const loop = folder('loop', children);
  children.push(loop);
  expect(await collectFiles([loop])).toMatchObject({ files: [], failed: 1 });
});
