import type { Vec3 } from '../geometry/types.ts';
import { normalOf } from './order.ts';
import type { Stack } from './regular-grid.ts';

/** What some files write positions in. */
const writtenMm = 0.1;
/** An even stack may lie so far off, in spacings, and still be taken for rounding. */
const mostSpacings = 0.2;

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;

/** What two roundings of half a step in each coordinate can add up to along a unit direction. */
const roundingMm = (direction: Vec3): number =>
  writtenMm * direction.reduce((sum, x) => sum + Math.abs(x), 0) + 1e-6;

/**
 * Whether an even, straight stack was torn by positions in tenths of a millimetre, as of slices 1.25 mm apart at 1.2,
 * 2.5, 3.7 …: interpolating all of them would blur what lies even.
 *
 * @param alongMm farthest that a slice lies from its place between first and last.
 */
export function isRoundedEven({ poses, shifts, medianGapMm }: Stack, alongMm: number): boolean {
  const coordinates = poses.flatMap((pose) => [...pose.position]);
  const isInTenths = coordinates.every((mm) => isWhole(mm / writtenMm)) && !coordinates.every(isWhole);
  if (!isInTenths || alongMm > mostSpacings * medianGapMm) return false;
  const { row, column } = poses[0]!;
  return (
    alongMm <= roundingMm(normalOf(poses[0]!)) &&
    shifts.every(
      ([across, down]) => Math.abs(across) <= roundingMm(row) && Math.abs(down) <= roundingMm(column),
    )
  );
}
