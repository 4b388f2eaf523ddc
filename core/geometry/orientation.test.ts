import { describe, expect, it } from 'vitest';
import { matrixFromColumns } from './matrices.ts';
import { edgeLetters, indexAxisOfPatientAxis, nearestPlane, orientationLetters } from './orientation.ts';
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
