import type { Scene, VolumeScene } from '../scene/types.ts';
import { coarsenedSlice, kernelVolume, type RowRenderer, renderSlice } from './slice.ts';
import { transferTable } from './transfer.ts';
import type { Kernels, TransferTable, VolumeInfo } from './types.ts';
import { type PictureSize, type Quality, renderVolume } from './volume.ts';

/**
 * One worker's part of a job. All workers of a volume run the same job and take bands of rows from a
 * shared counter, so that they finish together whatever the picture. Cells of the control block:
 */
export const controlCells = { nextRow: 0, cancelledJob: 1 } as const;
export const bandRows = 16;

export type RenderJob =
  | { readonly kind: 'bricks' }
  | {
      readonly kind: 'picture';
      readonly scene: Scene;
      /** Size of the full picture; a slice has its own. */
      readonly size: PictureSize;
      readonly coarse: number;
      readonly quality: Quality;
      /** True once the bricks describe the volume. */
      readonly skipping: boolean;
    };

export const coarsenedSize = ({ width, height }: PictureSize, factor: number): PictureSize => ({
  width: Math.max(1, Math.round(width / factor)),
  height: Math.max(1, Math.round(height / factor)),
});

/** Pixels that a job writes. */
export const pictureSize = (job: Extract<RenderJob, { kind: 'picture' }>): PictureSize =>
  coarsenedSize(job.size, job.coarse);

export interface RenderSession {
  /** Runs until no rows are left or the job is cancelled. */
  run(job: RenderJob, jobId: number): 'done' | 'cancelled';
}

/** The last transfer table, so that turning the camera does not make it again. */
function tableKeeper(volume: VolumeInfo) {
  let key = '';
  let table: TransferTable | undefined;
  return (scene: VolumeScene): TransferTable | undefined => {
    if (scene.mode !== 'composite') return undefined;
    const wanted = JSON.stringify([scene.transfer, scene.shiftHu]);
    if (!table || wanted !== key) table = transferTable(volume, scene.transfer, scene.shiftHu);
    key = wanted;
    return table;
  };
}

export function createRenderSession(
  kernels: Kernels,
  volume: VolumeInfo,
  buffer: ArrayBufferLike,
): RenderSession {
  const control = new Int32Array(buffer, volume.layout.control, 2);
  const tableOf = tableKeeper(volume);
  const described = kernelVolume(volume);

  function rows(render: RowRenderer, height: number, band: number, jobId: number): 'done' | 'cancelled' {
    for (;;) {
      if (Atomics.load(control, controlCells.cancelledJob) === jobId) return 'cancelled';
      const start = Atomics.add(control, controlCells.nextRow, band);
      if (start >= height) return 'done';
      render(start, Math.min(start + band, height));
    }
  }

  return {
    run(job, jobId) {
      if (job.kind === 'bricks') {
        // A call without layers also makes this worker forget what it derived from the old bricks.
        kernels.bricks(described, 0, 0);
        return rows(
          (from, to) => kernels.bricks(described, from, to),
          volume.layout.brickCounts[2],
          1,
          jobId,
        );
      }
      const { scene, coarse, quality, skipping } = job;
      const size = pictureSize(job);
      if (scene.kind === 'slice')
        return rows(
          renderSlice(kernels, volume, coarsenedSlice(scene, coarse)),
          size.height,
          bandRows,
          jobId,
        );
      const table = tableOf(scene);
      const options = { quality, skipping, ...(table && { table }) };
      return rows(renderVolume(kernels, volume, scene, size, options), size.height, bandRows, jobId);
    },
  };
}
