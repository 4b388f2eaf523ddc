import { objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { NewInstance } from '../store/add-instances.ts';
import { objectsOnDisk } from './verify-job.ts';

/**
 * After a host that died: objects that reached the disk but not the index are taken in (reliability.md B4), and
 * with a new index all of them are (B7). Runs in the background; reading and importing go on meanwhile.
 */
export async function adoptObjects(services: Services): Promise<void> {
  const { store, folder } = services;
  if (!store.report.wasUnclean && !store.report.isRebuilt) return;
  const keys = new Set<string>();
  for await (const found of objectsOnDisk(folder.objects)) {
    const hashes = found.flatMap(({ fileSha256 }) => (fileSha256 === '' ? [] : [fileSha256]));
    const unknown = await store.read.call('unknownObjects', { fileSha256: hashes });
    for (const key of await adoptSome(services, unknown)) keys.add(key);
  }
  const studyKeys = [...keys];
  await store.write.call('setMark', { mark: 'arriving', keys: studyKeys, value: false });
  if (studyKeys.length > 0) services.events.emit('studies', { studyKeys: studyKeys.slice(0, 200) });
}

async function adoptSome(services: Services, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return [];
  const rows: NewInstance[] = [];
  for (const fileSha256 of hashes) {
    const row = await readObject(services, fileSha256);
    if (row) rows.push(row);
  }
  if (rows.length === 0) return [];
  const added = await services.store.write.call('addInstances', {
    scope: 's',
    sourceKind: 'folder',
    sourceLabel: '',
    receiptId: null,
    demo: false,
    nowMs: services.now(),
    items: rows,
  });
  const orphans = added.flatMap(({ outcome }, index) =>
    outcome === 'duplicate' ? [rows[index]!.fileSha256!] : [],
  );
  if (orphans.length > 0) {
    await services.imports.copies.use((worker) =>
      worker.call('remove', { objectsDir: services.folder.objects, fileSha256: orphans }),
    );
  }
  return added.map(({ studyKey }) => studyKey);
}

/** Null for what cannot be read, or is not what its name says: verify lists it. */
async function readObject(services: Services, fileSha256: string): Promise<NewInstance | null> {
  const file = objectPath(services.folder.objects, fileSha256);
  const scanned = await services.imports.scanner.scan(file, { keepPartial: false });
  if (!scanned.ok) return null;
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const hashed = await services.imports.copies.use((worker) =>
    worker.call('hash', { file, datasetOffset: scanned.value.datasetOffset, cancel }),
  );
  if (!hashed.ok || hashed.value.hashes.fileSha256 !== fileSha256) return null;
  return {
    scan: scanned.value.bytes,
    fileSha256,
    datasetSha256: hashed.value.hashes.datasetSha256,
    sizeBytes: hashed.value.sizeBytes,
    path: null,
    modifiedAtMs: null,
  };
}
