import type { Vec3 } from '../../../../core/geometry/types.ts';
import type { Rgb, TransferFunction } from '../../../../core/scene/types.ts';
import { backgroundNames, startLook, type VolumeLook } from '../volume/volume-look.ts';
import { fieldsOf, NotKept, numberOf, numbersOf, oneOf, orNull } from './kept-checks.ts';

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

/** @throws NotKept; readings kept before this existed look as delivered */
export function lookOf(x: unknown): VolumeLook {
  if (x === undefined) return startLook;
  const { clip, transfer, background } = fieldsOf(x);
  const vec = (v: unknown): Vec3 => numbersOf(v, 3) as unknown as Vec3;
  return {
    clip: orNull(clip, (box) => ({ lo: vec(fieldsOf(box)['lo']), hi: vec(fieldsOf(box)['hi']) })),
    transfer: orNull(transfer, transferOf),
    background: oneOf(background, backgroundNames),
  };
}
