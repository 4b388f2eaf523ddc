import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Language } from '../../core/terms/term.ts';
import { createHost } from '../host/host.ts';
import { connectHost } from '../host/relay/client.ts';
import { packageVersion } from '../shell/open-host.ts';

/** The host of a data folder: our own, or the running Candela's where the folder is in use. */
export async function openCliHost(dataDir: string, language: Language): Promise<Result<Host>> {
  const own = await createHost({
    dataDir,
    shell: 'cli',
    version: packageVersion(import.meta.filename),
    language,
  });
  if (own.ok || own.problem.code !== 'STORE_IN_USE') return own;
  const running = await connectHost(dataDir);
  return running ? ok(running) : own;
}

/** A host on a folder of its own that is removed when the host closes. */
export async function openScratchHost(language: Language): Promise<Result<Host>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'candela-'));
  const opened = await createHost({ dataDir, shell: 'cli', language });
  if (!opened.ok) return opened;
  const host = opened.value;
  return ok({
    ...host,
    async close() {
      await host.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}
