import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { sniffCodestream } from '../../core/pixels/codestream.ts';
import type { CodecSet } from '../../core/pixels/types.ts';
import {
  type CodecModule,
  type WasmCodecName,
  wasmCodec,
  wasmCodecs,
} from '../../core/pixels/wasm-codecs.ts';

type CodecFactory = (options: object) => Promise<CodecModule>;

const load = createRequire(import.meta.url);

/** `resources/wasm` of the clone, the build or the packaged application: the first one found upwards from here. */
function resourceFolder(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'wasm');
    if (existsSync(join(candidate, wasmCodecs.jpegLs.wasm))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** Glue and wasm of a codec: copied by the build into `resources/wasm`, in development still in its package. */
function codecFiles(name: WasmCodecName): { readonly glue: string; readonly wasm: string } {
  const { package: owner, glue, wasm } = wasmCodecs[name];
  const folder = resourceFolder();
  const copied = folder && join(folder, glue.replace(/\.js$/, '.cjs'));
  if (folder && copied && existsSync(copied)) return { glue: copied, wasm: join(folder, wasm) };
  const home = dirname(load.resolve(`@cornerstonejs/${owner}`));
  return { glue: join(home, glue), wasm: join(home, wasm) };
}

async function start(name: WasmCodecName): Promise<CodecModule> {
  const files = codecFiles(name);
  const factory = load(files.glue) as CodecFactory;
  // The module never fetches anything by itself and writes nothing to our output.
  return factory({
    wasmBinary: await readFile(files.wasm),
    locateFile: (path: string) => path,
    print,
    printErr: print,
  });
}
const print = (): void => undefined;

const started = new Map<WasmCodecName, Promise<CodecModule>>();

/** The codecs that these frames need, started once per process; core's own codecs need no loading. */
export async function codecsFor(frames: readonly Uint8Array[]): Promise<CodecSet> {
  const names = new Set<WasmCodecName>();
  for (const frame of frames) {
    const family = sniffCodestream(frame)?.family;
    if (family && family !== 'jpeg') names.add(family);
  }
  return loadCodecs([...names]);
}

export async function loadCodecs(names: readonly WasmCodecName[]): Promise<CodecSet> {
  const entries = names.map(async (name) => {
    const module = started.get(name) ?? start(name);
    started.set(name, module);
    return [name, wasmCodec(name, await module, () => started.delete(name))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
