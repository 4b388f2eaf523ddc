/** Benches run in plain Node, what they use of the page too: nothing of it may need the bundler. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

it('each bench loads without the bundler', () => {
  const folder = join(import.meta.dirname, '../bench');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'run.ts');
  expect(files).toContain('mpr.ts');
  const load = `for (const file of ${JSON.stringify(files)}) await import(${JSON.stringify(`${pathToFileURL(folder).href}/`)} + file);`;
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', load];
  expect(() => execFileSync(process.execPath, words, { stdio: 'pipe', timeout: 60_000 })).not.toThrow();
});
