/** Skin, fat, the muscles of trunk and limbs, and the table. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part, PartName } from '../part.ts';
import {
  complement,
  difference,
  ellipsoid,
  intersection,
  mirrored,
  offset,
  roundedBox,
  type Shape,
  shellOf,
  union,
} from '../shape.ts';
import { bar, splinePath, tube } from '../tube.ts';
import { fatStrands, marbling } from './bone.ts';
import { abdomen, cage, spineY, trunk } from './frame.ts';
import { armPath, armRadiusMm } from './girdle.ts';
import { belowInlet } from './thorax.ts';

const bodyShape = (): Shape => {
  const arm = tube(armPath, armRadiusMm);
  return union([trunk, arm, mirrored(arm)], 26);
};

const muscle = (id: string, zh: string, en: string, shape: Shape): Part => ({
  id,
  name: { zh, en },
  kind: 'muscle',
  tissue: 'muscle',
  shape,
  texture: marbling,
});

const both = (id: string, zh: string, en: string, shape: Shape): readonly Part[] => [
  muscle(`${id}-left`, `左${zh}`, `Left ${en}`, shape),
  muscle(`${id}-right`, `右${zh}`, `Right ${en}`, mirrored(shape)),
];

const fatLine = (id: string, name: PartName, shape: Shape): Part => ({
  id,
  name,
  kind: 'surface',
  tissue: 'fat',
  shape,
});

const above = (z0: number): Shape => ({ safety: 1, sdf: (_x, _y, z) => z0 - z });
const below = (z0: number): Shape => ({ safety: 1, sdf: (_x, _y, z) => z - z0 });

/** Muscles lying on the cage: between two distances from it, within heights and a half-plane. */
const layer = (surface: Shape, fromMm: number, toMm: number, limits: readonly Shape[]): Shape =>
  intersection([shellOf(surface, (fromMm + toMm) / 2, (toMm - fromMm) / 2), ...limits], 5);

const front = (y0: number): Shape => ({ safety: 1, sdf: (_x, y) => y - y0 });
const back = (y0: number): Shape => ({ safety: 1, sdf: (_x, y) => y0 - y });
const lateral = (x0: number): Shape => ({ safety: 1, sdf: (x) => x0 - x });
const medial = (x0: number): Shape => ({ safety: 1, sdf: (x) => x - x0 });

function shoulderMuscles(): readonly Part[] {
  return [
    ...both(
      'arm-muscle',
      '臂肌',
      'arm muscles',
      tube(armPath, (s) => armRadiusMm(s) - 11),
    ),
    ...both(
      'pectoralis-major',
      '胸大肌',
      'pectoralis major',
      layer(cage, 9, 21, [front(-8), lateral(9), above(92), below(206), medial(150)]),
    ),
    ...both(
      'latissimus',
      '背阔肌',
      'latissimus dorsi',
      layer(cage, 18, 26, [back(2), above(-60), below(140), lateral(46)]),
    ),
    ...both(
      'serratus',
      '前锯肌',
      'serratus anterior',
      layer(cage, 6, 13, [lateral(60), above(50), below(180), back(-60)]),
    ),
    ...both(
      'subscapularis',
      '肩胛下肌',
      'subscapularis',
      layer(cage, 8, 15, [back(30), lateral(74), above(104), below(208)]),
    ),
    ...both(
      'infraspinatus',
      '冈下肌',
      'infraspinatus',
      layer(cage, 19, 34, [back(24), lateral(82), above(108), below(196), medial(150)]),
    ),
  ];
}

function shoulderCapMuscles(): readonly Part[] {
  const line = (points: readonly Vec3[]) => splinePath(points, 4);
  return [
    ...both('supraspinatus', '冈上肌', 'supraspinatus', ellipsoid([108, 52, 210], [40, 14, 12])),
    ...both(
      'trapezius',
      '斜方肌',
      'trapezius',
      union(
        [
          bar(
            line([
              [4, 100, 60],
              [16, 108, 140],
              [50, 96, 200],
              [96, 66, 224],
              [148, 26, 232],
            ]),
            () => 6,
            () => 18,
            () => [0.3, 1, 0.3],
          ),
          bar(
            line([
              [18, 66, 300],
              [30, 70, 262],
              [66, 60, 240],
              [130, 30, 234],
            ]),
            () => 8,
            () => 14,
            () => [0, 1, 0.6],
          ),
        ],
        8,
      ),
    ),
  ];
}

function neckMuscles(): readonly Part[] {
  const line = (points: readonly Vec3[]) => splinePath(points, 4);
  return [
    ...both(
      'sternocleidomastoid',
      '胸锁乳突肌',
      'sternocleidomastoid',
      tube(
        line([
          [44, 10, 320],
          [36, -14, 260],
          [20, -46, 204],
        ]),
        8,
      ),
    ),
    ...both(
      'neck-muscle',
      '颈后肌',
      'posterior neck muscles',
      tube(
        line([
          [20, 52, 330],
          [22, 58, 270],
          [30, 78, 210],
        ]),
        17,
      ),
    ),
    ...both(
      'scalene',
      '斜角肌',
      'scalene muscles',
      tube(
        line([
          [26, 22, 320],
          [34, 18, 260],
          [52, 10, 224],
        ]),
        9,
      ),
    ),
    ...both(
      'deltoid',
      '三角肌',
      'deltoid',
      difference(ellipsoid([158, 18, 208], [33, 40, 36]), ellipsoid([150, 26, 198], [18, 22, 22]), 6),
    ),
  ];
}

function trunkMuscles(): readonly Part[] {
  return [
    muscle(
      'chest-wall',
      '肋间肌',
      'Intercostal muscles',
      intersection([offset(cage, 4.5), above(-60), belowInlet], 6),
    ),
    muscle(
      'abdominal-wall',
      '腹壁肌',
      'Abdominal wall muscles',
      intersection([offset(abdomen, 15), below(40), above(-262)], 12),
    ),
    fatLine(
      'muscle-fat-line',
      { zh: '腹肌间脂肪层', en: 'Fat between the abdominal muscles' },
      intersection([
        union([shellOf(abdomen, 5, 0.7), shellOf(abdomen, 10, 0.8)]),
        below(-10),
        above(-170),
        { safety: 0.7, sdf: (x, y) => 52 - Math.abs(x) + Math.max(0, y - 20) * 0.6 },
      ]),
    ),
    fatLine(
      'linea-alba',
      { zh: '白线', en: 'Linea alba' },
      intersection([
        shellOf(abdomen, 8, 9),
        front(-50),
        below(30),
        { safety: 1, sdf: (x) => Math.abs(x) - 4 },
      ]),
    ),
  ];
}

function backMuscles(): readonly Part[] {
  const along = (zs: readonly number[], x: (z: number) => number, y: (z: number) => number) =>
    splinePath(
      zs.map((z): Vec3 => [x(z), y(z), z]),
      6,
    );
  const erector = along(
    [260, 200, 140, 80, 20, -40, -90, -140, -190, -240],
    (z) => (z < -40 ? 36 : 27),
    (z) => spineY(z) + (z < 0 ? 45 : 44),
  );
  return [
    ...both(
      'erector-spinae',
      '竖脊肌',
      'erector spinae',
      bar(
        erector,
        (s) => 15 + 7 * Math.min(1, s * 1.4),
        (s) => 20 + 10 * Math.min(1, s * 1.3),
        () => [0, 1, 0],
      ),
    ),
    ...both(
      'quadratus-lumborum',
      '腰方肌',
      'quadratus lumborum',
      bar(
        splinePath(
          [
            [56, 58, -25],
            [70, 56, -90],
            [82, 54, -150],
          ],
          6,
        ),
        () => 8,
        () => 20,
        () => [0.5, 1, 0],
      ),
    ),
  ];
}

function hipMuscles(): readonly Part[] {
  const line = (points: readonly Vec3[]) => splinePath(points, 6);
  return [
    ...both(
      'gluteus',
      '臀肌',
      'gluteal muscles',
      union(
        [
          ellipsoid([112, 66, -240], [46, 44, 72]),
          ellipsoid([78, 92, -290], [60, 36, 62]),
          ellipsoid([134, 10, -236], [30, 46, 62]),
        ],
        14,
      ),
    ),
    ...both(
      'iliacus',
      '髂肌',
      'iliacus',
      bar(
        line([
          [96, 20, -176],
          [98, 4, -220],
          [92, -22, -270],
          [92, -20, -320],
        ]),
        () => 12,
        () => 26,
        () => [-0.74, -0.58, 0.3],
      ),
    ),
    ...both(
      'thigh',
      '大腿肌',
      'thigh muscles',
      tube(
        line([
          [112, 2, -300],
          [108, 4, -360],
          [104, 6, -440],
        ]),
        60,
      ),
    ),
    muscle(
      'pelvic-wall',
      '盆壁肌',
      'Pelvic wall muscles',
      intersection([shellOf(abdomen, -3, 8), below(-250)], 8),
    ),
  ];
}

export function tableParts(): readonly Part[] {
  const name = { zh: '检查床', en: 'CT table' };
  const plate: Shape = {
    safety: 0.85,
    // A shallow trough: the plate bends up at its sides.
    sdf: (x, y, z) => roundedBox([0, 140, 0], [205, 9, 2000], 7).sdf(x, y + (x * x) / 3200, z),
  };
  return [
    {
      id: 'table',
      name,
      kind: 'table',
      tissue: 'tableCore',
      shape: plate,
      rim: { mm: 2, tissue: 'tableShell' },
    },
  ];
}

/** Fat first, muscles in it; then skin and the air outside cut off what sticks out. */
export function wallParts(): readonly Part[] {
  const body = bodyShape();
  const layerOf = (id: string, zh: string, en: string, tissue: Part['tissue'], shape: Shape): Part => ({
    id,
    name: { zh, en },
    kind: 'surface',
    tissue,
    shape,
  });
  return [
    { ...layerOf('body-fat', '皮下脂肪', 'Subcutaneous fat', 'fat', body), texture: fatStrands },
    ...shoulderMuscles(),
    ...shoulderCapMuscles(),
    ...neckMuscles(),
    ...trunkMuscles(),
    ...backMuscles(),
    ...hipMuscles(),
    layerOf('subcutis', '皮下组织', 'Subcutaneous layer', 'fat', shellOf(body, -1, 4)),
    layerOf('skin', '皮肤', 'Skin', 'skin', shellOf(body, 1, 2.6)),
    layerOf('outside-air', '体外空气', 'Air outside', 'air', complement(body)),
  ];
}

export function psoasParts(): readonly Part[] {
  const path = splinePath(
    [
      [26, 42, -8],
      [35, 42, -70],
      [43, 33, -130],
      [58, 16, -190],
      [80, -12, -250],
      [94, -14, -320],
    ],
    6,
  );
  return both(
    'psoas',
    '腰大肌',
    'psoas',
    tube(path, (s) => 7 + 15 * Math.sin(Math.min(1, s / 260) * Math.PI * 0.75)),
  );
}
