import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const at = (path: string) => join(root, path);

/** Entry name → source: the three shells, and every worker as a file of its own so that it can be started by path. */
function mainEntries(): Record<string, string> {
  const entries: Record<string, string> = {};
  const shells = {
    electron: 'main/electron/index.ts',
    server: 'main/browser/index.ts',
    cli: 'main/cli/index.ts',
  };
  for (const [name, source] of Object.entries(shells)) if (existsSync(at(source))) entries[name] = at(source);
  const workers = at('main/workers');
  if (!existsSync(workers)) return entries;
  for (const file of readdirSync(workers)) {
    if (file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts')) {
      entries[`workers/${basename(file, '.ts')}`] = join(workers, file);
    }
  }
  return entries;
}

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: mainEntries(),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      emptyOutDir: true,
      // A sandboxed preload can load no file: everything goes into the one CommonJS bundle.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      // A data: URL in a worker or font would need a wider CSP (reliability.md D2).
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
