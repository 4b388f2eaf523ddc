/** `candela render --view stack` against closed forms: the window function over values of known places. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSchema } from '../fixtures/cli-documents.ts';
import { type FieldSeries, placeOf, writeField } from '../fixtures/field-series.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const shared = sharedDataFolder();

const field: FieldSeries = {
  size: [20, 16, 5],
  spacing: [1, 1, 3],
  row: [1, 0, 0],
  column: [0, 1, 0],
  middle: [0, 0, 50],
  value: ([x, y, z]) => Math.round(12 * x - 7 * y + 20 * (z - 50)),
  slope: 1,
};

/** Width, height and the red of each pixel of an RGB or RGBA PNG whose lines have filter 0 or Sub. */
function readPng(path: string): { width: number; height: number; reds: readonly number[] } {
  const bytes = readFileSync(path);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const channels = bytes[25] === 6 ? 4 : 3;
  const idat = bytes.indexOf('IDAT');
  const raw = inflateSync(bytes.subarray(idat + 4, idat + 4 + bytes.readUInt32BE(idat - 4)));
  const line = 1 + width * channels;
  const reds: number[] = [];
  for (let n = 0; n < width * height; n++) {
    const at = Math.floor(n / width) * line;
    expect(raw[at]).toBeLessThanOrEqual(1);
    const left = raw[at] === 1 && n % width > 0 ? reds[n - 1]! : 0;
    reds.push((raw[at + 1 + (n % width) * channels]! + left) & 255);
  }
  return { width, height, reds };
}

/** PS3.3 C.11.2.1.2.1. */
const grey = (value: number, width: number, centre: number): number =>
  Math.min(255, Math.max(0, ((value - (centre - 0.5)) / (width - 1) + 0.5) * 255));

beforeAll(() => writeField(inside('field'), field));
afterAll(() => folder.remove());

const render = (series: string, ...words: readonly string[]) =>
  candela(['render', series, '--view', 'stack', ...words]);

describe('candela render --view stack', () => {
  it.each([
    [[], 3, 2],
    [['--slice', '5'], 5, 4],
  ] as const)('draws a frame of the stack in the window asked for (%j)', async (words, slice, k) => {
    const out = inside('a.png');
    const ended = await render(inside('field'), ...words, '--window', '300,20', '--out', out, '--json');
    expect(documentOf(renderSchema, ended)).toMatchObject({
      view: 'stack',
      width: 20,
      height: 16,
      slice,
      slices: 5,
      verdict: { kind: 'exact' },
    });
    const { width, height, reds } = readPng(out);
    expect([width, height]).toEqual([20, 16]);
    for (const [n, red] of reds.entries()) {
      const value = field.value(placeOf(field, n % width, Math.floor(n / width), k));
      expect(Math.abs(red - grey(value, 300, 20)), String(n)).toBeLessThanOrEqual(1);
    }
    expect(new Set(reds).size).toBeGreaterThan(100);
  });

  it('shows low values white where the files say so, in the stack and in planes', async () => {
    mkdirSync(inside('white'));
    for (const name of readdirSync(inside('field'))) {
      const bytes = readFileSync(join(inside('field'), name));
      bytes.write('1', bytes.indexOf('MONOCHROME2') + 'MONOCHROME'.length);
      writeFileSync(join(inside('white'), name), bytes);
    }
    const at = '--center 0,0,50 --right 1,0,0 --up 0,1,0 --size 12x10 --spacing 1'.split(' ');
    for (const words of [
      ['render', '--view', 'stack'],
      ['render', '--view', 'axial', '--size', '20x16'],
      ['slice', ...at],
    ]) {
      const [black, white] = [inside('black.png'), inside('white.png')];
      const [command = '', ...options] = words;
      for (const [series, out] of [
        ['field', black],
        ['white', white],
      ] as const) {
        const ended = await candela([
          command,
          inside(series),
          ...options,
          '--window',
          '300,20',
          '--out',
          out,
        ]);
        expect(ended.code, words.join(' ')).toBe(0);
      }
      const [before, after] = [readPng(black).reds, readPng(white).reds];
      expect(new Set(before).size, words.join(' ')).toBeGreaterThan(20);
      expect(
        after.filter((red, n) => Math.abs(red + before[n]! - 255) > 1),
        words.join(' '),
      ).toEqual([]);
    }
  });

  it('refuses what makes no sense for a frame, and a slice that is not there', async () => {
    const out = ['--out', inside('no.png')];
    for (const words of [
      ['--slab', '5'],
      ['--size', '9x9'],
      ['--slice', '0'],
      ['--window', '0,5'],
    ])
      expect((await render(inside('field'), ...words, ...out)).code, words.join(' ')).toBe(2);
    const far = await render(inside('field'), '--slice', '6', ...out);
    expect(far.code).toBe(1);
    expect(far.err).toContain('FRAME_RANGE');
    const plane = await candela(['render', inside('field'), '--view', 'axial', '--slice', '2', ...out]);
    expect(plane.code).toBe(2);
  });

  it.skipIf(shared === null)(
    `draws series that are no volume${shared === null ? ` (skipped: ${sharedDataMissing})` : ''}`,
    async () => {
      for (const [slug, code] of [
        ['xa-multiframe', 0],
        ['odd-rgb-volume', 0],
      ] as const) {
        const out = inside(`${slug}.png`);
        const ended = await render(join(shared ?? '', 'series', slug), '--out', out, '--json');
        expect(ended.code, slug).toBe(code);
        const told = documentOf(renderSchema, ended);
        const { width, height, reds } = readPng(out);
        expect([width, height]).toEqual([told.width, told.height]);
        expect(new Set(reds).size, slug).toBeGreaterThan(20);
      }
    },
  );

  it.skipIf(shared === null)(
    `counts as the scanner numbered, head first${shared === null ? ` (skipped: ${sharedDataMissing})` : ''}`,
    async () => {
      const series = join(shared ?? '', 'series/ct-chest-philips');
      // File 0100 is the highest slice, with the least InstanceNumber.
      const [first, alone] = [inside('first.png'), inside('alone.png')];
      const window = ['--window', '350,40'] as const;
      expect((await render(series, '--slice', '1', ...window, '--out', first)).code).toBe(0);
      expect((await render(join(series, '0100.dcm'), ...window, '--out', alone)).code).toBe(0);
      expect(readPng(first)).toEqual(readPng(alone));
    },
  );
});
