/** `--reduce`: volumes that do not fit into memory, read with averaged pixels where a person agrees to it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { element } from '../../core/dicom/write/element.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { temporaryFolder } from '../fixtures/host.ts';
import { type MadePixels, madeColumns, madeRows, writeSeries } from '../fixtures/made-series.ts';
import { readNrrd } from '../fixtures/nifti.ts';
import { oblique } from '../fixtures/scans.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const count = madeColumns * madeRows;
const padding = 9000;
const valueAt = (k: number, n: number): number => (k === 1 && n === 0 ? padding : 100 * k + n * n);
const grey: MadePixels = {
  bitsAllocated: 16,
  bytesOf: (k) => new Uint8Array(Uint16Array.from({ length: count }, (_, n) => valueAt(k, n)).buffer),
};
const colourAt = (k: number, n: number): number => (k * 40 + n * 7) % 200;
const colour: MadePixels = {
  bitsAllocated: 8,
  samples: 3,
  bytesOf: (k) => Uint8Array.from({ length: 3 * count }, (_, n) => colourAt(k, n)),
};
/** 16,384² pixels that no file holds: refused before anything is decoded. */
const huge: MadePixels = { bitsAllocated: 16, bytesOf: () => new Uint8Array(2) };
const sixteen = Array.from({ length: 16 }, (_, k) => 2 * k);

beforeAll(async () => {
  await kernelsReady();
  writeSeries(inside('grey'), {
    pixels: grey,
    heights: [0, 2, 4],
    more: () => [element(0x00280120, 'US', padding)],
  });
  writeSeries(inside('colour'), { pixels: colour, heights: [0, 2, 4] });
  writeSeries(inside('huge'), {
    pixels: huge,
    heights: sixteen,
    more: () => [element(0x00280010, 'US', 16_384), element(0x00280011, 'US', 16_384)],
  });
});

/** The plane of slice 1 with a pixel for each block of 2 × 2: 2 columns and 2 rows of the 5 × 4 pixels. */
function planeWords(out: string): string[] {
  const [betweenRows, betweenColumns] = oblique.spacing;
  const normal = [0, 1, 2].map((x) => {
    const [y, z] = [(x + 1) % 3, (x + 2) % 3];
    return oblique.row[y]! * oblique.column[z]! - oblique.row[z]! * oblique.column[y]!;
  });
  const center = [0, 1, 2].map(
    (x) =>
      oblique.origin[x]! +
      1.5 * betweenColumns * oblique.row[x]! +
      1.5 * betweenRows * oblique.column[x]! +
      2 * normal[x]!,
  );
  const up = oblique.column.map((x) => -x);
  return [
    ...['--center', center.join(','), '--right', oblique.row.join(','), '--up', up.join(',')],
    ...['--size', '1x1', '--spacing', '0.1', '--interpolation', 'nearest', '--out', inside(out)],
  ];
}

describe('candela slice --reduce', () => {
  it('is said on stderr and in the verdict, and refused where nothing would be left', async () => {
    // A series of 5 × 4 pixels has none of 9 × 9.
    const told = await candela([
      'render',
      inside('grey'),
      '--view',
      'axial',
      '--reduce',
      '9',
      '--out',
      inside('x.png'),
    ]);
    expect(told.code).toBe(2);
    const words = ['slice', inside('grey'), ...planeWords('grey.nrrd'), '--reduce', '2', '--json'];
    const ended = await candela(words);
    expect(ended.code).toBe(0);
    expect(ended.err).toMatch(/read reduced: 2 × 2 pixels averaged.*\(VOLUME_REDUCED\)/);
    const { verdict } = JSON.parse(ended.out) as { verdict: { reasons: { code: string }[] } };
    expect(verdict.reasons.map(({ code }) => code)).toEqual(['VOLUME_REDUCED']);
  });

  it.each([
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ])('block %i, %i is the mean of its pixels without padding, where these lie', async (i, j) => {
    const words = planeWords('block.nrrd');
    const [betweenRows, betweenColumns] = oblique.spacing;
    const corner = words[1]!.split(',').map(Number);
    const [right, down] = [(2 * i - 1) * betweenColumns, (2 * j - 1) * betweenRows];
    words[1] = corner.map((mm, x) => mm + right * oblique.row[x]! + down * oblique.column[x]!).join(',');
    expect((await candela(['slice', inside('grey'), ...words, '--reduce', '2'])).code).toBe(0);
    const { data } = readNrrd(readFileSync(inside('block.nrrd')));
    const [value] = new Float32Array(Uint8Array.from(data).buffer);
    const pixels = [0, 1, madeColumns, madeColumns + 1].map((n) => n + 2 * i + 2 * j * madeColumns);
    const held = pixels.map((n) => valueAt(1, n)).filter((own) => own !== padding);
    expect(value).toBeCloseTo(held.reduce((sum, own) => sum + own, 0) / held.length, 4);
    expect((await candela(['slice', inside('colour'), ...words, '--reduce', '2'])).code).toBe(0);
    const levels = [0, 1, 2].map((channel) => {
      const own = pixels.map((n) => colourAt(1, 3 * n + channel));
      return Math.floor(own.reduce((sum, one) => sum + one, 0) / 4 + 0.5);
    });
    expect([...readNrrd(readFileSync(inside('block.nrrd'))).data]).toEqual(levels);
  });
});

describe('a volume beyond memory', () => {
  it.each([
    ['slice', () => planeWords('huge.nrrd')],
    ['render', () => ['--view', 'axial', '--out', inside('huge.png')]],
    ['turntable', () => ['--out', inside('huge')]],
  ])('%s says which option of its own helps', async (command, words) => {
    const ended = await candela([command, inside('huge'), ...words()]);
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toMatch(/takes 16,384 MB decoded.*--reduce 3 .*\(VOLUME_NEEDS_REDUCING\)/);
  });
});
