import type { PatientVector } from '../../geometry/types.ts';
import type { SampledLine } from '../types.ts';
import { frameNumbers, framePlaces, readFrame } from './line-frame.ts';
import { emptyRows, heightsAlong, type PictureShape, rangeOf, sheetDirections } from './picture-shape.ts';
import type { CprOptions } from './types.ts';

/** How far each station is along the sheet: the length of the line as seen along the rows. */
function unrolledMm({ points, count }: SampledLine, across: PatientVector): Float64Array {
  const out = new Float64Array(count);
  for (let n = 1; n < count; n += 1) {
    const [x, y, z] = [0, 1, 2].map((a) => points[3 * n + a]! - points[3 * n - 3 + a]!) as [
      number,
      number,
      number,
    ];
    const along = x * across[0] + y * across[1] + z * across[2];
    out[n] = out[n - 1]! + Math.sqrt(Math.max(0, x * x + y * y + z * z - along * along));
  }
  return out;
}

/** Below this the tangent runs along the rows, and where the sheet goes is what it was before. */
const leastAside = 1e-6;

/**
 * Rows of one direction through the line, laid flat: the sheet is bent about that direction only, so that
 * every length on it is true.
 */
export function stretchedShape(line: SampledLine, options: CprOptions): PictureShape {
  const { spacingMm, widthMm, marginMm = 0 } = options;
  const { across } = sheetDirections(line, options);
  const heights = heightsAlong(line, across);
  const { least, most } = rangeOf(heights);
  const middle = (least + most) / 2;
  const width = Math.max(1, Math.round((most - least + widthMm) / spacingMm));
  const unrolled = unrolledMm(line, across);
  const wholeMm = unrolled[line.count - 1]!;
  const before = Math.ceil(marginMm / spacingMm - 1e-9);
  const height = Math.ceil(wholeMm / spacingMm - 1e-9) + 1 + 2 * before;
  const fill = () => {
    const rows = emptyRows(height);
    const frame = new Float64Array(frameNumbers);
    const onwards = firstOnwards(line, across);
    let n = 0;
    for (let row = 0; row < height; row += 1) {
      const at = (row - before) * spacingMm;
      while (n < line.count - 2 && unrolled[n + 1]! < at) n += 1;
      const span = unrolled[Math.min(n + 1, line.count - 1)]! - unrolled[n]!;
      const share = span > 0 ? Math.min(Math.max((at - unrolled[n]!) / span, 0), 1) : 0;
      readFrame(line, (n + share) * line.stepMm, frame);
      asideOf(frame, framePlaces.tangent, across, onwards);
      // Straight on beyond the ends.
      const beyond = at < 0 ? at : Math.max(0, at - wholeMm);
      const lift = middle - (frame[0]! * across[0] + frame[1]! * across[1] + frame[2]! * across[2]);
      for (let a = 0; a < 3; a += 1) {
        rows.centres[3 * row + a] = frame[a]! + lift * across[a]! + beyond * onwards[a]!;
        rows.across[3 * row + a] = across[a]!;
      }
      const [x, y, z] = [onwards[0]!, onwards[1]!, onwards[2]!];
      rows.through[3 * row] = y * across[2] - z * across[1];
      rows.through[3 * row + 1] = z * across[0] - x * across[2];
      rows.through[3 * row + 2] = x * across[1] - y * across[0];
    }
    const trace = new Float64Array(2 * line.count);
    for (let s = 0; s < line.count; s += 1) {
      trace[2 * s] = (width - 1) / 2 + (heights[s]! - middle) / spacingMm;
      trace[2 * s + 1] = before + unrolled[s]! / spacingMm;
    }
    return { rows, trace };
  };
  return { width, height, fill };
}

/** The unit part of the vector at `from` that is perpendicular to the rows, into `to`; false where there is none. */
function asideOf(v: Float64Array, from: number, across: PatientVector, to: Float64Array): boolean {
  const along = v[from]! * across[0] + v[from + 1]! * across[1] + v[from + 2]! * across[2];
  const [x, y, z] = [0, 1, 2].map((a) => v[from + a]! - along * across[a]!) as [number, number, number];
  const size = Math.hypot(x, y, z);
  if (!(size > leastAside)) return false;
  to.set([x / size, y / size, z / size]);
  return true;
}

/** Where the sheet goes at first: the first tangent that is not along the rows, else anywhere aside of them. */
function firstOnwards(line: SampledLine, across: PatientVector): Float64Array {
  const onwards = new Float64Array(3);
  for (let n = 0; n < line.count; n += 1) if (asideOf(line.tangents, 3 * n, across, onwards)) return onwards;
  const aside = Math.abs(across[0]) < 0.9 ? Float64Array.of(1, 0, 0) : Float64Array.of(0, 1, 0);
  asideOf(aside, 0, across, onwards);
  return onwards;
}
