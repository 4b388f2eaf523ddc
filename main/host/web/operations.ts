import { problem } from '../../../core/base/problem.ts';
import { fail, type Result } from '../../../core/base/result.ts';
import type { NodeTest } from '../../../core/contract/network.ts';
import type { RemoteQuery, RemoteSeries, RetrieveItem } from '../../../core/contract/remote.ts';
import type { WebDataset } from '../../../core/dicomweb/json-read.ts';
import { IntakeClient, type IntakePlaces } from '../dimse/intake-client.ts';
import type { IntakeNote, IntakeOperations } from '../dimse/intake-protocol.ts';
import type {
  FoundStudy,
  RemoteInstance,
  RetrieveCounts,
  SendObject,
  SendOutcome,
} from '../remote/archive.ts';
import { WebClient, type WebTimes, type WebWaits } from './client.ts';
import type { WebAccess } from './credentials.ts';
import { bulkData, frames, metadata, rendered, type WebPart } from './read.ts';
import { type RetrieveTask, retrieve } from './retrieve.ts';
import { listInstances, listSeries, searchStudies } from './search.ts';
import { send } from './send.ts';
import { addressTest, testServer } from './test-server.ts';

/** `taskId` names a task in notes and for `cancel`. */
export interface WebTask {
  readonly taskId: number;
  readonly access: WebAccess;
  /** How long it waits (limits in Settings). */
  readonly waits?: WebWaits;
}

export type WebNote =
  | IntakeNote
  | { readonly kind: 'outcome'; readonly taskId: number; readonly outcome: SendOutcome }
  | { readonly kind: 'counts'; readonly taskId: number; readonly counts: RetrieveCounts };

/**
 * What the web worker does: everything that reads what DICOMweb servers say, away from the host's thread, in a thread
 * that may be ended. All tasks run at once; a cancelled one answers CANCELLED.
 */
export interface WebOperations extends IntakeOperations {
  search(
    input: WebTask & { readonly query: RemoteQuery },
  ): Promise<Result<{ rows: FoundStudy[]; partial: boolean }>>;
  series(input: WebTask & { readonly studyInstanceUID: string }): Promise<Result<RemoteSeries[]>>;
  instances(input: WebTask & { readonly item: RetrieveItem }): Promise<Result<RemoteInstance[]>>;
  retrieve(input: WebTask & Omit<RetrieveTask, 'origin'>): Promise<Result<RetrieveCounts>>;
  metadata(input: WebTask & { readonly item: RetrieveItem }): Promise<Result<WebDataset[]>>;
  /** `frames` from 1; `transferSyntax` `*` = as they are coded, left out = little-endian pixels. */
  frames(
    input: WebTask & {
      readonly item: RetrieveItem;
      readonly frames: readonly number[];
      readonly transferSyntax?: string;
    },
  ): Promise<Result<WebPart[]>>;
  rendered(
    input: WebTask & { readonly item: RetrieveItem; readonly frame: number | null },
  ): Promise<Result<WebPart>>;
  bulkData(input: WebTask & { readonly uri: string }): Promise<Result<WebPart[]>>;
  send(
    input: WebTask & { readonly objects: readonly SendObject[]; readonly sourceAeTitle: string },
  ): Promise<Result<null>>;
  test(input: WebTask): Promise<NodeTest>;
  cancel(input: { readonly taskId: number }): void;
}

export function webOperations(
  places: IntakePlaces,
  note: (note: WebNote) => void,
  times: Partial<WebTimes> = {},
): WebOperations {
  const intake = new IntakeClient(places, note);
  const running = new Map<number, AbortController>();

  /** One client a task: connections and tokens of two tasks have nothing to do with each other. */
  const use = async <T, R>(
    { taskId, access, waits }: WebTask,
    work: (client: WebClient, signal: AbortSignal) => Promise<T>,
    refused: (reason: Extract<Result<never>, { ok: false }>) => R,
  ): Promise<T | R> => {
    const client = WebClient.open(access, { ...times, ...waits });
    if (!client.ok) return refused(client);
    const controller = new AbortController();
    running.set(taskId, controller);
    try {
      return await work(client.value, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return refused(fail(problem('CANCELLED')));
      throw error;
    } finally {
      running.delete(taskId);
      client.value.close();
    }
  };
  const asIs = <F>(failed: F): F => failed;

  return {
    ...intake.operations,
    search: (task) => use(task, (client, signal) => searchStudies(client, task.query, signal), asIs),
    series: (task) => use(task, (client, signal) => listSeries(client, task.studyInstanceUID, signal), asIs),
    instances: (task) => use(task, (client, signal) => listInstances(client, task.item, signal), asIs),
    retrieve: (task) =>
      use(
        task,
        (client, signal) =>
          retrieve(client, intake, { ...task, origin: task.taskId }, signal, (counts) =>
            note({ kind: 'counts', taskId: task.taskId, counts }),
          ),
        asIs,
      ),
    metadata: (task) => use(task, (client, signal) => metadata(client, task.item, signal), asIs),
    frames: (task) =>
      use(
        task,
        (client, signal) => frames(client, task.item, task.frames, signal, task.transferSyntax),
        asIs,
      ),
    rendered: (task) => use(task, (client, signal) => rendered(client, task.item, task.frame, signal), asIs),
    bulkData: (task) => use(task, (client, signal) => bulkData(client, task.uri, signal), asIs),
    send: (task) =>
      use(
        task,
        (client, signal) =>
          send(client, task.objects, task.sourceAeTitle, signal, (outcome) =>
            note({ kind: 'outcome', taskId: task.taskId, outcome }),
          ),
        asIs,
      ),
    test: (task) =>
      use(
        task,
        (client, signal) => testServer(client, /^https:/i.test(task.access.node.url.trim()), signal),
        addressTest,
      ),
    cancel: ({ taskId }) => running.get(taskId)?.abort(),
  };
}
