import { problem } from '../../core/base/problem.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { ArchiveEntry, ArchiveOperations } from '../host/media/archive-entry.ts';
import { unpackTar } from '../host/media/unpack-tar.ts';
import { openZip } from '../host/media/unpack-zip.ts';
import { serveWorker } from '../host/worker-rpc.ts';

/** Takes one archive apart in a thread with a memory cap; killed when the job is cancelled. */
let entries: AsyncGenerator<ArchiveEntry> | null = null;
const batch = { entries: 32, bytes: 32 * 1024 * 1024 };

const operations: ArchiveOperations = {
  async open({ file, kind, outDir }) {
    if (entries) return fail(problem('INTERNAL', { reason: 'archive already open' }));
    if (kind === 'zip') {
      const zip = await openZip(file, outDir);
      if (!zip.ok) return zip;
      entries = zip.value.entries;
    } else entries = unpackTar(file, outDir, kind === 'tgz');
    return ok(null);
  },
  async next() {
    const taken: ArchiveEntry[] = [];
    let bytes = 0;
    while (entries && taken.length < batch.entries && bytes < batch.bytes) {
      const item = await entries.next();
      if (item.done) return { entries: taken, isDone: true };
      taken.push(item.value);
      bytes += item.value.sizeBytes;
    }
    return { entries: taken, isDone: entries === null };
  },
};
serveWorker({ ...operations });
