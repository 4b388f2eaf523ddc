// Copies the codecs from their packages to resources/wasm: the WebAssembly, and beside it the CommonJS glue that the
// host requires at run time (bundled into an ES module it would not find `__dirname`). The page bundles its own.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'resources/wasm');

/** Decoder-only builds where a package has one; the names are those of core/pixels/wasm-codecs.ts. */
const builds = [
  ['codec-charls', 'charlswasm_decode'],
  ['codec-openjpeg', 'openjpegwasm_decode'],
  ['codec-openjph', 'openjphjs'],
];

mkdirSync(target, { recursive: true });
for (const [owner, name] of builds) {
  for (const [from, to] of [
    [`${name}.wasm`, `${name}.wasm`],
    [`${name}.js`, `${name}.cjs`],
  ]) {
    const source = join(root, 'node_modules/@cornerstonejs', owner, 'dist', from);
    if (!existsSync(source)) throw new Error(`${owner}/${from} is missing from node_modules`);
    copyFileSync(source, join(target, to));
  }
}
// Left by earlier builds: JPEG is decoded by core itself.
for (const file of readdirSync(target)) if (file.startsWith('libjpegturbo')) rmSync(join(target, file));
