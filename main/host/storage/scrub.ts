import type { Services } from '../services.ts';
import type { DueObject } from '../store/due-objects.ts';
import { markDamage } from './mark-damage.ts';

type Needed = Pick<Services, 'store' | 'folder' | 'imports' | 'now' | 'events'>;

const pageRows = 16;
/** Idle reading at most (reliability.md B5). */
export const scrubBytesPerSecond = 10 * 1024 * 1024;

export interface ScrubOptions {
  readonly signal: AbortSignal;
  readonly bytesPerSecond?: number;
  /** Asked before each page: false ends it, to go on another time. */
  mayGoOn(): boolean;
}

export interface Scrubbed {
  readonly checked: number;
  readonly damaged: number;
  /** Nothing is due any more. */
  readonly isDone: boolean;
}

/** Reads objects again that nobody read for 90 days, and says of each what became of it. Slow on purpose. */
export async function scrub(services: Needed, options: ScrubOptions): Promise<Scrubbed> {
  const { signal, bytesPerSecond = scrubBytesPerSecond } = options;
  let [after, checked, damaged] = [0, 0, 0];
  for (;;) {
    if (signal.aborted || !options.mayGoOn()) return { checked, damaged, isDone: false };
    const page = await services.store
      .slow()
      .call('dueObjects', { nowMs: services.now(), after, limit: pageRows });
    if (page.length === 0) return { checked, damaged, isDone: true };
    const startedMs = performance.now();
    damaged += await checkObjects(services, page, signal);
    checked += page.length;
    after = page.at(-1)?.id ?? after;
    const bytes = page.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await pause((bytes / bytesPerSecond) * 1000 - (performance.now() - startedMs), signal);
  }
}

/** On a series that is opened: its objects that are due, at once. */
export async function scrubSeries(services: Needed, seriesKey: string): Promise<void> {
  // One series is a quick question: hardly ever is anything due, and the slow reader is a thread to be started.
  const due = await services.store.read.call('dueInSeries', { nowMs: services.now(), seriesKey });
  for (let at = 0; at < due.length; at += pageRows) {
    await checkObjects(services, due.slice(at, at + pageRows), new AbortController().signal);
  }
}

/** Answers how many are damaged or missing; who shows their study is told. */
async function checkObjects(
  services: Needed,
  objects: readonly DueObject[],
  signal: AbortSignal,
): Promise<number> {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const stop = (): void => void Atomics.store(cancel, 0, 1);
  signal.addEventListener('abort', stop, { once: true });
  const hashes = await services.imports.copies.use((worker) =>
    worker.call('verify', {
      objectsDir: services.folder.objects,
      fileSha256: objects.map(({ fileSha256 }) => fileSha256),
      cancel,
    }),
  );
  signal.removeEventListener('abort', stop);
  if (signal.aborted) return 0;
  const good: string[] = [];
  const bad = { missing: [] as DueObject[], corrupt: [] as DueObject[] };
  for (const [at, object] of objects.entries()) {
    const hash = hashes[at]!;
    if (hash.ok && hash.value === object.fileSha256) good.push(object.fileSha256);
    else if (hash.ok || hash.problem.code === 'FILE_MISSING')
      bad[hash.ok ? 'corrupt' : 'missing'].push(object);
    // A disk that cannot be read just now says nothing of the file: it stays due.
  }
  if (good.length > 0) {
    await services.store.write.call('setVerified', { fileSha256: good, nowMs: services.now() });
  }
  await markDamage(services, bad);
  const all = [...bad.missing, ...bad.corrupt];
  if (all.length > 0) {
    services.events.emit('studies', { studyKeys: [...new Set(all.map(({ studyKey }) => studyKey))] });
  }
  return all.length;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
