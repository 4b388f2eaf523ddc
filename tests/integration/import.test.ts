import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultOfCount } from '../../core/contract/frame-faults.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Receipt } from '../../core/contract/jobs.ts';
import {
  ask,
  bodyOf,
  codesOf,
  equationHolds,
  importPaths,
  listAll,
  openHost,
  temporaryFolder,
} from '../fixtures/host.ts';
import { element, file, meta, sliceWith } from '../fixtures/raw-dicom.ts';
import { type Manifest, readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

const shared = sharedDataFolder();
const folder = temporaryFolder();
let host: Host;

beforeAll(async () => {
  host = await openHost(join(folder.path, 'data'));
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

const inside = (name: string): string => join(folder.path, name);
/** A small valid CT with its own SOP Instance UID. */
const ct = (n: number, ...more: number[][]): Uint8Array =>
  file(sliceWith(element(0x8, 0x18, 'UI', `1.2.3.77.${n}`), element(0x20, 0xd, 'UI', '1.2.3.77'), ...more));

describe.skipIf(shared === null)(`the shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  let manifest: Manifest;
  let receipt: Receipt;
  beforeAll(async () => {
    manifest = readManifest(shared!);
    receipt = (await importPaths(host, [shared!])).receipt;
  });

  it('is counted whole', () => {
    expect(equationHolds(receipt)).toBe(true);
    const onDisk = readdirSync(shared!, { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    ).length;
    expect(receipt.files).toBe(onDisk);
  });

  it('lists every DICOMDIR and DIRFILE as a directory record', () => {
    const listed = receipt.problems
      .filter(({ code }) => code === 'DIRECTORY_RECORD')
      .map(({ path }) => path ?? '');
    const names = readdirSync(join(shared!, 'media'), { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && /^(DICOMDIR|DIRFILE)$/i.test(e.name))
      .map((e) => join(e.parentPath, e.name));
    expect(listed.sort()).toEqual(names.sort());
  });

  it('takes all that the manifest calls whole, and has a reason for each it refuses', () => {
    const refused = new Set(
      receipt.problems
        .filter(({ code }) => code !== 'UID_CONFLICT' && code !== 'FILE_MISSING')
        .map(({ path }) => (path ?? '').slice(shared!.length + 1)),
    );
    const known = new Map(manifest.files.map((entry) => [entry.path, entry]));
    for (const entry of manifest.files) {
      const isComplete =
        entry.SOPClassUID && entry.SOPInstanceUID && entry.StudyInstanceUID && entry.SeriesInstanceUID;
      if (entry.expected === 'rejected') expect(refused, entry.path).toContain(entry.path);
      else if (isComplete && entry.expected !== 'partial' && !/DICOMDIR|DIRFILE/i.test(entry.path)) {
        expect(refused, entry.path).not.toContain(entry.path);
      }
    }
    for (const path of refused) {
      const entry = known.get(path);
      const isComplete =
        entry?.SOPClassUID && entry.SOPInstanceUID && entry.StudyInstanceUID && entry.SeriesInstanceUID;
      const mayFail = !isComplete || entry?.expected !== undefined || /DICOMDIR|DIRFILE/i.test(path);
      expect(mayFail, `${path} was refused`).toBe(true);
    }
  });

  it('has every study of the manifest', async () => {
    const uids = new Set((await listAll(host)).rows.map(({ studyInstanceUID }) => studyInstanceUID));
    for (const series of manifest.series) {
      const first = manifest.files.find(({ path }) => path === series.files[0]);
      if (first?.StudyInstanceUID) expect(uids).toContain(first.StudyInstanceUID);
    }
  });

  it('is stored byte for byte under the hash of its bytes', async () => {
    const stored = readdirSync(inside('data/objects'), { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    );
    expect(stored).toHaveLength(receipt.stored);
    const originals = new Set(manifest.files.map(({ sha256 }) => sha256));
    for (const entry of stored) {
      const hash = createHash('sha256')
        .update(readFileSync(join(entry.parentPath, entry.name)))
        .digest('hex');
      expect(entry.name).toBe(`${hash}.dcm`);
      expect(originals).toContain(hash);
    }
  });

  it('adds nothing when it is imported again', async () => {
    const again = (await importPaths(host, [shared!])).receipt;
    expect(again).toMatchObject({
      files: receipt.files,
      stored: 0,
      duplicates: receipt.stored + receipt.duplicates,
    });
    expect(again).toMatchObject({ notDicom: receipt.notDicom, broken: receipt.broken });
    const stored = readdirSync(inside('data/objects'), { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    );
    expect(stored).toHaveLength(receipt.stored);
  });

  it('passes verification', async () => {
    const { jobId } = await ask(host, 'verify.start', {});
    const { jobEnd } = await import('../fixtures/host.ts');
    const job = await jobEnd(host, jobId);
    const found = await ask(host, 'jobs.receipt', { receiptId: job.receiptId ?? '' });
    expect(found).toMatchObject({ files: receipt.stored, stored: receipt.stored, broken: 0, problems: [] });
  });

  it.each([
    'disc-good',
    'disc-lowercase',
    'disc-dangling',
    'disc-dirfile',
    'disc-vendor-junk',
    'usb-no-dicomdir',
  ])('%s gives the instances the manifest counts, in place and unchanged', async (slug) => {
    const disc = join(shared!, 'media', slug);
    const before = treeOf(disc);
    const { job, receipt: opened } = await importPaths(host, [disc], 'open');
    expect(equationHolds(opened)).toBe(true);
    const medium = manifest.media.find((entry) => entry.slug === slug) as {
      instances?: number;
      studies?: number;
    };
    const places = await ask(host, 'studies.list', {
      filter: { source: 'place' },
      sort: [],
      offset: 0,
      limit: 100,
    });
    expect(places.rows.every(({ stored, studyKey }) => !stored && studyKey.startsWith(`${job.place}.`))).toBe(
      true,
    );
    const uids = opened.stored - (codesOf(opened)['UID_CONFLICT'] ?? 0);
    if (medium.instances !== undefined) expect(uids).toBe(medium.instances);
    await ask(host, 'import.closePlace', { place: job.place ?? '' });
    expect(treeOf(disc)).toEqual(before);
  });
});

/** Names, sizes and times: opening must never change a medium (reliability.md A8). */
const treeOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).map((e) => {
    const full = join(e.parentPath, e.name);
    const { size, mtimeMs } = statSync(full);
    return `${full} ${e.isFile() ? size : ''} ${mtimeMs}`;
  });

describe('sources', () => {
  // Windows knows no FIFO and needs rights for links; its file names are always Unicode.
  it.skipIf(process.platform === 'win32')(
    'takes names that are long, not ASCII or not UTF-8, and refuses links',
    async () => {
      const source = inside('names');
      const deep = join(
        source,
        ...Array.from({ length: 12 }, (_, n) => `很长的文件夹名字${'x'.repeat(20)}${n}`),
      );
      mkdirSync(deep, { recursive: true });
      expect(deep.length).toBeGreaterThan(260);
      writeFileSync(join(deep, '图像.dcm'), ct(1));
      writeFileSync(join(source, 'CON'), ct(2));
      writeFileSync(join(source, 'end. '), ct(3));
      writeFileSync(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xd5, 0xc5, 0x2e, 0x64])]), ct(4));
      symlinkSync(join(source, 'CON'), join(source, 'link.dcm'));
      execFileSync('mkfifo', [join(source, 'pipe')]);
      const { receipt } = await importPaths(host, [source]);
      expect(receipt).toMatchObject({ files: 6, stored: 4, broken: 2 });
      expect(codesOf(receipt)).toEqual({ NOT_REGULAR_FILE: 2 });
    },
  );

  it('keeps one SOP Instance UID with two contents, and says so', async () => {
    const source = inside('conflict');
    mkdirSync(source);
    writeFileSync(
      join(source, 'a'),
      ct(10, element(0x20, 0xd, 'UI', '1.2.3.70'), element(0x10, 0x20, 'LO', 'A')),
    );
    writeFileSync(
      join(source, 'b'),
      ct(10, element(0x20, 0xd, 'UI', '1.2.3.70'), element(0x20, 0x32, 'DS', '1\\2\\3')),
    );
    const { receipt } = await importPaths(host, [source]);
    expect(receipt).toMatchObject({ files: 2, stored: 2 });
    expect(codesOf(receipt)).toEqual({ UID_CONFLICT: 1 });
  });

  it('knows a duplicate whose file meta information differs', async () => {
    const source = inside('meta');
    mkdirSync(source);
    const dataset = sliceWith(element(0x8, 0x18, 'UI', '1.2.3.78.1'));
    writeFileSync(join(source, 'a'), file(dataset));
    writeFileSync(join(source, 'b'), file(dataset, [...meta()], new Array(128).fill(65)));
    const { receipt } = await importPaths(host, [source]);
    expect(receipt).toMatchObject({ files: 2, stored: 1, duplicates: 1 });
  });

  it('opens in place what an import refuses', async () => {
    const source = inside('partial.dcm');
    writeFileSync(source, file(sliceWith(element(0x20, 0xd, 'UI', ''))));
    const refused = await importPaths(host, [source]);
    expect(refused.receipt).toMatchObject({ files: 1, broken: 1 });
    const counts = { stored: 0, duplicates: 0, notDicom: 0, broken: 1 };
    expect(refused.job).toMatchObject({ state: 'done', counts });
    const listed = await ask(host, 'jobs.list', {});
    expect(listed.find(({ jobId }) => jobId === refused.job.jobId)?.counts).toEqual(counts);
    const { job, receipt } = await importPaths(host, [source], 'open');
    expect(receipt).toMatchObject({ files: 1, stored: 1 });
    await ask(host, 'import.closePlace', { place: job.place ?? '' });
  });

  it('says of a path that is not there that it is missing', async () => {
    const { job, receipt } = await importPaths(host, [inside('nowhere')]);
    expect(job.problem).toMatchObject({ code: 'FILE_MISSING', path: inside('nowhere') });
    expect(receipt).toMatchObject({ files: 1, broken: 1 });
    expect(codesOf(receipt)).toEqual({ FILE_MISSING: 1 });
  });
});

describe('uploads', () => {
  it('keep the names they came with and leave nothing behind', async () => {
    const { uploadId } = await ask(host, 'import.beginUpload', { title: 'CD 王伟' });
    const send = async (name: string, bytes: Uint8Array) => {
      const path = `/upload/${uploadId}?name=${encodeURIComponent(name)}`;
      const body = (async function* () {
        yield bytes;
      })();
      const response = await host.fetch({ method: 'POST', path, body });
      expect(response.status, (await bodyOf(response.body)).toString()).toBe(200);
    };
    await send('CD/IM1', ct(30));
    await send('CD/../../etc/passwd', new TextEncoder().encode('root'));
    await send('CD/DICOMDIR', new Uint8Array(200));
    const { jobId } = await ask(host, 'import.finishUpload', { uploadId, mode: 'import' });
    const { jobEnd } = await import('../fixtures/host.ts');
    const job = await jobEnd(host, jobId);
    const receipt = await ask(host, 'jobs.receipt', { receiptId: job.receiptId ?? '' });
    expect(receipt).toMatchObject({ source: 'CD 王伟', files: 3, stored: 1, notDicom: 2 });
    expect(receipt.problems.map(({ path }) => path).sort()).toEqual(['CD/../../etc/passwd', 'CD/DICOMDIR']);
    expect(readdirSync(inside('data/incoming/uploads'))).toEqual([]);
    expect(existsSync(inside('etc'))).toBe(false);
  });
});

describe('a study opened in place', () => {
  it('is kept by one call, and its bytes come from the medium until then', async () => {
    const source = inside('stick');
    mkdirSync(source);
    writeFileSync(join(source, 'one.dcm'), ct(40, element(0x20, 0xd, 'UI', '1.2.3.79')));
    await importPaths(host, [source], 'open');
    const places = await ask(host, 'studies.list', {
      filter: { source: 'place' },
      sort: [],
      offset: 0,
      limit: 10,
    });
    const study = places.rows.find(({ studyInstanceUID }) => studyInstanceUID === '1.2.3.79');
    const shown = await ask(host, 'studies.show', { studyKey: study?.studyKey ?? '' });
    const plan = await ask(host, 'series.plan', { seriesKey: shown.series[0]?.seriesKey ?? '' });
    const pixels = await host.fetch({ method: 'GET', path: `/pixels/${plan.planId}?frames=0` });
    expect((await bodyOf(pixels.body)).subarray(12)).toEqual(Buffer.alloc(16, 7));
    const { jobId } = await ask(host, 'import.keep', { studyKey: study?.studyKey ?? '' });
    const { jobEnd } = await import('../fixtures/host.ts');
    expect((await jobEnd(host, jobId)).state).toBe('done');
    const stored = await ask(host, 'uid.find', { uid: '1.2.3.79' });
    expect(stored.studies).toContain('s.1.2.3.79');

    cpSync(join(source, 'one.dcm'), join(source, 'copy'));
    writeFileSync(join(source, 'one.dcm'), ct(41));
    const changed = await host.fetch({ method: 'GET', path: `/pixels/${plan.planId}?frames=0` });
    expect(faultOfCount((await bodyOf(changed.body)).readUInt32LE(4))?.code).toBe('FILE_CHANGED');
    const whole = await host.fetch({ method: 'GET', path: `/instance/${plan.instances[0]?.instanceKey}` });
    expect(whole.status).toBe(409);
  });
});
