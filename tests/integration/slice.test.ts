/** `candela slice` and `candela render --scene` against closed forms: ramps, blobs and plates at known places. */
import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixFromColumns } from '../../core/geometry/matrices.ts';
import { fitCamera } from '../../core/scene/camera.ts';
import { presetPart, volumePreset } from '../../core/scene/presets.ts';
import { sceneToJson } from '../../core/scene/scene-json.ts';
import type { SliceScene } from '../../core/scene/types.ts';
import { planeScene } from '../../core/scene/view.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { renderSchema } from '../fixtures/cli-documents.ts';
import { type FieldSeries, placeOf, type Triple, writeField } from '../fixtures/field-series.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { readNrrd } from '../fixtures/nifti.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
const tilted = {
  size: [40, 44, 30],
  spacing: [0.8, 0.9, 1.25],
  row: [c, s, 0],
  column: [-s * 0.6, c * 0.6, -0.8],
  middle: [-31.5, 12.25, 177],
} as const;
const ramp = ([x, y, z]: Triple): number => 2 * (x + 31.5) - 1.5 * (y - 12.25) + 0.75 * (z - 177) + 12;
/** A Gaussian blob, wide enough for the grid to carry its middle to a hundredth of a voxel. */
const bead: Triple = [-29.1, 14.4, 179.3];
const blob = (p: Triple): number =>
  250 * Math.exp(-((p[0] - bead[0]) ** 2 + (p[1] - bead[1]) ** 2 + (p[2] - bead[2]) ** 2) / (2 * 2 ** 2));
const fields: Readonly<Record<string, FieldSeries>> = {
  ramp: { ...tilted, value: ramp, slope: 0.01 },
  bead: { ...tilted, value: blob, slope: 0.01 },
};

const numbers = (text: string): number[] => (text.match(/-?[\d.]+(e[+-]?\d+)?|NaN/g) ?? []).map(Number);

interface Slice {
  readonly size: readonly number[];
  readonly values: Float32Array;
  readonly thickness: number;
  place(i: number, j: number): Triple;
}

/** The file as a reader sees it that knows only the format's definition. */
function readSlice(path: string): Slice {
  const { fields: header, data } = readNrrd(readFileSync(path));
  expect(header.get('space')).toBe('left-posterior-superior');
  expect([header.get('type'), header.get('endian'), header.get('encoding')]).toEqual([
    'float',
    'little',
    'raw',
  ]);
  const size = numbers(header.get('sizes') ?? '');
  const directions = numbers(header.get('space directions') ?? '');
  const origin = numbers(header.get('space origin') ?? '');
  const values = new Float32Array(Uint8Array.from(data).buffer);
  expect(values.length).toBe(size[0]! * size[1]! * size[2]!);
  return {
    size,
    values,
    thickness: numbers(header.get('thicknesses') ?? '')[2] ?? Number.NaN,
    place: (i, j) =>
      [0, 1, 2].map((x) => origin[x]! + i * directions[x]! + j * directions[3 + x]!) as unknown as Triple,
  };
}

let made = 0;
async function slice(series: string, ...words: readonly string[]): Promise<Slice> {
  const out = inside(`s${++made}.nrrd`);
  const ended = await candela(['slice', inside(series), '--out', out, ...words]);
  expect(ended).toMatchObject({ code: 0, err: '' });
  return readSlice(out);
}

beforeAll(async () => {
  await kernelsReady();
  for (const [name, series] of Object.entries(fields)) writeField(inside(name), series);
});

describe('candela slice', () => {
  const oblique = ['--center', '-31,12,177.5', '--right', '3,1,-0.5', '--up', '0.2,1,2'];

  it('gives modality values at the places that its header tells, and nothing outside', async () => {
    const { size, values, place } = await slice('ramp', ...oblique, '--size', '61x51', '--spacing', '1.1');
    expect(size).toEqual([61, 51, 1]);
    let inVolume = 0;
    for (let j = 0; j < 51; j++)
      for (let i = 0; i < 61; i++) {
        const value = values[j * 61 + i]!;
        if (Number.isNaN(value)) continue;
        inVolume++;
        // Half a voxel at the border is painted with the border's value.
        const far = Math.hypot(...place(i, j).map((x, axis) => x - tilted.middle[axis]!));
        if (far < 14) expect(Math.abs(value - ramp(place(i, j))), `${i} ${j}`).toBeLessThan(0.03);
      }
    expect(inVolume).toBeGreaterThan(500);
    expect(inVolume).toBeLessThan(61 * 51);
    const middle = place(30, 25);
    [-31, 12, 177.5].forEach((x, axis) => {
      expect(middle[axis]).toBeCloseTo(x, 9);
    });
  });

  it('says that a plane does not meet the volume, instead of giving a picture of air', async () => {
    const words = ['slice', inside('ramp'), '--right', '1,0,0', '--up', '0,1,0', '--size', '9x9'];
    const at = (center: string) => [
      ...words,
      '--spacing',
      '1',
      '--center',
      center,
      '--out',
      inside('far.nrrd'),
    ];
    expect(await candela(at('-31.5,12.25,177'))).toMatchObject({ code: 0, err: '' });
    const far = await candela(at('-31.5,12.25,1770'));
    expect(far).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^candela: [^.]+\. \(PLANE_OUTSIDE\)\n$/),
    });
    const document: unknown = JSON.parse((await candela([...at('-31.5,12.25,1770'), '--json'])).out);
    expect(document).toMatchObject({ problems: [{ code: 'PLANE_OUTSIDE' }] });
    const view = ['render', inside('ramp'), '--view', 'axial', '--out', inside('view.png'), '--center'];
    expect(await candela([...view, '-31.5,12.25,177'])).toMatchObject({ code: 0, err: '' });
    const farView = await candela([...view, '-31.5,12.25,1770']);
    expect(farView).toMatchObject({ code: 3, err: expect.stringContaining('(PLANE_OUTSIDE)') });
    const nowhere = at('-31.5,12.25,177').with(-1, inside('no/folder/far.nrrd'));
    expect(await candela(nowhere)).toMatchObject({ code: 1, err: expect.stringContaining('does not exist') });
  });

  it('says that a preset shows nothing of the values there are, instead of a black picture', async () => {
    const words = ['render', inside('ramp'), '--size', '40x30', '--out', inside('3d.png'), '--preset'];
    expect(await candela([...words, 'skin'])).toMatchObject({ code: 0, err: '' });
    const empty = await candela([...words, 'implant']);
    expect(empty).toMatchObject({ code: 3, err: expect.stringContaining('(PRESET_SHOWS_NOTHING)') });
    const document: unknown = JSON.parse((await candela([...words, 'implant', '--json'])).out);
    expect(document).toMatchObject({ problems: [{ code: 'PRESET_SHOWS_NOTHING' }] });
    const film = ['turntable', inside('ramp'), '--out', inside('film'), '--frames', '2', '--size', '40x30'];
    expect(await candela([...film, '--preset', 'implant'])).toMatchObject({ code: 3 });
  });

  it('has nothing where a file is cut off, and files for others hold the lowest value there', async () => {
    const path = inside('cut');
    cpSync(inside('ramp'), path, { recursive: true });
    const [first] = readdirSync(path).sort();
    const file = join(path, first!);
    const { length } = readFileSync(file);
    // 40 × 44 pixels of 2 bytes lie at the end: half of them go.
    truncateSync(file, length - 40 * 22 * 2);
    const middle = placeOf(fields['ramp']!, 19.5, 21.5, 0);
    const words = ['--center', middle.join(','), '--right', tilted.row.join(','), '--size', '40x44'];
    const up = tilted.column.map((x) => -x).join(',');
    const out = inside('cut.nrrd');
    const shape = ['--up', up, '--spacing', '0.8', '--interpolation', 'nearest', '--out', out];
    const ended = await candela(['slice', path, ...words, ...shape]);
    expect(ended).toMatchObject({ code: 3, err: expect.stringMatching(/\(PIXEL_TRUNCATED\)\n$/) });
    const { values } = readSlice(out);
    expect([...values.subarray(0, 40)].some(Number.isNaN)).toBe(false);
    expect([...values.subarray(40 * 43)].every(Number.isNaN)).toBe(true);
    const volume = inside('cut-volume.nrrd');
    expect((await candela(['volume', path, '--out', volume])).code).toBe(3);
    const { data, fields: header } = readNrrd(readFileSync(volume));
    expect(header.get('type')).toBe('float');
    const voxels = new Float32Array(Uint8Array.from(data).buffer);
    const lowest = voxels.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const slice = voxels.subarray(0, 40 * 44);
    expect(new Set(slice.subarray(40 * 22))).toEqual(new Set([lowest]));
    expect(new Set(slice.subarray(0, 40 * 22)).size).toBeGreaterThan(100);
  });

  it('makes up perpendicular to right, and puts it on top', async () => {
    const { place } = await slice('ramp', ...oblique, '--size', '11x11', '--spacing', '2');
    const along = (a: Triple, b: Triple): number[] => b.map((x, axis) => x - a[axis]!);
    const right = along(place(0, 0), place(1, 0));
    const down = along(place(0, 0), place(0, 1));
    const dot = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, x, n) => sum + x * b[n]!, 0);
    expect(dot(right, down)).toBeCloseTo(0, 12);
    expect([Math.hypot(...right), Math.hypot(...down)].map((x) => Number(x.toFixed(12)))).toEqual([2, 2]);
    expect(dot(right, [3, 1, -0.5]) / Math.hypot(3, 1, -0.5)).toBeCloseTo(2, 12);
    expect(dot(down, [0.2, 1, 2])).toBeLessThan(0);
  });

  it.each(['linear', 'cubic'])('finds a bead within 0.03 mm (%s)', async (interpolation) => {
    const center = [bead[0] + 1, bead[1] - 0.5, bead[2]].join(',');
    const { values, size, place } = await slice(
      'bead',
      ...['--center', center, '--right', '1,0,0', '--up', '0,-1,0'],
      ...['--size', '81x81', '--spacing', '0.25', '--interpolation', interpolation],
    );
    let [sum, x, y] = [0, 0, 0];
    for (let j = 0; j < size[1]!; j++)
      for (let i = 0; i < size[0]!; i++) {
        const value = values[j * size[0]! + i]!;
        if (Number.isNaN(value)) continue;
        const p = place(i, j);
        sum += value;
        x += value * p[0];
        y += value * p[1];
      }
    expect(Math.abs(x / sum - bead[0])).toBeLessThan(0.03);
    expect(Math.abs(y / sum - bead[1])).toBeLessThan(0.03);
  });

  it('of the nearest voxel holds only values of voxels', async () => {
    const { values } = await slice(
      'ramp',
      ...[...oblique, '--size', '31x31', '--spacing', '0.3', '--interpolation', 'nearest'],
    );
    const stored = values.filter((value) => !Number.isNaN(value)).map((value) => value / 0.01);
    expect(new Set(stored).size).toBeGreaterThan(50);
    for (const value of stored) expect(Math.abs(value - Math.round(value))).toBeLessThan(0.01);
  });

  it('means a ramp over a slab to the value in its middle, and finds its extremes at the faces', async () => {
    // Along the stack's own normal the ramp rises by this much a millimetre.
    const normal = [s * -0.8, c * 0.8, 0.6].map((x) => Number(x.toFixed(12)));
    const rise = Math.abs(2 * normal[0]! - 1.5 * normal[1]! + 0.75 * normal[2]!);
    const words = ['--center', tilted.middle.join(','), '--right', tilted.row.join(','), '--size', '3x3'];
    const up = tilted.column.map((x) => -x).join(',');
    const of = async (mode: string): Promise<Slice> =>
      slice('ramp', ...words, '--up', up, '--spacing', '1', '--slab', '10', '--mode', mode);
    const [mean, most, least] = [await of('mean'), await of('mip'), await of('minip')];
    expect([mean.thickness, most.thickness]).toEqual([10, 10]);
    expect(mean.values[4]).toBeCloseTo(12, 1);
    expect(most.values[4]).toBeCloseTo(12 + 5 * rise, 1);
    expect(least.values[4]).toBeCloseTo(12 - 5 * rise, 1);
  });

  it('draws a picture in the window that is asked for', async () => {
    const out = inside('picture.png');
    const words = ['slice', inside('ramp'), ...oblique, '--size', '33x21', '--spacing', '1', '--out', out];
    const ended = await candela([...words, '--window', '100,12', '--json']);
    expect(ended).toMatchObject({ code: 0, err: '' });
    const told = documentOf(
      v.object({
        size: v.tuple([v.number(), v.number()]),
        affine: v.pipe(v.array(v.number()), v.length(16)),
        mode: v.string(),
        interpolation: v.string(),
        verdict: v.object({ kind: v.string() }),
      }),
      ended,
    );
    expect(told).toMatchObject({
      size: [33, 21],
      mode: 'none',
      interpolation: 'linear',
      verdict: { kind: 'exact' },
    });
    const png = readFileSync(out);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([33, 21]);
  });

  it.each([
    ['--right', '0,0,0'],
    ['--up', '3,1,-0.5'],
    ['--up', '-6,-2,1'],
    ['--size', '0x4'],
    ['--size', '9000x4'],
    ['--spacing', '0'],
    ['--slab', '201'],
    ['--mode', 'sum'],
    ['--interpolation', 'spline'],
    ['--out', 'x.tif'],
    ['--center', '1,2'],
  ])('refuses %s %s with exit code 2', async (name, value) => {
    const words = new Map([
      ['--center', '0,0,0'],
      ['--right', '3,1,-0.5'],
      ['--up', '0.2,1,2'],
      ['--size', '4x4'],
      ['--spacing', '1'],
      ['--out', inside('no.nrrd')],
    ]);
    words.set(name, value);
    const ended = await candela(['slice', inside('ramp'), ...[...words].flat()]);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(`${name} ${value}`);
  });
});

describe('a scene file', () => {
  const geometry = {
    size: [...tilted.size] as const,
    patientFromIndex: matrixFromColumns([0.8, 0, 0], [0, 0.9, 0], [0, 0, 1.25], [-47, -7, 159]),
  };
  const scene = {
    kind: 'volume',
    camera: fitCamera(geometry, 'A'),
    ...presetPart(volumePreset('mip')!),
    window: { kind: 'window', function: 'LINEAR_EXACT', centre: 125, width: 250, invert: false },
    background: [0, 0, 0],
  } as const;

  it('draws what the same view draws, and gives way to what is asked beside it', async () => {
    const file = inside('scene.json');
    writeFileSync(file, JSON.stringify(sceneToJson(scene)));
    const pictures: Buffer[] = [];
    for (const words of [
      ['--scene', file],
      ['--scene', file, '--view', 'anterior'],
      ['--scene', file, '--view', 'left'],
      ['--scene', file, '--window', '40,200'],
    ]) {
      const out = inside('scene.png');
      const ended = await candela([
        'render',
        inside('bead'),
        '--size',
        '60x60',
        '--out',
        out,
        ...words,
        '--json',
      ]);
      expect(ended).toMatchObject({ code: 0, err: '' });
      expect(documentOf(renderSchema, ended)).toMatchObject({ width: 60, height: 60 });
      pictures.push(readFileSync(out));
    }
    expect(pictures[1]!.equals(pictures[0]!)).toBe(true);
    expect(pictures[2]!.equals(pictures[0]!)).toBe(false);
    expect(pictures[3]!.equals(pictures[0]!)).toBe(false);
  });

  it('of a slab keeps its thickness for another mode, and its mode for another thickness', async () => {
    const window = { ...scene.window };
    const slab = { slabMm: 8, projection: 'mean', window, ...{ width: 60, height: 60 } } as const;
    const plane = planeScene(geometry, 'axial', slab);
    const drawn = async (own: SliceScene, ...words: readonly string[]): Promise<Buffer> => {
      const file = inside('slab.json');
      writeFileSync(file, JSON.stringify(sceneToJson(own)));
      const out = inside('slab.png');
      const ended = await candela(['render', inside('bead'), '--scene', file, '--out', out, ...words]);
      expect(ended).toMatchObject({ code: 0, err: '' });
      return readFileSync(out);
    };
    const mip = await drawn({ ...plane, projection: 'mip' });
    const thin = await drawn({ ...plane, projection: 'none', slabMm: 0 });
    const thick = await drawn({ ...plane, slabMm: 16 });
    expect(new Set([mip, thin, thick].map((png) => png.toString('base64'))).size).toBe(3);
    expect((await drawn(plane, '--mode', 'mip')).equals(mip)).toBe(true);
    expect((await drawn(plane, '--slab', '16')).equals(thick)).toBe(true);
    expect((await drawn(plane, '--mode', 'none')).equals(thin)).toBe(true);
  });

  it('that is none says where it is wrong', async () => {
    const file = inside('bad.json');
    for (const [text, where] of [
      ['{"version":1}', 'kind'],
      [JSON.stringify({ ...(sceneToJson(scene) as object), shiftHu: 'much' }), 'shiftHu'],
    ] as const) {
      writeFileSync(file, text);
      const ended = await candela(['render', inside('bead'), '--scene', file, '--out', inside('x.png')]);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain(where);
      expect(ended.err).toContain('SCENE_INVALID');
    }
    for (const text of ['{', '[[1,2,3]]', '{"points":[]}', 'P6 1 1 255']) {
      writeFileSync(file, text);
      const ended = await candela(['render', inside('bead'), '--scene', file, '--out', inside('x.png')]);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain('SCENE_NONE');
    }
    const missing = await candela([
      'render',
      inside('bead'),
      '--scene',
      inside('none.json'),
      '--out',
      inside('x.png'),
    ]);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toContain('FILE_MISSING');
  });
});
