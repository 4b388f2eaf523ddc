/** What a command says where it had to choose, and of series of one slice: nothing is taken or drawn in silence. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { element, type WriteElement } from '../../core/dicom/write/element.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { renderSchema, volumeSchema } from '../fixtures/cli-documents.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { type MadePixels, writeSeries } from '../fixtures/made-series.ts';
import { oblique, obliqueNormal } from '../fixtures/scans.ts';
import { candela, documentOf, type Ended } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const pixels: MadePixels = {
  bitsAllocated: 16,
  bytesOf: (k) => new Uint8Array(Uint16Array.from({ length: 20 }, (_, n) => 100 * k + n).buffer),
};
const thickness = element(0x00180050, 'DS', 3);
/** Three phases of four slices. */
const phases = (k: number): WriteElement[] => [element(0x00200100, 'IS', Math.floor(k / 4) + 1)];

/** The middle of the first slice, and a plane in it. */
const middle = [0, 1, 2].map(
  (x) =>
    oblique.origin[x]! +
    2 * oblique.spacing[1] * oblique.row[x]! +
    1.5 * oblique.spacing[0] * oblique.column[x]!,
);
const up = oblique.column.map((x) => -x);
const planeWords = (right: readonly number[], top: readonly number[]): string[] => [
  ...['--center', middle.join(','), '--right', right.join(','), '--up', top.join(',')],
  ...['--size', '9x9', '--spacing', '0.7'],
];
const inSlice = planeWords(oblique.row, up);
const across = planeWords(oblique.row, obliqueNormal);

beforeAll(async () => {
  await kernelsReady();
  writeSeries(inside('one'), { pixels, heights: [0], more: () => [thickness] });
  writeSeries(inside('bare'), { pixels, heights: [0] });
  writeSeries(inside('two'), { pixels, heights: [0, 2.5] });
  writeSeries(inside('phases'), {
    pixels,
    heights: Array.from({ length: 12 }, (_, k) => 2 * (k % 4)),
    more: phases,
  });
  mkdirSync(inside('both'));
  writeSeries(inside('both/a'), { pixels, heights: [0, 2, 4] });
  writeSeries(inside('both/b'), {
    pixels,
    heights: [0, 2, 4, 6],
    more: (k) => [element(0x0020000e, 'UI', '1.2.3.5'), element(0x00080018, 'UI', `1.2.3.5.${k}`)],
  });
});

const codesOf = ({ out }: Ended): string[] =>
  (JSON.parse(out) as { problems: { code: string }[] }).problems.map(({ code }) => code);

describe('one slice', () => {
  const run = (command: string, series: string, ...words: string[]) =>
    candela([
      command,
      inside(series),
      ...words,
      '--out',
      inside(`${command}-${series}${words.length}`),
      '--json',
    ]);
  const written = (command: string, series: string, name: string, ...words: string[]) =>
    candela([command, inside(series), ...words, '--out', inside(name), '--json']);

  it('is told by whatever goes across it, and not by planes in it', async () => {
    const cut = await written('slice', 'one', 'in.nrrd', ...inSlice);
    expect([cut.code, codesOf(cut)]).toEqual([0, []]);
    const batch = await run('reformat', 'one', ...inSlice, '--count', '1');
    expect([batch.code, codesOf(batch)]).toEqual([0, []]);
    for (const told of [
      await written('slice', 'one', 'across.nrrd', ...across),
      await run('reformat', 'one', ...inSlice, '--radial', '3'),
      await written('render', 'one', '3d.png', '--view', '3d', '--size', '32x32'),
      await run('turntable', 'one', '--frames', '2', '--size', '32x32'),
    ])
      expect([told.code, codesOf(told)]).toEqual([3, ['GEOMETRY_ONE_SLICE']]);
  });

  it('stands on stderr where no document tells of it', async () => {
    const told = await candela(['slice', inside('one'), ...across, '--out', inside('told.nrrd')]);
    expect(told.code).toBe(3);
    expect(told.err).toMatch(/only one slice.*\(GEOMETRY_ONE_SLICE\)/);
  });

  it('is a volume where its thickness is written, and a guess where it is not', async () => {
    const stated = await written('volume', 'one', 'one.nii');
    expect([stated.code, codesOf(stated)]).toEqual([0, []]);
    const guessed = await written('volume', 'bare', 'bare.nii');
    expect([guessed.code, codesOf(guessed)]).toEqual([3, ['GEOMETRY_ONE_SLICE']]);
  });

  it('two slices say where they lie themselves', async () => {
    for (const told of [
      await written('slice', 'two', 'two.nrrd', ...across),
      await written('volume', 'two', 'two.nii'),
    ])
      expect([told.code, codesOf(told), told.err]).toEqual([0, [], '']);
  });

  it('two slices are too few for 3D, as on the page', async () => {
    const told = await written('render', 'two', 'two.png', '--view', '3d', '--size', '32x32');
    expect([told.code, codesOf(told)]).toEqual([3, ['VOLUME_THIN']]);
  });
});

describe('one of several', () => {
  it('groups: says which of how many, and how to name another', async () => {
    const told = await candela(['volume', inside('phases'), '--json']);
    expect(told.err).toBe(
      'candela: the series holds 3 stacks of images; number 1 is taken: Time 1. ' +
        '--group with a name or number takes another (see candela show).\n',
    );
    expect(documentOf(volumeSchema, told)).toMatchObject({ group: 'Time 1', groupNumber: 1, groups: 3 });
    const third = await candela(['volume', inside('phases'), '--group', '3', '--json']);
    expect(third.err).toBe('');
    expect(documentOf(volumeSchema, third)).toMatchObject({ group: 'Time 3', groupNumber: 3, groups: 3 });
  });

  it('groups: a single image says so, too', async () => {
    const words = ['render', inside('phases'), '--view', 'stack', '--out', inside('stack.png'), '--json'];
    const told = await candela(words);
    expect(told.err).toMatch(/holds 3 stacks of images; number 1 is taken: Time 1/);
    expect(documentOf(renderSchema, told)).toMatchObject({ groupNumber: 1, groups: 3 });
  });

  it('series: names the one that is taken', async () => {
    const told = await candela(['volume', inside('both'), '--json']);
    expect(told.err).toMatch(/there are 2 series; 1\.2\.3\.5 is taken/);
    expect(documentOf(volumeSchema, told)).toMatchObject({ SeriesInstanceUID: '1.2.3.5', groups: 1 });
  });
});

it.each([
  ['mean', ['--slab', '2', '--mode', 'mean'], 'linear'],
  ['no slab', [], 'cubic'],
])('says what it was drawn with where cubic is asked for: %s', async (_name, slab, drawn) => {
  const words = ['slice', inside('two'), ...inSlice, ...slab, '--interpolation', 'cubic'];
  const told = await candela([...words, '--out', inside('cubic.nrrd'), '--json']);
  expect(JSON.parse(told.out)).toMatchObject({ interpolation: drawn });
});

it('a way to project needs a slab along a line, as in planes', async () => {
  const words = ['cpr', inside('phases'), '--line', 'x.json', '--out', inside('x.png'), '--slab-mode', 'mip'];
  const told = await candela(words);
  expect(told.code).toBe(2);
  expect(told.err).toMatch(/--slab-mode mip: .*\(INPUT_INVALID\)/);
});
