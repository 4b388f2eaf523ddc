import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { LookupTable, Scan } from '../../../core/dicom/types.ts';
import type { PaddingRange } from '../../../core/pixels/auto-window.ts';
import { formatOf } from '../../../core/pixels/format.ts';
import { modalityTransformOf, toModality } from '../../../core/pixels/modality.ts';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import { blankInfinite } from '../../../core/pixels/not-number.ts';
import { frameToRgba } from '../../../core/pixels/show.ts';
import type { DecodedFrame, SampleArray } from '../../../core/pixels/types.ts';
import { cutTile, type Tile } from '../../../core/volume/tiles.ts';
import { decodeFrames, type OnFrame } from './tasks.ts';

/** Decodes frames straight into a volume that threads share: modality values or RGB, frame after frame. */
export interface FillRequest {
  readonly path: string;
  readonly scan: Scan;
  /** Frame (from 0), the part of it that is wanted, its rescale, and where its first voxel goes (counted in voxels). */
  readonly targets: readonly FillTarget[];
  readonly modalityLut?: LookupTable;
  readonly scalarType: 'int16' | 'float32' | 'rgb8';
  readonly voxels: SharedArrayBuffer;
  /** Voxels of one slice; a frame of another size is refused. */
  readonly sliceVoxels: number;
}

export interface FillTarget {
  readonly frame: number;
  readonly at: number;
  readonly tile?: Tile;
  readonly RescaleSlope?: number;
  readonly RescaleIntercept?: number;
  /** Stored values that become "no data" (`noDataInt16`, NaN); without it they are values like others. */
  readonly padding?: PaddingRange;
}

/** What became of a target: written, with what is doubtful about it (null when nothing is), or why it is missing. */
export type Filled = Result<Problem | null>;

export async function fillVoxels(request: FillRequest, onFrame: OnFrame): Promise<Filled[]> {
  const { path, scan, targets } = request;
  const results: Filled[] = [];
  // Tiles of one frame come one after another: it is decoded once.
  let last: { readonly frame: number; readonly decoded: Result<DecodedFrame> | undefined } | undefined;
  for (const target of targets) {
    if (last?.frame !== target.frame) {
      const [decoded] = await decodeFrames({ path, scan, frames: [target.frame] }, onFrame);
      last = { frame: target.frame, decoded };
    }
    const { decoded } = last;
    if (!decoded?.ok) {
      results.push(decoded ?? fail(problem('FRAME_RANGE', { frame: target.frame + 1 })));
      continue;
    }
    const frame = target.tile ? cutTile(decoded.value, target.tile) : decoded.value;
    const written = write(request, target, frame);
    results.push(written.ok ? ok(written.value ?? frame.problem ?? null) : written);
  }
  return results;
}

/** Writes one slice. */
function write(request: FillRequest, target: FillTarget, frame: DecodedFrame): Filled {
  const { scalarType, sliceVoxels, voxels, scan, modalityLut } = request;
  const isSize = frame.rows * frame.columns === sliceVoxels;
  if (!isSize || (scalarType !== 'rgb8' && frame.samples !== 1))
    return fail(problem('PIXEL_FORMAT_UNSUPPORTED'));
  if (scalarType === 'rgb8') {
    const format = formatOf(scan);
    if (!format.ok) return format;
    const { palette } = scan;
    const rgba = frameToRgba(frame, { format: format.value, attributes: {}, ...(palette && { palette }) });
    const out = new Uint8Array(voxels, target.at * 3, sliceVoxels * 3);
    for (let n = 0, to = 0; to < out.length; n += 4, to += 3) {
      out[to] = rgba[n]!;
      out[to + 1] = rgba[n + 1]!;
      out[to + 2] = rgba[n + 2]!;
    }
    return ok(null);
  }
  const transform = modalityTransformOf(target, modalityLut);
  if (scalarType === 'int16') {
    const out = new Int16Array(voxels, target.at * 2, sliceVoxels);
    toModality(frame.masked, transform, out);
    if (target.padding) blank(frame.masked, target.padding, out, noDataInt16);
    return ok(null);
  }
  const out = new Float32Array(voxels, target.at * 4, sliceVoxels);
  toModality(frame.masked, transform, out);
  const doubt = blankInfinite(out);
  if (target.padding) blank(frame.masked, target.padding, out, Number.NaN);
  return ok(doubt);
}

/** Padding (PS3.3 C.7.5.1.1.2) is told by stored values: rescaled, those of one slice may be tissue of another. */
function blank(
  stored: SampleArray,
  { low, high }: PaddingRange,
  out: Int16Array | Float32Array,
  noData: number,
): void {
  for (let n = 0; n < out.length; n++) {
    const value = stored[n]!;
    if (value >= low && value <= high) out[n] = noData;
  }
}
