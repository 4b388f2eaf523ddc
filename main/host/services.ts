import type { PlanCache } from './bytes/plan-cache.ts';
import type { DecodeService } from './decode/service.ts';
import type { PeerClient } from './dimse/peer-client.ts';
import type { EventStream } from './events.ts';
import type { DataFolder } from './folder.ts';
import type { HostOptions } from './host-options.ts';
import type { ImportServices } from './import/run-import.ts';
import type { Uploads } from './import/uploads.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import type { Certificates } from './network/certificates.ts';
import type { Secrets } from './network/secrets.ts';
import type { ParseService } from './parse-service.ts';
import type { Places } from './places/places.ts';
import type { Receiver } from './receive/receiver.ts';
import type { Searches } from './remote/searches.ts';
import type { TransferRules } from './remote/transfer-rules.ts';
import type { SettingsService } from './settings/settings.ts';
import type { KeptStores } from './storage/kept-stores.ts';
import type { VersionDecider } from './storage/version-decider.ts';
import type { AuditEntry } from './store/audit-chain.ts';
import type { ReadOperations } from './store/read-operations.ts';
import type { Store } from './store/store.ts';
import type { StoreOperations } from './store/write-operations.ts';
import type { WebListener } from './web/listener.ts';
import type { WebPeers } from './web/web-peers.ts';
import type { WorkerClient } from './worker-rpc.ts';

/** What the handlers of a host share; made once, in `createHost`. */
export interface Services {
  readonly options: HostOptions;
  readonly folder: DataFolder;
  readonly store: Store;
  readonly events: EventStream;
  readonly jobs: JobRunner;
  readonly imports: ImportServices;
  readonly parse: ParseService;
  readonly decode: DecodeService;
  readonly places: Places;
  readonly uploads: Uploads;
  readonly plans: PlanCache;
  readonly settings: SettingsService;
  /** Passwords and tokens of other stations; never given back to a shell. */
  readonly secrets: Secrets;
  readonly certificates: Certificates;
  readonly versions: VersionDecider;
  /** What restored stores took the place of. */
  readonly kept: KeptStores;
  /** Takes what peers send; its intake keeps what is retrieved, too. */
  readonly receiver: Receiver;
  /** DICOMweb: our own listener for scripts, and calls to servers. */
  readonly web: WebListener;
  readonly webPeers: WebPeers;
  /** Calls to other stations by DIMSE. */
  readonly peers: PeerClient;
  /** Searches of other stations that can be stopped. */
  readonly searches: Searches;
  /** Forwards what arrives, fetches priors. */
  readonly rules: TransferRules;
  readonly now: () => number;
  audit(entry: AuditEntry): Promise<void>;
}

/** Keys say where they live: `p<n>.` in an opened place, anything else in the store. */
export const isPlaceKey = (key: string): boolean => /^p\d+\./.test(key);

/** The index that knows a key; null when its place was never opened. */
export async function indexOf(services: Services, key: string): Promise<WorkerClient<ReadOperations> | null> {
  if (!isPlaceKey(key)) return services.store.read;
  const opened = await services.store.openedPlaces();
  return opened as unknown as WorkerClient<ReadOperations> | null;
}

/** The writer of the index that knows a key; null when its place was never opened. */
export async function writerOf(
  services: Services,
  key: string,
): Promise<WorkerClient<StoreOperations> | null> {
  if (!isPlaceKey(key)) return services.store.write;
  return (await services.store.openedPlaces()) as unknown as WorkerClient<StoreOperations> | null;
}
