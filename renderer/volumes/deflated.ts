import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import { bytesSource } from '../../core/dicom/byte-source.ts';
import { inflateDataset } from '../../core/dicom/inflate-dataset.ts';
import { scan } from '../../core/dicom/scan.ts';

/** What the inflating worker answers: the pixel bytes of the object, or why there are none. */
export type InflateAnswer = { readonly pixels: Uint8Array<ArrayBuffer> } | { readonly problem: Problem };

/** The pixel bytes of a deflated object (PS3.5 A.5; its frames follow each other). */
export function deflatedPixels(file: Uint8Array): Result<Uint8Array<ArrayBuffer>> {
  const source = bytesSource(file);
  const scanned = scan(source);
  if (!scanned.ok) return scanned;
  const { pixel, datasetOffset } = scanned.value;
  if (pixel.kind !== 'native') return fail(problem('PIXEL_ATTRIBUTES'));
  const inflated = inflateDataset(source, datasetOffset);
  if (!inflated.ok) return inflated;
  return ok(new Uint8Array(inflated.value.read(pixel.range.offset, pixel.range.length)));
}
