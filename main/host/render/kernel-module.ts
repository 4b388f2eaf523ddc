import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The built kernels: `resources/wasm/kernels.wasm` of the clone, the build or the packaged application. */
function kernelFile(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'wasm', 'kernels.wasm');
    // Inside an asar archive the file lies unpacked beside it.
    const unpacked = candidate.replace(
      `app.asar${candidate.includes('\\') ? '\\' : '/'}`,
      'app.asar.unpacked/',
    );
    for (const path of [unpacked, candidate]) if (existsSync(path)) return path;
    if (dirname(folder) === folder) throw new Error('kernels.wasm is missing: run the build');
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiled once per process. Throws where the build has not made it. */
export function kernelModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(kernelFile()).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}
