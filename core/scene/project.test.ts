import { describe, expect, it } from 'vitest';
import { between, matrixFromColumns, moved } from '../geometry/matrices.ts';
import { type PatientPoint, patientPoint } from '../geometry/types.ts';
import { cameraBasis, fitCamera, withLens } from './camera.ts';
import { canvasFromPatient, projectLine } from './project.ts';

const geometry = {
  size: [40, 50, 60],
  patientFromIndex: matrixFromColumns([0.8, 0.1, 0], [-0.1, 0.8, 0], [0, 0, 1.5], [-30, 12, 400]),
} as const;
const box = { width: 300, height: 200 };
const front = fitCamera(geometry, 'A');

describe('places in a 3D picture', () => {
  it('of the focal point is the middle, and millimetres from it are what the lens says', () => {
    const scale = front.lens.kind === 'orthographic' ? front.lens.parallelScaleMm : 0;
    const place = canvasFromPatient(front, box);
    expect(place(front.focalPoint)).toEqual({ x: 150, y: 100, depthMm: 0 });
    const [x, y, z] = front.focalPoint;
    // From the front the patient's left is on the right, the head above, and the back farther away.
    const at = place(patientPoint(x + scale / 2, y + 7, z + scale / 4))!;
    expect(at.x).toBeCloseTo(150 + 50, 9);
    expect(at.y).toBeCloseTo(100 - 25, 9);
    expect(at.depthMm).toBeCloseTo(7, 9);
  });
  it('are none behind a perspective camera', () => {
    const camera = withLens(front, 'perspective');
    const behind = moved(camera.position, between(camera.focalPoint, camera.position), 0.1);
    expect(canvasFromPatient(camera, box)(behind)).toBeNull();
    expect(canvasFromPatient(front, box)(patientPoint(Number.NaN, 0, 0))).toBeNull();
  });
});

describe('a line in a 3D picture', () => {
  const camera = withLens(front, 'perspective');
  const { direction, right } = cameraBasis(camera);
  const ahead = (mm: number, aside = 0): PatientPoint =>
    moved(moved(camera.position, direction, mm), right, aside);
  it('is one run of all its points where all are seen', () => {
    const points = [ahead(50), ahead(60, 5), ahead(70)];
    const place = canvasFromPatient(camera, box);
    expect(projectLine(camera, box, points)).toEqual([points.map((p) => place(p))]);
  });
  it('is cut where it passes the camera, on both sides', () => {
    const runs = projectLine(camera, box, [ahead(50, 3), ahead(-50, 3), ahead(20, -2), ahead(40)]);
    expect(runs).toHaveLength(2);
    expect(runs[0]).toHaveLength(2);
    expect(runs[1]).toHaveLength(3);
    expect(runs[0]![1]!.depthMm).toBeCloseTo(0.1, 3);
    expect(runs[1]![0]!.depthMm).toBeCloseTo(0.1, 3);
    // Where it leaves it is three millimetres to the right still.
    expect(runs[0]![1]!.x).toBeGreaterThan(box.width);
  });
  it('breaks at what is not a number, and is nothing of one point', () => {
    const gap = patientPoint(Number.NaN, 0, 0);
    expect(projectLine(camera, box, [ahead(9), ahead(10), gap, ahead(12), ahead(13)])).toHaveLength(2);
    expect(projectLine(camera, box, [ahead(9), gap, ahead(12)])).toEqual([]);
    expect(projectLine(camera, box, [ahead(-9), ahead(-12)])).toEqual([]);
  });
});
