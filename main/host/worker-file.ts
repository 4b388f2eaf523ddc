import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Path of a worker's entry. Unbuilt, this file is `main/host/worker-file.ts` and workers are
 * `main/workers/<name>.ts`; built, it lies in `out/main` or `out/main/chunks`, workers in `out/main/workers`.
 */
export function workerFile(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [
    join(here, '..', 'workers', `${name}.ts`),
    join(here, 'workers', `${name}.js`),
    join(here, '..', 'workers', `${name}.js`),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`No worker file for ${name}`);
  return found;
}
