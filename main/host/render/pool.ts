import { Worker } from 'node:worker_threads';
import { deflateSync } from 'node:zlib';
import {
  type CpuRenderer,
  createCoordinator,
  type RenderPort,
  type WorkerAnswer,
} from '../../../core/render/coordinator.ts';
import { layOver, overlayScene } from '../../../core/render/fused.ts';
import { encodePng } from '../../../core/render/png.ts';
import type { Frame, VolumeInfo } from '../../../core/render/types.ts';
import type { PictureSize } from '../../../core/render/volume.ts';
import type { Scene } from '../../../core/scene/types.ts';
import type { KernelLayout } from '../../../native/layout.ts';
import type { RenderWorkerData } from '../../workers/render.ts';
import { workerFile } from '../worker-file.ts';
import { kernelModule } from './kernel-module.ts';
import type { HostVolume } from './volume-memory.ts';

/** Render threads of one volume: the CPU road for the command line and for tests. Dispose it. */
export async function createHostRenderer(volume: HostVolume): Promise<CpuRenderer> {
  const module = await kernelModule();
  const ports = volume.layout.scratches.map((_, workerIndex) => startPort(volume, module, workerIndex));
  return createCoordinator(volume, ports);
}

function infoOf(volume: HostVolume): VolumeInfo & { readonly layout: KernelLayout } {
  const { memory, voxels, ...info } = volume;
  return info;
}

function startPort(volume: HostVolume, module: WebAssembly.Module, workerIndex: number): RenderPort {
  const data: RenderWorkerData = { module, memory: volume.memory, info: infoOf(volume), workerIndex };
  const worker = new Worker(workerFile('render'), { name: 'candela-render', workerData: data });
  let closing = false;
  return {
    post: (message) => worker.postMessage(message),
    onMessage(listener) {
      worker.on('message', (message: WorkerAnswer) => listener(message));
      worker.on('error', (error: Error) => listener({ kind: 'failed', message: error.message }));
      worker.on('exit', (code) => {
        if (!closing) listener({ kind: 'failed', message: `render thread ended with ${code}` });
      });
    },
    close() {
      closing = true;
      void worker.terminate();
    },
  };
}

/** One picture of a scene at rest; slices and curved planes have their own size. */
export async function renderFrame(renderer: CpuRenderer, scene: Scene, size: PictureSize): Promise<Frame> {
  const frame = scene.kind === 'volume' ? await renderer.volume(scene, size) : await renderer.slice(scene);
  if (!frame) throw new Error('picture was superseded');
  return frame;
}

/** True where a picture of values holds no data: its plane does not meet the volume. */
export const isEmptyFrame = ({ values }: Frame): boolean => values?.every(Number.isNaN) ?? false;

/** Render threads of a scene's volumes: the first, and that of its fusion layer. Dispose it. */
export interface SceneRenderer {
  readonly first: CpuRenderer;
  /** A picture at rest, the second series laid over it. */
  frame(scene: Scene, size: PictureSize): Promise<Frame>;
  dispose(): void;
}

/** @param second the volume of the scenes' fusion layer; null where they have none */
export async function createSceneRenderer(
  volume: HostVolume,
  second: HostVolume | null,
): Promise<SceneRenderer> {
  const first = await createHostRenderer(volume);
  const over = second && (await createHostRenderer(second));
  return {
    first,
    async frame(scene, size) {
      const frame = await renderFrame(first, scene, size);
      const layer = scene.kind === 'curved' ? undefined : scene.fusion;
      if (scene.kind === 'curved' || !layer) return frame;
      // A picture that silently lacks a series is a wrong one.
      if (!over) throw new Error('a fusion layer without its volume');
      layOver(frame, await renderFrame(over, overlayScene(scene), size), layer, scene.kind);
      return frame;
    },
    dispose() {
      first.dispose();
      over?.dispose();
    },
  };
}

export interface RenderedPicture {
  readonly png: Uint8Array;
  /** `isEmptyFrame` of the first volume. */
  readonly isEmpty: boolean;
}

/** The picture as PNG bytes. `size` is used by volume scenes only; `second` is the volume of a fusion layer. */
export async function renderPng(
  volume: HostVolume,
  scene: Scene,
  size: PictureSize,
  second: HostVolume | null = null,
): Promise<RenderedPicture> {
  const renderer = await createSceneRenderer(volume, second);
  try {
    const frame = await renderer.frame(scene, size);
    const spacing = scene.kind === 'volume' ? {} : { spacingMm: scene.spacingMm };
    const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
    const png = encodePng(frame.rgba, frame.width, frame.height, { deflate, ...spacing });
    return { png, isEmpty: isEmptyFrame(frame) };
  } finally {
    renderer.dispose();
  }
}
