import { availableParallelism } from 'node:os';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { phantomUids } from '../../../core/phantom/attributes.ts';
import { phantomGeometry } from '../../../core/phantom/options.ts';
import { slabSlices } from '../../../core/phantom/series.ts';
import { fileProblem } from '../media/file-problem.ts';
import { makeFolder } from '../media/make-folder.ts';
import { WorkerClient } from '../worker-rpc.ts';
import type { PhantomOperations, PortablePhantomOptions, WrittenFile } from './operations.ts';

export interface PhantomWriteRequest {
  readonly options: PortablePhantomOptions;
  /** Made when missing; files are named IM0001.dcm and so on. */
  readonly outDir: string;
  /** Threads; as many as there are cores, at most four, when left out. */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface WrittenPhantom {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** In the order of the instances. */
  readonly files: readonly WrittenFile[];
  readonly sizeBytes: number;
}

/**
 * Writes a phantom series with worker threads, slab by slab.
 * Problems: CANCELLED (what was written stays), DISK_FULL, and what the system says of the folder.
 */
export async function writePhantom(request: PhantomWriteRequest): Promise<Result<WrittenPhantom>> {
  const { options, outDir, signal } = request;
  try {
    makeFolder(outDir);
  } catch (error) {
    return fail(fileProblem(error, outDir));
  }
  const total = phantomGeometry(options).origins.length;
  const slabs = Math.ceil(total / slabSlices);
  const files = new Array<WrittenFile>(total);
  const threads = Math.min(slabs, request.workers ?? Math.min(4, availableParallelism()));
  const clients = Array.from({ length: threads }, () => new WorkerClient<PhantomOperations>('phantom', null));
  let next = 0;
  let done = 0;
  let failure: Result<WrittenPhantom> | undefined;
  const serve = async (client: WorkerClient<PhantomOperations>): Promise<void> => {
    while (next < slabs && !failure && !signal?.aborted) {
      const first = next++ * slabSlices;
      const answer = await client.call('write', {
        options,
        outDir,
        first,
        end: Math.min(total, first + slabSlices),
      });
      if (!answer.ok) {
        failure ??= answer;
        return;
      }
      answer.value.forEach((file, n) => {
        files[first + n] = file;
      });
      done += answer.value.length;
      request.onProgress?.(done, total);
    }
  };
  try {
    await Promise.all(clients.map(serve));
  } finally {
    await Promise.all(clients.map((client) => client.terminate()));
  }
  if (failure) return failure;
  if (done < total) return fail(problem('CANCELLED'));
  const uids = phantomUids(options);
  return ok({
    studyInstanceUid: uids.study,
    seriesInstanceUid: uids.series,
    files,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
  });
}
