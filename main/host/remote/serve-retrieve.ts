import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../../core/base/result.ts';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { responseTo } from '../../../core/dimse/command-build.ts';
import { encodeMessageDataset } from '../../../core/dimse/query-dataset.ts';
import {
  failedUidsDataset,
  finalRetrieveStatus,
  parseRetrieveIdentifier,
  type Suboperations,
} from '../../../core/dimse/query-retrieve.ts';
import { statusCategory } from '../../../core/dimse/status.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { ServiceAnswer, ServiceRequest } from '../dimse/service-handler.ts';
import { objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { ObjectToSend } from '../store/peer-reads.ts';
import type { TransferCounts } from '../store/transfers.ts';
import { oneOfEachUid } from './one-of-each-uid.ts';
import { targetOf } from './peer-target.ts';
import { refusal, rootOf } from './serve-find.ts';
import { countsText } from './transfer-audit.ts';

/** Objects of one request; an archive's worth is asked for study by study. */
const mostObjects = 100_000;
/** Counts go out this often. */
const pendingEveryMs = 500;

/** The objects that a request names, or its refusal already sent. */
async function objectsOf(
  services: Services,
  request: ServiceRequest,
  { respond }: ServiceAnswer,
): Promise<readonly ObjectToSend[] | null> {
  const { command, context, dataset } = request;
  const root = rootOf(request);
  if (!root || !dataset) {
    await respond(responseTo(command, root ? statuses.datasetMismatch : statuses.sopClassNotSupported));
    return null;
  }
  const parsed = parseRetrieveIdentifier(dataset, context.transferSyntax, root);
  if (!parsed.ok) {
    await respond(refusal(command, parsed.refusal));
    return null;
  }
  const { patientId, studyUids, seriesUids, instanceUids } = parsed.request;
  const rows = await services.store.read.call('objectsOfUids', {
    ...(patientId !== '' && { patientId }),
    studyUids,
    seriesUids,
    sopUids: instanceUids,
    limit: mostObjects,
  });
  return oneOfEachUid(rows).objects;
}

/** Sub-operations of one request, and the responses about them. */
class Suboperation {
  readonly #command: Command;
  readonly #answer: ServiceAnswer;
  readonly #transferSyntax: string;
  readonly #failedUids: string[] = [];
  #counts: { -readonly [K in keyof Suboperations]: number };
  #toldAtMs = performance.now();

  constructor({ command, context }: ServiceRequest, answer: ServiceAnswer, total: number) {
    this.#command = command;
    this.#answer = answer;
    this.#transferSyntax = context.transferSyntax;
    this.#counts = { remaining: total, completed: 0, failed: 0, warning: 0 };
  }

  async count(sopInstanceUid: string, state: 'completed' | 'failed' | 'warning'): Promise<void> {
    this.#counts[state] += 1;
    this.#counts.remaining -= 1;
    if (state === 'failed') this.#failedUids.push(sopInstanceUid);
    if (performance.now() - this.#toldAtMs < pendingEveryMs || this.#counts.remaining === 0) return;
    this.#toldAtMs = performance.now();
    await this.#answer.respond(responseTo(this.#command, statuses.pending, this.#details(true)));
  }

  get counts(): TransferCounts {
    const { completed, warning, failed, remaining } = this.#counts;
    const none = { before: 0, committed: 0, notCommitted: 0 };
    return { ...none, done: completed + warning, failed, left: remaining };
  }

  /** The last word; what was not tried counts as it does when cancelled, or has failed. */
  async end(isCancelled: boolean, untried: readonly string[]): Promise<void> {
    if (!isCancelled) {
      this.#counts.failed += untried.length;
      this.#counts.remaining -= untried.length;
      this.#failedUids.push(...untried);
    }
    const status = isCancelled ? statuses.cancelled : finalRetrieveStatus(this.#counts);
    const hasList = this.#failedUids.length > 0;
    const list = hasList
      ? encodeMessageDataset(failedUidsDataset(this.#failedUids), this.#transferSyntax, '')
      : null;
    await this.#answer.respond(responseTo(this.#command, status, this.#details(isCancelled), hasList), list);
  }

  #details(withRemaining: boolean) {
    const { remaining, completed, failed, warning } = this.#counts;
    return {
      ...(withRemaining && { remainingSuboperations: remaining }),
      completedSuboperations: completed,
      failedSuboperations: failed,
      warningSuboperations: warning,
    };
  }
}

/** C-GET: objects go in the contexts that the peer opened for them, as they are stored (PS3.4 C.4.3). */
export async function answerGet(
  services: Services,
  request: ServiceRequest,
  answer: ServiceAnswer,
): Promise<void> {
  const objects = await objectsOf(services, request, answer);
  if (!objects) return;
  const contexts = new Map(
    request.peer.contexts
      .filter(({ peerIsScp }) => peerIsScp)
      .map(({ abstractSyntax, transferSyntax, contextId }) => [
        `${abstractSyntax} ${transferSyntax}`,
        contextId,
      ]),
  );
  await audit(services, request, objects);
  const running = new Suboperation(request, answer, objects.length);
  let outcome = 'ok';
  for (const object of objects) {
    if (request.signal.aborted) {
      outcome = 'CANCELLED';
      break;
    }
    const state = await sendInContext(services, object, contexts, answer);
    if (state === null) {
      await auditEnd(services, request, running.counts, 'CONNECTION_LOST');
      return;
    }
    await running.count(object.sopUid, state);
  }
  await running.end(outcome !== 'ok', []);
  await auditEnd(services, request, running.counts, outcome);
}

/** Null: the association is gone. */
async function sendInContext(
  services: Services,
  object: ObjectToSend,
  contexts: ReadonlyMap<string, number>,
  answer: ServiceAnswer,
): Promise<'completed' | 'failed' | 'warning' | null> {
  const ways = [object.transferSyntax, '1.2.840.10008.1.2.1', '1.2.840.10008.1.2'];
  const to = ways.find((syntax) => contexts.has(`${object.sopClass} ${syntax}`));
  if (to === undefined) return 'failed';
  const stored = {
    file: objectPath(services.folder.objects, object.fileSha256),
    datasetOffset: object.datasetOffset,
    sizeBytes: object.sizeBytes,
  };
  const prepared =
    to === object.transferSyntax ? { ...stored, drop: null } : await transcoded(services, stored.file, to);
  if (!prepared) return 'failed';
  const { drop, ...file } = prepared;
  const status = await answer.store({
    ...file,
    contextId: contexts.get(`${object.sopClass} ${to}`)!,
    sopClassUid: object.sopClass,
    sopInstanceUid: object.sopUid,
  });
  await drop?.();
  if (typeof status !== 'number') return null;
  const category = statusCategory('store', status);
  return category === 'success' ? 'completed' : category === 'warning' ? 'warning' : 'failed';
}

async function transcoded(services: Services, path: string, to: string) {
  const out = join(services.folder.incoming, `${randomUUID()}.send`);
  const made = await services.decode.transcode({ path, to, out });
  if (!made.ok) return null;
  return { file: out, datasetOffset: 0, sizeBytes: made.value, drop: () => rm(out, { force: true }) };
}

/** C-MOVE: to a listed node only, whatever the peer asks for (reliability.md N22). */
export async function answerMove(
  services: Services,
  request: ServiceRequest,
  answer: ServiceAnswer,
): Promise<void> {
  const { command, signal } = request;
  const destination = command.moveDestination ?? '';
  const node = services.settings
    .get()
    .nodes.find(
      ({ protocol, aeTitle, canReceive }) => protocol === 'dimse' && canReceive && aeTitle === destination,
    );
  if (!node) {
    await services.audit({ event: 'remote.send', outcome: 'NODE_MISSING', detail: `C-MOVE ${destination}` });
    await answer.respond(responseTo(command, statuses.moveDestinationUnknown));
    return;
  }
  const objects = await objectsOf(services, request, answer);
  if (!objects) return;
  await audit(services, request, objects);
  const running = new Suboperation(request, answer, objects.length);
  const told = new Set<string>();
  let counting: Promise<void> = Promise.resolve();
  const moved = await sendTo(services, node, request, objects, (uid, state) => {
    if (told.has(uid)) return;
    told.add(uid);
    counting = counting.then(() => running.count(uid, state));
  });
  await counting;
  const untried = objects.map(({ sopUid }) => sopUid).filter((uid) => !told.has(uid));
  await running.end(signal.aborted, moved.ok ? [] : untried);
  const reason = moved.ok ? 'ok' : moved.problem.code;
  await auditEnd(services, request, running.counts, signal.aborted ? 'CANCELLED' : reason);
}

type Told = (sopInstanceUid: string, state: 'completed' | 'failed' | 'warning') => void;

async function sendTo(
  services: Services,
  node: RemoteNode,
  { peer, command, signal }: ServiceRequest,
  rows: readonly ObjectToSend[],
  tell: Told,
): Promise<Result<unknown>> {
  const objects = rows.map((row) => ({
    sopClassUid: row.sopClass,
    sopInstanceUid: row.sopUid,
    transferSyntaxUid: row.transferSyntax,
    file: objectPath(services.folder.objects, row.fileSha256),
    datasetOffset: row.datasetOffset,
    sizeBytes: row.sizeBytes,
  }));
  return services.peers.store(
    await targetOf(services, node),
    {
      objects,
      originator: { aeTitle: peer.callingAeTitle, messageId: command.messageId ?? 0 },
      onOutcome: ({ index, state }) =>
        tell(objects[index]!.sopInstanceUid, state === 'done' ? 'completed' : state),
      transcode: (object, to, out) => services.decode.transcode({ path: object.file, to, out }),
    },
    signal,
  );
}

async function audit(
  services: Services,
  { peer, command }: ServiceRequest,
  objects: readonly ObjectToSend[],
): Promise<void> {
  const studies = [...new Set(objects.map(({ studyKey }) => studyKey))].slice(0, 20).join(' ');
  const detail = `${askedBy({ peer, command })}: ${objects.length} of ${studies}`;
  await services.audit({ event: 'remote.send', outcome: 'ok', detail });
}

const askedBy = ({ peer, command }: Pick<ServiceRequest, 'peer' | 'command'>): string =>
  `${command.name.replace(/-RQ$/, '')} by ${peer.callingAeTitle} to ${command.moveDestination ?? peer.callingAeTitle}`;

async function auditEnd(
  services: Services,
  request: ServiceRequest,
  counts: TransferCounts,
  outcome: string,
): Promise<void> {
  // What failed is no success, though every object was tried.
  const told = outcome === 'ok' && counts.failed > 0 ? 'SEND_INCOMPLETE' : outcome;
  await services.audit({
    event: 'remote.sent',
    outcome: told,
    detail: `${askedBy(request)} ${countsText(counts)}`,
  });
}
