/** Sternum, clavicles, scapulae and humeri (arms raised, as for a chest CT). */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part } from '../part.ts';
import { ellipsoid, intersection, mirrored, type Shape, shellOf, sphere, union } from '../shape.ts';
import { bar, linePath, splinePath, tube } from '../tube.ts';
import { interpolate } from '../vector.ts';
import { bone } from './bone.ts';
import { cage } from './frame.ts';

const sternumZ = [200, 186, 170, 154, 148, 130, 105, 80, 64, 48, 30];
const sternumWidth: readonly (readonly [number, number])[] = [
  [0, 17],
  [0.07, 29],
  [0.2, 21],
  [0.28, 16],
  [0.33, 14],
  [0.6, 17],
  [0.76, 20],
  [0.83, 11],
  [0.9, 6],
  [1, 3.5],
];

function sternumShape(): Shape {
  const points = sternumZ.map((z): Vec3 => {
    const [, front, , yc] = cage.at(z);
    return [0, yc - front - 3, z];
  });
  return bar(
    splinePath(points, 2),
    (share) => (share < 0.3 ? 6 : share < 0.8 ? 4.8 : 3),
    (share) => interpolate(sternumWidth, share),
    () => [0, 1, 0],
  );
}

/** Points inside a convex polygon of the x–z plane, edges given anticlockwise seen from the front. */
function prism(corners: readonly (readonly [number, number])[]): Shape {
  const edges = corners.map((a, n) => {
    const b = corners[(n + 1) % corners.length]!;
    const len = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return [(b[1] - a[1]) / len, -(b[0] - a[0]) / len, a[0], a[1]] as const;
  });
  return {
    safety: 1,
    sdf(x, _y, z) {
      let d = -1e9;
      for (const [nx, nz, ax, az] of edges) d = Math.max(d, (x - ax) * nx + (z - az) * nz);
      return d;
    },
  };
}

const behind: Shape = { safety: 1, sdf: (_x, y) => 22 - y };

function scapulaShape(): Shape {
  const triangle = prism([
    [112, 98],
    [150, 190],
    [134, 206],
    [86, 214],
    [76, 196],
  ]);
  const blade = intersection([shellOf(cage, 17, 2), triangle, behind], 1.5);
  const onCage = (x: number, z: number, out: number): Vec3 => {
    // Walk backwards from behind the body to the wanted distance from the cage.
    let y = 150;
    while (y > 20 && cage.sdf(x, y, z) > out) y -= 0.5;
    return [x, y, z];
  };
  const border = splinePath(
    [onCage(112, 98, 17), onCage(97, 140, 17), onCage(77, 194, 17), onCage(87, 214, 17)],
    3,
  );
  const lateral = splinePath([onCage(112, 98, 17), onCage(134, 150, 17), [148, 32, 186]], 3);
  const ridge = splinePath(
    [onCage(82, 188, 19), onCage(112, 199, 28), [146, 50, 220], [164, 22, 228], [160, 6, 226]],
    3,
  );
  return union(
    [
      blade,
      tube(border, 3),
      tube(lateral, (s) => 4.4 + s * 0.02),
      bar(
        ridge,
        (share) => 3 + share * 1.4,
        (share) => 6 + share * 3,
        () => [0, 0.3, 1],
      ),
      ellipsoid([150, 26, 199], [6, 12, 15]),
      tube(
        splinePath(
          [
            [142, 22, 208],
            [139, 4, 218],
            [147, -9, 214],
          ],
          3,
        ),
        (s) => 6 - s * 0.06,
      ),
    ],
    4,
  );
}

function humerusShape(): Shape {
  const shaft = splinePath(
    [
      [166, 20, 212],
      [178, 14, 250],
      [186, 8, 330],
    ],
    4,
  );
  return union([sphere([165, 22, 204], 21), tube(shaft, (s) => Math.max(10.5, 19 - s * 0.3))], 6);
}

const clavicle = splinePath(
  [
    [20, -50, 198],
    [52, -52, 208],
    [88, -34, 215],
    [120, -10, 221],
    [152, 2, 224],
  ],
  3,
);

function pair(id: string, zh: string, en: string, shape: Shape, rimMm: number): readonly Part[] {
  return [
    bone(`${id}-left`, { zh: `左${zh}`, en: `Left ${en}` }, shape, rimMm),
    bone(`${id}-right`, { zh: `右${zh}`, en: `Right ${en}` }, mirrored(shape), rimMm),
  ];
}

export const armPath = splinePath(
  [
    [140, 24, 168],
    [156, 18, 205],
    [172, 12, 250],
    [186, 6, 340],
  ],
  6,
);
export const armRadiusMm = (arcMm: number): number => 46 - arcMm * 0.03;

export function girdleParts(): readonly Part[] {
  return [
    bone('sternum', { zh: '胸骨', en: 'Sternum' }, sternumShape(), 1),
    ...pair(
      'clavicle',
      '锁骨',
      'clavicle',
      tube(clavicle, (s) => 6.6 - 1.6 * Math.sin((s / 150) * Math.PI)),
      1.8,
    ),
    ...pair('scapula', '肩胛骨', 'scapula', scapulaShape(), 1.3),
    ...pair('humerus', '肱骨', 'humerus', humerusShape(), 2.2),
    bone(
      'cricoid',
      { zh: '环状软骨', en: 'Cricoid cartilage' },
      tube(linePath([0, -8, 296], [0, -8, 304]), 11),
      0.8,
    ),
  ];
}
