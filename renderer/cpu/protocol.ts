import type { WorkerAnswer, WorkerRequest } from '../../core/render/coordinator.ts';
import type { VolumeInfo } from '../../core/render/types.ts';
import type { KernelLayout } from '../../native/layout.ts';

/** What the page and its render workers say to each other: the volume once, then the coordinator's jobs. */
export interface OpenVolume {
  readonly kind: 'open';
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly info: VolumeInfo & { readonly layout: KernelLayout };
  readonly workerIndex: number;
}

export type PageWorkerRequest = OpenVolume | WorkerRequest;
export type PageWorkerAnswer = WorkerAnswer;
