import { describe, expect, it } from 'vitest';
import { between, cross, dot, length } from '../geometry/matrices.ts';
import { cameraBasis } from './camera.ts';
import { type FlyLine, flyCamera, flyOn, flyPoint, flyTransfer, usualFlyLook } from './fly.ts';

/** A quarter of a ring of 40 mm in the plane z = 100, with downs along −z: frames that do not twist. */
function arc(stations = 127): FlyLine {
  const lengthMm = (40 * Math.PI) / 2;
  const points = new Float64Array(stations * 3);
  const tangents = new Float64Array(stations * 3);
  const downs = new Float64Array(stations * 3);
  for (let n = 0; n < stations; n += 1) {
    const angle = ((n / (stations - 1)) * Math.PI) / 2;
    points.set([40 * Math.cos(angle), 40 * Math.sin(angle), 100], n * 3);
    tangents.set([-Math.sin(angle), Math.cos(angle), 0], n * 3);
    downs.set([0, 0, -1], n * 3);
  }
  return { count: stations, stepMm: lengthMm / (stations - 1), lengthMm, points, tangents, downs };
}

describe('a flight along an arc', () => {
  const line = arc();
  it('stands on the line and looks along its chord, upright', () => {
    for (const s of [0, 7.3, 20, 45]) {
      const camera = flyCamera(line, s)!;
      const angle = s / 40;
      expect(
        length(between(camera.position, [40 * Math.cos(angle), 40 * Math.sin(angle), 100] as never)),
      ).toBeLessThan(0.003);
      // The chord to a point 12 mm on is turned by half of its angle from the tangent.
      const { direction, down } = cameraBasis(camera);
      const turned = angle + 12 / 80;
      expect(direction[0]).toBeCloseTo(-Math.sin(turned), 3);
      expect(direction[1]).toBeCloseTo(Math.cos(turned), 3);
      expect(down[2]).toBeCloseTo(-1, 6);
      expect(camera.lens).toEqual({ kind: 'perspective', viewAngleRad: Math.PI / 2 });
    }
  });
  it('looks back from the same place with the same up', () => {
    const [on, back] = [flyCamera(line, 30)!, flyCamera(line, 30, { ...usualFlyLook, isBack: true })!];
    expect(back.position).toEqual(on.position);
    expect(dot(cameraBasis(on).direction, cameraBasis(back).direction)).toBeCloseTo(-Math.cos(12 / 40), 3);
    expect(dot(on.viewUp, back.viewUp)).toBeCloseTo(1, 6);
    expect(dot(cameraBasis(on).right, cameraBasis(back).right)).toBeLessThan(-0.9);
  });
  it('goes straight on at the ends and never jumps', () => {
    const last = flyCamera(line, line.lengthMm)!;
    expect(cameraBasis(last).direction[0]).toBeCloseTo(-1, 6);
    let before = flyCamera(line, 0)!;
    for (let s = 0.25; s <= line.lengthMm; s += 0.25) {
      const now = flyCamera(line, s)!;
      expect(length(between(before.position, now.position))).toBeLessThan(0.26);
      const cosine = dot(cameraBasis(before).direction, cameraBasis(now).direction);
      expect(Math.acos(Math.min(1, cosine))).toBeLessThan(0.02);
      before = now;
    }
    expect(flyPoint(line, line.lengthMm + 5)[0]).toBeCloseTo(-5, 6);
    expect(flyPoint(line, -5)[1]).toBeCloseTo(-5, 6);
  });
  it('flies at its speed and stops at the ends', () => {
    expect(flyOn(line, 10, 25, 0.4)).toEqual({ sMm: 20, isAtEnd: false });
    expect(flyOn(line, 60, 25, 1)).toEqual({ sMm: line.lengthMm, isAtEnd: true });
    expect(flyOn(line, 10, -25, 1)).toEqual({ sMm: 0, isAtEnd: true });
    expect(flyOn(line, 0, 0, 1)).toEqual({ sMm: 0, isAtEnd: false });
  });
  it('is none on a line without length, and upright where up lies along the view', () => {
    expect(flyCamera({ ...line, count: 1 }, 0)).toBeNull();
    expect(flyCamera({ ...line, lengthMm: 0 }, 0)).toBeNull();
    expect(flyCamera(line, Number.NaN)).toBeNull();
    const lying = { ...line, downs: line.tangents };
    const camera = flyCamera(lying, 20, { ...usualFlyLook, lookAheadMm: 1e-3 })!;
    const { direction } = cameraBasis(camera);
    expect(Math.abs(dot(camera.viewUp, direction))).toBeLessThan(1e-9);
    expect(length(cross(camera.viewUp, direction))).toBeCloseTo(1, 9);
  });
});

describe('walls seen from inside', () => {
  it('are opaque on their own side of the threshold only', () => {
    const ends = (lumen: 'dark' | 'bright') => flyTransfer(lumen, -400).opacity.map((p) => p.opacity);
    expect(ends('dark')).toEqual([0, 0.98]);
    expect(ends('bright')).toEqual([0.98, 0]);
    const [low, high] = flyTransfer('dark', -400).opacity;
    expect((low!.value + high!.value) / 2).toBe(-400);
  });
});
