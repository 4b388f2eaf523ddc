import charlsUrl from '@cornerstonejs/codec-charls/decodewasm?url';
import openjpegUrl from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjphUrl from '@cornerstonejs/codec-openjph/wasm?url';
import { sniffCodestream } from '../../core/pixels/codestream.ts';
import type { CodecSet } from '../../core/pixels/types.ts';
import { type CodecModule, type WasmCodecName, wasmCodec } from '../../core/pixels/wasm-codecs.ts';

type Factory = (options: object) => Promise<object>;

/** Glue is loaded when first needed; the wasm file lies beside the page's other assets. */
const sources: Readonly<
  Record<WasmCodecName, { wasmUrl: string; glue: () => Promise<{ default: Factory }> }>
> = {
  jpegLs: { wasmUrl: charlsUrl, glue: () => import('@cornerstonejs/codec-charls/decodewasmjs') },
  jpeg2000: { wasmUrl: openjpegUrl, glue: () => import('@cornerstonejs/codec-openjpeg/decodewasmjs') },
  htj2k: { wasmUrl: openjphUrl, glue: () => import('@cornerstonejs/codec-openjph/wasmjs') },
};

const silent = (): void => undefined;

async function bytesOf(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.arrayBuffer();
}

async function start(name: WasmCodecName): Promise<CodecModule> {
  const { wasmUrl, glue } = sources[name];
  // The module gets its bytes from us and never fetches anything by itself.
  const [wasmBinary, { default: factory }] = await Promise.all([bytesOf(wasmUrl), glue()]);
  return factory({ wasmBinary, locateFile: (path: string) => path, print: silent, printErr: silent });
}

const started = new Map<WasmCodecName, Promise<CodecModule>>();

function moduleOf(name: WasmCodecName): Promise<CodecModule> {
  const module = started.get(name) ?? start(name);
  started.set(name, module);
  // A failed download may succeed the next time.
  module.catch(() => started.delete(name));
  return module;
}

/** Starts a codec before the first frame that needs it. */
export const loadCodec = (name: WasmCodecName): void => void moduleOf(name).catch(() => undefined);

/** Samples of the frame that is decoded now: in a worker they become values before the next one is decoded. */
let samples = new Uint8Array(0);

function room(bytes: number): Uint8Array<ArrayBuffer> {
  if (samples.length !== bytes) samples = new Uint8Array(bytes);
  return samples;
}

/** The codec that a frame needs, started once per worker; core's own codecs need no loading. */
export async function codecsFor(frame: Uint8Array): Promise<CodecSet> {
  const family = sniffCodestream(frame)?.family;
  if (!family || family === 'jpeg') return {};
  const module = await moduleOf(family);
  return { [family]: wasmCodec(family, module, () => started.delete(family), room) };
}
