/** The command line on real data: what it imports, decodes, draws, and how it says what it cannot. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  frameSchema,
  listSchema,
  receiptSchema,
  renderSchema,
  showSchema,
  volumeSchema,
} from '../fixtures/cli-documents.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { type Manifest, readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const shared = sharedDataFolder();
const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const inShared = (path: string): string => join(shared ?? '', path);
afterAll(() => folder.remove());

/** Different pixels of an RGBA picture without filters that look back: what a black picture has one of. */
function greysOf(path: string): number {
  const png = readFileSync(path);
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return new Set(inflateSync(Buffer.concat(parts))).size;
}

describe.skipIf(shared === null)(`shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  let manifest: Manifest;
  beforeAll(() => {
    manifest = readManifest(shared!);
  });

  it('imports with an equation that holds, and exits 3 for broken files', async () => {
    const ended = await candela(['import', shared!, '--json', '--data', inside('all')]);
    expect(ended.code).toBe(3);
    const receipt = documentOf(receiptSchema, ended);
    const { files, stored, duplicates, notDicom, broken, problems } = receipt;
    expect(stored + duplicates + notDicom + broken).toBe(files);
    const onDisk = readdirSync(shared!, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(inShared(name)).isFile(),
    );
    expect(files).toBe(onDisk.length);
    expect(problems.length).toBeGreaterThanOrEqual(broken + notDicom);
    for (const found of problems) {
      expect(found.path).not.toBe('');
      expect(found.message).not.toMatch(/[{}]/);
    }
    const rows = documentOf(listSchema, await candela(['list', '--json', '--data', inside('all')]));
    // One UID under two patients is two rows.
    expect([...new Set(rows.map((row) => row.StudyInstanceUID))].sort()).toEqual([...receipt.studies].sort());
    const loop = manifest.files.find(({ path }) => path === 'series/xa-multiframe/0001.dcm');
    expect(rows.find((row) => row.StudyInstanceUID === loop?.StudyInstanceUID)).toMatchObject({
      instances: 1,
      frames: loop?.frames,
    });
  });

  it('frame has the manifest’s hashes, in the order asked', async () => {
    const exact = manifest.files.filter((file) => file.pixels?.exact && !file.path.startsWith('broken/'));
    const some = exact.filter((_, n) => n % 5 === 0);
    expect(some.length).toBeGreaterThan(80);
    const ended = await candela(['frame', ...some.map(({ path }) => inShared(path)), '--json']);
    const frames = documentOf(frameSchema, ended);
    expect(frames.map(({ source }) => source)).toEqual(some.map(({ path }) => inShared(path)));
    const wrong = frames.filter(({ sha256 }, n) => sha256 !== some[n]!.pixels!.sha256);
    expect(wrong).toEqual([]);
    expect(ended.code).toBe(frames.some((frame) => frame.problem) ? 3 : 0);
  });

  it('frame lists what has no picture, with the reason and exit code 3', async () => {
    const words = [
      'frame',
      inShared('media/disc-good/DICOMDIR'),
      inside('none'),
      inShared('README.md'),
      '1.2.3',
      '--json',
      '--data',
      inside('data'),
    ];
    const ended = await candela(words);
    expect(ended.code).toBe(3);
    const codes = documentOf(frameSchema, ended).map((frame) => frame.problem?.code);
    expect(codes).toEqual(['DIRECTORY_RECORD', 'NOT_FOUND', 'NOT_DICOM', 'NOT_FOUND']);
    const many = inShared('series/xa-multiframe/0001.dcm');
    const beyond = documentOf(frameSchema, await candela(['frame', many, '--frame', '999', '--json']));
    expect(beyond[0]).toMatchObject({ frames: 96, sha256: null, problem: { code: 'FRAME_RANGE' } });
  });

  it('shows in place whatever can be read, also what an import refuses', async () => {
    const refused = manifest.files.filter(
      ({ path, expected }) =>
        expected === 'partial' && /rows-zero|dwv-test|oob-monochrome-65535|GH340|cut-half/.test(path),
    );
    expect(refused).toHaveLength(5);
    const all = await Promise.all(
      refused.map(async (file) => ({ file, ended: await candela(['show', inShared(file.path), '--json']) })),
    );
    for (const { file, ended } of all) {
      expect(ended.code, file.path).toBe(0);
      const [series] = documentOf(showSchema, ended);
      expect(series?.instances, file.path).toBe(1);
      expect(series?.StudyInstanceUID, file.path).toBe(file.StudyInstanceUID ?? '');
    }
    const words = [
      'volume',
      inShared('broken/made-ct-cut-half.dcm'),
      '--out',
      inside('cut.nii.gz'),
      '--json',
    ];
    const cut = await candela(words);
    expect(cut.code).toBe(3);
    expect(documentOf(volumeSchema, cut).problems).toMatchObject([{ code: 'PIXEL_TRUNCATED' }]);
  });

  it('opens a disc by its folder or its DICOMDIR', async () => {
    const byFolder = await candela(['show', inShared('media/disc-good'), '--json']);
    const byDirectory = await candela(['show', inShared('media/disc-good/DICOMDIR'), '--json']);
    expect(documentOf(showSchema, byDirectory)).toEqual(documentOf(showSchema, byFolder));
  });

  const drawn: readonly (readonly [string, string, string])[] = [
    ['mr-sag-siemens-hfs', 'axial', ''],
    ['mr-4d-ge-fmri', '3d', ''],
    ['ct-phantom-philips-tilt-neg', 'coronal', ''],
    ['pet-cps', '3d', ''],
    ['odd-duplicate-positions', 'sagittal', ''],
    ['mr-mosaic-siemens', 'axial', ''],
    ['mr-uih-dti-mosaic', '3d', ''],
    ['odd-rgb-volume', '3d', 'VOLUME_COLOUR'],
    ['xa-multiframe', 'coronal', 'GEOMETRY_NO_ORIENTATION'],
  ];
  it.each(drawn)('%s is drawn (%s), or says in two sentences why not: %s', async (slug, view, code) => {
    const out = inside(`${slug}.png`);
    const words = ['--view', view, '--out', out, '--size', '64x64', '--json'];
    const ended = await candela(['render', inShared(`series/${slug}`), ...words]);
    if (code === '') {
      documentOf(renderSchema, ended);
      expect(greysOf(out)).toBeGreaterThan(5);
    } else {
      expect(ended).toMatchObject({ code: 1, out: '' });
      expect(ended.err).toMatch(new RegExp(`^candela: [^.]+\\. [^.]+\\. \\(${code}\\)\\n$`));
    }
  });

  it('says which files of a folder cannot be read, as slices may be missing, and exits 3', async () => {
    const path = inside('cut');
    cpSync(inShared('series/mr-non-isotropic'), path, { recursive: true });
    writeFileSync(join(path, 'notes.txt'), 'no picture');
    expect((await candela(['volume', path, '--json'])).code).toBe(0);
    // The last of four is cut in its header, and another one is none: what is left looks whole.
    const last = join(path, '0004.dcm');
    const bytes = readFileSync(last);
    rmSync(last);
    writeFileSync(last, bytes.subarray(0, 300));
    const nested = join(path, 'nested.dcm');
    cpSync(inShared('broken/made-preamble-only.dcm'), nested);
    const ended = await candela(['volume', path, '--json']);
    expect(ended.code).toBe(3);
    const { problems, size } = documentOf(volumeSchema, ended);
    expect(size[2]).toBe(3);
    expect(problems.map(({ code }) => code)).toEqual(['TRUNCATED_HEADER', 'TRUNCATED_HEADER']);
    expect(ended.err).toBe(`candela: ${nested}: ${problems[0]!.message} (TRUNCATED_HEADER)\n`);
    // Without the document a person reads the same on stderr, each once.
    const read = await candela(['volume', path]);
    expect(read.code).toBe(3);
    expect(read.err).toBe(`${ended.err}candela: ${problems[1]!.message} (TRUNCATED_HEADER)\n`);
    expect((await candela(['show', path, '--json'])).code).toBe(3);
    const words = ['--view', 'stack', '--out', inside('cut.png'), '--json'];
    expect((await candela(['render', path, ...words])).code).toBe(3);
  });

  it('of a folder with several series it takes the one that makes the best volume', async () => {
    const path = inside('mixed');
    for (const slug of ['pet-cps', 'mr-localizer-3plane-ge', 'xa-multiframe'])
      cpSync(inShared(`series/${slug}`), join(path, slug), { recursive: true });
    const ended = await candela(['volume', path, '--out', inside('mixed.nrrd'), '--json']);
    expect(documentOf(volumeSchema, ended).size).toEqual([128, 128, 32]);
  });
});
