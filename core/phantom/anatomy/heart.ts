/** The heart's chambers, muscle and the fat around it. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part } from '../part.ts';
import { type Axes, complement, ellipsoid, intersection, offset, type Shape, union, wavy } from '../shape.ts';
import { add, cross, scale, unit } from '../vector.ts';

const axis = unit([0.62, -0.52, -0.58]);
const across = unit(cross(axis, [0, 0, 1]));
const leftAxes: Axes = [axis, across, cross(axis, across)];
const leftCentre: Vec3 = [40, -34, 68];

const leftVentricle = ellipsoid(leftCentre, [50, 32, 32], leftAxes);
const leftCavity = ellipsoid(add(leftCentre, scale(axis, -5)), [38, 20, 19], leftAxes);
const rightVentricle = ellipsoid(
  [12, -56, 68],
  [43, 25, 37],
  [unit([0.9, -0.2, -0.38]), unit([0.2, 0.98, 0]), unit([0.38, 0, 0.92])],
);
const leftAtrium = ellipsoid([6, 10, 92], [33, 18, 24]);
const rightAtrium = ellipsoid([-31, -25, 76], [24, 30, 35]);

/** Outer surface of the muscle; the coronary arteries lie just outside. */
export const heart: Shape = union([leftVentricle, rightVentricle, leftAtrium, rightAtrium], 7);
export const pericardium: Shape = offset(
  union([leftVentricle, rightVentricle, leftAtrium, rightAtrium], 16),
  3.5,
);

/** `squeezeMm`: how far the wall of the left ventricle's cavity moves in; the outer surface stays. */
export function heartParts(squeezeMm = 0): readonly Part[] {
  const chamber = (id: string, zh: string, en: string, tissue: Part['tissue'], shape: Shape): Part => ({
    id,
    name: { zh, en },
    kind: 'heart',
    tissue,
    shape,
  });
  return [
    chamber('pericardial-fat', '心包脂肪', 'Pericardial fat', 'innerFat', pericardium),
    chamber('myocardium', '心肌', 'Myocardium', 'myocardium', heart),
    chamber('left-atrium', '左心房', 'Left atrium', 'bloodLeft', offset(leftAtrium, -2.5)),
    chamber('right-atrium', '右心房', 'Right atrium', 'bloodRight', offset(rightAtrium, -2.5)),
    chamber(
      'right-ventricle',
      '右心室',
      'Right ventricle',
      'bloodRight',
      intersection([offset(rightVentricle, -4), complement(offset(leftVentricle, 0))], 4),
    ),
    chamber(
      'left-ventricle',
      '左心室',
      'Left ventricle',
      'bloodLeft',
      wavy(squeezeMm > 0 ? offset(leftCavity, -squeezeMm) : leftCavity, 1.2, 16, 2),
    ),
  ];
}
