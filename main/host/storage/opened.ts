import { isPlaceKey, type Services } from '../services.ts';
import type { SeriesPlace } from '../store/show-study.ts';
import { scrubSeries } from './scrub.ts';

/** Its pictures are on screen by then: checking starts a thread and reads files. */
const checkAfterMs = 2000;

/** A person reads a series: rules of age begin anew, and objects that nobody checked for 90 days are, soon after it. */
export async function studyOpened(services: Services, { studyKey, seriesKey }: SeriesPlace): Promise<void> {
  if (isPlaceKey(studyKey)) return;
  await services.store.write.call('noteOpened', { studyKey, nowMs: services.now() });
  // A host that closes meanwhile leaves them due.
  const check = (): void => void scrubSeries(services, seriesKey).catch(() => undefined);
  setTimeout(check, checkAfterMs).unref();
}
