/** The guide's Python runs as it stands there, on the port of this test. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { importPaths, temporaryFolder } from '../fixtures/host.ts';
import { writeSeries } from '../fixtures/made-series.ts';
import { oblique } from '../fixtures/scans.ts';
import { openWebHost } from '../fixtures/web-host.ts';

const folder = temporaryFolder();
const run = promisify(execFile);
const guides = ['en', 'zh'].map((language) =>
  join(import.meta.dirname, `../../docs/guide/dicomweb-${language}.md`),
);
const blocksOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/```python\n([\s\S]*?)```/g)].map(([, block = '']) => block);

/** A Python that has all of these. */
const pythonWith = (...modules: readonly string[]): string | undefined =>
  ['python3', '/usr/bin/python3'].find(
    (program) =>
      spawnSync(program, ['-c', modules.map((name) => `import ${name}`).join(';') || 'pass']).status === 0,
  );
const needs = [[], ['pydicom', 'numpy'], ['dicomweb_client.api', 'numpy']] as const;

let host: Host;
let port: number;
let token: string;

beforeAll(async () => {
  const made = join(folder.path, 'made');
  writeSeries(made, {
    pixels: { bitsAllocated: 16, bytesOf: () => new Uint8Array(40).fill(3) },
    heights: [0, oblique.spacing[0]!],
  });
  ({ host, port, token } = await openWebHost(join(folder.path, 'data')));
  await importPaths(host, [made]);
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

describe('the guide’s Python', () => {
  it('is the same in both languages', () => {
    expect(blocksOf(guides[1]!)).toEqual(blocksOf(guides[0]!));
    expect(blocksOf(guides[0]!)).toHaveLength(needs.length);
    for (const block of blocksOf(guides[0]!)) expect(block.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  for (const [index, modules] of needs.entries()) {
    const program = pythonWith(...modules);
    const title = `block ${index + 1} runs${program ? '' : ` (Python with ${modules.join(', ')} is not installed)`}`;
    it.skipIf(!program)(title, async () => {
      const block = blocksOf(guides[0]!)
        [index]!.replace('11180', String(port))
        .replace('Modality=CT', 'Modality=MR');
      const env = { ...process.env, CANDELA_TOKEN: token };
      const { stdout } = await run(program!, ['-c', block], { cwd: folder.path, env });
      if (index === 0) {
        expect(stdout).toContain("['M1']");
        expect(existsSync(join(folder.path, 'first.png'))).toBe(true);
      } else if (index === 1) expect(stdout).toContain('(4, 5)');
      else expect(stdout).toMatch(/^2 objects\n1\.2\.3\.4\.\d 4 5\n/);
    });
  }
});
