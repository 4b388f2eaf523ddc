import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ok, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import type { Language } from '../../core/terms/term.ts';
import { dataFolder } from '../host/folder.ts';
import { createHost, type OwnHost } from '../host/host.ts';
import { connectHost } from '../host/relay/client.ts';
import { packageVersion } from '../shell/open-host.ts';
import type { OwnHostOptions } from './command.ts';

/** A host that just starts has the folder but does not listen yet; one that ends listens no more. */
const settleMs = 10_000;
const retryMs = 150;

const ownHost = (
  dataDir: string,
  language: Language,
  { receiver, isServed = false }: OwnHostOptions = {},
): Promise<Result<OwnHost>> =>
  createHost({
    dataDir,
    shell: isServed ? 'browser' : 'cli',
    version: packageVersion(import.meta.filename),
    language,
    ...(receiver && { receiver }),
  });

/** The host of a data folder for this process alone: STORE_IN_USE when another Candela has the folder. */
export const openOwnHost = ownHost;

/** The host of a data folder: our own, or the running Candela's where the folder is in use. */
export async function openCliHost(dataDir: string, language: Language): Promise<Result<Host>> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    const own = await ownHost(dataDir, language);
    if (own.ok || own.problem.code !== 'STORE_IN_USE') return own;
    const running = await connectHost(dataDir);
    if (running) return ok(running);
    if (waitedMs >= settleMs) return own;
    await delay(retryMs);
  }
}

/**
 * A host on a folder of its own that is removed when the host closes; with the certificates and passwords of another
 * data folder where one is named.
 */
export async function openScratchHost(language: Language, asDataDir?: string): Promise<Result<Host>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'candela-'));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  if (asDataDir !== undefined) {
    const [from, to] = [dataFolder(asDataDir), dataFolder(dataDir)];
    // Neither is there before the first station or certificate.
    await cp(from.secrets, to.secrets).catch(() => undefined);
    await cp(from.tls, to.tls, { recursive: true }).catch(() => undefined);
  }
  const opened = await createHost({ dataDir, shell: 'cli', language });
  if (!opened.ok) {
    await remove();
    return opened;
  }
  const host = opened.value;
  return ok({
    ...host,
    async close() {
      await host.close();
      await remove();
    },
  });
}
