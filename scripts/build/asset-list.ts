import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Media types of what the page may load; a file of another kind fails the build rather than being guessed. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Resource folders that the page fetches by name: `/fonts/…`, `/icons/…`. */
const servedResources = ['fonts', 'icons'];

/**
 * Copies the served resources beside the page and writes `out/assets.json`, the allow-list of both shells:
 * URL path → { type, sizeBytes, sha256, immutable }. No shell ever joins a path from a request.
 */
export function writeAssetList(root: string): void {
  const page = join(root, 'out/renderer');
  for (const name of servedResources) {
    const source = join(root, 'resources', name);
    if (!existsSync(source)) continue;
    cpSync(source, join(page, name), { recursive: true });
  }
  const assets: Record<string, unknown> = {};
  for (const entry of readdirSync(page, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === '.gitkeep') continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${file.slice(page.length + 1).replaceAll('\\', '/')}`;
    const type = mediaTypes[extname(entry.name)];
    if (!type) throw new Error(`no media type for ${path}: add it to scripts/build/asset-list.ts`);
    const bytes = readFileSync(file);
    assets[path] = {
      type,
      sizeBytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      // Only files that carry a content hash in their name may be kept for ever.
      immutable: path.startsWith('/assets/'),
    };
  }
  writeFileSync(join(root, 'out/assets.json'), `${JSON.stringify({ assets }, null, 1)}\n`);
}
