/** Abdominal cavity: liver with its vessels, stomach, spleen, kidneys, pancreas, bowel, bladder. */
import type { Vec3 } from '../../geometry/types.ts';
import { growTree } from '../branching.ts';
import type { Part } from '../part.ts';
import {
  type Axes,
  complement,
  difference,
  ellipsoid,
  intersection,
  offset,
  type Shape,
  union,
  wavy,
} from '../shape.ts';
import { splinePath, tube, tubes } from '../tube.ts';
import { cross, interpolate, unit } from '../vector.ts';
import { fatStrands, mottled, parenchyma } from './bone.ts';
import { abdomen, cage } from './frame.ts';
import { domes } from './thorax.ts';

const below = (z0: number): Shape => ({ safety: 1, sdf: (_x, _y, z) => z - z0 });
const above = (z0: number): Shape => ({ safety: 1, sdf: (_x, _y, z) => z0 - z });
const front = (y0: number): Shape => ({ safety: 1, sdf: (_x, y) => y - y0 });

const tilted = (long: Vec3, hint: Vec3): Axes => {
  const w = unit(long);
  const u = unit(cross(hint, w));
  return [u, cross(w, u), w];
};

/** Under the diaphragm and inside the cage, by a distance. */
const underDome = (byMm: number): readonly Shape[] => [offset(domes, -byMm), offset(cage, -9.5 - byMm)];

export const liver: Shape = wavy(
  intersection(
    [
      union([ellipsoid([-66, 0, -8], [64, 82, 80]), ellipsoid([0, -46, 16], [76, 36, 34])], 24),
      ...underDome(1.5),
      complement(ellipsoid([-18, 34, -40], [36, 40, 70])),
    ],
    8,
  ),
  1.5,
  70,
  0.4,
);

const organ = (
  id: string,
  zh: string,
  en: string,
  tissue: Part['tissue'],
  shape: Shape,
  textured = true,
): Part => ({
  id,
  name: { zh, en },
  kind: 'organ',
  tissue,
  shape,
  ...(textured && { texture: parenchyma }),
});

function liverParts(): readonly Part[] {
  const box = [
    [-135, -95, -95],
    [80, 90, 65],
  ] as const;
  const tree = (root: Vec3, direction: Vec3, seed: number, rootRadiusMm: number) =>
    growTree({
      region: liver,
      box,
      root,
      direction,
      seeds: 110,
      seed,
      rootRadiusMm,
      leastRadiusMm: 0.9,
      deepest: 6,
      marginMm: 8,
    });
  return [
    organ('liver', '肝', 'Liver', 'liver', liver),
    {
      id: 'portal-tree',
      name: { zh: '门静脉', en: 'Portal vein' },
      kind: 'vein',
      tissue: 'bloodRight',
      shape: tubes([
        {
          path: splinePath(
            [
              [0, -8, -52],
              [-18, -12, -26],
              [-34, -8, -6],
            ],
            2,
          ),
          radiusMm: () => 6.2,
        },
        ...tree([-34, -8, -6], [-0.8, 0, 0.4], 61, 5.6),
      ]),
    },
    {
      id: 'hepatic-veins',
      name: { zh: '肝静脉', en: 'Hepatic veins' },
      kind: 'vein',
      tissue: 'bloodVein',
      shape: tubes(tree([-22, 6, 36], [-0.5, -0.2, -0.8], 67, 5)),
    },
    organ(
      'gallbladder',
      '胆囊',
      'Gallbladder',
      'bile',
      ellipsoid([-44, -58, -52], [14, 15, 27], tilted([0.2, 0.35, 1], [1, 0, 0])),
      false,
    ),
  ];
}

function kidney(side: 1 | -1): readonly Part[] {
  const z = side > 0 ? -52 : -66;
  const centre: Vec3 = [side * 68, 36, z];
  const axes = tilted([-side * 0.22, -0.12, 1], [0, 1, 0]);
  const outer = wavy(ellipsoid(centre, [26, 27, 54], axes), 0.8, 40, side);
  const sinus = ellipsoid([side * 54, 30, z], [17, 12, 24], axes);
  const body = difference(outer, sinus, 5);
  const zh = side > 0 ? '左' : '右';
  const en = side > 0 ? 'Left' : 'Right';
  const id = side > 0 ? 'left' : 'right';
  const pyramids = intersection([offset(body, -7), wavy(offset(body, -8), 4, 17, 1.1)], 2);
  return [
    organ(`kidney-${id}`, `${zh}肾`, `${en} kidney`, 'kidneyCortex', body),
    organ(`kidney-medulla-${id}`, `${zh}肾髓质`, `${en} renal medulla`, 'kidneyMedulla', pyramids, false),
    organ(
      `renal-pelvis-${id}`,
      `${zh}肾盂`,
      `${en} renal pelvis`,
      'urine',
      tube(
        splinePath(
          [
            [side * 58, 30, z + 10],
            [side * 50, 28, z],
            [side * 42, 26, z - 22],
            [side * 34, 22, z - 60],
            [side * 36, 8, z - 120],
          ],
          3,
        ),
        (s) => Math.max(1.6, 6 - s * 0.12),
      ),
      false,
    ),
  ];
}

const stomachPath = splinePath(
  [
    [58, 16, 34],
    [70, -6, 14],
    [70, -32, -16],
    [50, -52, -44],
    [16, -58, -50],
    [-12, -50, -42],
  ],
  3,
);
const stomachRadius: readonly (readonly [number, number])[] = [
  [0, 23],
  [30, 29],
  [70, 28],
  [110, 22],
  [145, 17],
  [175, 11],
];

function stomachParts(): readonly Part[] {
  const cavity = tube(stomachPath, (s) => interpolate(stomachRadius, s));
  const shape = wavy(intersection([cavity, ...underDome(3)], 6), 1, 40, 3);
  const within = offset(shape, -4);
  return [
    {
      id: 'stomach',
      name: { zh: '胃', en: 'Stomach' },
      kind: 'bowel',
      tissue: 'stomachContent',
      shape,
      rim: { mm: 4, tissue: 'stomachWall' },
    },
    {
      id: 'stomach-gas',
      name: { zh: '胃内气体', en: 'Gas in the stomach' },
      kind: 'bowel',
      tissue: 'gas',
      shape: intersection([within, front(-42)]),
    },
  ];
}

const colonPath = splinePath(
  [
    [-82, -22, -212],
    [-92, 2, -165],
    [-96, 16, -118],
    [-84, -4, -92],
    [-52, -54, -104],
    [0, -66, -122],
    [46, -62, -98],
    [84, -18, -36],
    [98, 12, -24],
    [100, 26, -70],
    [97, 22, -130],
    [92, 6, -185],
    [72, -22, -226],
    [26, -20, -238],
    [4, 18, -254],
    [0, 44, -284],
    [0, 50, -330],
  ],
  3,
);

function bowelParts(): readonly Part[] {
  const colon = tube(colonPath, (s) => (s < 560 ? 18.5 : 14.5) + 2.4 * Math.abs(Math.sin(s / 10.5)));
  const turns: Vec3[] = [];
  for (const [y, shift] of [
    [-52, 0],
    [-22, 6],
    [-40, -4],
  ] as const)
    for (let row = 0; row < 6; row++) {
      const z = -112 - row * 23 - shift;
      const wide = 62 - Math.abs(row - 2.5) * 4;
      const order = row % 2 === 0 ? [-1, -0.35, 0.35, 1] : [1, 0.35, -0.35, -1];
      for (const share of order)
        turns.push([
          share * wide + shift,
          y + 7 * Math.sin(row * 2 + share * 5),
          z + 8 * Math.cos(share * 4 + row + y),
        ]);
    }
  const small = tube(splinePath(turns, 4), (s) => 10.5 + 1.1 * Math.sin(s / 4.2));
  const coils = intersection([small, complement(offset(colon, 1))]);
  return [
    {
      id: 'small-bowel',
      name: { zh: '小肠', en: 'Small bowel' },
      kind: 'bowel',
      tissue: 'bowelContent',
      shape: coils,
      rim: { mm: 2.6, tissue: 'bowelWall' },
    },
    {
      id: 'colon',
      name: { zh: '结肠', en: 'Colon' },
      kind: 'bowel',
      tissue: 'stool',
      shape: colon,
      rim: { mm: 2.2, tissue: 'bowelWall' },
      texture: mottled,
    },
    {
      id: 'colon-gas',
      name: { zh: '结肠内气体', en: 'Gas in the colon' },
      kind: 'bowel',
      tissue: 'gas',
      shape: intersection([offset(colon, -2.4), front(-46)]),
    },
  ];
}

export function cavityParts(): readonly Part[] {
  return [
    {
      id: 'abdominal-fat',
      name: { zh: '腹腔脂肪', en: 'Abdominal fat' },
      kind: 'surface',
      tissue: 'innerFat',
      shape: intersection([abdomen, below(60)], 6),
      texture: fatStrands,
    },
  ];
}

export function visceraParts(): readonly Part[] {
  return [
    {
      id: 'diaphragm',
      name: { zh: '膈', en: 'Diaphragm' },
      kind: 'muscle',
      tissue: 'muscle',
      shape: intersection([domes, offset(cage, -8), above(-55)], 3),
    },
    {
      id: 'subphrenic-fat',
      name: { zh: '膈下脂肪', en: 'Fat under the diaphragm' },
      kind: 'surface',
      tissue: 'innerFat',
      shape: intersection([offset(domes, -2.4), offset(cage, -10.4), above(-70)]),
      texture: fatStrands,
    },
    organ(
      'spleen',
      '脾',
      'Spleen',
      'spleen',
      intersection(
        [
          wavy(ellipsoid([98, 38, 0], [32, 50, 54], tilted([0.15, -0.5, 1], [0, 1, 0])), 2, 60, 0),
          ...underDome(2),
          complement(ellipsoid([58, 8, 0], [27, 40, 60])),
        ],
        6,
      ),
    ),
    ...stomachParts(),
    ...liverParts(),
    organ(
      'pancreas',
      '胰',
      'Pancreas',
      'pancreas',
      wavy(
        tube(
          splinePath(
            [
              [-22, -20, -78],
              [-20, -24, -60],
              [0, -22, -50],
              [26, -16, -42],
              [52, 2, -28],
              [74, 20, -12],
            ],
            3,
          ),
          (s) => 12 - s * 0.035,
        ),
        1.6,
        14,
        1,
      ),
    ),
    ...kidney(1),
    ...kidney(-1),
    ...bowelParts(),
    organ('bladder', '膀胱', 'Bladder', 'urine', ellipsoid([0, -34, -296], [42, 34, 34]), false),
    organ('prostate', '前列腺', 'Prostate', 'muscle', ellipsoid([0, -14, -338], [22, 17, 18])),
  ];
}
