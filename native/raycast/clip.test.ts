import { describe, expect, it } from 'vitest';
import { bench } from '../harness.ts';
import type { RaycastRequest, TransferTable, Triple } from '../types.ts';
import {
  ball,
  centre,
  directions,
  extinctionOf,
  perspective,
  request,
  rgbOf,
  shading,
  side,
  size,
  spacing,
  unit,
  whiteRamp,
} from './harness.ts';

describe('ray caster with clip planes', () => {
  const black: Triple = [0, 0, 0];
  const white = (alphaPerMm: number): TransferTable => {
    const tau = extinctionOf(alphaPerMm);
    return { direct: Float32Array.of(tau, tau, tau, tau, tau, tau, tau, tau), lo: 0, scale: 1 };
  };
  it('cuts a ball by a plane at the right depth and with the right area', () => {
    const b = bench(size, 'int16', ball);
    for (const direction of directions) {
      const d = unit(direction);
      const at = 7;
      const plane = [
        d[0] * spacing[0],
        d[1] * spacing[1],
        d[2] * spacing[2],
        at - d.reduce((sum, x, a) => sum + x * centre[a]! * spacing[a]!, 0),
      ] as const;
      const shown = [-plane[0], -plane[1], -plane[2], -plane[3]] as const;
      const r = request(b, direction, { mode: 'mip', stepMm: 0.1, clipPlanes: [shown] });
      b.kernels.raycast(r, 0, side);
      // Only the cap more than 7 mm before the centre is left: a disc of √(81 − 49) mm.
      const area = b.values.subarray(0, side * side).filter((value) => value > 500).length * 0.49;
      expect(Math.abs(area / (Math.PI * (81 - 49)) - 1)).toBeLessThan(0.1);
    }
  });
  it('lets exactly the light through that a clipped layer lets through', () => {
    const b = bench(size, 'int16', () => 1);
    for (const [from, to] of [
      [3, 8.3],
      [2.2, 2.7],
    ] as const) {
      const d = unit([0.3, -0.4, 0.8]);
      const signed = (offset: number, sign: number): readonly [number, number, number, number] => [
        sign * d[0] * spacing[0],
        sign * d[1] * spacing[1],
        sign * d[2] * spacing[2],
        sign * (-offset - d.reduce((sum, x, a) => sum + x * centre[a]! * spacing[a]!, 0)),
      ];
      const clipPlanes = [signed(from - 5, 1), signed(to - 5, -1)];
      for (const jittered of [false, true]) {
        const r = request(b, d, {
          transfer: white(0.2),
          background: black,
          opaqueBelow: 0,
          clipPlanes,
          jittered,
        });
        b.kernels.raycast(r, 0, side);
        const expected = 255 * (1 - 0.8 ** (to - from));
        expect(Math.abs(rgbOf(b, 22, 22)[0] - expected)).toBeLessThan(0.7);
        expect(Math.abs(rgbOf(b, 20, 23)[0] - expected)).toBeLessThan(0.7);
      }
    }
  });
  it('shades a cut through plain tissue by the plane, never black', () => {
    const b = bench(size, 'int16', () => 900);
    const d = unit([0.3, 0.2, 1]);
    const n = unit([0.1, 0.3, 1]);
    const facing = 0.85 * d.reduce((sum, x, a) => sum + x * n[a]!, 0);
    const offset = n.reduce((sum, x, a) => sum + x * centre[a]! * spacing[a]!, 0);
    const clipPlanes = [[n[0] * spacing[0], n[1] * spacing[1], n[2] * spacing[2], -offset]] as const;
    const transfer = whiteRamp(100, 200, 0.9999);
    for (const make of [request, perspective]) {
      const r = make(b, d, { transfer, shading, background: black, clipPlanes });
      b.kernels.raycast(r, 0, side);
      const expected = 255 * Math.min(1, 0.15 + 0.85 * facing + 0.25 * facing ** 12);
      expect(Math.abs(rgbOf(b, 22, 22)[0] - expected)).toBeLessThan(make === request ? 2 : 4);
    }
  });
  it('shows only surfaces where the gradient decides', () => {
    const b = bench(size, 'int16', ball);
    const gradientFactors = { values: Float32Array.of(0, 0, 1, 1), scale: 0.01 };
    const transfer = whiteRamp(100, 200, 0.9);
    const red = (change: Partial<RaycastRequest>): number => {
      b.kernels.raycast(
        request(b, [0, 0, 1], { transfer, background: black, opaqueBelow: 0, ...change }),
        0,
        side,
      );
      return rgbOf(b, 22, 22)[0];
    };
    // The rim is 4 mm of 250 a millimetre, the inside flat: a plane behind the rim hides all of it.
    const inside = [[0, 0, 2.5, -15 + 2]] as const;
    const end = [
      [0, 0, 2.5, -13],
      [0, 0, -2.5, 17],
    ] as const;
    expect(red({ clipPlanes: end })).toBeGreaterThan(200);
    expect(red({ clipPlanes: end, gradientFactors })).toBe(0);
    expect(red({ clipPlanes: inside, gradientFactors })).toBeGreaterThan(150);
  });
});
