import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Dataset as WriteDataset } from '../../../core/dicom/write/element.ts';
import { getRequest, moveRequest } from '../../../core/dimse/command-build.ts';
import { charsetFor, encodeMessageDataset } from '../../../core/dimse/query-dataset.ts';
import { type QueryRoot, queryClasses } from '../../../core/dimse/service-table.ts';
import { getContexts, moveContexts } from '../../../core/dimse/services.ts';
import { statusCategory, statusProblem } from '../../../core/dimse/status.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { IntakeClient } from './intake-client.ts';
import type { PeerAssociation } from './peer-association.ts';
import type { SubOperationCounts } from './peer-protocol.ts';
import { cancelMessage, cancelMs, wrongAnswer } from './peer-query.ts';
import type { TaskRun } from './peer-tasks.ts';
import type { IncomingObject } from './peer-types.ts';
import { storeResponse } from './store-reception.ts';

export interface RetrieveRequest {
  readonly root: QueryRoot;
  readonly identifiers: readonly WriteDataset[];
  /** C-GET: of what will come; empty = not known. */
  readonly sopClassUids: readonly string[];
  /** C-MOVE: where to; null = C-GET. */
  readonly destination: string | null;
}

/** Archives fetch from slow storage before they answer. */
const idleMs = 120_000;
/** Pending answers whose counts never change are no progress either (lesson L87). */
const stalledMs = 600_000;

type Counts = { -readonly [K in keyof SubOperationCounts]: SubOperationCounts[K] };

/** C-GET or C-MOVE as SCU (PS3.4 C.4.2, C.4.3), one identifier after another on one association. */
export async function retrieve(
  run: TaskRun,
  intake: IntakeClient | null,
  request: RetrieveRequest,
  onCounts: (counts: SubOperationCounts) => void,
): Promise<Result<SubOperationCounts>> {
  const { root, destination } = request;
  const service = destination === null ? 'get' : 'move';
  const abstractSyntax = queryClasses[root][service];
  const wanted = destination === null ? getContexts(root, request.sopClassUids) : moveContexts(root);
  let association: PeerAssociation | null = null;
  const onStore = (contextId: number, command: Command): IncomingObject =>
    receiveObject(run, intake!, association!, contextId, command);
  const opened = await run.open(wanted, { idleMs, ...(intake && destination === null && { onStore }) });
  if (!opened.ok) return opened;
  association = opened.value;
  const contextId = association.contextOf(abstractSyntax);
  if (contextId === null) {
    await association.release();
    const name = service === 'get' ? 'C-GET' : 'C-MOVE';
    return fail(problem('NO_CONTEXT_ACCEPTED', { service: name }));
  }
  const total: Counts = { remaining: 0, completed: 0, failed: 0, warning: 0 };
  for (const identifier of request.identifiers) {
    const before = { ...total };
    const one = await new OneRetrieval(run, association, contextId, request).run(identifier, (counts) =>
      onCounts(added(before, counts)),
    );
    if (!one.ok) {
      if (association.isOpen) await association.release();
      return one;
    }
    Object.assign(total, added(before, one.value));
  }
  await association.release();
  return ok(total);
}

const added = (a: SubOperationCounts, b: SubOperationCounts): SubOperationCounts => ({
  remaining: b.remaining,
  completed: a.completed + b.completed,
  failed: a.failed + b.failed,
  warning: a.warning + b.warning,
});

class OneRetrieval {
  readonly #run: TaskRun;
  readonly #association: PeerAssociation;
  readonly #contextId: number;
  readonly #request: RetrieveRequest;
  #counts: SubOperationCounts = { remaining: null, completed: 0, failed: 0, warning: 0 };
  #changedAtMs = performance.now();

  constructor(run: TaskRun, association: PeerAssociation, contextId: number, request: RetrieveRequest) {
    this.#run = run;
    this.#association = association;
    this.#contextId = contextId;
    this.#request = request;
  }

  async run(
    identifier: WriteDataset,
    onCounts: (counts: SubOperationCounts) => void,
  ): Promise<Result<SubOperationCounts>> {
    const { transferSyntax, abstractSyntax } = this.#association.contexts.get(this.#contextId)!;
    const messageId = this.#association.nextMessageId();
    const { destination } = this.#request;
    const command =
      destination === null
        ? getRequest(messageId, abstractSyntax)
        : moveRequest(messageId, abstractSyntax, destination);
    let late: NodeJS.Timeout | undefined;
    this.#run.onCancel(() => {
      cancelMessage(this.#association, this.#contextId, messageId);
      late = setTimeout(() => this.#association.abort(problem('CANCELLED')), cancelMs);
    });
    try {
      await this.#association.send(this.#contextId, command, [
        encodeMessageDataset(identifier, transferSyntax, charsetFor(identifier)),
      ]);
      return await this.#answers(onCounts);
    } finally {
      clearTimeout(late);
      this.#run.onCancel(null);
    }
  }

  async #answers(onCounts: (counts: SubOperationCounts) => void): Promise<Result<SubOperationCounts>> {
    const { destination } = this.#request;
    const service = destination === null ? 'get' : 'move';
    for (;;) {
      const message = await this.#association.receive();
      if (!message.ok) return this.#run.isCancelled ? fail(problem('CANCELLED')) : message;
      const { command: answer } = message.value;
      if (answer.name !== (service === 'get' ? 'C-GET-RSP' : 'C-MOVE-RSP')) {
        return wrongAnswer(this.#association, answer);
      }
      this.#count(answer);
      const status = answer.status ?? 0x0110;
      if (statusCategory(service, status) === 'pending') {
        onCounts(this.#counts);
        if (performance.now() - this.#changedAtMs > stalledMs) {
          const stalled = problem('PEER_TIMEOUT');
          this.#association.abort(stalled);
          return fail(stalled);
        }
        continue;
      }
      if (this.#run.isCancelled) return fail(problem('CANCELLED'));
      onCounts(this.#counts);
      const details = { aeTitle: destination ?? '', failed: this.#counts.failed };
      const failed = statusProblem(service, status, details);
      const isPartial =
        failed?.code === 'PEER_SUBOPERATIONS_FAILED' || failed?.code === 'PEER_STATUS_WARNING';
      return failed && !isPartial ? fail(failed) : ok({ ...this.#counts, remaining: 0 });
    }
  }

  #count(answer: Command): void {
    const next = {
      remaining: answer.remainingSuboperations ?? null,
      completed: answer.completedSuboperations ?? this.#counts.completed,
      failed: answer.failedSuboperations ?? this.#counts.failed,
      warning: answer.warningSuboperations ?? this.#counts.warning,
    };
    const isSame = (Object.keys(next) as (keyof SubOperationCounts)[]).every(
      (key) => next[key] === this.#counts[key],
    );
    if (!isSame) this.#changedAtMs = performance.now();
    this.#counts = next;
  }
}

/** One C-STORE sub-operation of a C-GET: as the receiver keeps it, and answered when it is durable. */
function receiveObject(
  run: TaskRun,
  intake: IntakeClient,
  association: PeerAssociation,
  contextId: number,
  command: Command,
): IncomingObject {
  const fields = {
    transferSyntaxUid: association.contexts.get(contextId)?.transferSyntax ?? '',
    sopClassUid: command.affectedSopClassUid ?? '',
    sopInstanceUid: command.affectedSopInstanceUid ?? '',
    sourceAeTitle: run.calledAeTitle,
  };
  const sink = intake.open(fields);
  return {
    write: (bytes) => sink.write(bytes),
    end() {
      void intake
        .keep(sink, fields, run.taskId)
        .then((failed) => association.send(contextId, storeResponse(command, failed), null));
    },
    waitingBytes: () => sink.waitingBytes,
    whenBelow: (bytes, then) => sink.whenBelow(bytes, then),
    drop: () => void sink.drop(),
  };
}
