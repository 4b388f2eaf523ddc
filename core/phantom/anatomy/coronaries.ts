/** Coronary arteries, fitted to the heart's surface. */
import type { Vec3 } from '../../geometry/types.ts';
import { heart } from './heart.ts';
import { constant, taper, type Vessel, vessel } from './vessel.ts';

/** Onto the surface `offMm` outside the heart muscle. */
function onHeart(p: Vec3, offMm = 2.6): Vec3 {
  let [x, y, z] = p;
  const e = 0.1;
  for (let n = 0; n < 60; n++) {
    const d = heart.sdf(x, y, z) - offMm;
    if (Math.abs(d) < 0.01) break;
    const gx = (heart.sdf(x + e, y, z) - heart.sdf(x - e, y, z)) / (2 * e);
    const gy = (heart.sdf(x, y + e, z) - heart.sdf(x, y - e, z)) / (2 * e);
    const gz = (heart.sdf(x, y, z + e) - heart.sdf(x, y, z - e)) / (2 * e);
    const step = (0.7 * d) / (gx * gx + gy * gy + gz * gz || 1);
    x -= gx * step;
    y -= gy * step;
    z -= gz * step;
  }
  return [x, y, z];
}

const on = (points: readonly Vec3[]): readonly Vec3[] => points.map((p) => onHeart(p));

/** 3.5 mm RCA and LAD (50 % stenosis), 3 mm circumflex (70 %). */
export const coronaryArteries: readonly Vessel[] = [
  vessel(
    'rca',
    '右冠状动脉',
    'Right coronary artery (RCA)',
    'artery',
    [
      [0, -38, 110],
      ...on([
        [-12, -56, 100],
        [-20, -62, 84],
        [-24, -60, 66],
        [-24, -48, 46],
        [-12, -32, 36],
        [8, -18, 38],
        [26, -24, 34],
        [44, -34, 30],
      ]),
    ],
    taper(1.75, 1.25, 190),
  ),
  vessel(
    'lad',
    '左前降支',
    'Left anterior descending artery (LAD)',
    'artery',
    [
      [19, -26, 108],
      [28, -34, 108],
      ...on([
        [38, -46, 102],
        [46, -60, 90],
        [54, -68, 76],
        [61, -72, 62],
        [69, -70, 48],
        [74, -62, 36],
      ]),
    ],
    (s) => 1.75 - 0.5 * Math.max(0, Math.min(1, (s - 62) / 60)),
    { atMm: 28, diameterShare: 0.5, halfLengthMm: 7, halfThroatMm: 1.5 },
  ),
  vessel(
    'lcx',
    '左回旋支',
    'Left circumflex artery (LCX)',
    'artery',
    [
      [28, -34, 108],
      ...on([
        [42, -22, 104],
        [56, -14, 94],
        [66, -10, 82],
        [66, -8, 68],
        [58, -6, 54],
        [46, -4, 44],
      ]),
    ],
    constant(1.5),
    { atMm: 68, diameterShare: 0.7, halfLengthMm: 6, halfThroatMm: 1.5 },
  ),
  vessel(
    'diagonal',
    '第一对角支',
    'First diagonal branch',
    'artery',
    on([
      [46, -60, 90],
      [58, -56, 84],
      [68, -50, 72],
      [74, -46, 58],
    ]),
    taper(1.2, 0.8, 45),
  ),
  vessel(
    'obtuse-marginal',
    '钝缘支',
    'Obtuse marginal branch',
    'artery',
    on([
      [58, -13, 92],
      [70, -24, 80],
      [78, -34, 64],
      [80, -40, 50],
    ]),
    taper(1.2, 0.8, 50),
  ),
];
