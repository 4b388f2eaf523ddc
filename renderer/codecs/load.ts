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

async function start(name: WasmCodecName): Promise<CodecModule> {
  const { wasmUrl, glue } = sources[name];
  const [response, { default: factory }] = await Promise.all([fetch(wasmUrl), glue()]);
  if (!response.ok) throw new Error(`codec ${name}: ${response.status}`);
  // The module gets its bytes from us and never fetches anything by itself.
  const wasmBinary = await response.arrayBuffer();
  return factory({ wasmBinary, locateFile: (path: string) => path, print: silent, printErr: silent });
}

const started = new Map<WasmCodecName, Promise<CodecModule>>();

/** The codec that a frame needs, started once per worker; core's own codecs need no loading. */
export async function codecsFor(frame: Uint8Array): Promise<CodecSet> {
  const family = sniffCodestream(frame)?.family;
  if (!family || family === 'jpeg') return {};
  const module = started.get(family) ?? start(family);
  started.set(family, module);
  try {
    return { [family]: wasmCodec(family, await module, () => started.delete(family)) };
  } catch (cause) {
    // A failed download may succeed the next time.
    started.delete(family);
    throw cause;
  }
}
