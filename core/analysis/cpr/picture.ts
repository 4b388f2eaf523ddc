import { problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { CurvedRows, CurvedScene } from '../../scene/types.ts';
import type { SampledLine } from '../types.ts';
import { projectedShape } from './projected.ts';
import { straightenedShape } from './straightened.ts';
import { stretchedShape } from './stretched.ts';
import type { CprMode, CprOptions, CprPicture } from './types.ts';

/** Pixels that a picture may have along a side. */
export const largestCprSide = 8192;

const shapeOf = {
  straightened: straightenedShape,
  stretched: stretchedShape,
  projected: projectedShape,
} as const;

/**
 * A curved picture along a line. Problems: LINE_TOO_SHORT for a line without a length, INPUT_INVALID for a
 * spacing, width or margin that makes no picture.
 */
export function cprPicture(line: SampledLine, mode: CprMode, options: CprOptions): Result<CprPicture> {
  const { spacingMm, widthMm, marginMm = 0, angleRad = 0 } = options;
  if (line.count < 2 || !(line.lengthMm > 0)) return fail(problem('LINE_TOO_SHORT'));
  const invalid = (name: string, value: number) =>
    fail(problem('INPUT_INVALID', { name, value: String(value) }));
  if (!(spacingMm > 0 && Number.isFinite(spacingMm))) return invalid('spacing', spacingMm);
  if (!(widthMm >= 0 && Number.isFinite(widthMm))) return invalid('width', widthMm);
  if (!(marginMm >= 0 && Number.isFinite(marginMm))) return invalid('margin', marginMm);
  if (!Number.isFinite(angleRad)) return invalid('angle', angleRad);
  const { width, height, fill } = shapeOf[mode](line, options);
  // Written so that a line with a point that is not a number ends here too.
  const fits = (n: number): boolean => n >= 1 && n <= largestCprSide;
  if (!fits(width) || !fits(height)) return invalid('spacing', spacingMm);
  return ok({ mode, line, spacingMm, width, height, ...fill() });
}

export type CprLook = Omit<CurvedScene, 'kind' | 'rows' | 'spacingMm' | 'width' | 'height'>;

/** The picture as a scene for the renderers. */
export const cprScene = (picture: CprPicture, look: CprLook): CurvedScene => ({
  kind: 'curved',
  rows: picture.rows,
  spacingMm: picture.spacingMm,
  width: picture.width,
  height: picture.height,
  ...look,
});

/** Rows of several pictures of one width below each other, with empty rows between them. */
export function stackedRows(pictures: readonly CprPicture[], gap: number): CurvedRows {
  const height = pictures.reduce((sum, { height: h }) => sum + h, 0) + gap * Math.max(0, pictures.length - 1);
  const join = (part: keyof CurvedRows): Float64Array => {
    const out = new Float64Array(3 * height).fill(Number.NaN);
    let at = 0;
    for (const { rows, height: h } of pictures) {
      out.set(rows[part], 3 * at);
      at += h + gap;
    }
    return out;
  };
  return { centres: join('centres'), across: join('across'), through: join('through') };
}
