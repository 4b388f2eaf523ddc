import type { SampledLine } from '../types.ts';
import { frameNumbers, framePlaces, readFrame } from './line-frame.ts';
import { emptyRows, type PictureShape } from './picture-shape.ts';
import type { CprOptions } from './types.ts';

/** Rows `spacingMm` of arc length apart, each perpendicular to the line and turned about it by `angleRad`. */
export function straightenedShape(line: SampledLine, options: CprOptions): PictureShape {
  const { spacingMm, widthMm, angleRad = 0, marginMm = 0 } = options;
  const width = Math.max(1, Math.round(widthMm / spacingMm));
  const before = Math.ceil(marginMm / spacingMm - 1e-9);
  const height = Math.ceil(line.lengthMm / spacingMm - 1e-9) + 1 + 2 * before;
  return {
    width,
    height,
    fill: () => {
      const rows = emptyRows(height);
      const frame = new Float64Array(frameNumbers);
      const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
      const { right, down } = framePlaces;
      for (let row = 0; row < height; row += 1) {
        readFrame(line, (row - before) * spacingMm, frame);
        for (let a = 0; a < 3; a += 1) {
          const [r, d] = [frame[right + a]!, frame[down + a]!];
          rows.centres[3 * row + a] = frame[a]!;
          rows.across[3 * row + a] = cos * r + sin * d;
          rows.through[3 * row + a] = cos * d - sin * r;
        }
      }
      const trace = new Float64Array(2 * line.count);
      for (let n = 0; n < line.count; n += 1) {
        trace[2 * n] = (width - 1) / 2;
        trace[2 * n + 1] = before + (n * line.stepMm) / spacingMm;
      }
      return { rows, trace };
    },
  };
}
