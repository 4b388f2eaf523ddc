/** Directories of a medium (DICOMDIR) that are damaged, empty or named otherwise: listed as what they are, and done without. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { scan } from '../../core/dicom/scan.ts';
import { equationHolds, importPaths, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { summaryOf } from '../fixtures/odd-object.ts';
import * as raw from '../fixtures/raw-dicom.ts';

const { element, u16, u32 } = raw;
const directoryClass = '1.2.840.10008.1.3.10';
const uids = [
  ...element(2, 2, 'UI', directoryClass),
  ...element(2, 3, 'UI', '1.2.3.9'),
  ...element(2, 0x10, 'UI', raw.explicitLittle),
];
const meta = [...element(2, 0, 'UL', u32(uids.length)), ...uids];
const title = element(4, 0x1130, 'CS', 'DISC');
const offsets = (first: number): number[] => [
  ...element(4, 0x1200, 'UL', u32(first)),
  ...element(4, 0x1202, 'UL', u32(first)),
  ...element(4, 0x1212, 'US', u16(0)),
];
const record = [
  ...element(4, 0x1400, 'UL', u32(0)),
  ...element(4, 0x1430, 'CS', 'IMAGE'),
  ...element(4, 0x1500, 'CS', 'A\\IMG1'),
];
const records = raw.sequence(4, 0x1220, record);
const whole = [...title, ...offsets(400), ...records];

const directories: Readonly<Record<string, Uint8Array>> = {
  whole: raw.file(whole, meta),
  'without offsets': raw.file([...title, ...records], meta),
  'with offsets beyond its end': raw.file([...title, ...offsets(2 ** 31), ...records], meta),
  'without records': raw.file(title, meta),
  'cut within its records': raw.file(whole.slice(0, -30), meta),
  'cut within its offsets': raw.file(whole.slice(0, title.length + 9), meta),
  'with records longer than the file': raw.file([...title, ...element(4, 0x1220, 'SQ', record, 9000)], meta),
  'of file meta information alone': raw.file([], meta),
  'without file meta information': raw.file(whole, [], []).slice(4),
};

describe('a directory', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it.each(Object.entries(directories))('%s is one, and no image', async (name, bytes) => {
    for (const keepPartial of [false, true])
      expect(scan(bytesSource(bytes), { keepPartial })).toMatchObject({ value: { isDirectory: true } });
    const path = join(folder.path, name);
    writeFileSync(path, bytes);
    expect((await summaryOf(path)).problem?.code).toBe('DIRECTORY_RECORD');
  });

  it('under another name is listed with the rest of its disc, and its files are found', async () => {
    const disc = join(folder.path, 'disc');
    mkdirSync(join(disc, 'A'), { recursive: true });
    const image = raw.file(raw.sliceWith(element(0x20, 0xd, 'UI', '1.2.3.77')));
    writeFileSync(join(disc, 'A', 'IMG1'), image);
    const named = Object.entries({ ...directories, DICOMDIR: directories['cut within its records']! });
    for (const [name, bytes] of named) writeFileSync(join(disc, name), bytes);
    const host = await openHost(join(folder.path, 'data'));
    try {
      const { receipt } = await importPaths(host, [disc]);
      expect(receipt).toMatchObject({ stored: 1, broken: 0, notDicom: named.length });
      expect(equationHolds(receipt)).toBe(true);
      const told = receipt.problems.filter(({ code }) => code === 'DIRECTORY_RECORD');
      expect(told.map(({ path }) => path).sort()).toEqual(named.map(([name]) => join(disc, name)).sort());
      expect((await listAll(host)).total).toBe(1);
    } finally {
      await host.close();
    }
  });
});
