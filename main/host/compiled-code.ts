import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where V8's compiled code is kept. A folder of the user's own, not the data folder: that one may be shared,
 * and whoever can write compiled code decides what runs.
 */
export function compiledCodeDir(
  platform: string = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Candela', 'code-cache');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Candela', 'code');
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'candela', 'code');
}

/**
 * Code that has run once is not compiled again: of an import of 400 slices, a fifth was compiling. Workers
 * started from now on inherit it by the environment. A folder that cannot be written costs speed only.
 */
export function keepCompiledCode(): void {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] || process.env['NODE_COMPILE_CACHE']) return;
  const dir = compiledCodeDir();
  enableCompileCache(dir);
  process.env['NODE_COMPILE_CACHE'] = dir;
}
