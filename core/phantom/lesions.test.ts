import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../geometry/types.ts';
import { nodules, plaques } from './anatomy/lesions.ts';
import { fracture, fractureSite, ribPath, ribShape } from './anatomy/ribs.ts';
import { lumenRadiusMm } from './anatomy/vessel.ts';
import { vessels } from './anatomy/vessels.ts';
import { bodyParts } from './body.ts';
import { Painter } from './paint.ts';
import type { Shape } from './shape.ts';
import { pathAt, tube } from './tube.ts';
import { add, scale } from './vector.ts';

const parts = bodyParts();
const shapeOf = (id: string): Shape => parts.find((part) => part.id === id)!.shape;
const lumens = vessels.map((vessel) => ({
  vessel,
  shape: tube(vessel.path, (s) => lumenRadiusMm(vessel, s)),
}));
const sdf = (shape: Shape, [x, y, z]: Vec3): number => shape.sdf(x, y, z);

describe('lesions', () => {
  it('keeps each stenosis clear of every other vessel along its whole length', () => {
    const narrowed = vessels.filter((vessel) => vessel.stenosis);
    expect(narrowed.map((vessel) => vessel.id)).toEqual(['left-iliac', 'lad', 'lcx']);
    for (const vessel of narrowed) {
      const { atMm, halfLengthMm } = vessel.stenosis!;
      for (let arc = atMm - halfLengthMm; arc <= atMm + halfLengthMm; arc += 1) {
        const { point } = pathAt(vessel.path, arc);
        for (const other of lumens)
          if (other.vessel !== vessel)
            expect(sdf(other.shape, point) - vessel.openRadiusMm(arc), other.vessel.id).toBeGreaterThan(0.5);
      }
    }
  });

  it('has lumen up to the throat’s wall and soft plaque beyond, in the painted body', () => {
    const painter = new Painter(parts, 'ct');
    for (const vessel of vessels.filter((v) => v.stenosis)) {
      const { atMm } = vessel.stenosis!;
      const { point, tangent } = pathAt(vessel.path, atMm);
      const radius = lumenRadiusMm(vessel, atMm);
      // Away from the calcified plaque, which lies on the left or the front.
      const side: Vec3 =
        Math.abs(tangent[2]) < 0.9 ? [tangent[1], -tangent[0], 0] : [-tangent[2], 0, tangent[0]];
      const outward = scale(side, 1 / Math.hypot(...side));
      const values = [radius - 0.1, radius + 0.2].flatMap((r) =>
        [1, -1].map((sign) => painter.valueAt(add(point, scale(outward, sign * r)))),
      );
      expect(values.slice(0, 2)).toEqual([350, 350]);
      expect(values.slice(2).filter((value) => value === 45).length).toBeGreaterThan(0);
    }
  });

  it('puts plaques beside lumens, never into them', () => {
    for (const { id, centre, radiiMm } of plaques())
      for (let n = 0; n < 60; n++) {
        const polar = Math.acos(1 - (2 * (n + 0.5)) / 60);
        const turn = n * 2.39996;
        const point: Vec3 = [
          centre[0] + radiiMm[0] * Math.sin(polar) * Math.cos(turn),
          centre[1] + radiiMm[1] * Math.sin(polar) * Math.sin(turn),
          centre[2] + radiiMm[2] * Math.cos(polar),
        ];
        for (const { shape } of lumens) expect(sdf(shape, point), id).toBeGreaterThan(0);
      }
  });

  it('surrounds nodules with lung', () => {
    for (const nodule of nodules) {
      const lung = shapeOf(nodule.centre[0] > 0 ? 'lung-left' : 'lung-right');
      expect(sdf(lung, nodule.centre)).toBeLessThan(-nodule.diameterMm / 2 - 3);
      for (const id of ['pulmonary-arteries', 'pulmonary-veins', 'airway-wall'])
        expect(sdf(shapeOf(id), nodule.centre) - nodule.diameterMm / 2, `${nodule.id} ${id}`).toBeGreaterThan(
          2,
        );
    }
  });

  it('breaks one rib: a gap at the site, the front piece moved outwards', () => {
    const { point, tangent, shift } = fractureSite();
    const broken = shapeOf(`rib-left-${fracture.rib}`);
    const whole = ribShape(fracture.rib, ribPath(fracture.rib, fracture.side));
    expect(sdf(whole, point)).toBeLessThan(-2);
    expect(sdf(broken, point)).toBeGreaterThan(0);
    const ahead = add(point, scale(tangent, 3));
    expect(sdf(broken, add(ahead, shift))).toBeLessThan(-1);
    expect(sdf(broken, add(point, scale(tangent, -3)))).toBeLessThan(-1);
    expect(Math.hypot(...shift)).toBeCloseTo(4, 9);
  });
});
