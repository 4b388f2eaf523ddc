export function buildKernels(options?: { force?: boolean }): Promise<string>;
export function kernelsReady(): Promise<string>;
