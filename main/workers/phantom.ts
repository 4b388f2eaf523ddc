import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../core/base/result.ts';
import { type PhantomSeries, phantomSeries } from '../../core/phantom/series.ts';
import type { PhantomOperations, PhantomSlab, WrittenFile } from '../host/demo/operations.ts';
import { diskFull } from '../host/import/free-space.ts';
import { fileProblem } from '../host/media/file-problem.ts';
import { serveWorker } from '../host/worker-rpc.ts';

/** The series of the last slab: building the body takes longer than painting a small slab. */
let current: { readonly key: string; readonly series: PhantomSeries } | undefined;

function seriesFor(slab: PhantomSlab): PhantomSeries {
  const key = JSON.stringify(slab.options);
  if (current?.key !== key) current = { key, series: phantomSeries(slab.options) };
  return current.series;
}

serveWorker({
  write(slab: PhantomSlab) {
    const written: WrittenFile[] = [];
    for (const instance of seriesFor(slab).instances.slice(slab.first, slab.end)) {
      const path = join(slab.outDir, instance.fileName);
      const bytes = instance.bytes();
      try {
        writeFileSync(path, bytes);
      } catch (cause) {
        const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
        if (!full) return fail(fileProblem(cause, path));
        const { bavail, bsize } = statfsSync(slab.outDir);
        const neededBytes = bytes.length * (slab.end - slab.first - written.length);
        return fail({ ...diskFull(bavail * bsize, neededBytes), path });
      }
      written.push({ path, sopInstanceUid: instance.sopInstanceUid, sizeBytes: bytes.length });
    }
    return ok(written);
  },
} satisfies PhantomOperations);
