/** Twelve pairs of ribs riding on the cage, their cartilages, and the displaced fracture. */
import type { Vec3 } from '../../geometry/types.ts';
import type { Part } from '../part.ts';
import { complement, halfSpace, intersection, type Shape, union } from '../shape.ts';
import { bar, type Path, pathAt, pathLengthMm, splinePath, tube } from '../tube.ts';
import { add, mix, scale, unit } from '../vector.ts';
import { bone } from './bone.ts';
import { cage, vertebra } from './frame.ts';

/** Per rib: fall in mm from the angle to the front end, angle (degrees) where bone ends, half sizes. */
const ribTable: readonly (readonly [fall: number, endDeg: number, thick: number, tall: number])[] = [
  [30, 141, 6, 3],
  [46, 146, 3.6, 5],
  [64, 149, 3.4, 5.8],
  [82, 149, 3.3, 6.2],
  [96, 147, 3.3, 6.4],
  [108, 143, 3.3, 6.6],
  [116, 137, 3.3, 6.8],
  [112, 128, 3.3, 6.6],
  [102, 118, 3.2, 6.4],
  [88, 104, 3.1, 6],
  [60, 76, 2.9, 5.2],
  [34, 46, 2.6, 4.4],
];

const degrees = Math.PI / 180;

/** Centre line of a rib from its head to the bony front end; side +1 is the patient's left. */
export function ribPath(number: number, side: 1 | -1): Path {
  const level = vertebra(`T${number}`);
  const [fall, endDeg] = ribTable[number - 1]!;
  const [, yv, zv] = level.centre;
  const headZ = zv + (number > 1 && number < 10 ? level.heightMm * 0.42 : 3);
  const back = yv + level.halfDepthMm * 0.85;
  const short = number > 10;
  const controls: Vec3[] = [
    [side * (level.halfWidthMm + 1.5), back - 3, headZ],
    [side * (level.halfWidthMm + 9), back + 7, headZ - 1],
    [side * 36, back + (short ? 11 : 14), headZ - 4],
  ];
  const startDeg = number === 1 ? 52 : 33;
  const steps = Math.max(4, Math.ceil((endDeg - startDeg) / 9));
  for (let n = 0; n <= steps; n++) {
    const share = n / steps;
    const angle = (startDeg + (endDeg - startDeg) * share) * degrees;
    const eased = 0.45 * share + 0.55 * (3 * share ** 2 - 2 * share ** 3);
    // A little sway keeps neighbouring ribs from being copies of each other.
    const sway = 1.2 * Math.sin(number * 2.3 + side + share * 4);
    controls.push(cage.surface(side * angle, headZ - 7 - fall * eased + sway));
  }
  return splinePath(controls, 2.5);
}

const outward = (point: Vec3): Vec3 => {
  const n = cage.normal(point);
  return unit([n[0], n[1], 0.12]);
};

export function ribShape(number: number, path: Path): Shape {
  const [, , thick, tall] = ribTable[number - 1]!;
  return bar(
    path,
    (share) => thick * (share < 0.08 ? 1.25 : 1 - 0.12 * share),
    (share) => tall * (share < 0.1 ? 0.72 : 0.92 + 0.22 * share),
    outward,
  );
}

/** Height of each cartilage's joint with the sternum; 8 to 10 join the cartilage above. */
const sternalZ = [188, 158, 138, 118, 99, 84, 70];

function cartilagePath(number: number, side: 1 | -1, ribs: readonly Path[]): Path | undefined {
  if (number > 10) return undefined;
  const rib = ribs[number - 1]!;
  const start = rib.points[rib.points.length - 1]!;
  const before = rib.points[rib.points.length - 6]!;
  const [, endDeg] = ribTable[number - 1]!;
  if (number > 7) {
    const upper = ribs[number - 2]!.points[ribs[number - 2]!.points.length - 1]!;
    const target = add(upper, [-side * (number === 8 ? 22 : 12), -8, 6]);
    const onto = cage.surface(side * (endDeg + 14) * degrees, mix(start, target, 0.45)[2] - 6);
    return splinePath([mix(before, start, 0.7), start, onto, target], 2.5);
  }
  const z = sternalZ[number - 1]!;
  const width = number === 1 ? 25 : number < 3 ? 19 : 15;
  const [, front, , yc] = cage.at(z);
  const target: Vec3 = [side * width, yc - front - 1, z];
  const controls: Vec3[] = [mix(before, start, 0.7), start];
  for (const share of number > 4 ? [0.3, 0.62] : [0.5]) {
    const angle = (endDeg + (172 - endDeg) * share) * degrees;
    const rise = share * share * (number > 4 ? 1.05 : 0.9);
    controls.push(cage.surface(side * angle, start[2] + (z - start[2]) * rise - (number > 4 ? 5 : 0)));
  }
  return splinePath([...controls, target], 2.5);
}

/** The displaced fracture: left rib 8, laterally; the front piece is shifted by this much. */
export const fracture = { rib: 8, side: 1, shareAlong: 0.52, shiftMm: 4, gapMm: 1.2 } as const;

/** Where the fracture is, with the shift of its front piece. */
export function fractureSite(): { point: Vec3; tangent: Vec3; shift: Vec3 } {
  const path = ribPath(fracture.rib, fracture.side);
  const { point, tangent } = pathAt(path, pathLengthMm(path) * fracture.shareAlong);
  return { point, tangent, shift: scale(outward(point), fracture.shiftMm) };
}

function brokenRib(path: Path): Shape {
  const { point, tangent, shift } = fractureSite();
  const whole = ribShape(fracture.rib, path);
  const moved: Path = { ...path, points: path.points.map((p) => add(p, shift)) };
  const gap = scale(tangent, fracture.gapMm / 2);
  const rear = intersection([whole, halfSpace(add(point, scale(gap, -1)), tangent)]);
  const front = intersection([
    ribShape(fracture.rib, moved),
    complement(halfSpace(add(point, gap), tangent)),
  ]);
  return union([rear, front]);
}

export const ribName = (number: number, side: 1 | -1) => ({
  zh: `${side > 0 ? '左' : '右'}第 ${number} 肋`,
  en: `${side > 0 ? 'Left' : 'Right'} rib ${number}`,
});
export const ribId = (number: number, side: 1 | -1): string => `rib-${side > 0 ? 'left' : 'right'}-${number}`;

export function ribParts(): readonly Part[] {
  const parts: Part[] = [];
  for (const side of [1, -1] as const) {
    const paths = ribTable.map((_, n) => ribPath(n + 1, side));
    for (let number = 1; number <= 12; number++) {
      const name = ribName(number, side);
      const cartilage = cartilagePath(number, side, paths);
      if (cartilage)
        parts.push({
          id: `cartilage-${ribId(number, side)}`,
          name: { zh: `${name.zh}软骨`, en: `${name.en} cartilage` },
          kind: 'cartilage',
          tissue: 'cartilage',
          shape: tube(cartilage, (arc) => 5.4 - arc * 0.012),
        });
    }
    for (let number = 1; number <= 12; number++) {
      const path = paths[number - 1]!;
      const broken = number === fracture.rib && side === fracture.side;
      parts.push(
        bone(ribId(number, side), ribName(number, side), broken ? brokenRib(path) : ribShape(number, path)),
      );
    }
  }
  return parts;
}
