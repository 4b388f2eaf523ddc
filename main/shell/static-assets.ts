/** The page's files: read through the build's allow-list, never by joining a path from a request. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const assetSchema = v.object({
  type: v.string(),
  sizeBytes: v.number(),
  sha256: v.string(),
  immutable: v.boolean(),
});
const listSchema = v.object({ assets: v.record(v.string(), assetSchema) });

export interface StaticAsset {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for HEAD and for "not modified". */
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface StaticAssets {
  /** The file for an exact URL path (`/` is the page), or null when the build did not list it. */
  find(
    path: string,
    options?: { readonly method?: string; readonly ifNoneMatch?: string },
  ): StaticAsset | null;
}

/**
 * @param outFolder the build's `out` folder with `assets.json` and `renderer/`
 * @throws when the list is missing or malformed: the build is broken
 */
export async function loadStaticAssets(outFolder: string): Promise<StaticAssets> {
  const text = await readFile(join(outFolder, 'assets.json'), 'utf8');
  const { assets } = v.parse(listSchema, JSON.parse(text));
  const known = new Map(Object.entries(assets));
  return {
    find(path, { method = 'GET', ifNoneMatch } = {}) {
      const name = path === '/' ? '/index.html' : path;
      const asset = known.get(name);
      if (!asset) return null;
      const etag = `"${asset.sha256.slice(0, 32)}"`;
      const headers = {
        'content-type': asset.type,
        etag,
        'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
      if (ifNoneMatch === etag) return { status: 304, headers, body: null };
      return {
        status: 200,
        headers: { ...headers, 'content-length': String(asset.sizeBytes) },
        // `name` is a key of the list, so the joined path is one the build made.
        body: method === 'HEAD' ? null : createReadStream(join(outFolder, 'renderer', ...name.split('/'))),
      };
    },
  };
}
