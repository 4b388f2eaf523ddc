/** Pleural cavities, diaphragm, mediastinum, heart, airways and the lungs' vessels. */
import type { Vec3 } from '../../geometry/types.ts';
import { growTree, type TreePlan } from '../branching.ts';
import type { Part } from '../part.ts';
import {
  complement,
  ellipsoid,
  halfSpace,
  intersection,
  offset,
  roundedBox,
  type Shape,
  union,
} from '../shape.ts';
import { bar, splinePath, type TubeRun, tube, tubes } from '../tube.ts';
import { unit } from '../vector.ts';
import { fatStrands } from './bone.ts';
import { cage, spineY } from './frame.ts';
import { heartParts, pericardium } from './heart.ts';

/** Abdominal side of the diaphragm: right dome higher than left. */
export const domes: Shape = union(
  [
    ellipsoid([-68, -8, -38], [71, 92, 97]),
    ellipsoid([68, -2, -44], [69, 88, 90]),
    ellipsoid([0, -22, -24], [80, 76, 62]),
  ],
  14,
);

export const pleura: Shape = offset(cage, -7.5);

/** Under the plane of the first ribs, which falls to the front. */
export const belowInlet: Shape = halfSpace([0, 60, 248], unit([0, -0.42, 0.9]));

const mediastinum: Shape = union(
  [
    bar(
      splinePath(
        [
          [0, 8, 260],
          [0, 4, 180],
          [2, 2, 120],
          [4, 8, 20],
        ],
        5,
      ),
      (s) => 22 + 10 * s,
      () => 50,
      () => [1, 0, 0],
    ),
    roundedBox([3, -60, 60], [4, 60, 160], 3),
    tube(
      splinePath(
        [250, 200, 140, 80, 20, -40].map((z): Vec3 => [0, spineY(z), z]),
        6,
      ),
      (s) => 17 + s * 0.025,
    ),
    offset(pericardium, 2),
  ],
  16,
);

const lungShape = (side: 1 | -1): Shape =>
  intersection(
    [
      pleura,
      { safety: 1, sdf: (x) => -side * x },
      complement(mediastinum),
      complement(offset(domes, 1.5)),
      { safety: 1, sdf: (_x, _y, z) => z - 236 },
      // The recess reaches lower at the back.
      { safety: 0.9, sdf: (_x, y, z) => (-24 - 0.43 * y - z) * 0.92 },
    ],
    5,
  );

export const leftLung = lungShape(1);
export const rightLung = lungShape(-1);

/** Dependent lung is a little denser. */
const gravity = (_x: number, y: number): number => y * 0.42;

/** Fissures as curved sheets: the left has one, the right two. */
function fissures(): readonly Part[] {
  // From the back of T4 down to the front of the sixth rib; slightly bowed.
  const oblique = (side: 1 | -1): Shape =>
    intersection([
      {
        safety: 0.8,
        sdf: (x, y, z) =>
          Math.abs(
            0.72 * (z - 96) - 0.69 * (y + side * 5) + 0.0016 * (x - side * 70) ** 2 + 0.0012 * y * y - 6,
          ) - 0.35,
      },
      side > 0 ? leftLung : rightLung,
    ]);
  const horizontal = intersection([
    { safety: 0.9, sdf: (x, y, z) => Math.abs(z - 104 - 0.002 * ((x + 70) ** 2 + (y + 20) ** 2)) - 0.3 },
    { safety: 0.8, sdf: (_x, y, z) => (y - (z - 96) * 1.04) * 0.69 + 2 },
    rightLung,
  ]);
  const sheet = (id: string, zh: string, en: string, shape: Shape): Part => ({
    id,
    name: { zh, en },
    kind: 'lung',
    tissue: 'airwayWall',
    shape,
  });
  return [
    sheet('fissure-left', '左肺斜裂', 'Left oblique fissure', oblique(1)),
    sheet('fissure-right', '右肺斜裂', 'Right oblique fissure', oblique(-1)),
    sheet('fissure-horizontal', '右肺水平裂', 'Right horizontal fissure', horizontal),
  ];
}

export const carina: Vec3 = [-1, 24, 138];
const trachea = splinePath([[0, 10, 330], [0, 14, 270], [0, 18, 220], [0, 22, 170], carina], 2);
const rightHilum: Vec3 = [-44, 18, 112];
const leftHilum: Vec3 = [48, 20, 108];
const rightMain = splinePath([carina, [-20, 23, 124], rightHilum], 2);
const leftMain = splinePath([carina, [22, 25, 123], leftHilum], 2);

function lungTree(side: 1 | -1, root: Vec3, rest: Partial<TreePlan>): readonly TubeRun[] {
  return growTree({
    region: side > 0 ? leftLung : rightLung,
    box:
      side > 0
        ? [
            [0, -110, -30],
            [140, 90, 232],
          ]
        : [
            [-140, -110, -30],
            [0, 90, 232],
          ],
    root,
    direction: [side * 0.8, 0.25, -0.5],
    seeds: 640,
    seed: 7,
    rootRadiusMm: 6,
    leastRadiusMm: 0.55,
    deepest: 12,
    marginMm: 3,
    ...rest,
  });
}

/** Branches run straight from fork to fork: what crosses the heart or the diaphragm is cut off. */
const inLungs = (tree: Shape): Shape =>
  intersection([tree, complement(union([offset(pericardium, 0.5), domes]))]);

export interface AirwayRun {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly run: TubeRun;
}

export const namedAirways: readonly AirwayRun[] = [
  { id: 'trachea', zh: '气管', en: 'Trachea', run: { path: trachea, radiusMm: () => 8.5 } },
  {
    id: 'right-main-bronchus',
    zh: '右主支气管',
    en: 'Right main bronchus',
    run: { path: rightMain, radiusMm: (s) => 7.4 - s * 0.03 },
  },
  {
    id: 'left-main-bronchus',
    zh: '左主支气管',
    en: 'Left main bronchus',
    run: { path: leftMain, radiusMm: (s) => 6.6 - s * 0.02 },
  },
];

function airwayParts(): readonly Part[] {
  const tree = ([1, -1] as const).flatMap((side) =>
    lungTree(side, side > 0 ? leftHilum : rightHilum, {
      seeds: 90,
      seed: 3 + side,
      rootRadiusMm: 5.6,
      leastRadiusMm: 0.7,
      deepest: 7,
    }),
  );
  const grown = (runs: readonly TubeRun[], share: number, byMm: number): readonly TubeRun[] =>
    runs.map(({ path, radiusMm }) => ({ path, radiusMm: (s: number) => radiusMm(s) * share + byMm }));
  const main = namedAirways.map((airway) => airway.run);
  return [
    {
      id: 'airway-wall',
      name: { zh: '气道壁', en: 'Airway walls' },
      kind: 'airway',
      tissue: 'airwayWall',
      shape: union([tubes(grown(main, 1, 1.4)), inLungs(tubes(grown(tree, 1.12, 0.5)))]),
    },
    {
      id: 'airway-lumen',
      name: { zh: '气道腔', en: 'Airway lumen' },
      kind: 'airway',
      tissue: 'air',
      shape: union([tubes(main), inLungs(tubes(tree))]),
    },
  ];
}

/** Pulmonary trunk, its two arteries, and the ends of the veins. */
const pulmonaryTrunks: readonly TubeRun[] = [
  {
    path: splinePath(
      [
        [24, -50, 96],
        [24, -40, 114],
        [20, -22, 128],
        [22, -4, 132],
      ],
      2,
    ),
    radiusMm: () => 12.5,
  },
  {
    path: splinePath(
      [
        [22, -8, 131],
        [34, 4, 132],
        [44, 12, 122],
      ],
      2,
    ),
    radiusMm: (s) => 10 - s * 0.05,
  },
  {
    path: splinePath(
      [
        [20, -10, 128],
        [0, -4, 122],
        [-24, 0, 118],
        [-44, 6, 114],
      ],
      2,
    ),
    radiusMm: (s) => 10.5 - s * 0.04,
  },
  {
    path: splinePath(
      [
        [18, 10, 94],
        [32, 10, 94],
      ],
      2,
    ),
    radiusMm: () => 7,
  },
  {
    path: splinePath(
      [
        [-12, 10, 94],
        [-28, 8, 92],
      ],
      2,
    ),
    radiusMm: () => 7,
  },
];

function lungVesselParts(): readonly Part[] {
  const sides = [1, -1] as const;
  const arteries = sides.flatMap((side) =>
    lungTree(side, side > 0 ? [44, 12, 122] : [-44, 6, 114], { seed: 20 + side, rootRadiusMm: 7.5 }),
  );
  const veins = sides.flatMap((side) =>
    lungTree(side, side > 0 ? [32, 10, 94] : [-28, 8, 92], {
      seed: 40 + side,
      seeds: 330,
      rootRadiusMm: 6.2,
    }),
  );
  const named = (
    id: string,
    zh: string,
    en: string,
    kind: 'artery' | 'vein',
    tissue: Part['tissue'],
    shape: Shape,
  ): Part => ({
    id,
    name: { zh, en },
    kind,
    tissue,
    shape,
  });
  return [
    named(
      'pulmonary-veins',
      '肺静脉',
      'Pulmonary veins',
      'vein',
      'bloodLeft',
      union([inLungs(tubes(veins)), tubes(pulmonaryTrunks.slice(3))]),
    ),
    named(
      'pulmonary-arteries',
      '肺动脉',
      'Pulmonary arteries',
      'artery',
      'bloodRight',
      union([tubes(pulmonaryTrunks.slice(0, 3)), inLungs(tubes(arteries))]),
    ),
  ];
}

/** Lungs, then what displaces them. */
export function thoraxParts(squeezeMm = 0): {
  readonly lungs: readonly Part[];
  readonly contents: readonly Part[];
} {
  const lung = (id: string, zh: string, en: string, shape: Shape): Part => ({
    id,
    name: { zh, en },
    kind: 'lung',
    tissue: 'lung',
    shape,
    texture: gravity,
  });
  return {
    lungs: [
      {
        id: 'mediastinal-fat',
        name: { zh: '纵隔脂肪', en: 'Mediastinal fat' },
        kind: 'surface',
        tissue: 'innerFat',
        shape: intersection([
          pleura,
          belowInlet,
          { safety: 1, sdf: (x) => Math.abs(x) - 60 },
          { safety: 1, sdf: (_x, _y, z) => 20 - z },
        ]),
        texture: fatStrands,
      },
      lung('lung-left', '左肺', 'Left lung', leftLung),
      lung('lung-right', '右肺', 'Right lung', rightLung),
      ...fissures(),
    ],
    contents: [
      {
        id: 'esophagus',
        name: { zh: '食管', en: 'Oesophagus' },
        kind: 'bowel',
        tissue: 'bowelWall',
        shape: tube(
          splinePath(
            [
              [2, 26, 320],
              [2, 30, 240],
              [4, 36, 180],
              [4, 38, 130],
              [8, 38, 90],
              [16, 28, 50],
              [34, 14, 30],
            ],
            3,
          ),
          7,
        ),
      },
      ...heartParts(squeezeMm),
      ...lungVesselParts(),
      ...airwayParts(),
    ],
  };
}
