/** Iliac wings, sacrum, acetabula, femoral heads, ischia and pubic rami. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part } from '../part.ts';
import {
  difference,
  ellipsoid,
  intersection,
  mirrored,
  type Shape,
  shellOf,
  sphere,
  union,
} from '../shape.ts';
import { bar, linePath, splinePath, tube, tubes } from '../tube.ts';
import { scale, subtract, unit } from '../vector.ts';
import { bone } from './bone.ts';

/** Along the rim of the left wing, from the back to the hip joint. */
const iliacCrest = splinePath(
  [
    [40, 98, -222],
    [52, 92, -186],
    [84, 66, -160],
    [114, 26, -152],
    [130, -14, -166],
    [128, -44, -200],
    [112, -44, -222],
    [106, -40, -246],
    [98, -20, -272],
  ],
  3,
);

/** The wing is a piece of a large thin bowl, thick along the crest and above the hip. */
function iliumShape(): Shape {
  const middle: Vec3 = [92, 30, -208];
  const outward = unit([0.74, 0.58, -0.36]);
  const bowl = sphere(subtract(middle, scale(outward, 175)), 175);
  const patch = intersection([
    ellipsoid(middle, [74, 92, 60], [unit([0.6, -0.8, 0]), outward, unit([0, 0.15, 1])]),
    { safety: 1, sdf: (_x, _y, z) => -275 - z },
  ]);
  const wing = intersection([shellOf(bowl, 0, 2.6), patch], 2);
  return union(
    [
      wing,
      tube(iliacCrest, (s) => 6 + 1.6 * Math.sin(s / 28)),
      ellipsoid([48, 74, -224], [9, 20, 27]),
      tube(
        splinePath(
          [
            [52, 66, -238],
            [66, 44, -262],
            [84, 14, -284],
          ],
          3,
        ),
        (s) => 9 + s * 0.07,
      ),
      difference(sphere([92, 2, -302], 32), ellipsoid([99, -4, -308], [28, 28, 28])),
      tube(
        splinePath(
          [
            [84, 22, -318],
            [76, 38, -345],
            [64, 32, -372],
          ],
          3,
        ),
        12,
      ),
      tube(
        splinePath(
          [
            [80, -18, -300],
            [48, -40, -318],
            [14, -48, -330],
          ],
          3,
        ),
        8,
      ),
      tube(
        splinePath(
          [
            [12, -46, -334],
            [34, -20, -362],
            [60, 22, -374],
          ],
          3,
        ),
        6.5,
      ),
    ],
    7,
  );
}

const sacrumLine = splinePath(
  [
    [0, 52, -196],
    [0, 66, -222],
    [0, 84, -252],
    [0, 96, -282],
    [0, 98, -306],
    [0, 90, -328],
  ],
  2,
);

function sacrumShape(): Shape {
  const core = bar(
    sacrumLine,
    (share) => 19 * (1 - share) ** 0.8 + 4,
    (share) => 52 * (1 - share) ** 1.1 + 5,
    () => [0, 1, 0.45],
  );
  const wings = union([ellipsoid([32, 64, -212], [20, 20, 20]), ellipsoid([-32, 64, -212], [20, 20, 20])]);
  const crest = bar(
    splinePath(
      [
        [0, 84, -200],
        [0, 100, -232],
        [0, 112, -264],
      ],
      3,
    ),
    () => 3,
    () => 7,
    () => [1, 0, 0],
  );
  const holes = [-218, -240, -262].flatMap((z, n) =>
    [1, -1].map((side) => ({
      path: linePath([side * (22 - n * 3), 40, z + 6], [side * (22 - n * 3), 130, z - 22]),
      radiusMm: () => 4.5 - n * 0.5,
    })),
  );
  const canal = {
    path: splinePath(
      [
        [0, 68, -190],
        [0, 86, -232],
        [0, 104, -272],
      ],
      3,
    ),
    radiusMm: () => 8,
  };
  return difference(union([core, wings, crest], 5), tubes([...holes, canal]), 2);
}

function femurShape(): Shape {
  return union(
    [
      sphere([98, -3, -307], 23.5),
      tube(linePath([100, 0, -310], [138, 12, -342]), 14),
      ellipsoid([146, 18, -334], [15, 18, 22]),
      tube(linePath([140, 12, -346], [134, 8, -460]), (s) => Math.max(14, 18 - s * 0.06)),
    ],
    8,
  );
}

export function pelvisParts(): readonly Part[] {
  const ilium = iliumShape();
  const femur = femurShape();
  return [
    bone('hip-left', { zh: '左髋骨', en: 'Left hip bone' }, ilium, 1.5),
    bone('hip-right', { zh: '右髋骨', en: 'Right hip bone' }, mirrored(ilium), 1.5),
    bone('sacrum', { zh: '骶骨', en: 'Sacrum' }, sacrumShape(), 1.2),
    bone('femur-left', { zh: '左股骨', en: 'Left femur' }, femur, 2),
    bone('femur-right', { zh: '右股骨', en: 'Right femur' }, mirrored(femur), 2),
  ];
}
