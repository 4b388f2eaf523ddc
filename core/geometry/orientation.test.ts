import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from './matrices.ts';
import {
  edgeLetters,
  indexAxisOfPatientAxis,
  namedPlane,
  nearestPlane,
  orientationLetters,
} from './orientation.ts';
import { patientVector } from './types.ts';

describe('orientation letters', () => {
  it('names the six directions of LPS space', () => {
    const cases = [
      [[1, 0, 0], 'L'],
      [[-1, 0, 0], 'R'],
      [[0, 1, 0], 'P'],
      [[0, -1, 0], 'A'],
      [[0, 0, 1], 'H'],
      [[0, 0, -1], 'F'],
    ] as const;
    for (const [[x, y, z], letter] of cases) expect(orientationLetters(patientVector(x, y, z))).toBe(letter);
  });
  it('gives two letters at most, strongest first, none below 15°', () => {
    expect(orientationLetters(patientVector(2, 1, 0))).toBe('LP');
    expect(orientationLetters(patientVector(1, -2, 0))).toBe('AL');
    expect(orientationLetters(patientVector(1, 1, 1))).toBe('LP');
    expect(orientationLetters(patientVector(1, Math.tan((14 * Math.PI) / 180), 0))).toBe('L');
    expect(orientationLetters(patientVector(1, Math.tan((16 * Math.PI) / 180), 0))).toBe('LP');
    expect(orientationLetters(patientVector(0, 0, 0))).toBe('');
  });
  it('puts the patient’s right on the left of an axial picture', () => {
    expect(edgeLetters(patientVector(1, 0, 0), patientVector(0, 1, 0))).toEqual({
      left: 'R',
      right: 'L',
      top: 'A',
      bottom: 'P',
    });
  });
  it('finds the nearest plane and the angle from it', () => {
    const tilted = nearestPlane(patientVector(0, Math.sin(0.2), Math.cos(0.2)));
    expect(tilted.name).toBe('axial');
    expect(tilted.angleRad).toBeCloseTo(0.2, 9);
    expect(nearestPlane(patientVector(-5, 1, 1)).name).toBe('sagittal');
  });
  it('calls a turned plane by what it lies nearest to, with the angle to that, and keeps its name half-way', () => {
    const turned = (deg: number, first: 'axial' | 'coronal' | 'sagittal') => {
      const rad = (deg * Math.PI) / 180;
      const { name, angleRad } = namedPlane(patientVector(0, -Math.sin(rad), Math.cos(rad)), first);
      return `${name} ${((angleRad * 180) / Math.PI).toFixed(1)}`;
    };
    expect([10, 44, 45, 45.2, 46, 80, 90, 100, 134, 136, 180].map((deg) => turned(deg, 'axial'))).toEqual([
      ...['axial 10.0', 'axial 44.0', 'axial 45.0', 'axial 45.2', 'coronal 44.0', 'coronal 10.0'],
      ...['coronal 0.0', 'coronal 10.0', 'coronal 44.0', 'axial 44.0', 'axial 0.0'],
    ]);
    // Its neighbour, turned with it at right angles.
    expect([45, 46, 80].map((deg) => turned(deg + 90, 'coronal'))).toEqual([
      'coronal 45.0',
      'axial 44.0',
      'axial 10.0',
    ]);
    expect(turned(20, 'sagittal')).toBe('axial 20.0');
    // As far from all three.
    const third = patientVector(1, 1, 1);
    for (const first of ['axial', 'coronal', 'sagittal'] as const) {
      expect(namedPlane(third, first).name).toBe(first);
      expect(namedPlane(third, first).angleRad).toBeCloseTo(Math.acos(1 / Math.sqrt(3)), 9);
    }
  });
});

describe('axes as a permutation', () => {
  it('never shows one index axis twice, where a choice axis by axis would', () => {
    // Patient x and y are both nearest to index axis 0; 0.6 + 0.69 + 0.78 beats every other choice of three.
    const skewed = matrixFromColumns([0.7, 0.69, 0.19], [0.6, -0.5, -0.62], [-0.33, 0.53, -0.78], [5, 6, 7]);
    const axes = indexAxisOfPatientAxis(skewed);
    expect(new Set(axes).size).toBe(3);
    expect(axes).toEqual([1, 0, 2]);
  });
  it('reads a sagittal acquisition', () => {
    const sagittal = matrixFromColumns([0, 0.5, 0], [0, 0, -0.5], [4, 0, 0], [10, 20, 30]);
    expect(indexAxisOfPatientAxis(sagittal)).toEqual([2, 0, 1]);
  });
});
