/** Runs in a page: the product's GPU road while a volume turns, each frame ended by reading a pixel. */
import { volumeStatistics } from '../../../core/render/statistics.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { bricksTwin } from '../../../native/bricks/twin.ts';
import { factsOf, isSoftware } from '../../../renderer/vtk/gpu-trial.ts';
import { GpuVolumeView } from '../../../renderer/vtk/volume-view.ts';
import { benchGeometry, benchVoxels } from './voxels.ts';

export interface GpuFrames {
  /** Name of the card, and whether it is a processor in disguise. */
  card(): { readonly device: string; readonly isSoftware: boolean };
  makeVolume(slices: number): void;
  /** Milliseconds of each frame; while something moves maybe in fewer pixels than asked for. */
  frames(scenes: readonly VolumeScene[], width: number, height: number, isMoving: boolean): Promise<Turned>;
}

export interface Turned {
  readonly ms: readonly number[];
  /** Width of the last picture as drawn, in pixels. */
  readonly drawnWidth: number;
}

declare global {
  interface Window {
    gpuFrames: GpuFrames;
  }
}

let view: GpuVolumeView | null = null;

window.gpuFrames = {
  card() {
    const gl = document.createElement('canvas').getContext('webgl2');
    if (!gl) return { device: 'no WebGL 2', isSoftware: true };
    const facts = factsOf(gl);
    return { device: facts.device, isSoftware: isSoftware(facts) };
  },
  makeVolume(slices) {
    const { size, spacing: s, origin: o } = benchGeometry(slices);
    const patientFromIndex = [s[0], 0, 0, o[0], 0, s[1], 0, o[1], 0, 0, s[2], o[2], 0, 0, 0, 1] as const;
    const voxels = benchVoxels(slices);
    const { min, max, percentiles } = volumeStatistics(voxels, { slope: 1, intercept: 0 });
    const volume = {
      geometry: { size, patientFromIndex },
      voxels,
      noData: -32768,
      least: min,
      most: max,
      percentiles,
    };
    const onLost = (): void => {
      throw new Error('the context was lost');
    };
    const bricks = bricksTwin(voxels, size);
    view?.dispose();
    view = new GpuVolumeView(document.body, volume, { onLost });
    view.setBricks(bricks);
  },
  async frames(scenes, width, height, isMoving) {
    const shown = view;
    if (!shown) throw new Error('no volume');
    const middle = new Uint8Array(4);
    let most = 0;
    const times: number[] = [];
    for (const scene of scenes) {
      const startMs = performance.now();
      shown.draw(scene, width, height, isMoving);
      const gl = document.querySelector('canvas')?.getContext('webgl2');
      gl?.readPixels(
        gl.drawingBufferWidth >> 1,
        gl.drawingBufferHeight >> 1,
        1,
        1,
        gl.RGBA,
        gl.UNSIGNED_BYTE,
        middle,
      );
      most = Math.max(most, middle[0] ?? 0);
      times.push(performance.now() - startMs);
      // A fence is seen to be reached between two tasks only.
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (most === 0) throw new Error('the pictures are black');
    return { ms: times, drawnWidth: document.querySelector('canvas')?.width ?? 0 };
  },
};
document.body.dataset['ready'] = 'true';
