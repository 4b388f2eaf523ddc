import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientPoint, patientVector } from '../../geometry/types.ts';
import { readDataset } from '../dataset.ts';
import { element } from '../write/element.ts';
import { encodePart10 } from '../write/encode.ts';
import { explicitLittleEndian } from '../write/transfer-syntax.ts';
import { type DerivationSource, derivedDescription, derivedSeriesNumber } from './derived-object.ts';
import { inheritedElements } from './inherited.ts';
import { firstPixel, planeImage, planeSopClass } from './plane-image.ts';
import { storedPadding, storedRescale, toStored } from './stored-range.ts';

const source = (elements: Parameters<typeof encodePart10>[0]) => {
  const file = encodePart10(
    [element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'), element(0x00080018, 'UI', '1.2.3'), ...elements],
    { syntax: explicitLittleEndian },
  );
  const tree = readDataset(file);
  if (!tree.ok) throw new Error(tree.problem.code);
  return {
    sopClassUID: '1.2.840.10008.5.1.4.1.1.2',
    seriesInstanceUID: '1.2',
    inherited: inheritedElements(tree.value.dataset),
    instances: [{ sopClassUID: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUID: '1.2.3' }],
  };
};
const identity = {
  sopInstanceUID: '2.25.1',
  seriesInstanceUID: '2.25.2',
  seriesNumber: 301,
  seriesDescription: 'MPR',
  instanceNumber: 1,
  imageType: ['DERIVED', 'SECONDARY', 'MPR'],
  derivation: 'x',
  codes: [],
  date: '20260101',
  time: '120000',
};
const image = {
  plane: { origin: patientPoint(1, 2, 3), right: patientVector(0, 1, 0), down: patientVector(0, 0, -1) },
  columns: 3,
  rows: 2,
  spacingMm: 2,
  thicknessMm: 1,
  values: Float32Array.of(0, 1, 2, 3, 4, Number.NaN),
  rescale: { slope: 1, intercept: 0 },
  window: { centre: 40, width: 400 },
  count: 1,
  frameOfReferenceUID: '2.25.9',
};

describe('what is inherited', () => {
  it('is the patient, not the picture, and nothing private', () => {
    const { inherited } = source([
      element(0x00080005, 'CS', 'ISO_IR 192'),
      element(0x00090010, 'LO', 'SOMEBODY'),
      element(0x00091001, 'LO', 'secret'),
      element(0x00100010, 'PN', 'Wang^Wei=王^伟'),
      element(0x00101010, 'AS', '9Y'),
      element(0x00200032, 'DS', [1, 2, 3]),
      element(0x00280030, 'DS', [1, 1]),
      element(0x00280120, 'US', 7),
      element(0x00080090, 'PN', ''),
    ]);
    expect(inherited.map(({ tag }) => tag.toString(16))).toEqual(['80090', '100010']);
    expect(inherited[1]?.value).toEqual(['Wang^Wei=王^伟']);
  });

  it('comes out of the derived file as it went in', () => {
    const from = source([
      element(0x00080005, 'CS', 'ISO_IR 192'),
      element(0x00100010, 'PN', 'Wang^Wei=王^伟'),
      element(0x00101030, 'DS', 70.5),
      element(0x00200011, 'IS', 4),
      element(0x0008103e, 'LO', 'Chest 胸'),
      element(0x00081032, 'SQ', [[element(0x00080100, 'SH', 'P1'), element(0x00080104, 'LO', 'CT 胸')]]),
    ]);
    const bytes = encodePart10(planeImage(from, identity, image), { syntax: explicitLittleEndian });
    const tree = readDataset(bytes);
    if (!tree.ok) throw new Error(tree.problem.code);
    const value = (keyword: string) => tree.value.dataset.find((one) => one.keyword === keyword);
    expect(value('PatientName')?.value).toEqual(['Wang^Wei=王^伟']);
    expect(value('PatientWeight')?.value).toEqual([70.5]);
    expect(value('ProcedureCodeSequence')?.items?.[0]?.map((one) => one.value)).toEqual([['P1'], ['CT 胸']]);
    expect(value('ImagePositionPatient')?.value).toEqual([1, 0, 4]);
    expect(value('FrameOfReferenceUID')?.value).toEqual(['2.25.9']);
    expect(value('PatientID')?.lengthBytes).toBe(0);
    expect([derivedSeriesNumber(from), derivedDescription(from, 'MIP 10 mm')]).toEqual([
      401,
      'Chest 胸 MIP 10 mm',
    ]);
    expect(derivedSeriesNumber({ ...from, seriesNumbers: [4, 401, 403] })).toBe(402);
    const all = Array.from({ length: 99 }, (_, n) => 401 + n);
    expect(derivedSeriesNumber({ ...from, seriesNumbers: all })).toBe(401);
  });

  it.each([
    [undefined, 'HU'],
    [true, 'HU'],
    [false, 'US'],
  ])('CT values that are HU: %s, are called %s', (isHu, type) => {
    const from = { ...source([]), ...(isHu !== undefined && { isHu }) };
    const written = planeImage(from, identity, image).find(({ tag }) => tag === 0x00281054);
    expect(written?.value).toEqual(type);
  });

  it('keeps low values white where those of the source are', () => {
    const photometric = (from: DerivationSource) =>
      planeImage(from, identity, image).find(({ tag }) => tag === 0x00280004)?.value;
    expect(photometric(source([]))).toBe('MONOCHROME2');
    expect(photometric({ ...source([]), isInverted: true })).toBe('MONOCHROME1');
  });

  it('never makes a description too long', () => {
    const from = source([element(0x0008103e, 'LO', 'x'.repeat(64))]);
    expect(derivedDescription(from, 'MIP 10 mm radial')).toHaveLength(64);
  });
});

describe('kinds', () => {
  it.each([
    ['2', '2'],
    ['4', '4'],
    ['128', '128'],
    ['2.1', '2'],
    ['4.1', '7'],
    ['7.3', '7'],
    ['20', '7'],
  ])('%s becomes %s', (from, to) => {
    const root = '1.2.840.10008.5.1.4.1.1.';
    expect(planeSopClass(root + from)).toBe(root + to);
  });

  it('have their first pixel half the picture from the middle', () => {
    expect([...firstPixel(image)]).toEqual([1, 0, 4]);
  });
});

describe('storedRescale', () => {
  const value = fc.float({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true });

  it('keeps every value to half a step, whatever the range', () => {
    fc.assert(
      fc.property(
        fc.float32Array({
          minLength: 2,
          maxLength: 20,
          noNaN: true,
          noDefaultInfinity: true,
          min: -1e6,
          max: 1e6,
        }),
        fc.boolean(),
        (values, zero) => {
          const rescale = storedRescale(Math.min(...values), Math.max(...values), zero);
          if (zero) expect(rescale.intercept).toBe(0);
          const stored = toStored(values, rescale);
          values.forEach((x, n) => {
            expect(stored[n]).not.toBe(storedPadding);
            const back = stored[n]! * rescale.slope + rescale.intercept;
            expect(Math.abs(back - x)).toBeLessThanOrEqual(rescale.slope * 0.5000001 + 1e-12);
          });
        },
      ),
    );
  });

  it('uses at least a quarter of the 16 bits, and keeps whole numbers whole', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(Math.abs(a - b) > 1);
        const { slope } = storedRescale(Math.min(a, b), Math.max(a, b));
        expect(Math.abs(a - b) / slope).toBeGreaterThan(16_000);
      }),
    );
    const rescale = storedRescale(-1024, 3071);
    const whole = Float32Array.of(-1024, -1, 0, 40, 3071);
    expect([...toStored(whole, rescale)].map((x) => x * rescale.slope + rescale.intercept)).toEqual([
      ...whole,
    ]);
    expect(toStored(Float32Array.of(Number.NaN, 1e9), rescale)).toEqual(Int16Array.of(storedPadding, 32767));
  });
});
