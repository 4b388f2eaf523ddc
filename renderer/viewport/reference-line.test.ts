import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, cross, dot, length } from '../../core/geometry/matrices.ts';
import { patientPoint, patientVector } from '../../core/geometry/types.ts';
import { type FramePlane, frameNormal, framePlane, patientOnFrame, referenceLine } from './reference-line.ts';

const axial: FramePlane = {
  frameOfReferenceUID: '1.2',
  origin: patientPoint(-100, -80, 30),
  right: patientVector(1, 0, 0),
  down: patientVector(0, 1, 0),
  columnMm: 0.5,
  rowMm: 0.8,
  columns: 400,
  rows: 200,
};
const sagittal: FramePlane = {
  ...axial,
  origin: patientPoint(12, -60, 90),
  right: patientVector(0, 1, 0),
  down: patientVector(0, 0, -1),
  columnMm: 1,
  rowMm: 1,
  columns: 100,
  rows: 120,
};

describe('the line where another stack cuts a picture', () => {
  test('is where it lies in the patient, as long as the other picture is', () => {
    // x = 12 mm is column (12 + 100) / 0.5; the sagittal picture reaches from y = −60.5 to 39.5 mm.
    const line = referenceLine(axial, sagittal)?.toSorted((a, b) => a.row - b.row);
    expect(line?.[0]?.column).toBeCloseTo(224, 9);
    expect(line?.[1]?.column).toBeCloseTo(224, 9);
    expect(line?.[0]?.row).toBeCloseTo((-60.5 + 80) / 0.8, 9);
    expect(line?.[1]?.row).toBeCloseTo((39.5 + 80) / 0.8, 9);
  });

  test('is not drawn across frames of reference, for parallel planes, nor where they do not meet', () => {
    expect(referenceLine(axial, { ...sagittal, frameOfReferenceUID: '1.3' })).toBeNull();
    expect(referenceLine(axial, { ...axial, origin: patientPoint(0, 0, 31) })).toBeNull();
    expect(referenceLine({ ...axial, origin: patientPoint(-100, -80, 200) }, sagittal)).toBeNull();
  });

  test('lies on both planes, whatever their tilt', () => {
    const angle = fc.double({ min: 0, max: Math.PI, noNaN: true });
    fc.assert(
      fc.property(angle, angle, fc.integer({ min: -40, max: 40 }), (a, b, shift) => {
        const right = patientVector(Math.cos(a), Math.sin(a), 0);
        const down = patientVector(-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b));
        const tilted = { ...sagittal, right, down, origin: patientPoint(shift, -20, 10) };
        const line = referenceLine(axial, tilted);
        for (const point of line ?? []) {
          const p = patientOnFrame(axial, point);
          expect(dot(between(tilted.origin, p), frameNormal(tilted))).toBeCloseTo(0, 6);
        }
        if (line) {
          const along = between(patientOnFrame(axial, line[0]), patientOnFrame(axial, line[1]));
          const both = cross(frameNormal(axial), frameNormal(tilted));
          expect(length(cross(along, both))).toBeCloseTo(0, 4);
        }
      }),
    );
  });

  test('needs a place in the patient', () => {
    const attributes = {
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      ImagePositionPatient: [1, 2, 3],
      PixelSpacing: [0.5, 0.5],
      FrameOfReferenceUID: '1.2',
    };
    const info = (a: object) =>
      ({ attributes: a, frame: {}, instance: { format: { rows: 4, columns: 5 } } }) as unknown as Parameters<
        typeof framePlane
      >[0];
    expect(framePlane(info(attributes))).toMatchObject({ origin: [1, 2, 3], rows: 4, columns: 5 });
    for (const name of Object.keys(attributes)) {
      expect(framePlane(info({ ...attributes, [name]: undefined })), name).toBeUndefined();
    }
  });
});
