import { type Problem, problem } from '../../../core/base/problem.ts';
import { responseNameOf } from '../../../core/dimse/command-table.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { ReceiverNote, ReceiverOperations } from '../dimse/receiver-protocol.ts';
import type { ServiceAnswer, ServiceHandlers } from '../dimse/service-handler.ts';
import { type WorkerClient, WorkerEnded } from '../worker-rpc.ts';

type RequestNote = Extract<ReceiverNote, { kind: 'request' }>;

/** Answers peers' requests by their handlers; each has its own signal, which C-CANCEL aborts. */
export class RequestDesk {
  readonly #handlers: ServiceHandlers;
  readonly #running = new Map<number, AbortController>();

  constructor(handlers: ServiceHandlers) {
    this.#handlers = handlers;
  }

  cancelled(requestId: number): void {
    this.#running.get(requestId)?.abort();
  }

  /** The worker is gone, and its associations with it. */
  close(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async take(note: RequestNote, worker: WorkerClient<ReceiverOperations>): Promise<void> {
    const { requestId, peer, context, command, dataset } = note;
    const abort = new AbortController();
    this.#running.set(requestId, abort);
    const answer = answerOf(requestId, worker);
    let failed = false;
    try {
      const handler = this.#handlers[command.name];
      if (handler) await handler({ peer, context, command, dataset, signal: abort.signal }, answer);
      else await answer.respond(unrecognized(command));
    } catch {
      failed = true;
    }
    this.#running.delete(requestId);
    await settled(worker.call('handled', { requestId, failed }), undefined);
  }
}

const lost: Problem = problem('CONNECTION_LOST');

const answerOf = (requestId: number, worker: WorkerClient<ReceiverOperations>): ServiceAnswer => ({
  respond: (command, dataset = null) =>
    settled(worker.call('respond', { requestId, command, dataset }), false),
  request: (contextId, command, dataset = null) =>
    settled(worker.call('ask', { requestId, contextId, command, dataset }), lost),
  store: (object) => settled(worker.call('sendObject', { requestId, object }), lost),
});

/** A worker that ended took the association with it. */
async function settled<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WorkerEnded) return otherwise;
    throw error;
  }
}

/** PS3.7 C.5.23. */
const unrecognized = (request: Command): Command => ({
  name: responseNameOf(request.name)!,
  ...(request.messageId !== undefined && { messageIdBeingRespondedTo: request.messageId }),
  ...(request.affectedSopClassUid !== undefined && { affectedSopClassUid: request.affectedSopClassUid }),
  status: statuses.unrecognizedOperation,
  hasDataset: false,
});
