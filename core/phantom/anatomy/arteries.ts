/** The aorta and its branches but the coronary arteries; the left iliac holds the 75 % stenosis. */
import type { Vec3 } from '../../geometry/types.ts';
import { splinePath } from '../tube.ts';
import { interpolate } from '../vector.ts';
import { spineY, vertebra } from './frame.ts';
import { constant, taper, type Vessel, vessel } from './vessel.ts';

export const aortaY = (z: number): number => spineY(z) - vertebra(z > -20 ? 'T12' : 'L2').halfDepthMm - 13;
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

const iliac = (side: 1 | -1): readonly Vec3[] => [
  aortaEnd,
  [side * 13, aortaEnd[1] + 2, -172],
  [side * 28, 16, -200],
  [side * 46, 18, -226],
  [side * 62, -8, -254],
  [side * 76, -36, -292],
  [side * 84, -44, -340],
];

const celiacZ = -34;
const smaZ = -50;

/** Aorta, its arch, visceral and pelvic branches. */
export const systemicArteries: readonly Vessel[] = [
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
    atMm: 38,
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
