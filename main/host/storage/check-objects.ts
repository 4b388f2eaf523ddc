import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Services } from '../services.ts';
import type { KeptScan } from '../store/kept-scans.ts';

/** Objects hashed in one question to a copy worker. */
const hashedAtOnce = 64;

/** An object whose bytes are not what its name says, or gone. */
export interface BadObject {
  readonly problem: Problem;
  /** What the index in use has of it from the time when its bytes were right. */
  readonly kept: KeptScan | null;
}

/**
 * Reads objects whole and compares their hashes with their names, as `verify` does. Answers the bad ones only; a cancelled
 * check answers those of before.
 */
export async function checkObjects(
  { folder, imports, store }: Pick<Services, 'folder' | 'imports' | 'store'>,
  fileSha256: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, BadObject>> {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const stop = (): void => void Atomics.store(cancel, 0, 1);
  signal.addEventListener('abort', stop, { once: true });
  const wrong = new Map<string, Problem>();
  for (let at = 0; at < fileSha256.length && !signal.aborted; at += hashedAtOnce) {
    const some = fileSha256.slice(at, at + hashedAtOnce);
    const hashes = await imports.copies.use((worker) =>
      worker.call('verify', { objectsDir: folder.objects, fileSha256: some, cancel }),
    );
    if (signal.aborted) break;
    for (const [index, name] of some.entries()) {
      const hash = hashes[index]!;
      if (!hash.ok) wrong.set(name, hash.problem);
      else if (hash.value !== name) wrong.set(name, problem('OBJECT_CORRUPT'));
    }
  }
  signal.removeEventListener('abort', stop);
  const kept =
    wrong.size === 0 ? [] : await store.slow().call('keptScans', { fileSha256: [...wrong.keys()] });
  const known = new Map(kept.map((one) => [one.fileSha256, one]));
  return new Map(
    [...wrong].map(([name, reason]) => [name, { problem: reason, kept: known.get(name) ?? null }]),
  );
}
