import { inflateCapped } from '../base/inflate.ts';
import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { limits } from './limits.ts';

/**
 * The data set of a deflated file (PS3.5 A.5) from `offset`. Above 256 MiB only its beginning is kept, the rest is
 * counted. DEFLATE_BOMB, DEFLATE_DAMAGED.
 */
export function inflateDataset(source: ByteSource, offset: number): Result<ByteSource> {
  const inflated = inflateCapped(
    { size: source.size - offset, read: (at, length) => source.read(offset + at, length) },
    {
      keptBytes: limits.valueBytes,
      maxBytes: limits.deflatedBytes,
      freeBytes: limits.deflatedFreeBytes,
      maxRatio: limits.deflatedRatio,
    },
  );
  if (inflated.outcome === 'bomb') return fail(problem('DEFLATE_BOMB'));
  if (inflated.outcome === 'damaged') return fail(problem('DEFLATE_DAMAGED'));
  return ok({ ...bytesSource(inflated.bytes), size: inflated.totalBytes });
}
