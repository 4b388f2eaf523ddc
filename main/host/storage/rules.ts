import type { StorageSettings } from '../../../core/contract/storage.ts';
import type { Services } from '../services.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface RulesPreview {
  readonly studyKeys: string[];
  readonly bytes: number;
}

type Needed = Pick<Services, 'store' | 'now' | 'events' | 'audit'>;

/** What the rules would move to the trash now: first what nobody opened for long, then the oldest beyond the size. */
export async function previewRules(
  { store, now }: Pick<Needed, 'store' | 'now'>,
  { rules }: Pick<StorageSettings, 'rules'>,
): Promise<RulesPreview> {
  const { olderThanDays, atMostBytes, sources } = rules;
  if (olderThanDays === null && atMostBytes === null) return { studyKeys: [], bytes: 0 };
  const nowMs = now();
  const candidates = await store.slow().call('ruleCandidates', { nowMs, sources });
  let { liveBytes } = await store.slow().call('storage', { nowMs });
  const studyKeys: string[] = [];
  let bytes = 0;
  for (const one of candidates) {
    const isOld = olderThanDays !== null && one.usedAtMs <= nowMs - olderThanDays * dayMs;
    const isTooMuch = atMostBytes !== null && liveBytes > atMostBytes;
    if (!isOld && !isTooMuch) continue;
    studyKeys.push(one.studyKey);
    bytes += one.bytes;
    liveBytes -= one.bytes;
  }
  return { studyKeys, bytes };
}

/** Moves them to the trash, from where each comes back for 30 days. Answers how many. */
export async function applyRules(
  services: Needed,
  settings: Pick<StorageSettings, 'rules'>,
): Promise<number> {
  if (!settings.rules.enabled) return 0;
  const { studyKeys } = await previewRules(services, settings);
  if (studyKeys.length === 0) return 0;
  const moved = await services.store.write.call('deleteStudies', { keys: studyKeys, nowMs: services.now() });
  for (const detail of studyKeys) await services.audit({ event: 'store.evict', outcome: 'ok', detail });
  services.events.emit('studies', { studyKeys: studyKeys.slice(0, 200) });
  return moved;
}
