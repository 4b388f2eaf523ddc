/**
 * `candela volume` on small series made here: every kind of pixel comes out value for value, headers of every maker
 * are understood, and what cannot be right is refused in words.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { element, type WriteElement } from '../../core/dicom/write/element.ts';
import { exportByParts } from '../../main/cli/export-parts.ts';
import { showSchema, volumeSchema } from '../fixtures/cli-documents.ts';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import {
  type MadePixels,
  type MadeSeries,
  madeColumns,
  madeRows,
  writeSeries,
} from '../fixtures/made-series.ts';
import { type Nifti, readNifti, readNrrd } from '../fixtures/nifti.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const count = madeColumns * madeRows;
let made = 0;

function makeSeries(series: MadeSeries): string {
  const path = inside(`series-${++made}`);
  writeSeries(path, series);
  return path;
}

async function niftiOf(path: string, ...more: string[]) {
  const out = `${path}.nii`;
  const ended = await candela(['volume', path, '--out', out, '--json', ...more]);
  expect(ended.err).toMatch(/^(candela: the series holds .* is taken: .*\n)?$/);
  return { code: ended.code, told: documentOf(volumeSchema, ended), file: readNifti(readFileSync(out)) };
}

/** Any values, another set in each slice, within what the kind holds. */
const patternOf =
  (low: number, high: number) =>
  (k: number, n: number): number =>
    low + ((k * 7919 + n * 104_729 + 13) % 1009) * Math.floor((high - low) / 1009);

type Kind = readonly [string, MadePixels, (k: number, n: number) => number, 'int16' | 'float32'];

function kind(
  name: string,
  Cells: new (length: number) => ArrayBufferView & { [n: number]: number },
  about: Omit<MadePixels, 'bytesOf'>,
  patternAt: (k: number, n: number) => number,
  scalarType: 'int16' | 'float32',
): Kind {
  const bytesOf = (k: number): Uint8Array => {
    const cells = new Cells(count);
    for (let n = 0; n < count; n++) cells[n] = patternAt(k, n);
    return new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  };
  return [name, { ...about, bytesOf }, patternAt, scalarType];
}

const kinds: readonly Kind[] = [
  kind('8-bit', Uint8Array, { bitsAllocated: 8 }, (k, n) => (k * 91 + n * 37) % 256, 'int16'),
  kind(
    '8-bit signed',
    Int8Array,
    { bitsAllocated: 8, signed: true },
    (k, n) => ((k * 91 + n * 37) % 256) - 128,
    'int16',
  ),
  kind('12 of 16 bits', Uint16Array, { bitsAllocated: 16, bitsStored: 12 }, patternOf(0, 4095), 'int16'),
  kind('16-bit', Uint16Array, { bitsAllocated: 16 }, patternOf(0, 65_535), 'float32'),
  kind('16-bit signed', Int16Array, { bitsAllocated: 16, signed: true }, patternOf(-32_768, 32_767), 'int16'),
  kind('32-bit', Uint32Array, { bitsAllocated: 32 }, patternOf(0, 2 ** 24), 'float32'),
  kind(
    '32-bit signed',
    Int32Array,
    { bitsAllocated: 32, signed: true },
    patternOf(-(2 ** 23), 2 ** 23),
    'float32',
  ),
  kind(
    'float',
    Float32Array,
    { bitsAllocated: 32, tag: 0x7fe00008, vr: 'OF' },
    (k, n) => Math.fround((n - 9) / 7 + k),
    'float32',
  ),
  kind(
    'double',
    Float64Array,
    { bitsAllocated: 64, tag: 0x7fe00009, vr: 'OD' },
    (k, n) => Math.fround((n - 9) / 7 + k),
    'float32',
  ),
];

describe('pixels of every kind', () => {
  it.each(kinds)('%s', async (_name, pixels, patternAt, scalarType) => {
    const { told, file } = await niftiOf(makeSeries({ pixels, heights: [0, 2.5, 5] }));
    expect(told.scalarType).toBe(scalarType);
    expect(told.size).toEqual([madeColumns, madeRows, 3]);
    expect([...file.values]).toEqual(
      Array.from({ length: 3 * count }, (_, at) => patternAt(Math.floor(at / count), at % count)),
    );
  });

  it('each slice has its own rescale', async () => {
    const [, pixels, patternAt] = kinds[2]!;
    const slopes = [1, 0.5, 2.25];
    const more = (k: number): WriteElement[] => [
      element(0x00281052, 'DS', -10 * k),
      element(0x00281053, 'DS', slopes[k]!),
    ];
    const { file } = await niftiOf(makeSeries({ pixels, heights: [0, 2.5, 5], more }));
    file.values.forEach((value, at) => {
      const k = Math.floor(at / count);
      expect(value).toBeCloseTo(patternAt(k, at % count) * slopes[k]! - 10 * k, 3);
    });
  });

  it('NaN and infinity are no data, and counted', async () => {
    const bytesOf = (k: number): Uint8Array => {
      const cells = Float32Array.from({ length: count }, (_, n) => n + k);
      if (k === 1) cells.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 4);
      return new Uint8Array(cells.buffer);
    };
    const pixels = { bitsAllocated: 32, tag: 0x7fe00008, vr: 'OF', bytesOf };
    const { code, told, file } = await niftiOf(makeSeries({ pixels, heights: [0, 2.5, 5] }));
    expect(code).toBe(3);
    expect(told.problems).toEqual([
      { code: 'PIXEL_NOT_NUMBER', message: 'Some pixels (3) hold no number and count as no data.' },
    ]);
    const blank = [...file.values.keys()].filter((at) => Number.isNaN(file.values[at]));
    expect(blank).toEqual([count + 4, count + 5, count + 6]);
    expect(file.values[count + 3]).toBe(4);
    const holed = await niftiOf(makeSeries({ pixels, heights: [0, 2.5, 7.5] }));
    const unknown = [...holed.file.values.keys()].filter((at) => Number.isNaN(holed.file.values[at]));
    expect(unknown).toEqual([1, 2].flatMap((k) => [4, 5, 6].map((n) => k * count + n)));
  });
});

describe('colour', () => {
  const channel = (k: number, n: number, c: number): number => (k * 50 + n * 11 + c * 80) % 256;
  const pixels: MadePixels = {
    bitsAllocated: 8,
    samples: 3,
    bytesOf: (k) => Uint8Array.from({ length: count * 3 }, (_, at) => channel(k, Math.floor(at / 3), at % 3)),
  };

  it('comes as RGB24 in NIfTI and as an axis of its own in NRRD', async () => {
    const path = makeSeries({ pixels, heights: [0, 2.5, 5] });
    const { told, file } = await niftiOf(path);
    expect([told.scalarType, file.datatype]).toEqual(['rgb8', 128]);
    const bytes = Array.from({ length: 3 * count * 3 }, (_, at) =>
      channel(Math.floor(at / 3 / count), Math.floor(at / 3) % count, at % 3),
    );
    expect(bytesOfRgb(file)).toEqual(bytes);
    await candela(['volume', path, '--out', `${path}.nrrd`]);
    const { fields, data } = readNrrd(readFileSync(`${path}.nrrd`));
    expect(Object.fromEntries(fields)).toMatchObject({
      type: 'uint8',
      dimension: '4',
      sizes: `3 ${madeColumns} ${madeRows} 3`,
      kinds: 'RGB-color domain domain domain',
    });
    expect(fields.get('space directions')).toMatch(/^none \(/);
    expect([...data]).toEqual(bytes);
  });

  it('is interpolated where a slice is missing', async () => {
    const { told, file } = await niftiOf(makeSeries({ pixels, heights: [0, 2.5, 7.5] }));
    expect(told.verdict).toMatchObject({ kind: 'resampled', interpolatedSlices: 1 });
    const found = bytesOfRgb(file).slice(2 * count * 3, 3 * count * 3);
    const wanted = found.map((_, at) => {
      const [n, c] = [Math.floor(at / 3), at % 3];
      return Math.floor((channel(1, n, c) + channel(2, n, c)) / 2 + 0.5);
    });
    expect(found).toEqual(wanted);
  });

  it('is not drawn in 3D, and says so', async () => {
    const path = makeSeries({ pixels, heights: [0, 2.5, 5] });
    const ended = await candela(['render', path, '--view', '3d', '--out', `${path}.png`]);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('(VOLUME_COLOUR)');
  });
});

const bytesOfRgb = ({ values }: Nifti): number[] =>
  [...values].flatMap((value) => [value >> 16, (value >> 8) & 255, value & 255]);

describe('a volume by parts', () => {
  const [, pixels] = kinds[2]!;
  const tilted = (k: number): number => 0.3 * k;
  const stacks: readonly (readonly [string, readonly number[], ((k: number) => number) | undefined])[] = [
    ['even', [0, 2.5, 5, 7.5, 10], undefined],
    ['with a hole', [0, 2.5, 5, 12.5, 15], undefined],
    ['uneven and tilted', [0, 1, 3, 6, 7.5], tilted],
  ];
  const more = (k: number): WriteElement[] => [
    element(0x00281052, 'DS', -5),
    element(0x00281053, 'DS', 1 + (k > 9 ? 1 : 0)),
  ];

  it.each(stacks)('is the same file: %s', async (_name, heights, shearOf) => {
    const path = makeSeries({ pixels, heights, more, ...(shearOf && { shearOf }) });
    const { file } = await niftiOf(path);
    const lowest = file.values.reduce((a, b) => Math.min(a, b));
    const host = await openHost(inside(`data-${made}`), { shell: 'cli' });
    try {
      await importPaths(host, [path]);
      const { series } = await ask(host, 'uid.find', { uid: '1.2.3.4' });
      const plan = await ask(host, 'series.plan', { seriesKey: series[0]!.seriesKey });
      const [group] = plan.groups;
      for (const partBytes of [1, 3 * count * 2, 10 ** 9]) {
        const out = `${path}-parts.nii.gz`;
        const chosen = { host, plan, group: group!, geometry: group!.regular! };
        expect(await exportByParts(chosen, out, { partBytes })).toEqual([]);
        const parts = readNifti(gunzipSync(readFileSync(out)));
        expect(parts.affine).toEqual(file.affine);
        // Only places that no slice covers differ: the lowest of all is not known before the end.
        expect([...parts.values].map((x) => (x === -5 ? lowest : x))).toEqual(
          [...file.values].map((x) => (x === -5 ? lowest : x)),
        );
      }
    } finally {
      await host.close();
    }
  });
});

describe('b-values of every maker', () => {
  const [, pixels] = kinds[2]!;
  const float = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
  const makers: readonly (readonly [string, (b: number) => readonly WriteElement[]])[] = [
    ['standard', (b) => [element(0x00189087, 'FD', b)]],
    ['Siemens', (b) => [element(0x00190010, 'LO', 'SIEMENS MR HEADER'), element(0x0019100c, 'IS', b)]],
    [
      'Siemens in another block',
      (b) => [element(0x00190011, 'LO', 'SIEMENS MR HEADER'), element(0x0019110c, 'IS', b)],
    ],
    ['Siemens by name', (b) => [element(0x00180024, 'SH', `*ep_b${b}#2`)]],
    ['GE', (b) => [element(0x00430010, 'LO', 'GEMS_PARM_01'), element(0x00431039, 'IS', [1e9 + b, 8, 0, 0])]],
    [
      'GE without creator',
      (b) => [element(0x00080070, 'LO', 'GE MEDICAL SYSTEMS'), element(0x00431039, 'IS', [b, 8, 0, 0])],
    ],
    ['Philips', (b) => [element(0x20010010, 'LO', 'Philips Imaging DD 001'), element(0x20011003, 'FL', b)]],
    [
      'Philips, VR unknown',
      (b) => [element(0x20010010, 'LO', 'Philips Imaging DD 001'), element(0x20011003, 'UN', float(b))],
    ],
    [
      'United Imaging',
      (b) => [element(0x00650010, 'LO', 'Image Private Header'), element(0x00651009, 'FD', b)],
    ],
  ];
  const groupsWith = async (more: (b: number) => readonly WriteElement[]) => {
    const path = makeSeries({
      pixels,
      heights: [0, 0, 2.5, 2.5, 5, 5],
      more: (k) => more(k % 2 === 0 ? 0 : 800),
    });
    const [shown] = documentOf(showSchema, await candela(['show', path, '--json']));
    return shown!.groups.map(({ name, frames, dimension }) => [
      name,
      frames,
      dimension?.value,
      dimension?.unit,
    ]);
  };

  it.each(makers)('%s', async (_name, more) => {
    expect(await groupsWith(more)).toEqual([
      ['b 0', 3, 0, 's/mm²'],
      ['b 800', 3, 800, 's/mm²'],
    ]);
  });

  it('private values of another creator are not read', async () => {
    const foreign = (b: number) => [
      element(0x00430010, 'LO', 'SOMEBODY ELSE'),
      element(0x00431039, 'IS', [b, 8]),
    ];
    expect((await groupsWith(foreign)).map(([name]) => name)).toEqual(['Repeat 1', 'Repeat 2']);
  });
});

describe('a beating phantom', () => {
  it('is a 4D set of its phases, in which the left ventricle contracts', async () => {
    const path = inside('beating');
    const block = ['--size', '40x40', '--slices', '6', '--spacing', '2.5,2.5,3', '--center', '38,-32,66'];
    const made = await candela([
      'phantom',
      '--out',
      path,
      ...block,
      '--noise',
      '0',
      '--phases',
      '4',
      '--json',
    ]);
    expect(made.code, made.err).toBe(0);
    const [shown] = documentOf(showSchema, await candela(['show', path, '--json']));
    expect(
      shown!.groups.map(({ name, nameZh, frames, dimension }) => [name, nameZh, frames, dimension]),
    ).toEqual(
      [0, 25, 50, 75].map((value, index) => [
        `Cardiac phase ${value}%`,
        `心动周期 ${value}%`,
        6,
        { set: 'd0.0', kind: 'phase', value, unit: '%', index, count: 4 },
      ]),
    );
    const blood: number[] = [];
    for (const group of ['g0', 'g1', 'g2', 'g3']) {
      const { file } = await niftiOf(path, '--group', group);
      blood.push(file.values.filter((hu) => hu > 250).length);
    }
    expect(blood[1]).toBeLessThan(blood[0]! * 0.95);
    expect(blood[2]).toBeLessThan(blood[1]! * 0.95);
    expect(blood[3]).toBe(blood[1]);
  });
});

describe('what is no volume', () => {
  const [, pixels] = kinds[2]!;
  const without: readonly (readonly [string, readonly WriteElement[], string])[] = [
    ['no size of pixels', [element(0x00280030, 'DS', '')], 'GEOMETRY_NO_SPACING'],
    ['pixels of size 0', [element(0x00280030, 'DS', [0, 0])], 'GEOMETRY_INVALID'],
    [
      'axes that are not at right angles',
      [element(0x00200037, 'DS', [1, 0, 0, 1, 0, 0])],
      'GEOMETRY_INVALID',
    ],
    ['no axes', [element(0x00200037, 'DS', '')], 'GEOMETRY_NO_ORIENTATION'],
    ['no positions', [element(0x00200032, 'DS', '')], 'GEOMETRY_NO_POSITION'],
  ];
  it.each(without)('%s: refused with the reason, and still a stack', async (_name, more, code) => {
    const path = makeSeries({ pixels, heights: [0, 2.5, 5], more: () => more });
    const ended = await candela(['volume', path, '--out', `${path}.nii`]);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`(${code})`);
    const [shown] = documentOf(showSchema, await candela(['show', path, '--json']));
    expect(shown!.groups.map(({ frames, size }) => [frames, size])).toEqual([[3, null]]);
  });

  it('a slice without a position is left out of the volume, and scripts are told', async () => {
    const more = (k: number): WriteElement[] => (k === 3 ? [element(0x00200032, 'DS', '')] : []);
    const path = makeSeries({ pixels, heights: [0, 2.5, 5, 7.5], more });
    const out = `${path}.nii`;
    const ended = await candela(['volume', path, '--out', out, '--json']);
    expect(ended.code).toBe(3);
    const { size, verdict, problems } = documentOf(volumeSchema, ended);
    expect([size, verdict.kind, readNifti(readFileSync(out)).size[2]]).toEqual([
      [madeColumns, madeRows, 3],
      'exact',
      3,
    ]);
    expect(verdict.reasons.map(({ code }) => code)).toEqual(['GEOMETRY_LEFT_OUT']);
    expect(problems.map(({ code }) => code)).toEqual(['GEOMETRY_LEFT_OUT']);
    const [shown] = documentOf(showSchema, await candela(['show', path, '--json']));
    expect(shown!.groups.map(({ name, frames }) => [name, frames])).toEqual([
      ['Coronal', 3],
      ['Without position', 1],
    ]);
  });

  it.each([
    ['a gap', [0, 2.5, 7.5], 'GEOMETRY_GAP'],
    ['a gap among uneven slices', [0, 2.5, 5.3, 7.5, 10, 18.7], 'GEOMETRY_UNEVEN'],
    ['a place taken twice', [0, 2.5, 5, 5], 'GEOMETRY_DUPLICATES'],
    ['places taken twice in no order', [0, 2.5, 0, 5, 7.5, 2.5, 7.5, 5], 'GEOMETRY_UNORDERED'],
  ])('%s: exported, and scripts are told that images are missing', async (_name, heights, reason) => {
    const { code, told } = await niftiOf(makeSeries({ pixels, heights }));
    expect([code, told.problems.map((one) => one.code)]).toEqual([3, [reason]]);
  });

  it('one slice is exported, and said to be guessed', async () => {
    const { told } = await niftiOf(makeSeries({ pixels, heights: [0] }));
    expect(told.size).toEqual([madeColumns, madeRows, 1]);
    expect(told.verdict).toMatchObject({ kind: 'approximate', reasons: [{ code: 'GEOMETRY_ONE_SLICE' }] });
  });

  it('reasons come in words', async () => {
    const ended = await candela(
      ['volume', makeSeries({ pixels, heights: [0, 2.5, 7.5] }), '--out', inside('zh.nii'), '--json'],
      { LANG: 'zh_CN.UTF-8' },
    );
    expect(documentOf(volumeSchema, ended).verdict.reasons[0]!.message).toBe(
      '第 2 幅与第 3 幅之间缺少图像（相距 5 mm）；共 1 处，重建时已插值。',
    );
  });
});
