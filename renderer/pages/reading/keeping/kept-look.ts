import { cross, dot, length } from '../../../../core/geometry/matrices.ts';
import { patientPoint, patientVector, type Vec3 } from '../../../../core/geometry/types.ts';
import { backgroundNames } from '../../../../core/scene/backgrounds.ts';
import type { CutPlane } from '../../../../core/scene/cut-plane.ts';
import type { Rgb, TransferFunction } from '../../../../core/scene/types.ts';
import { startLook, type VolumeLook } from '../volume/volume-look.ts';
import { fieldsOf, flagOf, NotKept, numberOf, numbersOf, oneOf, orNull, positiveOf } from './kept-checks.ts';

function transferOf(x: unknown): TransferFunction {
  const { unit, opacity, colour } = fieldsOf(x);
  const points = (list: unknown): readonly Record<string, unknown>[] => {
    if (!Array.isArray(list) || list.length === 0 || list.length > 64) throw new NotKept('points');
    return list.map(fieldsOf);
  };
  return {
    unit: oneOf(unit, ['modality', 'percentile', 'bodyPercentile']),
    opacity: points(opacity).map((p) => ({
      value: numberOf(p['value']),
      opacity: Math.min(1, Math.max(0, numberOf(p['opacity']))),
    })),
    colour: points(colour).map((p) => ({
      value: numberOf(p['value']),
      colour: numbersOf(p['colour'], 3) as unknown as Rgb,
    })),
  };
}

const vec = (v: unknown): Vec3 => numbersOf(v, 3) as unknown as Vec3;

/** A plane that is none would cut everything, or nothing. */
const unitTolerance = 1e-6;

function cutOf(x: unknown): CutPlane {
  const { origin, normal, right, isOver } = fieldsOf(x);
  const [n, r] = [patientVector(...vec(normal)), patientVector(...vec(right))];
  const isSquare = Math.abs(dot(n, r)) < unitTolerance && Math.abs(length(cross(n, r)) - 1) < unitTolerance;
  if (!isSquare || Math.abs(length(n) - 1) > unitTolerance) throw new NotKept('cut');
  // Planes kept before this existed had not been turned over, or had a handle at the other side.
  const over = isOver === undefined ? {} : { isOver: flagOf(isOver) };
  return { origin: patientPoint(...vec(origin)), normal: n, right: r, ...over };
}

/** @throws NotKept; readings kept before this existed look as delivered */
export function lookOf(x: unknown): VolumeLook {
  if (x === undefined) return startLook;
  const { clip, cut = null, transfer, windowWidth = null, background, depthCue = false } = fieldsOf(x);
  return {
    clip: orNull(clip, (box) => ({ lo: vec(fieldsOf(box)['lo']), hi: vec(fieldsOf(box)['hi']) })),
    cut: orNull(cut, cutOf),
    transfer: orNull(transfer, transferOf),
    windowWidth: orNull(windowWidth, positiveOf),
    background: oneOf(background, backgroundNames),
    depthCue: flagOf(depthCue),
  };
}
