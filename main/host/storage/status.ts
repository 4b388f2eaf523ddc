import { statfs } from 'node:fs/promises';
import type { StorageStatus } from '../../../core/contract/storage.ts';
import { stopBelowBytes, warnBelowBytes } from '../import/free-space.ts';
import type { Services } from '../services.ts';
import { listSnapshots } from '../store/snapshots.ts';
import { bytesAt } from './folder-bytes.ts';

/** What the storage page shows. */
export async function storageStatus(services: Services): Promise<StorageStatus> {
  const { folder, store, now } = services;
  const { bsize, blocks } = await statfs(folder.root);
  const diskBytes = bsize * blocks;
  const freeBytes = await services.imports.freeBytes(folder.root);
  const counts = await store.read.call('storage', { nowMs: now() });
  const used = await usedBytes(services, counts);
  return {
    dataFolder: folder.root,
    diskBytes,
    freeBytes: Math.max(0, Math.round(freeBytes)),
    used,
    studies: counts.studies,
    instances: counts.instances,
    pinned: counts.pinned,
    trashedStudies: counts.trashedStudies,
    warnBelowBytes: warnBelowBytes(diskBytes),
    stopBelowBytes,
    snapshots: listSnapshots(folder.backups),
    backups: await store.read.call('backups', null),
    scrub: {
      checked: counts.checked,
      total: counts.instances,
      corrupt: counts.corrupt,
      missing: counts.missing,
    },
  };
}

/** Objects and trash by the index, everything else by what lies there. */
async function usedBytes(
  { folder }: Services,
  { liveBytes, trashedBytes }: { liveBytes: number; trashedBytes: number },
): Promise<StorageStatus['used']> {
  const [index, wal, readings, scans, backups, provenance, thumbs, incoming, reserve] = await Promise.all(
    [
      folder.index,
      `${folder.index}-wal`,
      folder.readings,
      folder.scans,
      folder.backups,
      folder.provenance,
      folder.thumbs,
      folder.incoming,
      folder.reserve,
    ].map(bytesAt),
  );
  const sum = (...parts: (number | undefined)[]): number => parts.reduce<number>((a, b) => a + (b ?? 0), 0);
  return [
    { part: 'objects', bytes: liveBytes },
    { part: 'index', bytes: sum(index, wal, scans) },
    { part: 'readings', bytes: sum(readings) },
    { part: 'trash', bytes: trashedBytes },
    { part: 'backups', bytes: sum(backups) },
    { part: 'cache', bytes: sum(thumbs) },
    { part: 'incoming', bytes: sum(incoming) },
    { part: 'journal', bytes: sum(provenance) },
    { part: 'reserve', bytes: sum(reserve) },
  ];
}
