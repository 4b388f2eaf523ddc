import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Of a file, or of all files below a folder; what vanishes meanwhile counts nothing. */
export async function bytesAt(path: string): Promise<number> {
  const info = await stat(path).catch(() => null);
  if (!info) return 0;
  if (!info.isDirectory()) return info.size;
  const found = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of found) {
    if (entry.isFile())
      bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}
