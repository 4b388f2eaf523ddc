import { type Problem, problem } from '../base/problem.ts';
import type { ByteWindow } from './byte-source.ts';
import type { Flags } from './flags.ts';
import { walkFragments } from './fragments.ts';
import type { Encapsulated } from './frame-table.ts';
import { limits } from './limits.ts';
import type { ByteRange } from './types.ts';
import { VR } from './vr.ts';
import type { Walker } from './walker.ts';

/** The pixel data element as found, before it is known how many frames there are. */
export type PixelElement =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'native';
      readonly words?: true;
      readonly element: 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData';
      readonly range: ByteRange;
    }
  | { readonly kind: 'encapsulated'; readonly pixel: Encapsulated };

const elements = new Map<number, 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData'>([
  [0x7fe00008, 'FloatPixelData'],
  [0x7fe00009, 'DoubleFloatPixelData'],
  [0x7fe00010, 'PixelData'],
]);

/** The native pixel data element at the walker; undefined when the element is none. */
export function nativePixels(walker: Walker): PixelElement | undefined {
  const element = elements.get(walker.tag);
  if (element === undefined) return undefined;
  const words = walker.bigEndian && walker.vr === VR.OW;
  const range = { offset: walker.offset, length: walker.length };
  return { kind: 'native', element, range, ...(words && { words }) };
}

/** Walks the fragments at the walker and moves it behind them. */
export function encapsulatedPixels(
  walker: Walker,
  window: ByteWindow,
  flags: Flags,
  tables: { readonly extendedTable?: ByteRange; readonly extendedLengths?: ByteRange },
): PixelElement | Problem {
  const fragments: ByteRange[] = [];
  let basicTable: ByteRange | undefined;
  const walk = walkFragments(window, walker.offset, flags, (offset, length) => {
    if (basicTable === undefined) basicTable = { offset, length };
    else fragments.push({ offset, length });
  });
  walker.position = walk.end;
  if (walk.tooMany) return problem('TOO_MANY_FRAGMENTS', { limit: limits.fragments });
  return {
    kind: 'encapsulated',
    pixel: { fragments, ...(basicTable !== undefined && { basicTable }), ...tables },
  };
}
