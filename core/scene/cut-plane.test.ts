import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, cross, dot, length, matrixFromColumns, moved } from '../geometry/matrices.ts';
import { volumeCentre, volumeCorners } from '../geometry/planes.ts';
import type { VolumeGeometry } from '../geometry/types.ts';
import { cameraBasis, fitCamera, orbit } from './camera.ts';
import { cutCorners, cutSides, facingCut, movedCut, sideOf, tiltedCut, turnedOver } from './cut-plane.ts';

const geometry: VolumeGeometry = {
  size: [100, 80, 40],
  patientFromIndex: matrixFromColumns([0.4, 0, 0.1], [0, 0.8, 0], [-0.3, 0, 2.5], [-30, 12, 400]),
};
const front = fitCamera(geometry, 'A');
const camera = orbit(front, front.focalPoint, 0.4, 0.3);
const cut = facingCut(camera);
const side = fc.constantFrom(...cutSides);
const angle = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);

describe('a clip plane', () => {
  it('parallel to the screen takes away what lies before the middle', () => {
    const { direction } = cameraBasis(camera);
    const shown = (mm: number): boolean =>
      dot(between(cut.origin, moved(volumeCentre(geometry), direction, mm)), cut.normal) >= 0;
    expect([shown(-5), shown(5)]).toEqual([false, true]);
    expect(dot(cut.normal, direction)).toBeCloseTo(1, 12);
  });
  it('turned over keeps the other half, at the same place', () => {
    const over = turnedOver(cut);
    expect(over.origin).toBe(cut.origin);
    expect(dot(over.normal, cut.normal)).toBeCloseTo(-1, 12);
  });
  it('turned over keeps its handles, and they still tilt towards what stays', () => {
    const over = turnedOver(cut);
    for (const side of cutSides) {
      expect(dot(sideOf(over, side), sideOf(cut, side))).toBeCloseTo(1, 12);
      expect(dot(sideOf(tiltedCut(over, side, 0.2), side), over.normal)).toBeCloseTo(Math.sin(0.2), 12);
    }
    expect(sideOf(turnedOver(over), 'down')).toEqual(sideOf(cut, 'down'));
  });
  it('tilts a side by the angle towards what stays, and stays square through any tilts', () => {
    const tilted = tiltedCut(cut, 'down', 0.2);
    expect(dot(sideOf(tilted, 'down'), cut.normal)).toBeCloseTo(Math.sin(0.2), 12);
    expect(dot(tilted.normal, cut.normal)).toBeCloseTo(Math.cos(0.2), 12);
    expect(dot(tiltedCut(cut, 'right', 0.2).right, cut.normal)).toBeCloseTo(Math.sin(0.2), 12);
    fc.assert(
      fc.property(fc.array(fc.tuple(side, angle), { maxLength: 100 }), (tilts) => {
        const end = tilts.reduce((c, [s, rad]) => tiltedCut(c, s, rad), cut);
        expect(length(end.normal)).toBeCloseTo(1, 9);
        expect(length(end.right)).toBeCloseTo(1, 9);
        expect(Math.abs(dot(end.normal, end.right))).toBeLessThan(1e-9);
        expect(end.origin).toBe(cut.origin);
      }),
    );
  });
  it('moves along its normal, and no further than the volume reaches', () => {
    const by = movedCut(geometry, cut, 7);
    expect(dot(between(cut.origin, by.origin), cut.normal)).toBeCloseTo(7, 9);
    expect(length(cross(between(cut.origin, by.origin), cut.normal))).toBeLessThan(1e-9);
    const far = movedCut(geometry, cut, 1e6);
    const left = volumeCorners(geometry).map((c) => dot(between(far.origin, c), far.normal));
    expect(Math.max(...left)).toBeCloseTo(0, 6);
    expect(movedCut(geometry, movedCut(geometry, cut, 1e6), -1e9).origin).not.toEqual(far.origin);
  });
  it('is drawn as a square in it', () => {
    const corners = cutCorners(cut, 20);
    for (const [n, corner] of corners.entries()) {
      expect(Math.abs(dot(between(cut.origin, corner), cut.normal))).toBeLessThan(1e-9);
      expect(length(between(corner, corners[(n + 1) % 4]!))).toBeCloseTo(40, 9);
    }
  });
});
