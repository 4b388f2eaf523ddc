import { type Problem, problem } from '../base/problem.ts';

/** NaN is "no data"; infinities become it too. PIXEL_NOT_NUMBER with the count of both; null where there are none. */
export function blankInfinite(values: Float32Array): Problem | null {
  let count = 0;
  for (let n = 0; n < values.length; n++) {
    if (Number.isFinite(values[n]!)) continue;
    values[n] = Number.NaN;
    count++;
  }
  return count > 0 ? problem('PIXEL_NOT_NUMBER', { count }) : null;
}

/**
 * The first of a slice's pixels that cut-off native data does not reach: no data from there on, as the zeros in their
 * place would be taken for tissue. Null where nothing of the kind is told.
 */
export function missingFrom(found: Problem | undefined, pixels: number): number | null {
  const { present, wanted } = found?.params ?? {};
  if (found?.code !== 'PIXEL_TRUNCATED' || typeof present !== 'number' || typeof wanted !== 'number')
    return null;
  return Math.min(pixels, Math.floor((pixels * present) / wanted));
}
