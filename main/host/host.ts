import { availableParallelism } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import { problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { type CallName, calls } from '../../core/contract/index.ts';
import { auditWriter } from './app/audit-writer.ts';
import { appHandlers } from './app/handlers.ts';
import { PlanCache } from './bytes/plan-cache.ts';
import { answerBytes } from './bytes/routes.ts';
import { collectWhenQuiet } from './collect-garbage.ts';
import { createDecodeService } from './decode/service.ts';
import { deriveHandlers } from './derive/handlers.ts';
import { PeerClient } from './dimse/peer-client.ts';
import { EventStream } from './events.ts';
import { dataFolder } from './folder.ts';
import type { Handlers } from './handler.ts';
import type { HostOptions } from './host-options.ts';
import { adoptObjects } from './import/adopt.ts';
import { freeBytesOf, stopBelowBytes } from './import/free-space.ts';
import { importHandlers } from './import/handlers.ts';
import { rehearseSoon } from './import/rehearsal.ts';
import { Uploads } from './import/uploads.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { maskHandlers } from './masks/handlers.ts';
import { Certificates } from './network/certificates.ts';
import { networkHandlers } from './network/handlers.ts';
import { Secrets } from './network/secrets.ts';
import { CopyPool } from './objects/copy-pool.ts';
import { createParseService } from './parse/service.ts';
import { Places } from './places/places.ts';
import { readingHandlers } from './reading/handlers.ts';
import { Receiver } from './receive/receiver.ts';
import { Refusals } from './refusals.ts';
import { serveRelay } from './relay/server.ts';
import { remoteHandlers } from './remote/handlers.ts';
import { timeoutsOf, webWaitsOf } from './remote/peer-target.ts';
import { Searches } from './remote/searches.ts';
import { serviceHandlers } from './remote/service-handlers.ts';
import { transferAudit } from './remote/transfer-audit.ts';
import { TransferRules } from './remote/transfer-rules.ts';
import { reportHandlers } from './report/handlers.ts';
import type { Services } from './services.ts';
import { SettingsService } from './settings/settings.ts';
import { firstWrites } from './storage/first-writes.ts';
import { storageHandlers } from './storage/handlers.ts';
import { KeptStores } from './storage/kept-stores.ts';
import { swapRestored } from './storage/swap-restored.ts';
import { startUpkeep } from './storage/upkeep.ts';
import { VersionDecider } from './storage/version-decider.ts';
import { isDiskFull } from './store/make-room.ts';
import { type Store, startStore } from './store/store.ts';
import { isDamaged, suspectIndex } from './store/suspect-index.ts';
import { studiesHandlers } from './studies/handlers.ts';
import { WebListener } from './web/listener.ts';
import { WebPeers } from './web/web-peers.ts';
import { threads } from './worker-rpc.ts';

const handlers: Handlers<CallName> = {
  ...appHandlers,
  ...importHandlers,
  ...studiesHandlers,
  ...readingHandlers,
  ...maskHandlers,
  ...deriveHandlers,
  ...reportHandlers,
  ...networkHandlers,
  ...remoteHandlers,
  ...storageHandlers,
};

/** A host in this process, as the shell has it that opened it. */
export interface OwnHost extends Host {
  /** Tells the audit trail that the shell refused something; `rule` is the shell's word for why. */
  noteRefusal(rule: string): void;
}

/**
 * Opens a data folder and answers everything a shell may ask. Needs no Electron. Problems: STORE_IN_USE (another
 * Candela has it), STORE_TOO_NEW, MIGRATION_FAILED, READ_ONLY_STORE, DISK_FULL, IO_ERROR.
 */
export async function createHost(options: HostOptions): Promise<Result<OwnHost>> {
  if (!isAbsolute(options.dataDir)) return createHost({ ...options, dataDir: resolve(options.dataDir) });
  const folder = dataFolder(options.dataDir);
  const swapped = await swapRestored(folder);
  if (!swapped.ok) return swapped;
  const store = await startStore(folder);
  if (!store.ok) return store;
  const services = await makeServices(options, store.value);
  const begun = await firstWrites(services);
  if (!begun.ok) {
    await Promise.all([services.imports.copies.close(), services.decode.close(), services.parse.close()]);
    return begun;
  }
  const settled = adoptObjects(services);
  // A command ends soon and starts only what it uses; a window is used for hours.
  let askedMs = performance.now();
  let endRehearsal = async (): Promise<void> => undefined;
  let endCollecting = (): void => undefined;
  if (options.shell !== 'cli') {
    services.imports.copies.warm();
    services.parse.warm();
    const quietForMs = (): number => performance.now() - askedMs;
    endRehearsal = rehearseSoon(services, quietForMs, threads.collect);
    endCollecting = collectWhenQuiet(threads, quietForMs);
  }
  // A short command does not open a port, unless it is asked to.
  if (options.shell !== 'cli' || options.receiver?.enabled) void services.receiver.start();
  if (options.shell !== 'cli') void services.web.start();
  if (options.shell !== 'cli' || options.receiver?.enabled) services.rules.start();
  const host = makeHost(services, settled, startUpkeep(services, settled));
  const refusals = new Refusals(services.audit);
  const endRelay = await serveRelay(host, folder, options.shell);
  return ok({
    ...host,
    call(name, input) {
      askedMs = performance.now();
      return host.call(name, input);
    },
    fetch(request) {
      askedMs = performance.now();
      return host.fetch(request);
    },
    noteRefusal: (rule) => refusals.note(rule),
    async close() {
      await endRelay();
      await refusals.flush();
      endCollecting();
      await endRehearsal();
      await host.close();
    },
  });
}

async function makeServices(options: HostOptions, store: Store): Promise<Services> {
  const folder = dataFolder(options.dataDir);
  const now = options.clock ?? Date.now;
  const events = new EventStream();
  const parse = createParseService();
  const decode = createDecodeService({ threads: Math.min(4, availableParallelism()) });
  const imports = {
    folder,
    scanner: options.scanner ?? parse,
    parse,
    copies: new CopyPool(),
    freeBytes: options.freeBytes ?? freeBytesOf,
    unknownObjects: (fileSha256: readonly string[]) => store.read.call('unknownObjects', { fileSha256 }),
    now,
  };
  const settings = await SettingsService.load(store, events);
  const certificates = new Certificates(folder.tls, now);
  const audit: Services['audit'] = auditWriter(store, now);
  const secrets = new Secrets(folder.secrets, options.secretBox ?? null);
  const shared = { store, imports, folder, now, events, settings, certificates, secrets, audit };
  const receiver = new Receiver(
    shared,
    serviceHandlers(() => services),
    options.receiver,
  );
  const services: Services = {
    ...shared,
    options,
    jobs: new JobRunner(store, events, now, transferAudit({ store, audit })),
    parse,
    decode,
    versions: new VersionDecider({ store, folder, decode, parse, events }),
    kept: new KeptStores(folder.root),
    places: new Places(store),
    uploads: new Uploads(folder.uploads),
    plans: new PlanCache(folder),
    receiver,
    web: new WebListener({ ...shared, parse, decode }),
    peers: new PeerClient(
      folder,
      () => receiver.intake,
      () => timeoutsOf(settings.get().network.limits),
    ),
    searches: new Searches(),
    rules: new TransferRules(() => services),
    webPeers: new WebPeers(
      folder,
      () => receiver.intake,
      () => webWaitsOf(settings.get().network.limits),
    ),
  };
  return services;
}

function makeHost(services: Services, settled: Promise<void>, endUpkeep: () => Promise<void>): Host {
  let isClosed = false;
  return {
    async call(name, input) {
      if (isClosed) return fail(problem('INTERNAL', { reason: 'closed' }));
      return callOne(services, name, input) as ReturnType<Host['call']> as never;
    },
    subscribe: (fromSeq, listener) => services.events.subscribe(fromSeq, listener),
    fetch: (request) => answerBytes(services, request),
    async close() {
      if (isClosed) return;
      isClosed = true;
      const upkeepEnded = endUpkeep();
      await settled;
      await services.web.close();
      // What retrievals still bring arrives as what the receiver takes.
      await services.rules.close();
      await services.jobs.close();
      await services.receiver.close();
      await Promise.all([services.peers.close(), services.webPeers.close()]);
      await upkeepEnded;
      services.events.close();
      await Promise.all([services.imports.copies.close(), services.decode.close(), services.parse.close()]);
      await services.versions.ended();
      await services.store.close();
    },
  };
}

/** Validates, runs, and turns a bug into INTERNAL: it costs this call only. */
async function callOne(services: Services, name: CallName, input: unknown): Promise<Result<unknown>> {
  if (!Object.hasOwn(calls, name)) return fail(problem('INPUT_INVALID', { call: String(name).slice(0, 64) }));
  const parsed = v.safeParse(calls[name].input as v.GenericSchema, input);
  if (!parsed.success) return fail(problem('INPUT_INVALID', { call: name }));
  const handler = handlers[name] as (services: Services, input: unknown) => Promise<Result<unknown>>;
  try {
    return await handler(services, parsed.output);
  } catch (error) {
    if (isDamaged(error)) {
      suspectIndex(services.folder);
      return fail(problem('OBJECT_CORRUPT', { reason: 'index' }, 'index.db'));
    }
    if (isDiskFull(error)) return fail(problem('DISK_FULL', { missingBytes: stopBelowBytes }));
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return fail(problem('INTERNAL', { reason }));
  }
}
