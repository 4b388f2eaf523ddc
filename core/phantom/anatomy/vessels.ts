/** Systemic arteries and veins with exact centrelines, radii and stenoses. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part, PartName } from '../part.ts';
import { type Path, splinePath, tubes } from '../tube.ts';
import { interpolate } from '../vector.ts';
import { spineY, vertebra } from './frame.ts';
import { heart } from './thorax.ts';

export interface Stenosis {
  /** Arc length of the throat's middle. */
  readonly atMm: number;
  /** Share of the diameter that is lost, 0–1. */
  readonly diameterShare: number;
  /** Half length of the whole narrowing and of its even throat. */
  readonly halfLengthMm: number;
  readonly halfThroatMm: number;
}

export interface Vessel {
  readonly id: string;
  readonly name: PartName;
  readonly kind: 'artery' | 'vein';
  readonly path: Path;
  /** Radius without the stenosis. */
  readonly openRadiusMm: (arcMm: number) => number;
  readonly stenosis?: Stenosis;
}

/** Lumen radius with the stenosis: a cosine shoulder on either side of an even throat. */
export function lumenRadiusMm(vessel: Vessel, arcMm: number): number {
  const open = vessel.openRadiusMm(arcMm);
  const lesion = vessel.stenosis;
  if (!lesion) return open;
  const away = Math.abs(arcMm - lesion.atMm) - lesion.halfThroatMm;
  const shoulder = lesion.halfLengthMm - lesion.halfThroatMm;
  if (away >= shoulder) return open;
  const depth = away <= 0 ? 1 : 0.5 + 0.5 * Math.cos((Math.PI * away) / shoulder);
  return open * (1 - lesion.diameterShare * depth);
}

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

const aortaY = (z: number): number => spineY(z) - vertebra(z > -20 ? 'T12' : 'L2').halfDepthMm - 13;
export const aortaEnd: Vec3 = [2, aortaY(-152), -152];

const aortaPath = splinePath(
  [
    [14, -16, 94],
    [6, -26, 106],
    [-10, -30, 128],
    [-14, -26, 152],
    [-4, -14, 172],
    [12, 8, 177],
    [26, 32, 168],
    [29, 46, 148],
    [27, 48, 120],
    [24, 46, 80],
    [18, 38, 40],
    [11, 27, 5],
    ...[-30, -60, -90, -120].map((z): Vec3 => [8 + z * 0.04, aortaY(z), z]),
    aortaEnd,
  ],
  1,
);

const aortaRadius: readonly (readonly [number, number])[] = [
  [0, 13],
  [12, 17],
  [40, 15.5],
  [110, 13.5],
  [160, 12],
  [300, 10.5],
  [420, 8.5],
  [470, 8],
];

const constant = (r: number) => (): number => r;
const taper = (from: number, to: number, overMm: number) => (s: number) =>
  from + (to - from) * Math.min(1, s / overMm);

const vessel = (
  id: string,
  zh: string,
  en: string,
  kind: Vessel['kind'],
  points: readonly Vec3[],
  openRadiusMm: Vessel['openRadiusMm'],
  stenosis?: Stenosis,
): Vessel => ({
  id,
  name: { zh, en },
  kind,
  path: splinePath(points, 0.75),
  openRadiusMm,
  ...(stenosis && { stenosis }),
});

const iliac = (side: 1 | -1): readonly Vec3[] => [
  aortaEnd,
  [side * 13, aortaEnd[1] + 2, -172],
  [side * 28, 16, -200],
  [side * 46, 18, -226],
  [side * 62, -8, -254],
  [side * 76, -36, -292],
  [side * 84, -44, -340],
];

function arteries(): readonly Vessel[] {
  const celiacZ = -34;
  const smaZ = -50;
  return [
    {
      id: 'aorta',
      name: { zh: '主动脉', en: 'Aorta' },
      kind: 'artery',
      path: aortaPath,
      openRadiusMm: (s) => interpolate(aortaRadius, s),
    },
    vessel(
      'brachiocephalic-trunk',
      '头臂干',
      'Brachiocephalic trunk',
      'artery',
      [
        [-8, -18, 168],
        [-14, -16, 188],
        [-22, -12, 208],
        [-24, 0, 240],
        [-26, 6, 330],
      ],
      taper(6.2, 3.6, 60),
    ),
    vessel(
      'right-subclavian',
      '右锁骨下动脉',
      'Right subclavian artery',
      'artery',
      [
        [-22, -12, 208],
        [-44, -6, 224],
        [-72, 0, 230],
        [-112, 6, 224],
        [-150, 12, 216],
      ],
      taper(4.6, 3.4, 100),
    ),
    vessel(
      'left-carotid',
      '左颈总动脉',
      'Left common carotid artery',
      'artery',
      [
        [4, -2, 176],
        [12, -2, 200],
        [22, 0, 235],
        [26, 6, 330],
      ],
      constant(3.4),
    ),
    vessel(
      'left-subclavian',
      '左锁骨下动脉',
      'Left subclavian artery',
      'artery',
      [
        [18, 18, 176],
        [24, 16, 205],
        [44, 4, 226],
        [72, 0, 230],
        [112, 6, 224],
        [150, 12, 216],
      ],
      taper(4.8, 3.4, 120),
    ),
    vessel('left-iliac', '左髂动脉', 'Left iliac artery', 'artery', iliac(1), constant(4), {
      atMm: 62,
      diameterShare: 0.75,
      halfLengthMm: 9,
      halfThroatMm: 1.5,
    }),
    vessel('right-iliac', '右髂动脉', 'Right iliac artery', 'artery', iliac(-1), constant(4)),
    vessel(
      'left-internal-iliac',
      '左髂内动脉',
      'Left internal iliac artery',
      'artery',
      [
        [36, 18, -210],
        [40, 34, -232],
        [42, 46, -258],
        [36, 50, -290],
      ],
      taper(3, 1.8, 90),
    ),
    vessel(
      'right-internal-iliac',
      '右髂内动脉',
      'Right internal iliac artery',
      'artery',
      [
        [-36, 18, -210],
        [-40, 34, -232],
        [-42, 46, -258],
        [-36, 50, -290],
      ],
      taper(3, 1.8, 90),
    ),
    vessel(
      'left-renal',
      '左肾动脉',
      'Left renal artery',
      'artery',
      [
        [6, aortaY(-58), -58],
        [22, 18, -56],
        [42, 26, -52],
        [58, 30, -52],
      ],
      constant(2.8),
    ),
    vessel(
      'right-renal',
      '右肾动脉',
      'Right renal artery',
      'artery',
      [
        [4, aortaY(-62), -62],
        [-14, 20, -62],
        [-36, 26, -64],
        [-56, 30, -66],
      ],
      constant(2.7),
    ),
    vessel(
      'celiac-trunk',
      '腹腔干与脾动脉',
      'Coeliac trunk and splenic artery',
      'artery',
      [
        [7, aortaY(celiacZ), celiacZ],
        [8, -10, -38],
        [24, -10, -26],
        [36, 2, -34],
        [50, -2, -16],
        [64, 12, -22],
        [80, 26, -4],
      ],
      taper(3.6, 2.4, 90),
    ),
    vessel(
      'hepatic-artery',
      '肝总动脉',
      'Common hepatic artery',
      'artery',
      [
        [8, -10, -38],
        [-8, -20, -36],
        [-22, -20, -20],
        [-34, -14, -4],
      ],
      taper(2.6, 1.8, 50),
    ),
    vessel(
      'sma',
      '肠系膜上动脉',
      'Superior mesenteric artery',
      'artery',
      [
        [6, aortaY(smaZ), smaZ],
        [5, -8, -60],
        [2, -18, -90],
        [-6, -26, -140],
        [-18, -30, -190],
      ],
      taper(3.5, 1.8, 150),
    ),
    vessel(
      'ima',
      '肠系膜下动脉',
      'Inferior mesenteric artery',
      'artery',
      [
        [3, aortaY(-122), -122],
        [10, -10, -140],
        [24, -10, -180],
        [34, -4, -214],
      ],
      taper(1.9, 1.2, 90),
    ),
  ];
}

/** Coronary arteries run on the heart: 3.5 mm RCA and LAD, 3 mm circumflex. */
function coronaries(): readonly Vessel[] {
  const on = (points: readonly Vec3[]): readonly Vec3[] => points.map((p) => onHeart(p));
  return [
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
      { atMm: 42, diameterShare: 0.5, halfLengthMm: 7, halfThroatMm: 1.5 },
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
      { atMm: 48, diameterShare: 0.7, halfLengthMm: 6, halfThroatMm: 1.5 },
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
}

function veins(): readonly Vessel[] {
  return [
    vessel(
      'svc',
      '上腔静脉',
      'Superior vena cava',
      'vein',
      [
        [-26, -30, 190],
        [-26, -24, 160],
        [-27, -22, 130],
        [-28, -22, 100],
      ],
      constant(9),
    ),
    vessel(
      'left-brachiocephalic-vein',
      '左头臂静脉',
      'Left brachiocephalic vein',
      'vein',
      [
        [-26, -30, 184],
        [-2, -42, 192],
        [24, -36, 202],
        [40, -24, 214],
        [90, -10, 226],
        [140, 4, 214],
      ],
      taper(6.5, 5, 60),
    ),
    vessel(
      'right-brachiocephalic-vein',
      '右头臂静脉',
      'Right brachiocephalic vein',
      'vein',
      [
        [-26, -30, 188],
        [-34, -28, 205],
        [-46, -20, 216],
        [-92, -10, 226],
        [-140, 4, 214],
      ],
      taper(6.5, 5, 60),
    ),
    vessel(
      'left-jugular',
      '左颈内静脉',
      'Left internal jugular vein',
      'vein',
      [
        [34, -28, 210],
        [38, -8, 240],
        [37, 4, 330],
      ],
      constant(5.2),
    ),
    vessel(
      'right-jugular',
      '右颈内静脉',
      'Right internal jugular vein',
      'vein',
      [
        [-38, -26, 210],
        [-40, -8, 240],
        [-38, 4, 330],
      ],
      constant(6),
    ),
    vessel(
      'ivc',
      '下腔静脉',
      'Inferior vena cava',
      'vein',
      [
        [-16, aortaY(-158) + 4, -158],
        [-19, aortaY(-110) + 2, -110],
        [-21, 12, -60],
        [-22, 10, -20],
        [-22, 6, 20],
        [-24, -6, 48],
        [-26, -14, 62],
      ],
      constant(10),
    ),
    vessel(
      'left-iliac-vein',
      '左髂静脉',
      'Left iliac vein',
      'vein',
      [
        [-14, aortaY(-158) + 5, -158],
        [6, 16, -182],
        [26, 26, -208],
        [44, 24, -232],
        [58, 0, -258],
        [70, -28, -294],
        [77, -38, -340],
      ],
      constant(6),
    ),
    vessel(
      'right-iliac-vein',
      '右髂静脉',
      'Right iliac vein',
      'vein',
      [
        [-16, aortaY(-158) + 4, -158],
        [-22, 18, -186],
        [-32, 26, -210],
        [-44, 24, -232],
        [-58, 0, -258],
        [-70, -28, -294],
        [-77, -38, -340],
      ],
      constant(6),
    ),
    vessel(
      'left-renal-vein',
      '左肾静脉',
      'Left renal vein',
      'vein',
      [
        [56, 28, -56],
        [30, 4, -58],
        [8, -4, -58],
        [-18, 6, -60],
      ],
      constant(4.4),
    ),
    vessel(
      'right-renal-vein',
      '右肾静脉',
      'Right renal vein',
      'vein',
      [
        [-54, 28, -68],
        [-36, 18, -66],
        [-22, 12, -64],
      ],
      constant(4.6),
    ),
    vessel(
      'azygos',
      '奇静脉',
      'Azygos vein',
      'vein',
      [
        [-6, 28, -20],
        [-10, 40, 60],
        [-10, 44, 120],
        [-12, 38, 142],
        [-24, 16, 150],
        [-26, -14, 146],
      ],
      constant(3.6),
    ),
  ];
}

let cached: readonly Vessel[] | undefined;
/** All named vessels; built once, since the coronary arteries are fitted to the heart. */
export function vessels(): readonly Vessel[] {
  cached ??= [...veins(), ...arteries(), ...coronaries()];
  return cached;
}

const run = (v: Vessel, grownMm: number, open: boolean) => ({
  path: v.path,
  radiusMm: (s: number) => (open ? v.openRadiusMm(s) : lumenRadiusMm(v, s)) + grownMm,
});

export function vesselParts(): readonly Part[] {
  const all = vessels();
  const walled = all.filter((v) => v.kind === 'artery');
  return [
    {
      id: 'artery-walls',
      name: { zh: '动脉壁与软斑块', en: 'Arterial walls and soft plaque' },
      kind: 'artery',
      tissue: 'vesselWall',
      shape: tubes(walled.map((v) => run(v, v.openRadiusMm(0) > 2 ? 1 : 0.5, true))),
    },
    ...all.map(
      (v): Part => ({
        id: v.id,
        name: v.name,
        kind: v.kind,
        tissue: v.kind === 'artery' ? 'bloodArtery' : 'bloodVein',
        shape: tubes([run(v, 0, false)]),
      }),
    ),
  ];
}
