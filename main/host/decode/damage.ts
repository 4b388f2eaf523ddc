import type { Problem } from '../../../core/base/problem.ts';
import type { DecodedFrame } from '../../../core/pixels/types.ts';

/** Damage that must not go out as a whole picture; pictures that would be left behind. */
const damage: ReadonlySet<string> = new Set([
  'FRAME_PARTIAL',
  'PIXEL_TRUNCATED',
  'FRAME_MORE_PICTURES',
  'PIXEL_LENGTH_MISMATCH',
]);

/** Null where a decoded frame may go out as sound. */
export const damageOf = ({ problem: doubt }: Pick<DecodedFrame, 'problem'>): Problem | null =>
  doubt && damage.has(doubt.code) ? doubt : null;
