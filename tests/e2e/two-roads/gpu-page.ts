/** Runs in a page of its own: the product's GPU road on volumes that the spec sends, read back as pixels. */
import type { Mat4, Vec3 } from '../../../core/geometry/types.ts';
import type { FusionLayer } from '../../../core/scene/fusion.ts';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { paintFused } from '../../../renderer/pages/reading/fusion/paint-fused.ts';
import { factsOf, type GpuFacts, isSoftware } from '../../../renderer/vtk/gpu-trial.ts';
import { trialPicture } from '../../../renderer/vtk/trial-picture.ts';
import { GpuVolumeView } from '../../../renderer/vtk/volume-view.ts';

export interface SentLimits {
  readonly edgeMost?: number;
  readonly voxelsMost?: number;
  readonly bandPixels?: number;
}

export interface SentVolume {
  readonly size: Vec3;
  readonly patientFromIndex: Mat4;
  readonly scalarType: 'int16' | 'float32';
  /** Base 64 of the voxels' bytes. */
  readonly voxels: string;
  readonly noData: number;
  readonly least: number;
  readonly most: number;
  readonly percentiles: readonly number[];
  /** Base 64 of the bricks' ranges. */
  readonly bricks: string;
}

export interface SentSecond {
  readonly layer: FusionLayer;
  /** Base 64 of its values' bytes. */
  readonly values: string;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let n = 0; n < bytes.length; n += 4096) text += String.fromCharCode(...bytes.subarray(n, n + 4096));
  return btoa(text);
}

let view: GpuVolumeView | null = null;
let lost = 0;

const roads = {
  open(volume: SentVolume, limits?: SentLimits): number {
    view?.dispose();
    const bytes = bytesOf(volume.voxels).buffer;
    const voxels = volume.scalarType === 'int16' ? new Int16Array(bytes) : new Float32Array(bytes);
    const { size, patientFromIndex, noData, least, most } = volume;
    const percentiles = Float32Array.from(volume.percentiles);
    const source = { geometry: { size, patientFromIndex }, voxels, noData, least, most, percentiles };
    const { edgeMost = 2048, voxelsMost = 2 ** 28, ...bands } = limits ?? {};
    const onLost = (): void => {
      lost += 1;
    };
    view = new GpuVolumeView(document.body, source, {
      onLost,
      limits: { edgeMost, voxelsMost },
      pixels: 1,
      ...bands,
    });
    view.setBricks(new Float32Array(bytesOf(volume.bricks).buffer));
    return view.factor;
  },
  /** Base 64 of labels and veil; null takes them away. */
  mask(sent: { labels: string; veil: string } | null): boolean {
    const views = sent && { labels: bytesOf(sent.labels), veil: bytesOf(sent.veil) };
    return view?.setLabels(views) ?? false;
  },
  /** Base 64 of RGBA8, top row first; a second series lies over it as in a viewport, on a canvas of its own. */
  draw(scene: VolumeScene, width: number, height: number, second?: SentSecond): string {
    if (!view) throw new Error('no volume');
    view.draw(scene, width, height, false);
    const canvas = document.querySelector('canvas');
    const flat = new OffscreenCanvas(width, height).getContext('2d');
    if (!canvas || !flat) throw new Error('no canvas');
    flat.drawImage(canvas, 0, 0);
    if (second) {
      const over = document.createElement('canvas');
      const values = new Float32Array(bytesOf(second.values).buffer);
      const frame = { width, height, rgba: new Uint8ClampedArray(), values, coarse: 1 };
      paintFused(over, frame, frame, second.layer, 'volume');
      flat.drawImage(over, 0, 0);
    }
    return base64Of(new Uint8Array(flat.getImageData(0, 0, width, height).data.buffer));
  },
  facts(): GpuFacts & { readonly isSoftware: boolean } {
    const gl = document.createElement('canvas').getContext('webgl2');
    if (!gl) throw new Error('no WebGL 2');
    const facts = factsOf(gl);
    return { ...facts, isSoftware: isSoftware(facts) };
  },
  /** Milliseconds of the trial's picture; null where it was wrong. */
  trialMs(): number | null {
    const gl = document.createElement('canvas');
    gl.width = 512;
    gl.height = 512;
    const context = gl.getContext('webgl2');
    return context ? trialPicture(context, () => performance.now()) : null;
  },
  lost: () => lost,
};

export type Roads = typeof roads;

declare global {
  interface Window {
    roads: Roads;
  }
}
window.roads = roads;
