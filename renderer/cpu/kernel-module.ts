import kernelsUrl from '../../resources/wasm/kernels.wasm?url';

/** The kernels, compiled once per page and handed to every worker. */
let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`kernels: ${response.status}`);
  const isTyped = response.headers.get('content-type') === 'application/wasm';
  // Compiled as it streams, Chromium keeps the optimised code for the next start.
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** A failed try is not kept. */
export function kernelModule(url = kernelsUrl): Promise<WebAssembly.Module> {
  compiled ??= compile(url).catch((error: unknown) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}
