import { maskCells } from './cells.ts';
import type { CodestreamFacts } from './codestream.ts';
import type { PixelFormat, SampleArray } from './types.ts';

/**
 * Whether samples of a stream that is deeper than BitsStored have bits set which the header does not count to the value:
 * neither a sign carried on, nor an overlay of the object.
 */
export function hasBitsBeyond(cells: SampleArray, facts: CodestreamFacts, format: PixelFormat): boolean {
  const { bitsStored, highBit, pixelRepresentation, bitsAllocated } = format;
  const isSigned = pixelRepresentation === 1;
  if (facts.bitsPerSample <= bitsStored || bitsAllocated > 16 || format.hasBitOverlays) return false;
  // Told as a stream of another sign.
  if (facts.signed && !isSigned) return false;
  const values = maskCells(cells, format);
  if (values === cells) return false;
  const below = highBit - bitsStored + 1;
  const upper = highBit + 1;
  for (let n = 0; n < cells.length; n++) {
    const [cell, value] = [cells[n]!, values[n]!];
    const rest = cell >> upper;
    const isWithin = rest === 0 || (rest === -1 && value < 0);
    if (!isWithin || cell & (2 ** below - 1)) return true;
  }
  return false;
}
