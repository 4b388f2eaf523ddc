import { createRenderSession, type RenderSession } from '../../core/render/session.ts';
import { bindKernels, kernelImports } from '../../native/kernels.ts';
import type { OpenVolume, PageWorkerAnswer, PageWorkerRequest } from '../cpu/protocol.ts';

/** One of a volume's render threads in the page: the same session as the host's, over the same memory. */
let session: RenderSession | undefined;

const answer = (message: PageWorkerAnswer): void => self.postMessage(message);

function open({ module, memory, info, workerIndex }: OpenVolume): void {
  const { exports } = new WebAssembly.Instance(module, kernelImports(memory));
  const kernels = bindKernels(exports, memory.buffer, info.layout, workerIndex);
  session = createRenderSession(kernels, info, memory.buffer);
}

function handle(message: PageWorkerRequest): void {
  if (message.kind === 'open') {
    open(message);
    return;
  }
  if (!session) throw new Error('render job before its volume');
  const cancelled = session.run(message.job, message.jobId) === 'cancelled';
  answer({ kind: 'finished', jobId: message.jobId, cancelled });
}

self.addEventListener('message', ({ data }: MessageEvent<PageWorkerRequest>) => {
  try {
    handle(data);
  } catch (error) {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
