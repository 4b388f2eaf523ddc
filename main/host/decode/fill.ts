import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { LookupTable, Scan } from '../../../core/dicom/types.ts';
import { modalityTransformOf, toModality } from '../../../core/pixels/modality.ts';
import { decodeFrames, type OnFrame } from './tasks.ts';

/** Decodes frames straight into a volume that threads share: modality values, frame after frame. */
export interface FillRequest {
  readonly path: string;
  readonly scan: Scan;
  /** Frame (from 0), its rescale, and where its first voxel goes (counted in voxels). */
  readonly targets: readonly {
    readonly frame: number;
    readonly at: number;
    readonly RescaleSlope?: number;
    readonly RescaleIntercept?: number;
  }[];
  readonly modalityLut?: LookupTable;
  readonly scalarType: 'int16' | 'float32';
  readonly voxels: SharedArrayBuffer;
  /** Voxels of one slice; a frame of another size is refused. */
  readonly sliceVoxels: number;
}

const viewOf = (request: FillRequest, at: number): Int16Array | Float32Array =>
  request.scalarType === 'int16'
    ? new Int16Array(request.voxels, at * 2, request.sliceVoxels)
    : new Float32Array(request.voxels, at * 4, request.sliceVoxels);

/** One result a target: what is doubtful about the picture, null when nothing is, or why it is missing. */
export async function fillVoxels(request: FillRequest, onFrame: OnFrame): Promise<Result<null>[]> {
  const { path, scan, targets } = request;
  const results: Result<null>[] = [];
  for (const target of targets) {
    const [decoded] = await decodeFrames({ path, scan, frames: [target.frame] }, onFrame);
    if (!decoded?.ok) {
      results.push(decoded ?? fail(problem('FRAME_RANGE', { frame: target.frame + 1 })));
      continue;
    }
    const frame = decoded.value;
    if (frame.samples !== 1 || frame.masked.length !== request.sliceVoxels) {
      results.push(fail(problem('PIXEL_FORMAT_UNSUPPORTED')));
      continue;
    }
    const transform = modalityTransformOf(target, request.modalityLut);
    toModality(frame.masked, transform, viewOf(request, target.at));
    results.push(frame.problem ? fail(frame.problem) : { ok: true, value: null });
  }
  return results;
}
