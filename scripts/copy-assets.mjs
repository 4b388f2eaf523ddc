// Copies the codecs' WebAssembly from their packages to resources/wasm, so that host and page load them by name
// and never let a codec fetch anything by itself.

import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'resources/wasm');

/** Decoder-only builds where a package has one. */
const files = [
  '@cornerstonejs/codec-charls/dist/charlswasm_decode.wasm',
  '@cornerstonejs/codec-libjpeg-turbo-8bit/dist/libjpegturbowasm_decode.wasm',
  '@cornerstonejs/codec-openjpeg/dist/openjpegwasm_decode.wasm',
  '@cornerstonejs/codec-openjph/dist/openjphjs.wasm',
];

mkdirSync(target, { recursive: true });
for (const file of files) {
  const source = join(root, 'node_modules', file);
  if (!existsSync(source)) throw new Error(`${file} is missing from node_modules`);
  copyFileSync(source, join(target, basename(file)));
}
