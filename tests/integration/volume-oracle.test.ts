/**
 * `candela volume` against dcm2niix: every series of the shared data by the manifest's affines and voxel hashes, and
 * phantoms by the program itself where it is installed; and beads of the phantom by their known places.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { beads } from '../../core/phantom/anatomy/lesions.ts';
import type { KnownAnswers } from '../../core/phantom/known-answers.ts';
import { showSchema, volumeSchema } from '../fixtures/cli-documents.ts';
import { importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { align, type Nifti, pointOf, readNifti, readNrrd, reordered } from '../fixtures/nifti.ts';
import {
  type ManifestSeries,
  readManifest,
  sharedDataFolder,
  sharedDataMissing,
} from '../fixtures/shared-data.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const shared = sharedDataFolder();
const manifest = shared ? readManifest(shared) : null;
const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

/** 1,5,9,… of a RAS affine change sign: the manifest and NIfTI are RAS, `volume` prints LPS. */
const otherHandOf = (affine: readonly number[]): number[] => affine.map((x, n) => (n < 8 ? 0 - x : x));

async function volumeOf(word: string, name: string, ...more: string[]): Promise<Nifti> {
  const out = inside(name);
  const ended = await candela(['volume', word, '--out', out, '--json', ...more]);
  expect(ended.err).toBe('');
  const { affine, size } = documentOf(volumeSchema, ended);
  const bytes = readFileSync(out);
  const file = readNifti(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  expect(file.size).toEqual(size);
  otherHandOf(affine).forEach((x, n) => {
    expect(file.affine[n]).toBeCloseTo(x, 4);
  });
  return file;
}

const installed = ['dcm2niix', 'gdcmconv'].filter((tool) => spawnSync('which', [tool]).status === 0);
const has = (tool: 'dcm2niix' | 'gdcmconv'): boolean => installed.includes(tool);

interface Reference {
  readonly file: Nifti;
  readonly sha256: string;
}

/** What dcm2niix makes of a folder (values as RescaleSlope says, not Philips' private scale); null where it cannot read the pixels. */
function dcm2niix(from: string, to: string): Reference[] | null {
  mkdirSync(to, { recursive: true });
  const { status } = spawnSync('dcm2niix', [
    '-b',
    'n',
    '-z',
    'n',
    '-p',
    'n',
    '-f',
    '%f_%p_%s',
    '-o',
    to,
    from,
  ]);
  const files = readdirSync(to).filter((name) => name.endsWith('.nii'));
  if (status !== 0 || files.length === 0) return null;
  return files.flatMap((name) => {
    const bytes = readFileSync(join(to, name));
    return [{ file: readNifti(bytes), sha256: createHash('sha256').update(bytes).digest('hex') }];
  });
}

/** The same after GDCM has decompressed every file: this build of dcm2niix knows few codecs. */
function dcm2niixOfRaw(from: string, name: string): Reference[] {
  const raw = inside(`${name}-raw`);
  mkdirSync(raw, { recursive: true });
  for (const file of readdirSync(from)) spawnSync('gdcmconv', ['--raw', join(from, file), join(raw, file)]);
  return dcm2niix(raw, inside(`${name}-raw-nii`)) ?? [];
}

/** Largest difference of values, ours laid on one volume of theirs. */
function worstDifference(ours: Nifti, theirs: Nifti, volume: number): number {
  const mine = reordered(ours.values, ours.size, align(ours, theirs));
  let worst = 0;
  for (let n = 0; n < mine.length; n++)
    worst = Math.max(worst, Math.abs(mine[n]! - theirs.values[volume * mine.length + n]!));
  return worst;
}

const sizeFits = (ours: Nifti, affine: readonly number[], dim: readonly number[]): boolean =>
  align(ours, { affine, size: dim }).from.every((axis, n) => ours.size[axis] === dim[n]);

/** Where dcm2niix 1.0.20220720 differs by design, and why; everything else must be equal. */
const exceptions: Readonly<Record<string, string>> = {
  'ct-head-ge-tilt-uneven': 'tilted and uneven: its plain file is sheared, its own grid has another spacing',
  'mr-axial-oblique-ge': 'uneven gaps: it keeps the slices and a mean spacing, we resample',
  'mr-multi-echo-siemens echo 1': 'a missing slice: it keeps three slices, we fill the regular grid',
  'odd-duplicate-positions': 'repeated positions and far gaps: it drops two slices, we say approximate',
  'odd-slice-increment-2': 'tilted with a missing slice: its file is sheared',
  'ct-phantom-philips-tilt-neg':
    'tilted: its plain file is sheared; the _Tilt file has our grid, other interpolation',
};

describe.skipIf(shared === null)(`shared data${shared ? '' : ` (${sharedDataMissing})`}`, () => {
  let host: Host;
  const data = inside('data');
  beforeAll(async () => {
    host = await openHost(data, { shell: 'browser' });
    await importPaths(host, [join(shared!, 'series')]);
  });
  afterAll(async () => host.close());

  interface Group {
    readonly name: string;
    readonly file: Nifti;
  }

  /** Every group of a series through the command line, or the code that says why there is none. */
  async function groupsOf({
    files: paths,
  }: ManifestSeries): Promise<{ groups: Group[]; refusals: string[] }> {
    const files = manifest!.files.filter(({ path }) => paths.includes(path));
    const groups: Group[] = [];
    const refusals: string[] = [];
    for (const uid of new Set(files.map((file) => file.SeriesInstanceUID!))) {
      const shown = documentOf(showSchema, await candela(['show', uid, '--json', '--data', data]));
      for (const { group } of shown.flatMap((series) => series.groups)) {
        const out = inside('group.nii');
        const words = ['volume', uid, '--group', group, '--out', out, '--json', '--data', data];
        const ended = await candela(words);
        if (ended.code === 0 || ended.code === 3)
          groups.push({ name: group, file: readNifti(readFileSync(out)) });
        else refusals.push(/\(([A-Z_]+)\)\n$/.exec(ended.err)?.[1] ?? ended.err);
      }
    }
    return { groups, refusals };
  }

  const known = (manifest?.series ?? []).filter((series) => (series.dcm2niix ?? []).length > 0);
  const equal = known.filter(({ slug }) => exceptions[slug] === undefined);
  it('covers most series', () => {
    expect(equal.length).toBeGreaterThanOrEqual(20);
    const unknown = Object.keys(exceptions).filter(
      (key) => !known.some(({ slug }) => slug === key.split(' ')[0]),
    );
    expect(unknown).toEqual([]);
  });

  it.each(equal.map((series) => [series.slug, series] as const))(
    '%s: the grid of every file of dcm2niix, and its values where it is installed',
    async (slug, series) => {
      const { groups, refusals } = await groupsOf(series);
      expect(refusals).toEqual([]);
      const from = join(shared!, 'series', slug);
      const made = has('dcm2niix') ? (dcm2niix(from, inside(`${slug}-nii`)) ?? []) : [];
      const raw = made.length > 0 || !has('dcm2niix') || !has('gdcmconv') ? made : dcm2niixOfRaw(from, slug);
      let compared = 0;
      for (const { name, dim, affine: rows } of series.dcm2niix) {
        if (exceptions[`${slug} echo 1`] !== undefined && name.includes('_e1')) continue;
        const affine = rows.flat();
        const near = groups.filter(
          ({ file }) => sizeFits(file, affine, dim) && align(file, { affine, size: dim }).cornerMm < 0.001,
        );
        expect(near.length, name).toBeGreaterThanOrEqual(dim[3] ?? 1);
        const theirs = raw.filter(
          ({ file }) => sizeFits(file, affine, dim) && align(file, { affine, size: dim }).cornerMm < 0.001,
        );
        // Every volume of theirs is one of our groups, value for value; scaled ones as far as float32 tells.
        for (const { file } of theirs) {
          const most = file.values.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
          for (let volume = 0; volume < file.volumes; volume++) {
            const worst = Math.min(...near.map((group) => worstDifference(group.file, file, volume)));
            expect(worst / most, `${name} ${volume}`).toBeLessThan(slug === 'pet-cps' ? 1e-6 : 1e-7);
            for (const group of near) expect(group.file.formCodes, name).toEqual(file.formCodes);
            compared += 1;
          }
        }
      }
      if (has('dcm2niix') && has('gdcmconv')) expect(compared).toBeGreaterThan(0);
    },
  );

  it.each([
    ['mr-mosaic-siemens', 3],
    ['mr-uih-dti-mosaic', 3],
    ['mr-4d-ge-fmri', 3],
    ['mr-enhanced-siemens-xa10-4d', 4],
    ['mr-dwi-ge', 2],
  ])('%s is a 4D set of %i', async (slug, count) => {
    const { files } = known.find((series) => series.slug === slug)!;
    const uid = manifest!.files.find(({ path }) => path === files[0])!.SeriesInstanceUID!;
    const [shown] = documentOf(showSchema, await candela(['show', uid, '--json', '--data', data]));
    expect(shown!.groups.map(({ dimension }) => [dimension?.index, dimension?.count])).toEqual(
      Array.from({ length: count }, (_, index) => [index, count]),
    );
    expect(new Set(shown!.groups.map(({ dimension }) => dimension?.set)).size).toBe(1);
  });

  it('acquired slices stay as they are where one is missing', async () => {
    const series = known.find(({ slug }) => slug === 'mr-multi-echo-siemens')!;
    const { groups } = await groupsOf(series);
    const { file } = groups.find(({ file: { size } }) => size[2] === 4)!;
    const plane = file.size[0] * file.size[1];
    const hashes = [0, 1, 2, 3].map((k) =>
      createHash('sha256')
        .update(Int16Array.from(file.values.subarray(k * plane, (k + 1) * plane)))
        .digest('hex'),
    );
    const own = series.files.flatMap(
      (path) => manifest!.files.find((one) => one.path === path)?.pixels ?? [],
    );
    const found = hashes.map((hash) =>
      own.some((pixels) => [pixels.sha256, pixels.sha256Masked].includes(hash)),
    );
    expect(found).toEqual([true, true, false, true]);
  });

  it('a tilted series comes on the grid of dcm2niix’s corrected file', async () => {
    const series = known.find(({ slug }) => slug === 'ct-phantom-philips-tilt-neg')!;
    const { groups } = await groupsOf(series);
    const { affine, dim } = series.dcm2niix.find(({ name }) => name.includes('_Tilt'))!;
    expect(align(groups[0]!.file, { affine: affine.flat(), size: dim }).cornerMm).toBeLessThan(0.001);
  });

  it('NRRD says the same as NIfTI', async () => {
    const uid = manifest!.files.find(({ path }) => path === 'series/mr-hitachi/0001.dcm')!.SeriesInstanceUID!;
    const nifti = await volumeOf(uid, 'h.nii.gz', '--data', data);
    const ended = await candela(['volume', uid, '--out', inside('h.nrrd'), '--json', '--data', data]);
    const { affine, size } = documentOf(volumeSchema, ended);
    const { fields, data: bytes } = readNrrd(readFileSync(inside('h.nrrd')));
    expect(Object.fromEntries(fields)).toMatchObject({
      type: 'int16',
      dimension: '3',
      space: 'left-posterior-superior',
      sizes: size.join(' '),
      endian: 'little',
      encoding: 'raw',
    });
    const numbers = (text = ''): number[] => text.match(/-?[\d.]+(?:e-?\d+)?/g)!.map(Number);
    const columns = [0, 1, 2].flatMap((c) => [affine[c]!, affine[4 + c]!, affine[8 + c]!]);
    expect(numbers(fields.get('space directions'))).toEqual(columns);
    expect(numbers(fields.get('space origin'))).toEqual([affine[3], affine[7], affine[11]]);
    const values = new Int16Array(Uint8Array.from(bytes).buffer);
    expect(values.every((value, n) => value === nifti.values[n])).toBe(true);
  });
});

const coarse = ['--size', '40x36', '--slices', '36', '--spacing', '1,0.9,1'];
const unevenGaps = Array.from({ length: 71 }, (_, n) => (n % 3 === 0 ? 0.6 : 0.4)).join(',');
/** A straight line between planes that are 1.2 mm apart moves a bead's centroid by 0.01 mm; finer planes do not. */
const fine = ['--size', '72x72', '--slices', '72', '--spacing', '0.5,0.5,0.5'];

/** Options, and the bead to scan around. */
const phantoms: Readonly<Record<string, readonly [words: readonly string[], bead: number]>> = {
  axial: [coarse, 0],
  sagittal: [[...coarse, '--orientation', 'sagittal'], 1],
  coronal: [[...coarse, '--orientation', 'coronal'], 2],
  oblique: [[...coarse, '--orientation', 'oblique'], 3],
  reversed: [[...coarse, '--reversed'], 4],
  tilted: [[...coarse, '--tilt', '12'], 5],
  'tilted the other way, oblique': [[...coarse, '--tilt', '-18', '--orientation', 'oblique'], 0],
  uneven: [[...fine, '--gaps', unevenGaps], 1],
  'uneven, reversed and tilted': [[...fine, '--gaps', unevenGaps, '--tilt', '9', '--reversed'], 2],
};
/** The bar for every acquisition (issue 8). */
const apartMm = 0.01;

/** Centroid of what is well above air, within 9 mm of a place; LPS mm through the file's own affine. */
function centroidNear({ values, size, affine }: Nifti, placeMm: readonly number[]): number[] {
  const lps = otherHandOf(affine);
  let weight = 0;
  const sum = [0, 0, 0];
  let at = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++) {
        const above = values[at++]! + 1000;
        if (above < 1) continue;
        const point = pointOf(lps, [i, j, k]);
        if (Math.hypot(...point.map((x, n) => x - placeMm[n]!)) > 9) continue;
        weight += above;
        for (const n of [0, 1, 2]) sum[n]! += above * point[n]!;
      }
  return sum.map((x) => x / weight);
}

describe.each(Object.entries(phantoms))('a bead of the phantom: %s', (name, [words, bead]) => {
  const path = inside(`phantom-${name}`);
  const { centre } = beads[bead]!;
  let volume: Nifti;
  beforeAll(async () => {
    // Off the bead's centre, so that no symmetry hides a fault.
    const center = centre.map((x, n) => x + [0.13, -0.21, 0.17][n]!).join(',');
    const more = ['--center', center, '--noise', '0', '--beads', '--json'];
    const ended = await candela(['phantom', '--out', path, ...words, ...more]);
    expect(ended.code, ended.err).toBe(0);
    const { answers } = JSON.parse(ended.out) as { answers: KnownAnswers };
    expect(answers.beads[bead]?.centreMm).toEqual([...centre]);
    volume = await volumeOf(path, `${name}.nii`);
  });

  it('lies where it is known to be', () => {
    const found = centroidNear(volume, centre);
    expect(Math.hypot(...found.map((x, n) => x - centre[n]!))).toBeLessThan(apartMm);
  });

  it('is where dcm2niix puts it', ({ skip }) => {
    skip(!has('dcm2niix'), 'dcm2niix is not installed');
    skip(/tilted|uneven/.test(name), 'dcm2niix shears or keeps uneven slices by design');
    const [theirs] = dcm2niix(path, inside(`${name}-nii`)) ?? [];
    expect(align(volume, theirs!.file).cornerMm).toBeLessThan(0.001);
    expect(worstDifference(volume, theirs!.file, 0)).toBe(0);
    expect(volume.formCodes).toEqual(theirs!.file.formCodes);
  });
});
