import { inflateCapped } from '../base/inflate.ts';
import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { limits } from './limits.ts';

/**
 * Where the deflate stream begins (PS3.5 A.5 wants RFC 1951 alone): behind the header of zlib or gzip that some writers
 * put before it. Neither can begin a stream: it would be a stored block whose lengths do not fit, or a forbidden one.
 */
export function deflateStart(source: ByteSource, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = source.read(offset, 10);
  if (a === 0x1f && b === 0x8b && c === 8 && d === 0) return offset + 10;
  const isZlib = (a & 15) === 8 && a >> 4 <= 7 && (a * 256 + b) % 31 === 0 && (b & 0x20) === 0;
  const isStored = (b ^ d) === 0xff && (c ^ e) === 0xff;
  return isZlib && !isStored ? offset + 2 : offset;
}

/**
 * The data set of a deflated file (PS3.5 A.5) from `offset`. Above 256 MiB only its beginning is kept, the rest is
 * counted. DEFLATE_BOMB, DEFLATE_DAMAGED.
 */
export function inflateDataset(source: ByteSource, offset: number): Result<ByteSource> {
  const start = deflateStart(source, offset);
  const inflated = inflateCapped(
    { size: source.size - start, read: (at, length) => source.read(start + at, length) },
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
