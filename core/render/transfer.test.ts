import { describe, expect, it } from 'vitest';
import { identity4, matrixFromColumns } from '../geometry/matrices.ts';
import { volumePreset } from '../scene/presets.ts';
import type { TransferFunction } from '../scene/types.ts';
import { extinctionPerMm, percentileValue, tableSize, transferTable } from './transfer.ts';
import type { Rescale, VolumeInfo } from './types.ts';

const volume = (rescale: Rescale, percentiles = new Float32Array(1001)): VolumeInfo => ({
  geometry: { size: [300, 300, 300], patientFromIndex: identity4 },
  scalarType: 'int16',
  layout: {
    voxels: 0,
    voxelBytes: 2,
    bricks: 0,
    brickCounts: [1, 1, 1],
    control: 0,
    values: 0,
    rgba: 0,
    maxOutputPixels: 1,
  },
  rescale,
  min: 0,
  max: 1,
  percentiles,
});
const identity = { slope: 1, intercept: 0 };

/** Opacity per mm and colour that a table gives a stored value. */
function look(table: ReturnType<typeof transferTable>, stored: number): readonly number[] {
  const entry = Math.min(Math.max(Math.round((stored - table.lo) * table.scale), 0), tableSize - 1);
  const [r, g, b, tau] = table.direct.subarray(entry * 4, entry * 4 + 4);
  return [1 - Math.exp(-tau!), r! / tau!, g! / tau!, b! / tau!];
}

describe('transfer tables', () => {
  it('half a step of opacity 0.5 has 0.2929', () => {
    expect(1 - Math.exp(-extinctionPerMm(0.5) * 0.5)).toBeCloseTo(0.2929, 4);
    expect(1 - Math.exp(-extinctionPerMm(0.5))).toBeCloseTo(0.5, 9);
    expect(Number.isFinite(extinctionPerMm(1))).toBe(true);
    expect(extinctionPerMm(0)).toBe(0);
  });
  it('is the preset at its points, linear between, constant beyond', () => {
    const table = transferTable(volume(identity), volumePreset('bone')!.transfer, 0);
    expect(look(table, 250)[0]).toBeCloseTo(0.2, 2);
    expect(look(table, 375)[0]).toBeCloseTo(0.425, 2);
    expect(look(table, 5000)[0]).toBeCloseTo(0.85, 5);
    expect(look(table, 5000)[1]).toBeCloseTo(1, 5);
    expect(look(table, 700)[3]).toBeCloseTo(0xcf / 255, 2);
    expect(look(table, 140)[0]).toBe(0);
    expect(look(table, -1000)[0]).toBe(0);
  });
  it('lets a volume less than 20 mm deep look as one of 20 mm does, and others alone', () => {
    const { transfer } = volumePreset('bone')!;
    const opaqueAcross = (mm: number): number => {
      const patientFromIndex = matrixFromColumns([mm, 0, 0], [0, mm, 0], [0, 0, mm], [9, 9, 9]);
      const micro = { ...volume(identity), geometry: { size: [2, 3, 6] as const, patientFromIndex } };
      const table = transferTable(micro, transfer, 0);
      // 7 voxels from corner to corner.
      return (table.direct[4 * (tableSize - 1) + 3]! * 7 * mm) / extinctionPerMm(0.85);
    };
    for (const mm of [0.001, 0.01, 1, 20 / 7]) expect(opaqueAcross(mm)).toBeCloseTo(20, 4);
    expect(opaqueAcross(6)).toBeCloseTo(42, 4);
  });
  it('moves with the shift and follows rescale, negative slopes too', () => {
    const { transfer } = volumePreset('bone')!;
    expect(look(transferTable(volume(identity), transfer, 100), 350)[0]).toBeCloseTo(0.2, 2);
    for (const rescale of [
      { slope: 0.5, intercept: -1024 },
      { slope: -2, intercept: 300 },
    ]) {
      const table = transferTable(volume(rescale), transfer, 0);
      expect(table.scale).toBeGreaterThan(0);
      for (const [hu, opacity] of [
        [250, 0.2],
        [500, 0.65],
        [100, 0],
      ] as const)
        expect(look(table, (hu - rescale.intercept) / rescale.slope)[0]).toBeCloseTo(opacity, 2);
    }
  });
  it('places percentiles by the volume’s values', () => {
    const percentiles = Float32Array.from({ length: 1001 }, (_, n) => n * 2);
    expect(percentileValue(percentiles, 50)).toBe(1000);
    expect(percentileValue(percentiles, 99.95)).toBeCloseTo(1999, 3);
    expect(percentileValue(percentiles, 200)).toBe(2000);
    const whole: TransferFunction = { ...volumePreset('mrSoftTissue')!.transfer, unit: 'percentile' };
    const table = transferTable(volume(identity, percentiles), whole, 0);
    expect(look(table, 1000)[0]).toBeCloseTo(0.4, 2);
    expect(look(table, 100)[0]).toBeCloseTo(0.05, 2);
  });
  it('shows a head of MR alike in a small and in a large field of air', () => {
    // Tissue evenly from 400 to 1200; air is 0 and the rest of the volume.
    const head = (air: number) =>
      Float32Array.from({ length: 1001 }, (_, n) =>
        n < 1000 * air ? 0 : 400 + 800 * ((n / 1000 - air) / (1 - air)),
      );
    for (const air of [0.3, 0.6, 0.9]) {
      const table = transferTable(volume(identity, head(air)), volumePreset('mrSoftTissue')!.transfer, 0);
      expect(look(table, 390)[0]).toBeLessThan(0.01);
      expect(look(table, 800)[0]).toBeCloseTo(0.4, 1);
      expect(look(table, 1120)[0]).toBeCloseTo(0.7, 1);
    }
  });
  it('takes a step where two points share a value', () => {
    const step: TransferFunction = {
      unit: 'modality',
      opacity: [
        { value: 0, opacity: 0 },
        { value: 100, opacity: 0 },
        { value: 100, opacity: 0.8 },
        { value: 200, opacity: 0.8 },
      ],
      colour: [{ value: 0, colour: [255, 0, 0] }],
    };
    const table = transferTable(volume(identity), step, 0);
    expect(look(table, 99.9)[0]).toBe(0);
    expect(look(table, 100.1)[0]).toBeCloseTo(0.8, 5);
  });
});
