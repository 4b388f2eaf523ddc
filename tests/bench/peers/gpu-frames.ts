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
  /** Milliseconds of each whole picture, until a pixel of it had been read. */
  frames(scenes: readonly VolumeScene[], width: number, height: number): Promise<readonly number[]>;
  /** One picture for each frame of the display while the hand moves. */
  turn(scenes: readonly VolumeScene[], width: number, height: number): Promise<Turned>;
  /** Milliseconds from frame to frame of a window in which nothing is drawn but one colour, as coarse as `width`. */
  windowAlone(frames: number, width: number, height: number): Promise<number>;
}

export interface Turned {
  /** From picture `settled` to the end of the last, divided by their count. */
  readonly msPerFrame: number;
  /** Width of the last picture as drawn, in pixels. */
  readonly drawnWidth: number;
}

/** The canvas gets its size for moving with the first pictures. */
const settled = 10;

declare global {
  interface Window {
    gpuFrames: GpuFrames;
  }
}

let view: GpuVolumeView | null = null;

function viewOf(): GpuVolumeView {
  if (!view) throw new Error('no volume');
  return view;
}

/** Red in the middle of the canvas, once it has been drawn. */
function middleLevel(): number {
  const gl = document.querySelector('canvas')?.getContext('webgl2');
  if (!gl) throw new Error('no canvas');
  const middle = new Uint8Array(4);
  const [column, row] = [gl.drawingBufferWidth >> 1, gl.drawingBufferHeight >> 1];
  gl.readPixels(column, row, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, middle);
  return middle[0] ?? 0;
}

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
  async frames(scenes, width, height) {
    const shown = viewOf();
    const times: number[] = [];
    let most = 0;
    for (const scene of scenes) {
      const startMs = performance.now();
      shown.draw(scene, width, height, false);
      most = Math.max(most, middleLevel());
      times.push(performance.now() - startMs);
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (most === 0) throw new Error('the pictures are black');
    return times;
  },
  async turn(scenes, width, height) {
    const shown = viewOf();
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await nextFrame();
    let startMs = 0;
    for (const [n, scene] of scenes.entries()) {
      if (n === settled) startMs = performance.now();
      shown.draw(scene, width, height, true);
      // Nothing is read, so that the view sees by itself whether the card keeps up.
      await nextFrame();
    }
    middleLevel();
    const msPerFrame = (performance.now() - startMs) / (scenes.length - settled);
    return { msPerFrame, drawnWidth: document.querySelector('canvas')?.width ?? 0 };
  },
  async windowAlone(frames, width, height) {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    canvas.style.cssText = 'position:fixed;left:0;top:0;width:100%;height:100%';
    document.body.append(canvas);
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
    let startMs = 0;
    for (let n = 0; n < frames; n += 1) {
      if (n === settled) startMs = performance.now();
      gl?.clearColor(n / frames, 0, 0, 1);
      gl?.clear(gl.COLOR_BUFFER_BIT);
      await nextFrame();
    }
    const msPerFrame = (performance.now() - startMs) / (frames - settled);
    gl?.getExtension('WEBGL_lose_context')?.loseContext();
    canvas.remove();
    return msPerFrame;
  },
};
document.body.dataset['ready'] = 'true';
