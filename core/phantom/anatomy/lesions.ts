/** Findings with exact answers: nodules, calcified plaques, and the marker beads around the body. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part, PartName } from '../part.ts';
import { ellipsoid, sphere } from '../shape.ts';
import { beside, pathAt } from '../tube.ts';
import { subtract } from '../vector.ts';
import { lumenRadiusMm } from './vessel.ts';
import { vessels } from './vessels.ts';

export interface Ball {
  readonly id: string;
  readonly name: PartName;
  readonly centre: Vec3;
  readonly diameterMm: number;
}

const nodule = (diameterMm: number, zh: string, en: string, centre: Vec3): Ball => ({
  id: `nodule-${diameterMm}mm`,
  name: { zh: `${zh} ${diameterMm} mm 结节`, en: `${diameterMm} mm nodule, ${en}` },
  centre,
  diameterMm,
});

export const nodules: readonly Ball[] = [
  nodule(4, '左肺上叶', 'left upper lobe', [92, -26, 156]),
  nodule(6, '右肺上叶', 'right upper lobe', [-78, -24, 172]),
  nodule(8, '右肺下叶', 'right lower lobe', [-100, 32, 74]),
  nodule(12, '左肺下叶', 'left lower lobe', [76, 60, 78]),
];

export interface Plaque {
  readonly id: string;
  readonly name: PartName;
  readonly centre: Vec3;
  /** Half axes along x, y, z. */
  readonly radiiMm: Vec3;
}

/** Plaques sit on the wall: vessel, arc length, side, half axes. */
const plaquePlan: readonly (readonly [vessel: string, arcMm: number, away: Vec3, radii: Vec3])[] = [
  ['lad', 28, [0.4, -1, 0.3], [1.2, 1.2, 1.2]],
  ['lad', 66, [0.4, -1, 0.2], [1.6, 1.1, 1.1]],
  ['rca', 34, [-1, 0, 0], [1.5, 1.5, 2]],
  ['lcx', 68, [1, 0.4, 0], [1, 1, 1]],
  ['aorta', 165, [1, 0.3, 0], [2, 3, 5]],
  ['aorta', 400, [1, 0, 0], [2, 3.5, 6]],
  ['aorta', 440, [-0.6, 1, 0], [3, 2, 4]],
  ['left-iliac', 38, [1, -0.6, 0.2], [1.5, 2, 3]],
  ['right-iliac', 34, [0.2, -1, 0], [1.5, 1.5, 4]],
];

export function plaques(): readonly Plaque[] {
  return plaquePlan.map(([id, arcMm, away, radiiMm], n) => {
    const vessel = vessels.find((v) => v.id === id)!;
    const { point, tangent } = pathAt(vessel.path, arcMm);
    const outward = subtract(beside(point, tangent, away, 1), point);
    // Touching the lumen from outside, so that neither volume nor stenosis changes.
    const reach = Math.hypot(radiiMm[0] * outward[0], radiiMm[1] * outward[1], radiiMm[2] * outward[2]);
    const lumen = Math.max(...[-6, -3, 0, 3, 6].map((by) => lumenRadiusMm(vessel, arcMm + by)));
    return {
      id: `plaque-${id}-${n + 1}`,
      name: { zh: `${vessel.name.zh}钙化斑块`, en: `Calcified plaque, ${vessel.name.en}` },
      centre: beside(point, tangent, away, lumen + reach + 0.1),
      radiiMm,
    };
  });
}

/** Six balls in the air around the body, no two at mirrored places. */
export const beads: readonly Ball[] = (
  [
    [-150, -120, 140],
    [128, -134, 96],
    [-158, 96, 20],
    [171, 92, -34],
    [-166, -96, -120],
    [140, -128, -176],
  ] as const
).map((centre, n) => ({
  id: `bead-${n + 1}`,
  name: { zh: `标记球 ${n + 1}`, en: `Marker bead ${n + 1}` },
  centre,
  diameterMm: 10,
}));

export const lesionParts = (): readonly Part[] => [
  ...nodules.map(
    (ball): Part => ({
      id: ball.id,
      name: ball.name,
      kind: 'lesion',
      tissue: 'lesionSoft',
      shape: sphere(ball.centre, ball.diameterMm / 2),
    }),
  ),
  ...plaques().map(
    (plaque): Part => ({
      id: plaque.id,
      name: plaque.name,
      kind: 'calcification',
      tissue: 'calcium',
      shape: ellipsoid(plaque.centre, plaque.radiiMm),
    }),
  ),
];

export const beadParts = (): readonly Part[] =>
  beads.map((ball) => ({
    id: ball.id,
    name: ball.name,
    kind: 'marker',
    tissue: 'bead',
    shape: sphere(ball.centre, ball.diameterMm / 2),
  }));
