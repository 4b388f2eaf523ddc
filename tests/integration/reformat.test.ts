/** Derived series: geometry as asked, values as cut, valid by independent readers, imported like any other. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataset } from '../../core/dicom/dataset.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { type FieldSeries, type Triple, writeField } from '../fixtures/field-series.ts';
import { ask, importPaths, jobEnd, openHost, temporaryFolder } from '../fixtures/host.ts';
import { align, readNifti, readNrrd } from '../fixtures/nifti.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const base = {
  size: [36, 32, 24],
  spacing: [1, 1.2, 1.5],
  row: [c, s, 0],
  column: [-s, c, 0],
  middle: [20, -35, 412],
  slope: 0.01,
  value: ([x, y, z]: Triple) => 3 * (x - 20) - 2 * (y + 35) + 1.5 * (z - 412),
} as const satisfies FieldSeries;
const center: Triple = [21, -34, 411];
const right: Triple = [1, 0.3, 0.2];
const up: Triple = [0, 0.1, 1];
const size = [24, 20] as const;
const plane = [
  ...['--center', center.join(','), '--right', right.join(','), '--up', up.join(',')],
  ...['--size', size.join('x'), '--spacing', '0.8'],
];

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, n) => sum + x * b[n]!, 0);
const unit = (a: readonly number[]): number[] => a.map((x) => x / Math.hypot(...a));
/** The orthonormal basis that was asked for, made here from scratch. */
const r = unit(right);
const d = unit(up.map((x, n) => -(x - dot(up, r) * r[n]!)));
const n = [r[1]! * d[2]! - r[2]! * d[1]!, r[2]! * d[0]! - r[0]! * d[2]!, r[0]! * d[1]! - r[1]! * d[0]!];

type Elements = ReadonlyMap<string, unknown>;
function elementsOf(path: string): Elements {
  const tree = readDataset(new Uint8Array(readFileSync(path)));
  if (!tree.ok) throw new Error(tree.problem.code);
  return new Map(tree.value.dataset.map((one) => [one.keyword, one.value ?? one.items]));
}
const numbersOf = (elements: Elements, keyword: string): number[] => elements.get(keyword) as number[];

const valuesOf = (path: string): Float32Array => {
  const { fields, data } = readNrrd(readFileSync(path));
  const bytes = Uint8Array.from(data).buffer;
  return fields.get('type') === 'float' ? new Float32Array(bytes) : Float32Array.from(new Int16Array(bytes));
};

async function succeed(words: readonly string[]): Promise<string> {
  const ended = await candela(words);
  expect(ended).toMatchObject({ code: 0, err: '' });
  return ended.out;
}

beforeAll(async () => {
  await kernelsReady();
  writeField(inside('source'), base);
});

describe('a batch of parallel planes', () => {
  const out = inside('parallel');
  let files: string[] = [];
  beforeAll(async () => {
    await succeed(['reformat', inside('source'), ...plane, '--count', '7', '--step', '1.4', '--out', out]);
    files = readdirSync(out).sort();
  });

  it('says where every plane lies, within a millionth of a millimetre', () => {
    expect(files).toHaveLength(7);
    for (const [k, file] of files.entries()) {
      const elements = elementsOf(join(out, file));
      const position = numbersOf(elements, 'ImagePositionPatient');
      const orientation = numbersOf(elements, 'ImageOrientationPatient');
      [...r, ...d].forEach((x, at) => {
        expect(orientation[at]).toBeCloseTo(x, 9);
      });
      for (const x of [0, 1, 2]) {
        const first = center[x]! + n[x]! * (k - 3) * 1.4 - r[x]! * 0.8 * 11.5 - d[x]! * 0.8 * 9.5;
        expect(position[x]).toBeCloseTo(first, 6);
      }
      expect(numbersOf(elements, 'PixelSpacing')).toEqual([0.8, 0.8]);
      expect(numbersOf(elements, 'SpacingBetweenSlices')).toEqual([1.4]);
      expect(numbersOf(elements, 'InstanceNumber')).toEqual([k + 1]);
    }
  });

  it('belongs to the study, and says what it comes from', () => {
    const all = files.map((file) => elementsOf(join(out, file)));
    const one = all[0]!;
    expect(one.get('PatientName')).toEqual(['Field^Test']);
    expect(one.get('StudyInstanceUID')).toEqual(['1.2.3.4']);
    expect(one.get('FrameOfReferenceUID')).toEqual(['1.2.3.99']);
    expect(one.get('SOPClassUID')).toEqual(['1.2.840.10008.5.1.4.1.1.2']);
    expect(one.get('ImageType')).toEqual(['DERIVED', 'SECONDARY', 'MPR']);
    const uids = new Set(all.map((elements) => String(elements.get('SOPInstanceUID'))));
    expect(uids.size).toBe(7);
    const series = new Set(all.map((elements) => String(elements.get('SeriesInstanceUID'))));
    expect([...series][0]).toMatch(/^2\.25\.[1-9]\d{20,38}$/);
    expect(series.size).toBe(1);
    expect(one.get('SourceImageSequence')).toHaveLength(24);
    const [code] = one.get('DerivationCodeSequence') as { keyword: string; value?: unknown }[][];
    expect(code?.find(({ keyword }) => keyword === 'CodeValue')?.value).toEqual(['113072']);
  });

  it('is the same volume for candela volume and dcm2niix', async ({ skip }) => {
    const nrrd = inside('parallel.nii');
    await succeed(['volume', out, '--out', nrrd]);
    const ours = readNifti(readFileSync(nrrd));
    const asked = [0, 1, 2].map((x) => {
      const sign = x < 2 ? -1 : 1;
      const first = center[x]! - n[x]! * 3 * 1.4 - r[x]! * 0.8 * 11.5 - d[x]! * 0.8 * 9.5;
      return [r[x]! * 0.8, d[x]! * 0.8, n[x]! * 1.4, first].map((value) => value * sign);
    });
    const wanted = { affine: [...asked.flat(), 0, 0, 0, 1], size: [24, 20, 7] };
    expect(align(ours, wanted).cornerMm).toBeLessThan(1e-3);
    skip(!has('dcm2niix'), 'dcm2niix is not installed');
    const to = inside('nii');
    mkdirSync(to);
    expect(spawnSync('dcm2niix', ['-b', 'n', '-z', 'n', '-f', 'x', '-o', to, out]).status).toBe(0);
    const [name = ''] = readdirSync(to).filter((file) => file.endsWith('.nii'));
    expect(align(wanted, readNifti(readFileSync(join(to, name)))).cornerMm).toBeLessThan(1e-3);
  });

  it('holds the values that candela slice gives, to half a step of its rescale', async () => {
    const volume = inside('values.nrrd');
    await succeed(['volume', out, '--out', volume]);
    const values = valuesOf(volume);
    const slope = numbersOf(elementsOf(join(out, files[0]!)), 'RescaleSlope')[0]!;
    const padding = -32768 * slope + numbersOf(elementsOf(join(out, files[0]!)), 'RescaleIntercept')[0]!;
    expect(slope).toBeLessThan(0.05);
    for (const k of [5]) {
      const at = center.map((x, axis) => x + n[axis]! * (k - 3) * 1.4).join(',');
      const file = inside('one.nrrd');
      await succeed(['slice', inside('source'), ...plane.with(1, at), '--out', file]);
      const cut = valuesOf(file);
      cut.forEach((value, pixel) => {
        const kept = values[k * 24 * 20 + pixel]!;
        if (Number.isNaN(value)) expect(kept).toBeCloseTo(padding, 2);
        else expect(Math.abs(kept - value)).toBeLessThan(slope * 0.51);
      });
    }
  });
});

describe('planes beside the volume', () => {
  const batch = (center: string) => [
    ...['reformat', inside('source'), ...plane.with(1, center), '--count', '5', '--step', '20'],
    ...['--json', '--out', inside(`beside-${center}`)],
  ];

  /** True where no pixel of the plane `mm` along the normal lies in the block. */
  const isBeside = (mm: number): boolean => {
    const { row, column, size: voxels, spacing, middle } = base;
    for (let v = 0; v < size[1]; v++)
      for (let u = 0; u < size[0]; u++) {
        const [across, down] = [0.8 * (u - 11.5), 0.8 * (v - 9.5)];
        const from = center.map((x, at) => x + n[at]! * mm + r[at]! * across + d[at]! * down - middle[at]!);
        if (
          [row, column, [0, 0, 1]].every(
            (axis, at) => Math.abs(dot(from, axis)) <= (voxels[at]! * spacing[at]!) / 2,
          )
        )
          return false;
      }
    return true;
  };

  it('are counted where some lie outside, and told where all do', async () => {
    const some = await candela(batch(center.join(',')));
    expect(some.code).toBe(3);
    const beside = [-40, -20, 0, 20, 40].filter(isBeside).length;
    expect(beside).toBeGreaterThan(1);
    expect(JSON.parse(some.out)).toMatchObject({
      files: 5,
      problems: [{ code: 'PLANES_OUTSIDE', message: expect.stringMatching(`^Of 5 planes ${beside} do`) }],
    });
    const all = await candela(batch('21,-34,4110'));
    expect(all.code).toBe(3);
    expect(JSON.parse(all.out)).toMatchObject({ files: 5, problems: [{ code: 'PLANE_OUTSIDE' }] });
  });
});

describe('a batch of radial planes', () => {
  it('turns about the line from top to bottom, half a turn in all', async () => {
    const out = inside('radial');
    const words = [...plane, '--radial', '6', '--slab', '4', '--mode', 'mip', '--out', out];
    await succeed(['reformat', inside('source'), ...words]);
    const all = readdirSync(out)
      .sort()
      .map((file) => elementsOf(join(out, file)));
    expect(all).toHaveLength(6);
    for (const [k, elements] of all.entries()) {
      const orientation = numbersOf(elements, 'ImageOrientationPatient');
      const position = numbersOf(elements, 'ImagePositionPatient');
      const angle = (Math.PI * k) / 6;
      const row = r.map((x, axis) => x * Math.cos(angle) - n[axis]! * Math.sin(angle));
      expect(Math.abs(dot(orientation.slice(0, 3), r) - Math.cos(angle))).toBeLessThan(1e-9);
      expect(Math.abs(dot(orientation.slice(3), d) - 1)).toBeLessThan(1e-9);
      const [a, b] = [orientation.slice(0, 3), orientation.slice(3)];
      const middle = position.map((x, axis) => x + a[axis]! * 0.8 * 11.5 + b[axis]! * 0.8 * 9.5);
      middle.forEach((x, axis) => {
        expect(x).toBeCloseTo(center[axis]!, 6);
      });
      expect(Math.abs(Math.abs(dot(orientation.slice(0, 3), row)) - 1)).toBeLessThan(1e-9);
      expect(numbersOf(elements, 'SliceThickness')).toEqual([4]);
      expect(elements.get('ImageType')).toEqual(['DERIVED', 'SECONDARY', 'MIP']);
    }
  });
});

describe('slabs along the normal', () => {
  const thin = 1;
  const plate: FieldSeries = {
    ...base,
    size: [16, 16, 61],
    spacing: [1, 1, thin],
    value: (p) =>
      Math.abs(
        dot(
          p.map((x, axis) => x - base.middle[axis]!),
          [0, 0, 1],
        ),
      ) < 0.01
        ? 100
        : 0,
  };

  it.each([
    ['mean', 6, 6],
    ['mip', 3.25, 3.25 + thin],
  ])('%s of %f mm shows a plate of one voxel %f mm wide at half its height', async (mode, slabMm, wanted) => {
    writeField(inside('plate'), plate);
    const [out, file] = [inside(`plate-${mode}-${slabMm}`), inside('profile.nrrd')];
    const step = 0.2;
    const middle = ['--center', base.middle.join(','), '--right', '1,0,0', '--up', '0,-1,0'];
    const batch = ['--count', '101', '--step', String(step), '--slab', String(slabMm), '--mode', mode];
    await succeed([
      'reformat',
      inside('plate'),
      ...middle,
      '--size',
      '1x1',
      '--spacing',
      '1',
      ...batch,
      '--out',
      out,
    ]);
    await succeed(['volume', out, '--out', file]);
    const profile = [...valuesOf(file)];
    const half = Math.max(...profile) / 2;
    /** Where the profile crosses half its height, between the samples. */
    const crossing = (list: readonly number[]): number => {
      const at = list.findIndex((value) => value >= half);
      return at - (list[at]! - half) / (list[at]! - list[at - 1]!);
    };
    const width = (profile.length - 1 - crossing(profile) - crossing(profile.toReversed())) * step;
    expect(Math.abs(width - wanted)).toBeLessThan(0.1);
  });
});

const kinds: readonly (readonly [string, Partial<FieldSeries>, string])[] = [
  [
    'a Secondary Capture',
    { sopClass: '1.2.840.10008.5.1.4.1.1.7', modality: 'OT' },
    '1.2.840.10008.5.1.4.1.1.7',
  ],
  ['ultrasound', { sopClass: '1.2.840.10008.5.1.4.1.1.6.1', modality: 'US' }, '1.2.840.10008.5.1.4.1.1.7'],
];

describe('by dciodvfy', () => {
  const valid = (path: string): void => {
    const { stdout, stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  };

  it.each(['ct', 'mr', 'pet'])('reformats of a phantom (%s) are valid', async (contrast) => {
    const [from, out] = [inside(`phantom-${contrast}`), inside(`valid-${contrast}`)];
    const make = ['--size', '32x32', '--slices', '6', '--spacing', '8,8,8', '--contrast', contrast];
    await succeed(['phantom', '--out', from, ...make]);
    const middle = ['--center', '0,0,60', '--right', '1,0.1,0', '--up', '0,0,1', '--size', '20x20'];
    await succeed([
      'reformat',
      from,
      ...middle,
      '--spacing',
      '4',
      '--count',
      '2',
      '--step',
      '4',
      '--out',
      out,
    ]);
    const classes = { ct: '2', mr: '4', pet: '128' } as const;
    const one = elementsOf(join(out, 'IM0001.dcm'));
    expect(one.get('SOPClassUID')).toEqual([
      `1.2.840.10008.5.1.4.1.1.${classes[contrast as keyof typeof classes]}`,
    ]);
    expect(one.get('ImageComments')).toEqual(['CANDELA DEMO']);
    if (has('dciodvfy')) valid(join(out, 'IM0002.dcm'));
  });

  it.each(kinds)('of %s they are Secondary Captures with geometry', async (name, parts, wanted) => {
    const [from, out] = [inside(`kind ${name}`), inside(`made ${name}`)];
    writeField(from, { ...base, size: [12, 12, 6], ...parts });
    await succeed(['reformat', from, ...plane, '--count', '2', '--step', '1', '--out', out]);
    expect(elementsOf(join(out, 'IM0001.dcm')).get('SOPClassUID')).toEqual([wanted]);
    if (has('dciodvfy')) valid(join(out, 'IM0001.dcm'));
  });
});

it.each([
  [['--count', '0', '--step', '1'], '--count 0'],
  [['--count', '2'], '--step'],
  [['--count', '2', '--step', '0'], '--step 0'],
  [['--radial', '5', '--step', '1'], '--step 1'],
  [['--radial', '2001'], '--radial 2001'],
])('%j is wrong usage', async (words, told) => {
  const ended = await candela(['reformat', inside('source'), ...plane, ...words, '--out', inside('no')]);
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.err).toContain(told);
});

it('the host puts a reformat into the study as a series of its own', async () => {
  const host = await openHost(inside('data'));
  try {
    await importPaths(host, [inside('source')]);
    const found = await ask(host, 'uid.find', { uid: '1.2.3.4.5' });
    const { seriesKey, studyKey } = found.series[0]!;
    const plan = await ask(host, 'series.plan', { seriesKey });
    const { jobId } = await ask(host, 'series.reformat', {
      seriesKey,
      groupId: plan.groups[0]!.id,
      ...{ center: [...center], right: [...right], down: up.map((x) => -x) as [number, number, number] },
      ...{ width: 24, height: 20, spacingMm: 0.8, slabMm: 3, projection: 'mean', interpolation: 'linear' },
      batch: { kind: 'parallel', count: 5, stepMm: 2 },
    });
    const job = await jobEnd(host, jobId);
    expect(job).toMatchObject({ state: 'done', problem: null });
    const receipt = await ask(host, 'jobs.receipt', { receiptId: job.receiptId! });
    expect(receipt).toMatchObject({ files: 5, stored: 5, studies: ['1.2.3.4'] });
    const { series } = await ask(host, 'studies.show', { studyKey });
    expect(series.map((one) => [one.number, one.description, one.instances])).toContainEqual([
      301,
      'MEAN 3 mm',
      5,
    ]);
    const made = series.find((one) => one.number === 301)!;
    const derived = await ask(host, 'series.plan', { seriesKey: made.seriesKey });
    expect(derived.groups[0]).toMatchObject({ regular: { size: [24, 20, 5] }, verdict: { kind: 'exact' } });
    const named = await ask(host, 'series.reformat', {
      ...{ seriesKey, groupId: plan.groups[0]!.id, name: ' 冠状位 A\\B ' },
      ...{ center: [...center], right: [...right], down: up.map((x) => -x) as [number, number, number] },
      ...{ width: 8, height: 8, spacingMm: 2, slabMm: 0, projection: 'none', interpolation: 'linear' },
      batch: { kind: 'radial', count: 2 },
    });
    expect(await jobEnd(host, named.jobId)).toMatchObject({ state: 'done', title: '冠状位 A\\B' });
    const after = await ask(host, 'studies.show', { studyKey });
    // Two series of one source have two numbers.
    expect(after.series.map((one) => [one.number, one.description])).toContainEqual([302, '冠状位 A/B']);
    const refused = await host.call('series.reformat', {
      seriesKey,
      groupId: 'none',
      ...{ center: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0], width: 2, height: 2, spacingMm: 1 },
      ...{ slabMm: 0, projection: 'none', interpolation: 'linear', batch: { kind: 'radial', count: 1 } },
    });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
  } finally {
    await host.close();
  }
});

it('the document of --json names both series', async () => {
  const out = inside('told');
  const words = ['reformat', inside('source'), ...plane, '--count', '1', '--out', out, '--json'];
  const told = v.parse(
    v.looseObject({
      files: v.literal(1),
      SeriesInstanceUID: v.string(),
      SourceSeriesInstanceUID: v.literal('1.2.3.4.5'),
    }),
    JSON.parse(await succeed(words)),
  );
  expect(elementsOf(join(out, 'IM0001.dcm')).get('SeriesInstanceUID')).toEqual([told.SeriesInstanceUID]);
});
