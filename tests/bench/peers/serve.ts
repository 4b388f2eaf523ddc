/**
 * Pages for the peers (vtk.js, Cornerstone3D): bundled when a bench starts, into its scratch folder, and served from this
 * process. Nothing of them is in the product.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build, type Plugin } from 'vite';
import { type PlainPage, withPlainPage } from '../plain-chromium.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};

export interface PeerServer {
  /** The page that runs `entry`; it is cross-origin isolated. */
  readonly address: string;
}

/**
 * Bundles one page script and serves it together with the files of some folders.
 * @param entry file in this folder, without `.ts`
 * @param folders by the first part of the path they are served under: `/NAME/FILE`
 */
export async function withPeerServer<T>(
  scratch: string,
  entry: string,
  folders: Readonly<Record<string, string>>,
  work: (server: PeerServer) => Promise<T>,
): Promise<T> {
  const bundle = join(scratch, `peer-${entry}`);
  await bundlePage(entry, bundle);
  const server = createServer(async ({ url = '/' }, answer) => {
    answer.setHeader('cross-origin-opener-policy', 'same-origin');
    answer.setHeader('cross-origin-embedder-policy', 'require-corp');
    answer.setHeader('cross-origin-resource-policy', 'same-origin');
    const [, folder = '', name = ''] = url.split('/');
    try {
      const file = folders[folder] === undefined ? join(bundle, url) : join(folders[folder], name);
      const isPage = url === '/';
      const body = isPage ? pageOf(entry) : await readFile(file);
      answer.setHeader('content-type', types[isPage ? '.html' : extname(file)] ?? 'application/octet-stream');
      answer.end(body);
    } catch {
      answer.statusCode = 404;
      answer.end();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await work({ address: `http://127.0.0.1:${port}/` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const pageOf = (entry: string): string =>
  `<!doctype html><meta charset="utf-8"><title>peer</title><body style="margin:0;background:#000">
<script>
const failed = (error) => { document.body.dataset.failed = String(error?.stack ?? error); };
addEventListener('error', (event) => failed(event.error ?? event.message));
addEventListener('unhandledrejection', (event) => failed(event.reason));
</script>
<script type="module" src="/${entry}.js"></script>`;

const emptyEvents: Plugin = {
  name: 'empty-events',
  enforce: 'pre',
  resolveId: (id) => (id === 'events' ? '\0events' : null),
  load: (id) => (id === '\0events' ? 'export class EventEmitter {}' : null),
};

async function bundlePage(entry: string, outDir: string): Promise<void> {
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    base: '/',
    publicDir: false,
    worker: { format: 'es' },
    // Of Node: asked for by an XML writer in the depths of dcmjs, which no page calls.
    plugins: [emptyEvents],
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: 'esnext',
      chunkSizeWarningLimit: 100_000,
      rolldownOptions: {
        input: { [entry]: join(import.meta.dirname, `${entry}.ts`) },
        output: { entryFileNames: '[name].js' },
        onLog: () => undefined,
      },
    },
  });
}

/** WebGL by SwiftShader whatever the machine has, or by its card: as Chromium finds it, or by Vulkan without a screen. */
const glFlags = {
  software: ['--use-angle=swiftshader'],
  card: ['--enable-gpu', '--ignore-gpu-blocklist'],
  vulkanCard: ['--enable-gpu', '--ignore-gpu-blocklist', '--use-angle=vulkan', '--enable-features=Vulkan'],
} as const;

export type PageGl = keyof typeof glFlags;

/** A Chromium of its own on a peer's page, which is ready when `work` starts. */
export function withPeerPage<T>(
  profile: string,
  server: PeerServer,
  work: (page: PlainPage) => Promise<T>,
  gl: PageGl = 'software',
  window: { readonly width: number; readonly height: number } = { width: 1920, height: 1080 },
): Promise<T> {
  const onPage = async (page: PlainPage): Promise<T> => {
    await page.goto(server.address);
    await page.waitFor('body[data-ready], body[data-failed]');
    const failed = await page.evaluate(() => document.body.dataset['failed'] ?? null);
    if (failed !== null) throw new Error(failed);
    return work(page);
  };
  return withPlainPage(profile, window, onPage, glFlags[gl]);
}
