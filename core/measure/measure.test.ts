import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueUnit } from '../dicom/value-unit.ts';
import { matrixFromColumns } from '../geometry/matrices.ts';
import { orthonormalPlane, patientFromView } from '../geometry/planes.ts';
import { patientPoint, patientVector, type VolumeGeometry, viewPoint } from '../geometry/types.ts';
import { annotate, noAnnotations } from './annotations.ts';
import { calibrationOf, uncalibrated } from './calibration.ts';
import {
  fixed,
  formatArea,
  formatLength,
  formatMean,
  formatValue,
  mmDigits,
  placeMm,
  shortStep,
} from './format.ts';
import { imageLength, patientLengthMm } from './length.ts';
import { planeStatistics, roiArea, roiAreaOnPlaneMm2, volumeStatistics } from './roi.ts';
import type { Measurement } from './types.ts';

const spacing = { source: 'PixelSpacing', rowMm: 0.4, columnMm: 0.8 } as const;

describe('calibration names its source', () => {
  const imager = { ImagerPixelSpacing: [0.2, 0.2] };
  test.each([
    [
      'CT',
      { Modality: 'CT', PixelSpacing: [0.4, 0.8] },
      { source: 'PixelSpacing', rowMm: 0.4, columnMm: 0.8 },
    ],
    [
      'DX calibrated',
      { Modality: 'DX', PixelSpacing: [0.1, 0.1], ...imager, PixelSpacingCalibrationType: 'FIDUCIAL' },
      { source: 'calibrated', rowMm: 0.1, columnMm: 0.1 },
    ],
    [
      'DX at detector',
      { Modality: 'DX', ...imager },
      { source: 'ImagerPixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    [
      'DX same in both',
      { Modality: 'DX', PixelSpacing: [0.2, 0.2], ...imager },
      { source: 'ImagerPixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    [
      'MG magnified',
      { Modality: 'MG', ...imager, EstimatedRadiographicMagnificationFactor: 2 },
      { source: 'magnification', rowMm: 0.1, columnMm: 0.1 },
    ],
    [
      'XA by its distances',
      { Modality: 'XA', ...imager, DistanceSourceToDetector: 1200, DistanceSourceToPatient: 750 },
      { source: 'magnification', rowMm: 0.125, columnMm: 0.125 },
    ],
    [
      'enhanced XA by its distances',
      { Modality: 'XA', ...imager, DistanceSourceToDetector: 1000, DistanceSourceToIsocenter: 800 },
      { source: 'magnification', rowMm: 0.16, columnMm: 0.16 },
    ],
    [
      'enhanced XA by the height of the table',
      { Modality: 'XA', ...imager, ObjectPixelSpacingInCenterOfBeam: [0.14, 0.15] },
      { source: 'magnification', rowMm: 0.14, columnMm: 0.15 },
    ],
    [
      'XA with its distances in two units',
      { Modality: 'XA', ...imager, DistanceSourceToDetector: 1200, DistanceSourceToPatient: 75 },
      { source: 'ImagerPixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    [
      'DX, whose patient has another distance',
      { Modality: 'DX', ...imager, DistanceSourceToDetector: 1200, DistanceSourceToPatient: 750 },
      { source: 'ImagerPixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    [
      'secondary capture of a radiograph',
      { Modality: 'OT', PixelSpacing: [0.2, 0.2], ...imager },
      { source: 'ImagerPixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    [
      'slice with a detector',
      { Modality: 'CT', PixelSpacing: [0.2, 0.2], ImageOrientationPatient: [1, 0, 0, 0, 1, 0], ...imager },
      { source: 'PixelSpacing', rowMm: 0.2, columnMm: 0.2 },
    ],
    ['DX without', { Modality: 'DX' }, uncalibrated],
    ['MR with detector spacing only', { Modality: 'MR', ...imager }, uncalibrated],
    ['zero spacing', { Modality: 'CT', PixelSpacing: [0, 1] }, uncalibrated],
  ])('%s', (_name, attributes, expected) => {
    expect(calibrationOf(attributes)).toEqual(expected);
  });

  const region = {
    spatialFormat: 1,
    physicalUnitsX: 3,
    physicalUnitsY: 3,
    physicalDeltaX: 0.01,
    physicalDeltaY: 0.02,
  };
  const regions = [
    { ...region, x0: 0, y0: 0, x1: 99, y1: 99 },
    { ...region, x0: 100, y0: 0, x1: 199, y1: 99, physicalUnitsX: 4 },
  ];
  const at = (column: number, row = 50) => ({ column, row });
  test('an ultrasound region counts when it holds every point and both axes are lengths', () => {
    expect(calibrationOf({}, regions, [at(10), at(90)])).toEqual({
      source: 'region',
      rowMm: 0.2,
      columnMm: 0.1,
    });
    expect(calibrationOf({}, regions, [at(10), at(120)])).toEqual(uncalibrated);
    expect(calibrationOf({}, regions, [at(110), at(120)])).toEqual(uncalibrated);
  });
});

describe('length', () => {
  test('each axis by its own spacing', () => {
    expect(imageLength({ column: 1, row: 2 }, { column: 6, row: 12 }, spacing)).toBeCloseTo(
      Math.hypot(4, 4),
      12,
    );
  });
  test('3-4-12 in the patient', () => {
    expect(patientLengthMm(patientPoint(10, -3, 7), patientPoint(13, 1, 19))).toBe(13);
  });
});

describe('ROI on a frame', () => {
  const columns = 40;
  const rows = 30;
  const values = Float32Array.from(
    { length: rows * columns },
    (_, n) => (n % columns) + 2 * Math.floor(n / columns),
  );

  test('rectangle: closed forms of a ramp', () => {
    const got = planeStatistics(
      'rectangle',
      { column: 9.6, row: 4.6 },
      { column: 13.4, row: 7.4 },
      { rows, columns, values },
    );
    // Columns 10..13, rows 5..7: mean 11.5 + 12.
    expect(got).toMatchObject({ n: 12, min: 20, max: 27 });
    expect(got?.mean).toBeCloseTo(23.5, 10);
    const all = [5, 6, 7].flatMap((r) => [10, 11, 12, 13].map((c) => c + 2 * r));
    const variance = all.reduce((s, v) => s + (v - 23.5) ** 2, 0) / (all.length - 1);
    expect(got?.sd).toBeCloseTo(Math.sqrt(variance), 10);
  });

  test('ellipse: n tends to π·a·b and corners stay out', () => {
    const size = 400;
    const flat = { rows: size, columns: size, values: new Uint8Array(size * size).fill(7) };
    const got = planeStatistics('ellipse', { column: 50, row: 100 }, { column: 350, row: 300 }, flat);
    expect(Math.abs(got!.n / (Math.PI * 150 * 100) - 1)).toBeLessThan(0.002);
    expect(got).toMatchObject({ mean: 7, sd: 0, min: 7, max: 7 });
  });

  test('corners may come in any order; outside the picture there is nothing', () => {
    fc.assert(
      fc.property(fc.nat(39), fc.nat(29), fc.nat(39), fc.nat(29), (c0, r0, c1, r1) => {
        const plane = { rows, columns, values };
        const one = planeStatistics('ellipse', { column: c0, row: r0 }, { column: c1, row: r1 }, plane);
        const other = planeStatistics('ellipse', { column: c1, row: r0 }, { column: c0, row: r1 }, plane);
        expect(other).toEqual(one);
      }),
    );
    const outside = planeStatistics(
      'rectangle',
      { column: -9, row: -9 },
      { column: -1, row: -1 },
      { rows, columns, values },
    );
    expect(outside).toBeUndefined();
  });

  test('padding does not count', () => {
    const plane = {
      rows: 1,
      columns: 4,
      values: [-2000, 10, 20, -2000],
      isPadding: (v: number) => v === -2000,
    };
    expect(planeStatistics('rectangle', { column: 0, row: 0 }, { column: 3, row: 0 }, plane)).toMatchObject({
      n: 2,
      mean: 15,
    });
  });

  test('area from extents in mm', () => {
    const a = { column: 30, row: 10 };
    const b = { column: 10, row: 20 };
    expect(roiArea('rectangle', a, b, spacing)).toBeCloseTo(16 * 4, 12);
    expect(roiArea('ellipse', a, b, spacing)).toBeCloseTo(Math.PI * 8 * 2, 12);
    expect(roiArea('rectangle', a, b, uncalibrated)).toBe(200);
  });
});

describe('ROI in a volume', () => {
  // Oblique 30° about z, origin not zero, spacing 0.8 × 0.4 × 2.5.
  const c = Math.cos(Math.PI / 6);
  const s = Math.sin(Math.PI / 6);
  const geometry: VolumeGeometry = {
    size: [30, 40, 12],
    patientFromIndex: matrixFromColumns(
      [0.8 * c, 0.8 * s, 0],
      [-0.4 * s, 0.4 * c, 0],
      [0, 0, 2.5],
      [17, -42, 81],
    ),
  };
  const values = Float32Array.from({ length: 30 * 40 * 12 }, (_, n) => (n % 30) + 100 * Math.floor(n / 1200));
  const centre = patientPoint(
    17 + 0.8 * c * 15 - 0.4 * s * 20,
    -42 + 0.8 * s * 15 + 0.4 * c * 20,
    81 + 2.5 * 6,
  );
  const plane = orthonormalPlane(centre, patientVector(c, s, 0), patientVector(-s, c, 0));
  const corner = (right: number, down: number) => patientFromView(plane, viewPoint(right, down));

  test('one layer with slab 0: the same voxels as on the frame', () => {
    const got = volumeStatistics('rectangle', plane, corner(-2, -1), corner(2, 1), 0, { geometry, values });
    // i 13..17 (±2 mm / 0.8), j ±2 (±1 mm / 0.4), k = 6.
    expect(got).toMatchObject({ n: 25, min: 613, max: 617 });
    expect(got?.mean).toBeCloseTo(615, 9);
  });

  test('a slab of 10 mm takes ±5 mm', () => {
    const got = volumeStatistics('rectangle', plane, corner(-2, -1), corner(2, 1), 10.01, {
      geometry,
      values,
    });
    expect(got).toMatchObject({ n: 125, min: 413, max: 817 });
  });

  test('midway between two layers one of them counts', () => {
    const between = { ...plane, origin: patientPoint(centre[0], centre[1], centre[2] + 1.25) };
    const at = (right: number, down: number) => patientFromView(between, viewPoint(right, down));
    expect(volumeStatistics('rectangle', between, at(-2, -1), at(2, 1), 0, { geometry, values })?.n).toBe(25);
  });

  test('area on a plane', () => {
    expect(roiAreaOnPlaneMm2('ellipse', plane, corner(-3, -2), corner(3, 2))).toBeCloseTo(Math.PI * 6, 9);
  });
});

describe('formats', () => {
  test.each([
    [formatLength(27.44, spacing), '27.4 mm'],
    [formatLength(1.23456, { source: 'PixelSpacing', rowMm: 0.05, columnMm: 0.05 }), '1.23 mm'],
    [formatLength(12, uncalibrated), '12.0 px'],
    [formatArea(101.4, spacing), '101 mm²'],
    [formatArea(99.94, spacing), '99.9 mm²'],
    [formatArea(420, uncalibrated), '420 px²'],
    [formatArea(0.4, uncalibrated), '0.4 px²'],
    [formatArea(0.00412, { source: 'PixelSpacing', rowMm: 0.0005, columnMm: 0.0005 }), '0.0041 mm²'],
    [formatArea(3.21, { source: 'PixelSpacing', rowMm: 0.0005, columnMm: 0.0005 }), '3.2 mm²'],
    [formatValue(-1023.6, 'HU'), '−1024 HU'],
    [formatMean(47.04, 'HU'), '47.0 HU'],
    [fixed(-0.04, 1), '0.0'],
    [formatValue(1.234, 'g/ml'), '1.234 g/ml'],
    [formatValue(812, ''), '812'],
  ])('%s', (got, expected) => {
    expect(got).toBe(expected);
  });
});

describe('units follow the data', () => {
  test.each([
    [{ Modality: 'CT', RescaleIntercept: -1024 }, 'HU'],
    [{ Modality: 'CT', RescaleIntercept: -1024, RescaleType: 'US' }, ''],
    [{ Modality: 'CT', RescaleIntercept: 0, ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }, ''],
    [{ Modality: 'MR', RescaleIntercept: 0 }, ''],
    [{ Modality: 'MR', RescaleType: 'SIGNAL INTENSITY (UNITLESS)' }, ''],
    [{ Modality: 'MR', RescaleType: 'ms' }, 'ms'],
    [{ Modality: 'PT', Units: 'BQML' }, 'Bq/ml'],
    [{ Modality: 'PT', Units: 'PROPCNTS' }, 'propcounts'],
    [{ Modality: 'PT', Units: 'CNTS' }, 'counts'],
    [{ Modality: 'PT', Units: 'GML' }, 'g/ml'],
  ])('%j', (attributes, unit) => {
    expect(valueUnit(attributes)).toBe(unit);
  });
});

describe('annotations', () => {
  const make = (id: string): Measurement => ({
    id,
    kind: 'length',
    seriesKey: 's',
    seriesNumber: 2,
    imageNumber: 1,
    anchor: {
      kind: 'image',
      sopInstanceUID: '1.2',
      frame: 0,
      points: [
        { column: 0, row: 0 },
        { column: 1, row: 0 },
      ],
    },
    value: { calibration: spacing, length: 0.8, valueUnit: '' },
    verdict: 'exact',
  });

  test('adding selects, editing keeps the place, removing drops the selection with it', () => {
    let state = noAnnotations;
    for (const id of ['a', 'b', 'c']) state = annotate(state, { kind: 'add', measurement: make(id) });
    expect(state.selectedId).toBe('c');
    state = annotate(state, { kind: 'edit', measurement: { ...make('b'), imageNumber: 7 } });
    expect(state.items.map((m) => [m.id, m.imageNumber])).toEqual([
      ['a', 1],
      ['b', 7],
      ['c', 1],
    ]);
    state = annotate(state, { kind: 'remove', id: 'b' });
    expect(state).toMatchObject({ selectedId: 'c' });
    state = annotate(state, { kind: 'remove', id: 'c' });
    expect(state.items.map((m) => m.id)).toEqual(['a']);
    expect(state.selectedId).toBeNull();
  });

  test('what changes nothing gives the same state', () => {
    const state = annotate(noAnnotations, { kind: 'add', measurement: make('a') });
    expect(annotate(state, { kind: 'remove', id: 'x' })).toBe(state);
    expect(annotate(state, { kind: 'edit', measurement: make('x') })).toBe(state);
    expect(annotate(state, { kind: 'select', id: 'a' })).toBe(state);
  });
});

test('steps and places have the figures that fine voxels need', () => {
  const steps = [2.5, 1.25, 0.625, 0.703, 0.1, 0.012, 0.001, 0].map(shortStep);
  expect(steps).toEqual(['2.5', '1.25', '0.63', '0.7', '0.1', '0.012', '0.001', '0.0']);
  expect([2.5, 0.1, 0.012, 0.001, 0].map(mmDigits)).toEqual([1, 1, 2, 3, 1]);
  expect(placeMm([-1.23456, 0.00049, 12], 0.003)).toEqual(['−1.235', '0.000', '12.000']);
  expect(placeMm([-1.23456, 0.04, 12], 0.7)).toEqual(['−1.2', '0.0', '12.0']);
});
