/** Planes of colour series: each channel is what lies at the place, whatever coded it; what colours have not is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { type ColourCoding, type ColourSeries, writeColours } from '../fixtures/colour-series.ts';
import type { Triple } from '../fixtures/field-series.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { readNrrd } from '../fixtures/nifti.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const middle: Triple = [20, -35, 412];
const base = {
  size: [36, 32, 15],
  spacing: [1, 1.2, 2.5],
  row: [c, s, 0],
  column: [-s, c, 0],
  middle,
  indexAt: ([x, y, z]: Triple) => 128 + 2 * (x - 20) - 1.5 * (y + 35) + 1.2 * (z - 412),
  colourOf: (n: number): Triple => [n, 255 - n, n / 2],
} as const;

/** How far levels may be off: pixels are whole numbers, and those of YBR are rounded twice. */
const series: Readonly<Record<string, ColourSeries & { readonly levels: number }>> = {
  rgb: { ...base, coding: 'RGB', levels: 1.1 },
  planes: { ...base, coding: 'RGB planes', levels: 1.1 },
  ybr: { ...base, coding: 'YBR_FULL', levels: 2.6 },
  palette: { ...base, coding: 'PALETTE COLOR', levels: 1.1 },
  holed: { ...base, coding: 'RGB', leftOut: [4, 9], levels: 1.1 },
} satisfies Readonly<Record<string, ColourSeries & { levels: number; coding: ColourCoding }>>;

const right: Triple = [1, 0.3, 0.2];
const up: Triple = [0, 0.1, 1];
const [columns, rows, spacing] = [24, 20, 0.8];
const plane = [
  ...['--center', '21,-34,411', '--right', right.join(','), '--up', up.join(',')],
  ...['--size', `${columns}x${rows}`, '--spacing', String(spacing)],
];
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, n) => sum + x * b[n]!, 0);
const unit = (a: readonly number[]): number[] => a.map((x) => x / Math.hypot(...a));
const r = unit(right);
const d = unit(up.map((x, n) => -(x - dot(up, r) * r[n]!)));

/** The closed form at a pixel. */
function wantedAt(column: number, row: number): Triple {
  const across = (column - (columns - 1) / 2) * spacing;
  const down = (row - (rows - 1) / 2) * spacing;
  const [x = 0, y = 0, z = 0] = [21, -34, 411].map((mm, axis) => mm + r[axis]! * across + d[axis]! * down);
  return base.colourOf(base.indexAt([x, y, z]));
}

function expectField(rgb: Uint8Array, levels: number): void {
  expect(rgb.length).toBe(columns * rows * 3);
  for (let n = 0; n < columns * rows; n += 1) {
    const wanted = wantedAt(n % columns, Math.floor(n / columns));
    for (const [channel, level] of wanted.entries())
      expect(Math.abs(rgb[3 * n + channel]! - level), `pixel ${n}, channel ${channel}`).toBeLessThan(levels);
  }
}

beforeAll(async () => {
  await kernelsReady();
  for (const [name, one] of Object.entries(series)) writeColours(inside(name), one);
});

describe('a plane through colours', () => {
  it.each(Object.entries(series))('is the closed form as NRRD: %s', async (name, { levels }) => {
    const out = inside(`${name}.nrrd`);
    const ended = await candela(['slice', inside(name), ...plane, '--out', out]);
    expect(ended.code).toBe(name === 'holed' ? 3 : 0);
    const { fields, data } = readNrrd(readFileSync(out));
    expect(Object.fromEntries(fields)).toMatchObject({ type: 'uint8', sizes: `3 ${columns} ${rows} 1` });
    expectField(data, levels);
  });

  it('is the same as PNG, and no window changes it', async () => {
    for (const window of [[], ['--window', '2,1000']]) {
      const out = inside(`window-${window.length}.png`);
      expect(await candela(['slice', inside('rgb'), ...plane, '--out', out, ...window])).toMatchObject({
        code: 0,
      });
      expectField(rgbOfPng(out), 1.1);
    }
  });

  it('has a slab that is the mean, which of a line is its middle', async () => {
    for (const mode of [[], ['--mode', 'mean']]) {
      const out = inside('slab.nrrd');
      const words = ['slice', inside('rgb'), ...plane, '--slab', '6', ...mode, '--out', out, '--json'];
      const ended = await candela(words);
      expect(JSON.parse(ended.out)).toMatchObject({ mode: 'mean', slabMm: 6 });
      expectField(readNrrd(readFileSync(out)).data, 1.1);
    }
  });

  it('is drawn as a named view', async () => {
    const out = inside('axial.png');
    const words = ['render', inside('rgb'), '--view', 'axial', '--size', '90x80', '--out', out];
    expect(await candela(words)).toMatchObject({ code: 0, err: '' });
    const at = (40 * 90 + 45) * 3;
    const [red = 0, green = 0, blue = 0] = rgbOfPng(out).subarray(at, at + 3);
    expect(Math.abs(red - 128)).toBeLessThan(3);
    expect(Math.abs(green - 127)).toBeLessThan(3);
    expect(Math.abs(blue - 64)).toBeLessThan(2);
  });

  it('says that it lies outside', async () => {
    const far = plane.with(1, '21,-34,4110');
    const ended = await candela(['slice', inside('rgb'), ...far, '--out', inside('far.png')]);
    expect(ended).toMatchObject({ code: 3, err: expect.stringContaining('(PLANE_OUTSIDE)') });
  });
});

/** Filter Sub and none, eight bits, three channels: as we write them. */
function rgbOfPng(path: string): Uint8Array {
  const png = readFileSync(path);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf('IDAT');
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const isSub = raw[y * (3 * width + 1)] === 1;
    for (let x = 0; x < 3 * width; x += 1) {
      const left = isSub && x >= 3 ? rgb[y * 3 * width + x - 3]! : 0;
      rgb[y * 3 * width + x] = raw[y * (3 * width + 1) + 1 + x]! + left;
    }
  }
  return rgb;
}

describe('what colours have not', () => {
  const refused: readonly (readonly [string, readonly string[], string])[] = [
    ['a MIP', ['slice', ...plane, '--slab', '6', '--mode', 'mip', '--out', 'x.png'], 'COLOUR_SLAB'],
    [
      'a MIP of a view',
      ['render', '--view', 'axial', '--slab', '6', '--mode', 'minip', '--out', 'x.png'],
      'COLOUR_SLAB',
    ],
    ['3D', ['render', '--view', '3d', '--out', 'x.png'], 'VOLUME_COLOUR'],
    ['a turntable', ['turntable', '--out', 'turn'], 'VOLUME_COLOUR'],
    ['a new series', ['reformat', ...plane, '--count', '3', '--step', '2', '--out', 'made'], 'VOLUME_COLOUR'],
    ['a line', ['vessel', '--through', '20,-35,410;20,-35,414', '--report', 'x.html'], 'VOLUME_COLOUR'],
  ];
  it.each(refused)('%s is refused in words', async (_name, [command = '', ...words], code) => {
    const out = words.at(-1)!;
    const ended = await candela([command, inside('rgb'), ...words.with(-1, inside(out))]);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(new RegExp(`^candela: .+\\. .+\\. \\(${code}\\)\\n$`));
  });
});
