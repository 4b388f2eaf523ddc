/** `candela cpr` against closed forms: a bent tube and a ramp at known places, and files that hold no line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { count, group } from '../fixtures/cli-documents.ts';
import { type FieldSeries, type Triple, writeField } from '../fixtures/field-series.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const middle: Triple = [-31.5, 12.25, 177];
const block = {
  size: [60, 56, 28],
  spacing: [0.9, 0.8, 1.2],
  row: [c, s, 0],
  column: [-s * 0.8, c * 0.8, -0.6],
  middle,
} as const;
/** The tube's middle: an arc of 15 mm over 2 rad. */
const bend = 15;
const onArc = (a: number, r = bend): Triple => [
  middle[0] + r * Math.cos(a) - 6,
  middle[1] + r * Math.sin(a) - 9,
  middle[2] + 2 * a,
];
/** A tube with soft walls that is brightest in its middle: 3 mm from half to half. */
function tube([x, y, z]: Triple): number {
  const [dx, dy] = [x - middle[0] + 6, y - middle[1] + 9];
  const a = Math.atan2(dy, dx);
  const away = Math.hypot(Math.hypot(dx, dy) - bend, z - middle[2] - 2 * a);
  return 400 * Math.exp(-Math.LN2 * (away / 3) ** 2);
}
const ramp = ([x, y, z]: Triple): number => 2 * (x + 31.5) - 1.5 * (y - 12.25) + 0.75 * (z - 177) + 12;
const fields: Readonly<Record<string, FieldSeries>> = {
  tube: { ...block, value: tube, slope: 0.02 },
  ramp: { ...block, value: ramp, slope: 0.01 },
};
const points = Array.from({ length: 9 }, (_, n) => onArc(n / 4));
/** Of the slightly climbing arc. */
const lengthMm = 2 * Math.hypot(bend, 2);

const documentSchema = v.strictObject({
  mode: v.picklist(['straightened', 'stretched', 'projected']),
  size: v.tuple([count, count]),
  spacingMm: v.number(),
  angleDeg: v.number(),
  slabMm: v.number(),
  slabMode: v.picklist(['none', 'mip', 'mean', 'minip']),
  interpolation: v.picklist(['nearest', 'linear', 'cubic']),
  lengthMm: v.number(),
  outsideMm: v.number(),
  toScale: v.boolean(),
  folded: v.array(v.array(v.tuple([v.number(), v.number()]))),
  verdict: v.object({ kind: v.string() }),
  ...group,
  SeriesInstanceUID: v.string(),
  problems: v.array(v.unknown()),
});

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  place(column: number, row: number): Triple;
}

/** The file as a reader sees it that knows the format and what the keys say. */
function readCurved(path: string): Picture {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\n\n');
  const header = new Map(
    bytes
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(/: |:=/) as [string, string]),
  );
  const [width, height] = header.get('sizes')!.split(' ').map(Number) as [number, number];
  const spacing = Number(header.get('spacings')!.split(' ')[0]);
  const rows = (name: string): number[][] =>
    header
      .get(name)!
      .split('; ')
      .map((row) => row.split(' ').map(Number));
  const [centres, across] = [rows('row centers LPS mm'), rows('row directions LPS')];
  expect(centres).toHaveLength(height);
  const values = new Float32Array(Uint8Array.from(bytes.subarray(end + 2)).buffer);
  expect(values).toHaveLength(width * height);
  return {
    width,
    height,
    values,
    place: (column, row) =>
      centres[row]!.map(
        (x, a) => x + (column - (width - 1) / 2) * spacing * across[row]![a]!,
      ) as unknown as Triple,
  };
}

let made = 0;
async function cpr(series: string, ...words: readonly string[]) {
  const out = inside(`c${++made}.nrrd`);
  const line = inside('line.json');
  const ended = await candela(['cpr', inside(series), '--line', line, '--out', out, '--json', ...words]);
  expect(ended).toMatchObject({ code: 0, err: '' });
  return { document: documentOf(documentSchema, ended), picture: readCurved(out) };
}

beforeAll(async () => {
  await kernelsReady();
  for (const [name, series] of Object.entries(fields)) writeField(inside(name), series);
  writeFileSync(inside('line.json'), JSON.stringify({ lengthMm: 1, points, stations: [] }));
  writeFileSync(inside('bare.json'), JSON.stringify(points));
});

describe('candela cpr', () => {
  it('gives in each mode the values at the places that its rows tell', async () => {
    const modes = ['straightened', 'stretched', 'projected'];
    const all = await Promise.all(
      modes.map((mode) => cpr('ramp', '--mode', mode, '--angle', '35', '--width', '12')),
    );
    for (const [n, { document, picture }] of all.entries()) {
      const mode = modes[n];
      expect(document).toMatchObject({ mode, angleDeg: 35, outsideMm: 0, toScale: mode !== 'projected' });
      expect(document.size).toEqual([picture.width, picture.height]);
      expect(Math.abs(document.lengthMm - lengthMm)).toBeLessThan(0.005 * lengthMm);
      let seen = 0;
      for (let row = 0; row < picture.height; row++)
        for (let column = 0; column < picture.width; column++) {
          const value = picture.values[row * picture.width + column]!;
          if (Number.isNaN(value)) continue;
          seen++;
          expect(Math.abs(value - ramp(picture.place(column, row)))).toBeLessThan(0.05);
        }
      expect(seen).toBeGreaterThan(0.8 * picture.values.length);
    }
  });
  it('straightens the tube: its middle is the middle column, its half-width the same in each row', async () => {
    const { document, picture } = await cpr('tube', '--width', '21', '--spacing', '0.5', '--angle', '0');
    expect(document.size).toEqual([42, Math.ceil(lengthMm / 0.5) + 1]);
    for (let row = 4; row < picture.height - 4; row++) {
      const at = (column: number): number => picture.values[row * 42 + column]!;
      const seen = Array.from({ length: 42 }, (_, column) => at(column));
      const best = seen.indexOf(Math.max(...seen));
      expect(Math.abs(best - 20.5)).toBeLessThan(1.1);
      // Half of the maximum 3 mm from the middle: between columns 14 and 15, 26 and 27.
      expect(at(14)).toBeLessThan(205);
      expect(at(15)).toBeGreaterThan(190);
      expect(at(26)).toBeGreaterThan(190);
      expect(at(27)).toBeLessThan(205);
    }
  });
  it('shows through a slab what lies beside the line, and its mean is less', async () => {
    const moved = points.map(([x, y, z]) => [x, y, z + 5]);
    writeFileSync(inside('moved.json'), JSON.stringify(moved));
    const line = ['--line', inside('moved.json'), '--angle', '0', '--width', '4'];
    const levels = await Promise.all(
      [
        ['--slab', '12'],
        ['--slab', '12', '--slab-mode', 'mean'],
      ].map(async (words, n) => {
        const out = inside(`m${n}.nrrd`);
        const ended = await candela(['cpr', inside('tube'), ...line, '--out', out, ...words]);
        expect(ended).toMatchObject({ code: 0, err: '' });
        const { values, width, height } = readCurved(out);
        return values[Math.floor(height / 2) * width + width / 2]!;
      }),
    );
    // The rows of angle 0 lie flat: the slab reaches down to the tube's middle.
    expect(levels[0]).toBeGreaterThan(360);
    // 5 mm beside the middle a thin picture would show 400 · 2^(−25/9) = 58.
    expect(levels[1]).toBeGreaterThan(58);
    expect(levels[1]).toBeLessThan(levels[0]! - 100);
  });
  it('tells where columns fold, draws a PNG, and takes a bare list of points', async () => {
    const drawn = (name: string, ...more: readonly string[]) => {
      const words = ['--line', inside('bare.json'), '--window', '400,200', '--width', '45'];
      return candela(['cpr', inside('tube'), ...words, '--out', inside(name), ...more]);
    };
    const [plain, projected, told] = await Promise.all([
      drawn('p.png'),
      drawn('q.png', '--mode', 'projected'),
      drawn('r.png', '--json'),
    ]);
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toMatch(/90×62 {2}30\.3 mm long {2}exact/);
    expect(plain.out).toContain('fold');
    const png = readFileSync(inside('p.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.includes('pHYs')).toBe(true);
    expect(projected.out).toContain('not to scale');
    expect(readFileSync(inside('q.png')).includes('pHYs')).toBe(false);
    const { folded } = documentOf(documentSchema, told);
    // The arc's centre is 15 mm away, of 22.5 mm that are shown on that side.
    const edges = folded.flat().map(([column]) => Math.abs(column - 44.5) / 2);
    expect(Math.abs(Math.min(...edges) - 15)).toBeLessThan(1);
    expect(Math.max(...edges)).toBe(22.5);
  });
});

describe('lines and words that cannot be used', () => {
  const bad: readonly (readonly [string, string, string, number])[] = [
    ['no JSON', 'points', 'LINE_FILE_INVALID', 2],
    ['null', 'null', 'LINE_FILE_INVALID', 2],
    ['no points', '{"lengthMm":3}', 'LINE_FILE_INVALID', 2],
    ['a point of two numbers', '[[1,2,3],[1,2]]', 'LINE_FILE_INVALID', 2],
    ['words', '{"points":[["1",2,3],[1,2,3]]}', 'LINE_FILE_INVALID', 2],
    ['an absurd place', '[[1e300,2,3],[1,2,3]]', 'LINE_FILE_INVALID', 2],
    ['nothing', '[]', 'LINE_TOO_SHORT', 2],
    ['one point', '[[1,2,3]]', 'LINE_TOO_SHORT', 2],
    ['two points in one place', '{"points":[[1,2,3],[1,2,3]]}', 'LINE_TOO_SHORT', 2],
    ['a line elsewhere', '[[900,0,0],[950,0,0]]', 'LINE_OUTSIDE', 1],
  ];
  it.each(bad)('%s', async (_, text, code, exit) => {
    const path = inside('bad.json');
    writeFileSync(path, text);
    const ended = await candela(['cpr', inside('ramp'), '--line', path, '--out', inside('n.png')]);
    expect(ended.code).toBe(exit);
    expect(ended.out).toBe('');
    expect(ended.err).toContain(code);
  });
  it('a file that is not there, and options out of range', async () => {
    const missing = await candela(['cpr', inside('ramp'), '--line', inside('none.json'), '--out', 'x.png']);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('none.json');
    const words = ['cpr', inside('ramp'), '--line', inside('line.json'), '--out', inside('n.png')];
    for (const wrong of [
      ['--mode', 'bent'],
      ['--angle', 'x'],
      ['--slab', '-1'],
      ['--slab-mode', 'max'],
      ['--width', '0'],
      ['--spacing', '0'],
    ]) {
      const ended = await candela([...words, ...wrong]);
      expect(ended.code).toBe(2);
      expect(ended.err).toContain(wrong[0]);
    }
    expect((await candela(words.with(-1, 'n.jpg'))).code).toBe(2);
    expect((await candela(words.slice(0, 2))).code).toBe(2);
  });
});
