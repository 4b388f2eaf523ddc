import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, element } from '../../../core/dicom/write/element.ts';
import { encodePart10 } from '../../../core/dicom/write/encode.ts';
import { explicitLittleEndian } from '../../../core/dicom/write/transfer-syntax.ts';
import { typicalHeader } from '../parse/warm-up.ts';
import type { Services } from '../services.ts';
import type { Store } from '../store/store.ts';
import type { StoreOperations } from '../store/write-operations.ts';
import type { WorkerClient } from '../worker-rpc.ts';
import { runImport } from './run-import.ts';

/** Enough for the engine to compile nearly all that an import takes, in each thread: about 0.7 s of CPU. */
const files = 400;
/** So long nobody has asked the host for anything: a window has its list by then. */
const quietMs = 1500;
const lookEveryMs = 50;

const prefix = 'candela-rehearsal-';
const memoryFolder = '/dev/shm';

type Needed = Pick<Services, 'imports' | 'store' | 'parse'>;

/**
 * Imports made-up files once, before anybody waits, through the threads that imports use and into an index in memory,
 * so that the first disc of the day goes as fast as the second. Answers how many files were stored: fewer where the
 * temporary folder takes none, which costs only the rehearsal. It leaves nothing behind.
 */
export async function rehearseImport(
  { imports, store, parse }: Needed,
  signal: AbortSignal,
): Promise<number> {
  let root: string | null = null;
  try {
    root = rehearsalRoot();
    const [objects, incoming, source] = ['objects', 'incoming', 'source'].map((name) => join(root!, name));
    const folder = { ...imports.folder, objects: objects!, incoming: incoming! };
    for (const path of [folder.objects, folder.incoming, source!]) mkdirSync(path, { mode: 0o700 });
    for (let n = 0; n < files; n++) writeFileSync(join(source!, `${n}.dcm`), madeUp(n));
    const task = {
      scope: 's',
      sourceKind: 'folder',
      sourceLabel: '',
      receiptId: null,
      demo: false,
      paths: [source!],
      writer: rehearsedWriter(store),
      scratch: join(root, 'scratch'),
      place: null,
      names: null,
    } as const;
    const services = { ...imports, folder, scanner: parse, unknownObjects: async () => [] };
    return (await runImport(task, services, signal, () => undefined)).stored;
  } catch {
    return 0;
  } finally {
    await store.write.call('endRehearsal', null).catch(() => undefined);
    if (root !== null) rmSync(root, { recursive: true, force: true });
  }
}

/**
 * In memory where there is such a folder: ext4 looks at every inode freed within minutes whenever it makes one, so that hundreds
 * of rehearsed files, removed, would make each file of the first import dearer; and no disk is written to.
 */
function rehearsalRoot(): string {
  const name = `${prefix}${process.pid}-`;
  try {
    if (process.platform === 'linux') {
      removeAbandoned();
      return mkdtempSync(join(memoryFolder, name));
    }
  } catch {
    // Not there, or not ours to write.
  }
  return mkdtempSync(join(tmpdir(), name));
}

/** What a process that was killed left in memory. */
function removeAbandoned(): void {
  for (const name of readdirSync(memoryFolder)) {
    const [, pid] = name.startsWith(prefix) ? name.slice(prefix.length - 1).split('-') : [];
    if (pid !== undefined && !existsSync(join('/proc', pid)))
      rmSync(join(memoryFolder, name), { recursive: true, force: true });
  }
}

function madeUp(n: number): Uint8Array {
  const own: Dataset = [element(0x00080018, 'UI', `1.2.3.${n + 1}`), element(0x00200013, 'IS', [n])];
  const tags = new Set(own.map(({ tag }) => tag));
  const rest = typicalHeader.filter(({ tag }) => !tags.has(tag));
  const dataset = [...rest, ...own].sort((a, b) => a.tag - b.tag);
  return encodePart10(dataset, { syntax: explicitLittleEndian });
}

/** The writer as an import sees it; rows go to the index in memory, and nobody is told of marks. */
const rehearsedWriter = (store: Pick<Store, 'write'>): WorkerClient<StoreOperations> =>
  ({
    call: async (name: string, input: never) =>
      name === 'addInstances' ? store.write.call('rehearse', input) : undefined,
  }) as unknown as WorkerClient<StoreOperations>;

/**
 * Rehearses once, while nobody asks for anything: who does has the processors at once. The answer ends it.
 * @param onRehearsed at its end, with much in memory that nobody needs
 */
export function rehearseSoon(
  services: Needed & Pick<Services, 'jobs'>,
  quietForMs: () => number,
  onRehearsed: () => void,
): () => Promise<void> {
  let stop: AbortController | null = null;
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    const isQuiet = services.jobs.isIdle && quietForMs() >= quietMs;
    if (running && !isQuiet) stop?.abort();
    if (running || !isQuiet) return;
    stop = new AbortController();
    running = rehearseImport(services, stop.signal).then(() => {
      running = null;
      if (stop?.signal.aborted) return;
      clearInterval(timer);
      onRehearsed();
    });
  }, lookEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stop?.abort();
    await running;
  };
}
