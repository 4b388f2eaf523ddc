/** The kernels, compiled once per page and handed to every render worker. */
let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`kernels: ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Both shells serve `resources/wasm` as `/wasm/`. A failed try is not kept. */
export function kernelModule(url = '/wasm/kernels.wasm'): Promise<WebAssembly.Module> {
  compiled ??= compile(url).catch((error: unknown) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}
