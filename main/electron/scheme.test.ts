import { describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { StaticAssets } from '../shell/static-assets.ts';
import { createSchemeHandler, createWindowPrefixes } from './scheme.ts';

function scheme() {
  const asked: string[] = [];
  const host = {
    fetch: async ({ path }: { path: string }) => {
      asked.push(path);
      async function* body() {
        yield new Uint8Array([1, 2]);
        yield new Uint8Array([3]);
      }
      return {
        status: 200,
        headers: { 'access-control-allow-origin': '*', 'set-cookie': 'a=b' },
        body: body(),
      };
    },
  } as unknown as Host;
  const assets: StaticAssets = { find: () => null };
  const prefixes = createWindowPrefixes();
  return { handle: createSchemeHandler({ host, assets, prefixes }), prefixes, asked };
}

describe('bytes over candela://', () => {
  it('stream to a window that knows its prefix, isolated and without CORS', async () => {
    const { handle, prefixes, asked } = scheme();
    const prefix = prefixes.add();
    expect(prefix).toMatch(/^\/w\/[\w-]{43}$/);
    const response = await handle(new Request(`candela://app${prefix}/pixels/p1?frames=1-3`));
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(asked).toEqual(['/pixels/p1?frames=1-3']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it.each(['/pixels/p1', '/w/guess/pixels/p1', '/w//pixels/p1'])('are not there for %s', async (path) => {
    const { handle, prefixes, asked } = scheme();
    prefixes.add();
    expect((await handle(new Request(`candela://app${path}`))).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it('are not there for a window that closed, nor by another method, nor by a crooked path', async () => {
    const { handle, prefixes, asked } = scheme();
    const prefix = prefixes.add();
    const url = `candela://app${prefix}/thumb/s.1`;
    expect((await handle(new Request(url, { method: 'POST', body: 'x' }))).status).toBe(405);
    expect((await handle(new Request(`candela://app${prefix}/..%2fthumb`))).status).toBe(404);
    prefixes.remove(prefix);
    expect((await handle(new Request(url))).status).toBe(404);
    expect(asked).toEqual([]);
  });
});
