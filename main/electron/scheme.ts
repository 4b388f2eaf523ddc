/** `candela://app`: the page's files from the build's allow-list and bytes by unguessable per-window prefixes (D3). */
import { randomBytes } from 'node:crypto';
import type { CustomScheme } from 'electron';
import type { ByteResponse, Host } from '../../core/contract/host.ts';
import { plainTarget } from '../shell/plain-target.ts';
import { securityHeaders } from '../shell/security-headers.ts';
import type { StaticAssets } from '../shell/static-assets.ts';

export const schemeName = 'candela';
export const appOrigin = 'candela://app';

/** To be registered before the app is ready. No CSP bypass, no CORS, no service workers, no extensions. */
export const customScheme: CustomScheme = {
  scheme: schemeName,
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    stream: true,
    bypassCSP: false,
    corsEnabled: false,
    allowServiceWorkers: false,
    allowExtensions: false,
  },
};

/** The byte prefixes that windows were given: a request proves its window by knowing one. */
export interface WindowPrefixes {
  add(): string;
  remove(prefix: string): void;
  has(prefix: string): boolean;
}

export function createWindowPrefixes(
  randomSecret = () => randomBytes(32).toString('base64url'),
): WindowPrefixes {
  const prefixes = new Set<string>();
  return {
    add() {
      const prefix = `/w/${randomSecret()}`;
      prefixes.add(prefix);
      return prefix;
    },
    remove: (prefix) => prefixes.delete(prefix),
    has: (prefix) => prefixes.has(prefix),
  };
}

/** The one handler of the scheme. Anything it does not know is 404; it joins no paths and takes GET only. */
export function createSchemeHandler(options: {
  readonly host: Host;
  readonly assets: StaticAssets;
  readonly prefixes: WindowPrefixes;
}): (request: Request) => Promise<Response> {
  const { host, assets, prefixes } = options;
  return async (request) => {
    if (request.method !== 'GET') return respond(405, { allow: 'GET' }, null);
    const target = targetOf(request.url);
    if (!target) return respond(404, {}, null);
    const { path, query } = target;

    const asset = assets.find(path, { ifNoneMatch: request.headers.get('if-none-match') ?? '' });
    if (asset) return respond(asset.status, asset.headers, asset.body);

    const parts = /^(\/w\/[\w-]+)(\/.*)$/.exec(path);
    if (!parts?.[1] || !parts[2] || !prefixes.has(parts[1])) return respond(404, {}, null);
    const answer = await host.fetch({ method: 'GET', path: parts[2] + query, signal: request.signal });
    return respond(answer.status, { 'cache-control': 'no-store', ...answer.headers }, answer.body);
  };
}

/** Path and query in their plainest form, of a URL on exactly our scheme and host. */
function targetOf(url: string): { readonly path: string; readonly query: string } | null {
  if (!url.startsWith(`${appOrigin}/`)) return null;
  return plainTarget(url.slice(appOrigin.length).replace(/#.*$/, ''));
}

function respond(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: ByteResponse['body'],
): Response {
  const all = new Headers(headers);
  for (const name of [...all.keys()])
    if (name.startsWith('access-control-') || name === 'set-cookie') all.delete(name);
  for (const [name, value] of Object.entries(securityHeaders)) all.set(name, value);
  if (body === null || status === 304) return new Response(null, { status, headers: all });
  if (body instanceof Uint8Array)
    return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: all });
  return new Response(streamOf(body), { status, headers: all });
}

/** Pulls one part at a time, so that a window that stops reading stops the host. */
function streamOf(parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = parts[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
