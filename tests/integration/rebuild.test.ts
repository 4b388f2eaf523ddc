import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { takeSnapshot } from '../../main/host/store/snapshots.ts';
import { ask, importPaths, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { indexHash, indexLines } from '../fixtures/index-dump.ts';
import { element } from '../fixtures/raw-dicom.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { ctSlice, writeSlices } from '../fixtures/slices.ts';

/** reliability.md A10, B6, B7, F18 – F21, F24, F25: an index that is lost or damaged loses nothing. */
let folder: ReturnType<typeof temporaryFolder>;
const inside = (name: string): string => join(folder.path, name);
const index = (): string => inside('data/index.db');

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const key = (study: number): string => `s.1.2.3.${study}`;
const day = 24 * 60 * 60 * 1000;

/** Everything that a person can do to studies, some of it undone, some of it gone for good. */
async function live(host: Host): Promise<void> {
  for (const study of [1, 2, 3, 4]) writeSlices(inside(`in${study}`), study, 3);
  for (const study of [1, 2, 3, 4]) await importPaths(host, [inside(`in${study}`)]);
  await ask(host, 'studies.setStarred', { studyKeys: [key(1), key(2)], starred: true });
  await ask(host, 'studies.setStarred', { studyKeys: [key(2)], starred: false });
  await ask(host, 'studies.setUnread', { studyKeys: [key(3)], unread: false });
  await ask(host, 'reading.save', { studyKey: key(1), state: '{"items":[{"length":1}]}' });
  await ask(host, 'studies.delete', { studyKeys: [key(2), key(4)] });
  await ask(host, 'studies.restore', { studyKeys: [key(4)] });
  await ask(host, 'settings.set', { changes: { theme: 'light' } });
  // A version, a conflict, and another patient under the same UIDs.
  mkdirSync(inside('again'));
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(inside('again'), name), bytes);
  const corrected = [
    element(0x8, 0x1030, 'LO', 'Corrected'),
    element(0x8, 0x90, 'PN', 'Ward^Rita'),
    element(0x20, 0x10, 'SH', 'S1'),
  ];
  put('version', ctSlice(1, 1, ...corrected));
  put('conflict', ctSlice(1, 2, element(0x7fe0, 0x10, 'OW', new Array(16).fill(9))));
  put('patient', ctSlice(3, 9, element(0x10, 0x20, 'LO', 'OTHER')));
  const { receipt } = await importPaths(host, [inside('again')]);
  expect(receipt.stored).toBe(3);
  expect(receipt.flags).toMatchObject({ INSTANCE_VERSIONS: 1 });
}

const objectFiles = (): string[] =>
  readdirSync(inside('data/objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function rebuilt(host: Host) {
  const { jobId } = await ask(host, 'rebuild.start', {});
  const job = await jobEnd(host, jobId);
  expect(job.problem).toBeNull();
  return ask(host, 'jobs.receipt', { receiptId: job.receiptId ?? '' });
}

/** Waits until a host that started without an index has read everything in. */
const settled = async (host: Host): Promise<void> => {
  await host.close();
};

describe('rebuilding on request', () => {
  it('says the same, keeps what no file tells, and swaps under a running host', async () => {
    const host = await openHost(inside('data'));
    await live(host);
    const before = indexLines(inside('data'));
    const receipt = await rebuilt(host);
    expect(receipt.problems).toEqual([]);
    expect(receipt).toMatchObject({ broken: 0, stored: 15 });
    expect(indexLines(inside('data'))).toEqual(before);
    expect(existsSync(inside('data/backups/before-rebuild.db'))).toBe(true);
    expect(readdirSync(inside('data')).filter((name) => name.startsWith('rebuild-'))).toEqual([]);
    // The same host goes on: reading, writing, searching, its jobs and its audit trail.
    expect((await listAll(host)).total).toBe(4);
    expect((await listAll(host, 'doe')).total).toBeGreaterThan(0);
    expect((await ask(host, 'jobs.list', {})).map(({ kind }) => kind)).toContain('rebuild');
    const audit = await ask(host, 'audit.list', { offset: 0, limit: 100 });
    expect(audit.intact).toBe(true);
    expect(audit.rows.map(({ event }) => event)).toContain('store.rebuild');
    expect((await ask(host, 'settings.get', {})).theme).toBe('light');
    writeSlices(inside('in5'), 5, 2);
    expect((await importPaths(host, [inside('in5')])).receipt.stored).toBe(2);
    await host.close();
    const again = await openHost(inside('data'));
    expect((await listAll(again)).total).toBe(5);
    await again.close();
  });

  it('corrects rows that are wrong, and tells of them', async () => {
    const host = await openHost(inside('data'));
    await live(host);
    const before = indexLines(inside('data'));
    await host.close();
    const { openWritable } = await import('../../main/host/store/open-database.ts');
    const opened = openWritable(index());
    if (!opened.ok) throw new Error('index');
    opened.value.exec("UPDATE studies SET patient_id = 'WRONG' WHERE study_key = 's.1.2.3.1'");
    opened.value.exec("DELETE FROM instances WHERE instance_key = 's.1.2.3.3.2'");
    opened.value.close();
    const second = await openHost(inside('data'));
    const receipt = await rebuilt(second);
    expect(receipt.problems).toEqual([
      {
        code: 'INDEX_DIFFERED',
        params: expect.objectContaining({ instances: 1, readings: 0 }),
        path: 'index.db',
      },
    ]);
    expect(indexLines(inside('data'))).toEqual(before);
    await second.close();
  });

  it('keeps the rows of a file that is gone or damaged, and what came meanwhile', async () => {
    const host = await openHost(inside('data'));
    await live(host);
    const objects = objectFiles();
    rmSync(objects[0]!);
    truncateSync(objects[1]!, 0);
    writeSlices(inside('late'), 8, 4);
    const { jobId } = await ask(host, 'rebuild.start', {});
    const late = await ask(host, 'import.start', { paths: [inside('late')], mode: 'import' });
    const [job] = await Promise.all([jobEnd(host, jobId), jobEnd(host, late.jobId)]);
    expect(job.problem).toBeNull();
    const { rows } = await listAll(host);
    expect(rows.reduce((sum, { instances }) => sum + instances, 0)).toBe(11 + 4);
    await host.close();
  });

  it('does not believe a header whose file was changed, and tells of it', async () => {
    const host = await openHost(inside('data'));
    writeSlices(inside('in'), 1, 3);
    await importPaths(host, [inside('in')]);
    const before = indexLines(inside('data'));
    const [changed, gone] = objectFiles();
    const bytes = readFileSync(changed!);
    bytes.write('X', bytes.indexOf('Doe'));
    writeFileSync(changed!, bytes);
    rmSync(gone!);
    const receipt = await rebuilt(host);
    const nameOf = (path: string): string => `objects/${path.slice(-71, -69)}/${path.slice(-68)}`;
    const byCode = Object.fromEntries(receipt.problems.map(({ code, path }) => [code, path]));
    expect(byCode).toEqual({ OBJECT_CORRUPT: nameOf(changed!), FILE_MISSING: nameOf(gone!) });
    expect(receipt).toMatchObject({ stored: 1, broken: 2 });
    // What the index knew from the time when the bytes were right stays, and is marked: the right file heals it.
    expect(indexLines(inside('data'))).toEqual(before);
    expect((await importPaths(host, [inside('in')])).receipt).toMatchObject({ broken: 0 });
    expect((await rebuilt(host)).problems).toEqual([]);
    await host.close();
  });

  it('takes no row of a changed file that the index lacks', async () => {
    const host = await openHost(inside('data'));
    writeSlices(inside('in'), 1, 3);
    await importPaths(host, [inside('in')]);
    await host.close();
    const { openWritable } = await import('../../main/host/store/open-database.ts');
    const opened = openWritable(index());
    if (!opened.ok) throw new Error('index');
    const [changed] = objectFiles();
    opened.value.prepare('DELETE FROM instances WHERE file_sha256 = ?').run(changed!.slice(-68, -4));
    opened.value.close();
    const bytes = readFileSync(changed!);
    bytes.write('X', bytes.indexOf('Doe'));
    writeFileSync(changed!, bytes);
    const second = await openHost(inside('data'));
    const { problems, stored } = await rebuilt(second);
    expect(problems.map(({ code }) => code)).toContain('OBJECT_CORRUPT');
    expect(stored).toBe(2);
    expect(indexLines(inside('data')).instances.length).toBe(2);
    await second.close();
  });

  it('leaves everything as it is when it is cancelled', async () => {
    writeSlices(inside('in'), 1, 200);
    const host = await openHost(inside('data'));
    await importPaths(host, [inside('in')]);
    const before = indexHash(inside('data'));
    const { jobId } = await ask(host, 'rebuild.start', {});
    await ask(host, 'jobs.cancel', { jobId });
    expect(indexHash(inside('data'))).toBe(before);
    expect((await listAll(host)).total).toBe(1);
    await host.close();
    expect(readdirSync(inside('data')).filter((name) => name.startsWith('rebuild-'))).toEqual([]);
  });
});

describe('a start without a good index', () => {
  /** Lives, closes, harms, opens; the index must say what it said. */
  async function harmed(harm: () => void, prepare: (host: Host) => Promise<void> = live) {
    const host = await openHost(inside('data'));
    await prepare(host);
    await host.close();
    const before = indexLines(inside('data'));
    harm();
    const second = await openHost(inside('data'));
    await settled(second);
    return { before, after: indexLines(inside('data')) };
  }
  const removeIndex = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${index()}${suffix}`, { force: true });
  };

  it('F21: missing, it is made from the files; source, time, marks, trash and readers’ work come back', async () => {
    const { before, after } = await harmed(removeIndex);
    expect(after).toEqual(before);
    const host = await openHost(inside('data'));
    expect((await ask(host, 'settings.get', {})).theme).toBe('light');
    expect(await ask(host, 'reading.load', { studyKey: key(1) })).toEqual({
      state: '{"items":[{"length":1}]}',
    });
    await host.close();
  });

  it('F18: with its header zeroed or cut, it is set aside', async () => {
    const { before, after } = await harmed(() => {
      const bytes = readFileSync(index());
      bytes.fill(0, 0, 100);
      writeFileSync(index(), bytes);
    });
    expect(after).toEqual(before);
    expect(readdirSync(inside('data/backups'))).toContain('damaged-1.db');
  });

  it('B6: takes the newest good snapshot, and what came since', async () => {
    const { before, after } = await harmed(removeIndex, async (host) => {
      writeSlices(inside('first'), 7, 3);
      await importPaths(host, [inside('first')]);
      await ask(host, 'studies.setStarred', { studyKeys: [key(7)], starred: true });
      takeSnapshot(index(), inside('data/backups'), Date.now() - day);
      await live(host);
      await ask(host, 'studies.setStarred', { studyKeys: [key(7)], starred: false });
      takeSnapshot(index(), inside('data/backups'), Date.now());
      const newest = readdirSync(inside('data/backups')).sort().at(-1)!;
      writeFileSync(join(inside('data/backups'), newest), 'damaged too');
    });
    expect(after).toEqual(before);
  });

  it('F20: with its WAL removed, cut or foreign, every object is there', async () => {
    const host = await openHost(inside('other'));
    writeSlices(inside('foreign'), 90, 3);
    await importPaths(host, [inside('foreign')]);
    const wal = readFileSync(inside('other/index.db-wal'));
    await host.close();
    const { before, after } = await harmed(() => {
      writeFileSync(`${index()}-wal`, wal);
    });
    expect(after.instances.length).toBe(before.instances.length);
    expect(after).toEqual(before);
  });

  it('F19: with pages damaged at random, it is noticed or harmless', async () => {
    const host = await openHost(inside('data'));
    await live(host);
    await host.close();
    const before = indexLines(inside('data'));
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 6; round += 1) {
      rmSync(inside('copy'), { recursive: true, force: true });
      cpSync(inside('data'), inside('copy'), { recursive: true });
      const bytes = readFileSync(inside('copy/index.db'));
      for (let n = 0; n <= 400; n += 1) bytes[random(bytes.length)] = random(256);
      writeFileSync(inside('copy/index.db'), bytes);
      const second = await openHost(inside('copy'));
      await second.close();
      expect(indexLines(inside('copy')).instances, `round ${round}`).toEqual(before.instances);
    }
  });

  it.each(['instances', 'studies', 'meta'])(
    'F19: with its table %s gone bad after an orderly end, too',
    async (table) => {
      const { openReadable } = await import('../../main/host/store/open-database.ts');
      const { before, after } = await harmed(() => {
        const db = openReadable(index());
        const page = Number(
          db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table),
        );
        const size = Number(db.pragma('page_size', { simple: true }));
        db.close();
        const bytes = readFileSync(index());
        bytes.fill(0xaa, (page - 1) * size, page * size);
        writeFileSync(index(), bytes);
      });
      expect(after).toEqual(before);
    },
  );

  it('F24, F25: moved, and with foreign files in it, it opens', async () => {
    const { before, after } = await harmed(() => {
      writeFileSync(inside('data/objects/Thumbs.db'), 'x');
      writeFileSync(inside('data/objects/00/.DS_Store'), 'x');
      writeFileSync(inside('data/provenance/notes.txt'), 'x');
      renameSync(inside('data'), inside('moved'));
      renameSync(inside('moved'), inside('data'));
    });
    expect(after).toEqual(before);
    const host = await openHost(inside('data'));
    expect((await rebuilt(host)).problems).toEqual([]);
    await host.close();
  });

  it('takes objects in that no line of the log names', async () => {
    const { before, after } = await harmed(() => {
      removeIndex();
      rmSync(inside('data/provenance'), { recursive: true });
    });
    expect(after.instances.length).toBe(before.instances.length);
    expect(after.patients.length).toBe(before.patients.length);
  });

  it('logs a store anew that is older than the log', async () => {
    const host = await openHost(inside('data'));
    await live(host);
    await host.close();
    rmSync(inside('data/provenance'), { recursive: true });
    const { openWritable } = await import('../../main/host/store/open-database.ts');
    const opened = openWritable(index());
    if (!opened.ok) throw new Error('index');
    opened.value.exec("DELETE FROM meta WHERE key = 'provenanceThrough'");
    opened.value.close();
    const before = indexLines(inside('data'));
    await (await openHost(inside('data'))).close();
    removeIndex();
    await (await openHost(inside('data'))).close();
    expect(indexLines(inside('data'))).toEqual(before);
  });
});

const shared = sharedDataFolder();
describe.skipIf(shared === null)(`the shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  it('are the same studies after a rebuild, and after a lost index', async () => {
    const host = await openHost(inside('data'));
    const { receipt } = await importPaths(host, [shared!]);
    expect(receipt.stored).toBeGreaterThan(500);
    const before = indexLines(inside('data'));
    const rebuild = await rebuilt(host);
    expect(rebuild.problems).toEqual([]);
    expect(indexLines(inside('data'))).toEqual(before);
    await host.close();
    rmSync(index());
    await (await openHost(inside('data'))).close();
    expect(indexLines(inside('data'))).toEqual(before);
  });
});
