import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerRequest } from '../../core/render/coordinator.ts';
import { createRenderSession } from '../../core/render/session.ts';
import type { VolumeInfo } from '../../core/render/types.ts';
import { bindKernels, kernelImports } from '../../native/kernels.ts';
import type { KernelLayout } from '../../native/layout.ts';

/** CPU road without a page: one of a volume's render threads. It reads and writes only the volume's memory. */
export interface RenderWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly info: VolumeInfo & { readonly layout: KernelLayout };
  readonly workerIndex: number;
}

const { module, memory, info, workerIndex } = workerData as RenderWorkerData;
const { exports } = new WebAssembly.Instance(module, kernelImports(memory));
const kernels = bindKernels(exports, memory.buffer, info.layout, workerIndex);
const session = createRenderSession(kernels, info, memory.buffer);

parentPort?.on('message', ({ jobId, job }: WorkerRequest) => {
  const cancelled = session.run(job, jobId) === 'cancelled';
  parentPort?.postMessage({ kind: 'finished', jobId, cancelled } satisfies WorkerAnswer);
});
