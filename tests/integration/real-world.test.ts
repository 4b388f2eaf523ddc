/** `candela volume` of values that only a mapping gives a meaning: in its unit, which the files name, and never mixed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { element, type WriteElement } from '../../core/dicom/write/element.ts';
import { volumeSchema } from '../fixtures/cli-documents.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { madeColumns, madeRows, writeSeries } from '../fixtures/made-series.ts';
import { readNrrd } from '../fixtures/nifti.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const count = madeColumns * madeRows;
const stored = (k: number, n: number): number => (k * 911 + n * 97) % 4096;
const bytesOf = (k: number): Uint8Array =>
  new Uint8Array(Uint16Array.from({ length: count }, (_, n) => stored(k, n)).buffer);

function mapping(slope: number, code: string): WriteElement {
  const unit = [
    element(0x00080100, 'SH', code),
    element(0x00080102, 'SH', 'UCUM'),
    element(0x00080104, 'LO', code),
  ];
  return element(0x00409096, 'SQ', [
    [element(0x004008ea, 'SQ', [unit]), element(0x00409224, 'FD', -7), element(0x00409225, 'FD', slope)],
  ]);
}

async function volumeOf(name: string, more: (k: number) => readonly WriteElement[]) {
  const path = join(folder.path, name);
  writeSeries(path, {
    pixels: { bitsAllocated: 16, bitsStored: 12, bytesOf },
    heights: [0, 2.5, 5, 7.5],
    more,
  });
  const ended = await candela(['volume', path, '--out', `${path}.nrrd`, '--json']);
  const { fields, data } = readNrrd(readFileSync(`${path}.nrrd`));
  const told = documentOf(volumeSchema, ended);
  const Cells = told.scalarType === 'int16' ? Int16Array : Float32Array;
  return { told, fields, values: [...new Cells(Uint8Array.from(data).buffer)] };
}

it('each slice by its own mapping, the unit named', async () => {
  const slopes = [0.5, 2, 0.001, 1];
  const { told, fields, values } = await volumeOf('mapped', (k) => [mapping(slopes[k]!, 'um2/s')]);
  expect([told.unit, fields.get('sample units'), told.size[2]]).toEqual(['µm²/s', 'µm²/s', 4]);
  expect(values).toEqual(
    Array.from({ length: 4 * count }, (_, at) =>
      Math.fround(stored(Math.floor(at / count), at % count) * slopes[Math.floor(at / count)]! - 7),
    ),
  );
});

it('slices without the mapping, or in another unit, are no part of it', async () => {
  for (const [name, other] of [
    ['lacking', []],
    ['another', [mapping(1, 'Bq/ml')]],
  ] as const) {
    const { told } = await volumeOf(name, (k) => (k < 3 ? [mapping(2, 'um2/s')] : other));
    expect([told.unit, told.size[2]]).toEqual(['µm²/s', 3]);
  }
});

it('rescaled values keep their rescale and are stored ones where nothing maps them', async () => {
  const rescaled = await volumeOf('rescaled', () => [
    element(0x00281052, 'DS', -5),
    element(0x00281053, 'DS', 1),
    mapping(3, 'um2/s'),
  ]);
  expect([rescaled.told.unit, rescaled.fields.has('sample units')]).toEqual(['', false]);
  expect(rescaled.values.slice(0, 3)).toEqual([0, 1, 2].map((n) => stored(0, n) - 5));
});
