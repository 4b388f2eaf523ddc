import { type CpuRenderer, createCoordinator, type RenderPort } from '../../core/render/coordinator.ts';
import type { VolumeData } from '../../core/render/types.ts';
import type { KernelLayout } from '../../native/layout.ts';
import { trustedWorkerUrl } from '../app/transport/worker-url.ts';
import workerUrl from '../workers/cpu-render.ts?worker&url';
import { kernelModule } from './kernel-module.ts';
import type { PageWorkerAnswer, PageWorkerRequest } from './protocol.ts';

/** The part of a Worker that the pool uses; tests give another. */
export interface RenderWorker {
  postMessage(message: PageWorkerRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<PageWorkerAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface CpuRendererOptions {
  /** Its memory is the WebAssembly.Memory that holds the voxels. */
  readonly volume: VolumeData<KernelLayout>;
  readonly load?: () => Promise<WebAssembly.Module>;
  readonly start?: (workerIndex: number) => RenderWorker;
  /** Told once when a thread has failed: nothing is drawn any more. */
  readonly onFailed?: (error: Error) => void;
}

/** Started ahead and not used yet, one for each index: loading their code takes longer than drawing. */
const spare = new Map<number, RenderWorker>();

function newWorker(workerIndex: number): RenderWorker {
  const options = { type: 'module', name: `cpu-render-${workerIndex}` } as const;
  return new Worker(trustedWorkerUrl(workerUrl), options) as RenderWorker;
}

function startWorker(workerIndex: number): RenderWorker {
  const worker = spare.get(workerIndex) ?? newWorker(workerIndex);
  spare.delete(workerIndex);
  return worker;
}

/** Starts the threads of the volume that is opened next while nobody waits. */
export function warmRenderWorkers(count: number): void {
  for (let index = 0; index < count; index += 1) if (!spare.has(index)) spare.set(index, newWorker(index));
}

function portOf(worker: RenderWorker): RenderPort {
  return {
    post: (message) => worker.postMessage(message),
    onMessage(listener) {
      worker.onmessage = ({ data }) => listener(data);
      worker.onerror = ({ message }) => listener({ kind: 'failed', message });
    },
    close() {
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
    },
  };
}

/**
 * The CPU road in the page: one worker for each scratch of the volume's layout, over the volume's own
 * memory. Statistics of the volume are fixed here; voxels may go on changing (`invalidate` then makes
 * the bricks anew). Rejects where the kernels cannot be had or the memory is not WebAssembly's.
 * Dispose it with the volume.
 */
export async function createCpuRenderer(options: CpuRendererOptions): Promise<CpuRenderer> {
  const { volume, load = kernelModule, start = startWorker } = options;
  const { memory, ...info } = volume;
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('volume outside a WebAssembly memory');
  const module = await load();
  const ports = volume.layout.scratches.map((_, workerIndex) => {
    const worker = start(workerIndex);
    // Whatever else the volume carries (views of its voxels) stays here.
    const { geometry, scalarType, layout, rescale, min, max, percentiles, noData, isColour } = info;
    const padding = noData === undefined ? {} : { noData };
    const statistics = { min, max, percentiles };
    const colour = isColour ? { isColour } : {};
    const sent = { geometry, scalarType, layout, rescale, ...statistics, ...padding, ...colour };
    worker.postMessage({ kind: 'open', module, memory, info: sent, workerIndex });
    return portOf(worker);
  });
  return createCoordinator(volume, ports, options.onFailed);
}
