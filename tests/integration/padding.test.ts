/** Pixel padding is no data for everything that is drawn, slice by slice, by what is stored (PS3.3 C.7.5.1.1.2). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { element, type WriteElement } from '../../core/dicom/write/element.ts';
import { exportByParts } from '../../main/cli/export-parts.ts';
import { kernelsReady } from '../../scripts/build-native.mjs';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { type MadePixels, madeColumns, madeRows, writeSeries } from '../fixtures/made-series.ts';
import { readNifti, readNrrd } from '../fixtures/nifti.ts';
import { oblique, obliqueNormal } from '../fixtures/scans.ts';
import { candela } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());
beforeAll(kernelsReady);

const isPadding = (n: number): boolean => n % madeColumns < 2;
/** A plane `heightMm` along the normal; every second sample of its rows is a pixel's middle. */
async function planeAt(series: string, heightMm: number): Promise<number[]> {
  const middle = [0, 1, 2].map(
    (x) =>
      oblique.origin[x]! +
      2 * oblique.spacing[1] * oblique.row[x]! +
      1.5 * oblique.spacing[0] * oblique.column[x]! +
      heightMm * obliqueNormal[x]!,
  );
  const up = oblique.column.map((x) => -x);
  const out = inside('plane.nrrd');
  const ended = await candela([
    ...['slice', inside(series), '--center', middle.join(','), '--right', oblique.row.join(',')],
    ...[
      '--up',
      up.join(','),
      '--size',
      `${2 * madeColumns - 1}x${madeRows}`,
      '--spacing',
      '0.4',
      '--out',
      out,
    ],
  ]);
  expect(ended).toMatchObject({ code: 0, err: '' });
  const values = new Float32Array(Uint8Array.from(readNrrd(readFileSync(out)).data).buffer);
  return [...values].filter((_, n) => (n % (2 * madeColumns - 1)) % 2 === 0);
}

const places = Array.from({ length: madeColumns * madeRows }, (_, n) => n);

it('each slice has its own, and its own rescale', async () => {
  // What pads one slice is tissue in the next, stored and rescaled.
  const storedPadding = (k: number): number => 100 * k;
  const pixels: MadePixels = {
    bitsAllocated: 16,
    bytesOf: (k) =>
      new Uint8Array(
        Uint16Array.from(places, (n) => (isPadding(n) ? storedPadding(k) : 100 + 10 * n)).buffer,
      ),
  };
  const more = (k: number): WriteElement[] => [
    element(0x00280120, 'US', storedPadding(k)),
    element(0x00281052, 'DS', -50 * k),
    element(0x00281053, 'DS', 1 + k),
  ];
  const heights = [0, 2, 4, 6, 8];
  writeSeries(inside('rescaled'), { pixels, heights, more });
  for (const [k, heightMm] of [...heights.entries()].filter(([slice]) => slice % 3 === 0)) {
    const expected = places.map((n) =>
      isPadding(n) || 100 + 10 * n === storedPadding(k) ? Number.NaN : (100 + 10 * n) * (1 + k) - 50 * k,
    );
    expect(await planeAt('rescaled', heightMm), `slice ${k}`).toEqual(expected);
  }
});

it('mixes with no tissue where slices are made from unevenly spaced ones', async () => {
  const pixels: MadePixels = {
    bitsAllocated: 16,
    signed: true,
    bytesOf: (k) =>
      new Uint8Array(
        // The edge of the padding moves from slice to slice.
        Int16Array.from(places, (n) => (n % madeColumns < k % 3 ? -2000 : 1000)).buffer,
      ),
  };
  const more = (): WriteElement[] => [element(0x00280120, 'SS', -2000)];
  writeSeries(inside('uneven'), { pixels, heights: [0, 2, 4.7, 6.4, 9, 10.8], more });
  for (const heightMm of [1, 5.5]) {
    const found = (await planeAt('uneven', heightMm)).filter((value) => !Number.isNaN(value));
    expect(new Set(found)).toEqual(new Set([1000]));
  }
});

/** Unevenly spaced slices of tissue from 1000 to 1019, stored, with more padding in one than in the next. */
function unevenSeries(name: string, slope: number): string {
  const pixels: MadePixels = {
    bitsAllocated: 16,
    signed: true,
    bytesOf: (k) =>
      new Uint8Array(Int16Array.from(places, (n) => (n % madeColumns < k % 3 ? -2000 : 1000 + n)).buffer),
  };
  const more = (): WriteElement[] => [
    element(0x00280120, 'SS', -2000),
    element(0x00281052, 'DS', 0),
    element(0x00281053, 'DS', slope),
  ];
  writeSeries(inside(name), { pixels, heights: [0, 2, 4.7, 6.4, 9, 10.8], more });
  return inside(name);
}

it.each([1, 0.5])(
  'stays what it is in a file of resampled slices, and mixes with no tissue there: slope %d',
  async (slope) => {
    const series = unevenSeries(`file${slope}`, slope);
    const out = inside('file.nii');
    expect(await candela(['volume', series, '--out', out])).toMatchObject({ code: 0 });
    const { values } = readNifti(readFileSync(out));
    const tissue = values.filter((value) => value !== -2000 * slope);
    expect(tissue.length).toBeLessThan(values.length);
    expect([Math.min(...tissue), Math.max(...tissue)]).toEqual([1000 * slope, 1019 * slope]);
  },
);

it.each([1, 0.5])('the same in a file that is written part by part: slope %d', async (slope) => {
  const series = unevenSeries(`parts${slope}`, slope);
  const out = inside('whole.nii');
  expect(await candela(['volume', series, '--out', out])).toMatchObject({ code: 0 });
  const whole = readNifti(readFileSync(out));
  const host = await openHost(inside(`data${slope}`), { shell: 'cli' });
  try {
    await importPaths(host, [series]);
    const { series: rows } = await ask(host, 'uid.find', { uid: '1.2.3.4' });
    const plan = await ask(host, 'series.plan', { seriesKey: rows[0]!.seriesKey });
    const group = plan.groups[0]!;
    for (const partBytes of [1, 200, 10 ** 9]) {
      const parts = inside('parts.nii');
      await exportByParts({ host, plan, group, geometry: group.regular! }, parts, { partBytes });
      expect(readNifti(readFileSync(parts)).values).toEqual(whole.values);
    }
  } finally {
    await host.close();
  }
});

it.each([
  ['FloatPixelPaddingValue', 0x7fe00008, 'OF', 0x00280122, 'FL', 32, [-9999]],
  ['DoubleFloatPixelPaddingValue with a range', 0x7fe00009, 'OD', 0x00280123, 'FD', 64, [-9999, -9000]],
] as const)(
  'of float pixels: %s',
  async (_name, tag, vr, paddingTag, paddingVr, bitsAllocated, [value, limit]) => {
    const pixels: MadePixels = {
      ...{ bitsAllocated, tag, vr },
      bytesOf: () => {
        const values = places.map((n) => (isPadding(n) ? (n % 2 ? (limit ?? value) : value) : n / 4));
        const numbers = bitsAllocated === 32 ? Float32Array.from(values) : Float64Array.from(values);
        return new Uint8Array(numbers.buffer);
      },
    };
    const more = (): WriteElement[] => [
      element(paddingTag, paddingVr, value),
      ...(limit === undefined ? [] : [element(paddingTag + 2, paddingVr, limit)]),
    ];
    writeSeries(inside(paddingVr), { pixels, heights: [0, 2, 4], more });
    expect(await planeAt(paddingVr, 2)).toEqual(places.map((n) => (isPadding(n) ? Number.NaN : n / 4)));
  },
);
