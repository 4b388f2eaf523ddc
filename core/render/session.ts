import type { CurvedScene, Scene, SliceScene, VolumeScene } from '../scene/types.ts';
import { renderColourSlice } from './colour-slice.ts';
import { coarsenedCurved, renderCurved } from './curved.ts';
import { renderLabels } from './labels.ts';
import { coarsenedSlice, type FilledSlices, kernelVolume, type RowRenderer, renderSlice } from './slice.ts';
import { transferTable } from './transfer.ts';
import type { IndexBox, Kernels, TransferTable, VolumeInfo, VolumeStatistics } from './types.ts';
import { type PictureSize, type Quality, renderVolume } from './volume.ts';

/**
 * One worker's part of a job. All workers of a volume run the same job and take bands of rows from a
 * shared counter, so that they finish together whatever the picture. Cells of the control block:
 */
export const controlCells = { nextBand: 0, cancelledJob: 1 } as const;
/** Rows of a plane that are taken at once. */
export const bandRows = 16;
/** Of a 3D picture: few, because a band is what a cancelled picture still finishes. */
export const volumeBandRows = 4;

export interface PictureJob {
  readonly scene: Scene;
  /** Size of the full picture; a slice has its own. */
  readonly size: PictureSize;
  readonly coarse: number;
  readonly quality: Quality;
  /** True once the bricks describe the volume. */
  readonly skipping: boolean;
  /** Of a volume that is still being filled, for planes; null = all. */
  readonly filled: FilledSlices | null;
  /** True where the scene's layers have labels. */
  readonly labelled: boolean;
  /** Pixels of the output that lie before this picture's. */
  readonly outputAt: number;
}

export type RenderJob =
  | { readonly kind: 'bricks' }
  /** The values that are there by now, for the pictures to come. */
  | { readonly kind: 'statistics'; readonly statistics: VolumeStatistics }
  /** What rays need of masks: see `VeilRequest`. */
  | { readonly kind: 'veil'; readonly roles: Uint8Array; readonly bricks: IndexBox }
  /** Drawn as if they were one picture: no worker waits between them. */
  | { readonly kind: 'pictures'; readonly pictures: readonly PictureJob[] };

export const coarsenedSize = ({ width, height }: PictureSize, factor: number): PictureSize => ({
  width: Math.max(1, Math.round(width / factor)),
  height: Math.max(1, Math.round(height / factor)),
});

/** Pixels that a picture writes. */
export const pictureSize = (job: PictureJob): PictureSize => coarsenedSize(job.size, job.coarse);

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

interface Band {
  readonly render: RowRenderer;
  readonly from: number;
  readonly to: number;
}

const bandsFor = (render: RowRenderer, height: number, rows: number): Band[] =>
  Array.from({ length: Math.ceil(height / rows) }, (_, n) => ({
    render,
    from: n * rows,
    to: Math.min((n + 1) * rows, height),
  }));

export function createRenderSession(
  kernels: Kernels,
  described: VolumeInfo,
  buffer: ArrayBufferLike,
): RenderSession {
  const control = new Int32Array(buffer, described.layout.control, 2);
  let volume = described;
  let tableOf = tableKeeper(volume);

  function draw(bands: readonly Band[], jobId: number): 'done' | 'cancelled' {
    for (;;) {
      if (Atomics.load(control, controlCells.cancelledJob) === jobId) return 'cancelled';
      const band = bands[Atomics.add(control, controlCells.nextBand, 1)];
      if (!band) return 'done';
      band.render(band.from, band.to);
    }
  }

  /** A plane, and the labels of its layers beside it. */
  function withLabels(render: RowRenderer, scene: SliceScene | CurvedScene, job: PictureJob): RowRenderer {
    const memory = volume.layout.labels;
    if (!job.labelled || !memory) return render;
    const labels = renderLabels(kernels, volume, scene, memory.picture + job.outputAt);
    return (rowStart, rowEnd) => {
      render(rowStart, rowEnd);
      labels(rowStart, rowEnd);
    };
  }

  function veil(job: RenderJob & { readonly kind: 'veil' }, jobId: number): 'done' | 'cancelled' {
    const memory = volume.layout.labels;
    if (!memory) return 'done';
    const request = { memory, size: volume.geometry.size, roles: job.roles, bricks: job.bricks };
    const [first, end] = [job.bricks.lo[2], job.bricks.hi[2]];
    // As with bricks: each worker forgets what it derived from the old ones.
    kernels.veil(request, 0, 0);
    const layers: RowRenderer = (from, to) => kernels.veil(request, first + from, first + to);
    return draw(bandsFor(layers, Math.max(end - first, 0), 1), jobId);
  }

  function bandsOf(job: PictureJob): Band[] {
    const { scene, coarse, quality, skipping, labelled, filled, outputAt } = job;
    const size = pictureSize(job);
    const { layout } = volume;
    const at = outputAt * 4;
    const moved = { ...volume, layout: { ...layout, values: layout.values + at, rgba: layout.rgba + at } };
    if (scene.kind === 'slice') {
      const coarsened = coarsenedSlice(scene, coarse);
      if (volume.isColour) {
        const colours = renderColourSlice(kernels, moved, coarsened, filled, buffer);
        return bandsFor(colours, size.height, bandRows);
      }
      const render = withLabels(renderSlice(kernels, moved, coarsened, filled), coarsened, job);
      return bandsFor(render, size.height, bandRows);
    }
    if (scene.kind === 'curved') {
      const coarsened = coarsenedCurved(scene, coarse);
      const render = withLabels(renderCurved(kernels, moved, coarsened), coarsened, job);
      return bandsFor(render, size.height, bandRows);
    }
    const table = tableOf(scene);
    const options = { quality, skipping, labelled, ...(table && { table }) };
    return bandsFor(renderVolume(kernels, moved, scene, size, options), size.height, volumeBandRows);
  }

  return {
    run(job, jobId) {
      if (job.kind === 'pictures') return draw(job.pictures.flatMap(bandsOf), jobId);
      if (job.kind === 'veil') return veil(job, jobId);
      if (job.kind === 'statistics') {
        volume = { ...volume, ...job.statistics };
        tableOf = tableKeeper(volume);
        return 'done';
      }
      // A call without layers also makes this worker forget what it derived from the old bricks.
      const voxels = kernelVolume(volume);
      kernels.bricks(voxels, 0, 0);
      const layers: RowRenderer = (from, to) => kernels.bricks(voxels, from, to);
      return draw(bandsFor(layers, volume.layout.brickCounts[2], 1), jobId);
    },
  };
}
