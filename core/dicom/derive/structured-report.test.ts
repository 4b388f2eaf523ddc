import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../geometry/types.ts';
import { type Dataset as ReadDataset, readDataset } from '../dataset.ts';
import { element } from '../write/element.ts';
import type { DerivationSource } from './derived-object.ts';
import { encodeStructuredReport, type MeasuredVessel, type VesselMeasurements } from './structured-report.ts';
import { vesselSite } from './vessel-codes.ts';

const source: DerivationSource = {
  sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
  seriesInstanceUID: '1.2.4',
  inherited: [
    element(0x00080070, 'LO', 'Scanner'),
    element(0x00100010, 'PN', 'Gao^Ming=高^明'),
    element(0x0018_0060, 'DS', '120'),
    element(0x0020000d, 'UI', '1.2.5'),
  ],
  instances: [{ sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: '1.2.6' }],
};
const identity = {
  sopInstanceUID: '2.25.1',
  seriesInstanceUID: '2.25.2',
  seriesNumber: 301,
  seriesDescription: 'SR',
  date: '20261126',
  time: '120000',
};
const line = (count: number): Vec3[] => Array.from({ length: count }, (_, n) => [n / 4, -n / 8, 1000 - n]);
const vessel = (part: Partial<MeasuredVessel> = {}): MeasuredVessel => ({
  label: '左颈内动脉',
  trackingUID: '2.25.3',
  site: vesselSite('left-internal-carotid', 'vessel'),
  pointsMm: line(100),
  lengthMm: 99,
  isByHand: false,
  stenoses: [],
  ...part,
});
const written = (about: Partial<VesselMeasurements> = {}): ReadDataset => {
  const all = { language: 'zh-CN', vessels: [vessel()], frameOfReferenceUID: '1.2.9', deviceUID: '2.25.4' };
  const read = readDataset(
    encodeStructuredReport(source, identity, { ...all, ...about } as VesselMeasurements),
  );
  if (!read.ok) throw new Error(read.problem.code);
  return read.value.dataset;
};

const told = (item: ReadDataset, tag: number) => item.find((one) => one.tag === tag);
/** Items of the content tree, the root first, with what they are called. */
function itemsOf(item: ReadDataset): { readonly name: string; readonly item: ReadDataset }[] {
  const name = String(told(told(item, 0x0040a043)?.items?.[0] ?? [], 0x00080104)?.value ?? '');
  const below = (told(item, 0x0040a730)?.items ?? []).flatMap(itemsOf);
  return [{ name, item }, ...below];
}
const numbersNamed = (dataset: ReadDataset, name: string): number[] =>
  itemsOf(dataset)
    .filter((one) => one.name === name)
    .map(({ item }) => Number(told(told(item, 0x0040a300)?.items?.[0] ?? [], 0x0040a30a)?.value));

describe('the structured report', () => {
  it('is of the patient and the study, not of the scanner', () => {
    const dataset = written();
    expect(told(dataset, 0x00100010)?.value).toEqual(['Gao^Ming=高^明']);
    expect(told(dataset, 0x0020000d)?.value).toEqual(['1.2.5']);
    expect(told(dataset, 0x00080070)?.value).toEqual(['Candela']);
    expect(told(dataset, 0x0018_0060)).toBeUndefined();
    expect(told(dataset, 0x00080060)?.value).toEqual(['SR']);
  });

  it('keeps numbers to a millionth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2000, noNaN: true }), (lengthMm) => {
        const [read] = numbersNamed(written({ vessels: [vessel({ lengthMm })] }), 'Length');
        expect(Math.abs(read! - lengthMm)).toBeLessThanOrEqual(1e-6 * lengthMm);
      }),
      { numRuns: 50 },
    );
  });

  it('has the course in patient space, thinned where it is longer than a value may be', () => {
    const paths = (dataset: ReadDataset): number[][] =>
      itemsOf(dataset)
        .filter(({ name }) => name === 'Path')
        .map(({ item }) => told(item, 0x00700022)?.value as unknown as number[]);
    const [short] = paths(written());
    expect(short).toHaveLength(300);
    expect(short!.slice(0, 6)).toEqual([0, -0, 1000, 0.25, -0.125, 999]);
    const [long] = paths(written({ vessels: [vessel({ pointsMm: line(5000) })] }));
    expect(long!.length).toBeLessThanOrEqual(5400);
    expect(long!.slice(-3)).toEqual([4999 / 4, -4999 / 8, 1000 - 4999]);
  });

  it('has numbers, but no places, without a frame of reference', () => {
    const read = readDataset(
      encodeStructuredReport(source, identity, { language: 'en', vessels: [vessel()], deviceUID: '2.25.4' }),
    );
    if (!read.ok) throw new Error(read.problem.code);
    expect(numbersNamed(read.value.dataset, 'Length')).toEqual([99]);
    expect(itemsOf(read.value.dataset).some(({ name }) => name === 'Path')).toBe(false);
  });

  it('has a group for each vessel and for each stenosis, each with an identity of its own', () => {
    const stenosis = {
      label: '狭窄 1',
      trackingUID: '2.25.30',
      pointMm: [1, 2, 3] as Vec3,
      fromStartMm: 38,
      percentDiameter: 75,
      uncertaintyPercent: 6,
      percentArea: 93.75,
      throatMm: 1.5,
      referenceMm: 6,
      rule: 'NASCET' as const,
      isAtLimit: true,
    };
    const dataset = written({
      vessels: [vessel({ stenoses: [stenosis] }), vessel({ trackingUID: '2.25.5' })],
    });
    const groups = itemsOf(dataset).filter(({ name }) => name === 'Measurement Group');
    const uids = groups.map(({ item }) => {
      const tracking = itemsOf(item).find(({ name }) => name === 'Tracking Unique Identifier');
      return String(told(tracking?.item ?? [], 0x0040a124)?.value);
    });
    expect(uids).toEqual(['2.25.3', '2.25.30', '2.25.5']);
    expect(numbersNamed(dataset, 'Lumen Diameter Stenosis')).toEqual([75]);
    expect(numbersNamed(dataset, 'Vessel lumen diameter')).toEqual([1.5]);
    expect(numbersNamed(dataset, '+/-, range of measurement uncertainty')).toEqual([6]);
  });
});

describe('sites', () => {
  it('say the side where the code does not', () => {
    expect(vesselSite('left-internal-carotid', 'vessel')).toMatchObject({
      site: { value: '86117002' },
      side: 'left',
    });
    expect(vesselSite('left-common-carotid', 'vessel')).toEqual({
      site: { value: '113263003', scheme: 'SCT', meaning: 'Left Common Carotid Artery' },
    });
  });
  it('are any vessel or airway for a name of one’s own', () => {
    expect(
      [vesselSite(null, 'vessel'), vesselSite('of later', 'airway')].map(({ site }) => site.value),
    ).toEqual(['59820001', '89187006']);
  });
});
