import type { Services } from '../services.ts';
import type { KeeperOperations } from '../storage/keeper-operations.ts';
import { adoptRest, nothingReplayed, replay } from '../storage/replay.ts';
import type { BesideClient } from '../store/store.ts';
import { WorkerClient } from '../worker-rpc.ts';
import { StudyNews } from './study-news.ts';

/**
 * After a host that died: objects that reached the disk but not the index are taken in (reliability.md B4). Where the
 * index was lost or damaged, its newest snapshot, or an empty one, is filled from objects, provenance and readings (B6,
 * B7). Runs in the background; reading and importing go on meanwhile, and studies appear as they are found.
 */
export async function adoptObjects(services: Services): Promise<void> {
  const { store } = services;
  const { wasUnclean, isRebuilt } = store.report;
  if (!wasUnclean && !isRebuilt) return;
  const keys = new Set<string>();
  const news = new StudyNews(services.events);
  const keeper = new WorkerClient<KeeperOperations>('keeper', null);
  const target = {
    services,
    keeper,
    // The one writer answers questions too.
    writer: store.write as unknown as BesideClient,
    signal: new AbortController().signal,
    check: null,
    onProgress: ({ studyKeys }: { studyKeys: readonly string[] }) => {
      for (const key of studyKeys) keys.add(key);
      news.changed(studyKeys);
    },
  };
  try {
    if (isRebuilt) {
      const { instances } = await replay(target);
      const detail = `${store.report.snapshot ?? 'files'} ${instances}`;
      await services.audit({ event: 'store.rebuild', outcome: 'ok', detail });
      await services.settings.reload();
    } else await adoptRest(target, nothingReplayed());
  } finally {
    await keeper.terminate();
    await store.write.call('setMark', { mark: 'arriving', keys: [...keys], value: false });
    news.finish([...keys]);
  }
}
