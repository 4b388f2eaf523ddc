import { rmSync } from 'node:fs';
import { ok, type Result } from '../../core/base/result.ts';
import type { CopyOperations } from '../host/objects/copy-operations.ts';
import { hashFile } from '../host/objects/hash-file.ts';
import { objectPath } from '../host/objects/object-path.ts';
import { copyBatch } from '../host/objects/write-objects.ts';
import { serveWorker } from '../host/worker-rpc.ts';

/** Hashes and copies; parses nothing. */
const operations: CopyOperations = {
  copy: ({ items, ...places }) => copyBatch(items, places),
  hash: ({ file, datasetOffset, cancel }) => hashFile(file, datasetOffset, cancel),
  verify: ({ objectsDir, fileSha256, cancel }) =>
    fileSha256.map((name): Result<string> => {
      const hashed = hashFile(objectPath(objectsDir, name), 0, cancel);
      return hashed.ok ? ok(hashed.value.hashes.fileSha256) : hashed;
    }),
  remove({ objectsDir, fileSha256 }) {
    for (const name of fileSha256) rmSync(objectPath(objectsDir, name), { force: true });
  },
};
serveWorker({ ...operations }, { atOnce: true });
