import { Worker } from 'node:worker_threads';
import { deflateSync } from 'node:zlib';
import {
  type CpuRenderer,
  createCoordinator,
  type RenderPort,
  type WorkerAnswer,
} from '../../../core/render/coordinator.ts';
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

/** The picture as PNG bytes. `size` is used by volume scenes only. */
export async function renderPng(volume: HostVolume, scene: Scene, size: PictureSize): Promise<Uint8Array> {
  const renderer = await createHostRenderer(volume);
  try {
    const frame = await renderFrame(renderer, scene, size);
    const spacing = scene.kind === 'volume' ? {} : { spacingMm: scene.spacingMm };
    const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
    return encodePng(frame.rgba, frame.width, frame.height, { deflate, ...spacing });
  } finally {
    renderer.dispose();
  }
}
