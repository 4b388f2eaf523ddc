import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Dataset } from '../../../core/dicom/dataset.ts';
import { cancelRequest, findRequest } from '../../../core/dimse/command-build.ts';
import { encodeMessageDataset, readMessageDataset } from '../../../core/dimse/query-dataset.ts';
import { messageSyntaxes } from '../../../core/dimse/services.ts';
import { statusCategory, statusProblem } from '../../../core/dimse/status.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { PeerAssociation } from './peer-association.ts';
import type { FindAnswers, MessageDataset } from './peer-protocol.ts';
import type { TaskRun } from './peer-tasks.ts';

/** After C-CANCEL a peer has so long to come to an end; then it loses its association. */
export const cancelMs = 5_000;

const unreadableAnswers = problem('PEER_ANSWER_INVALID', { where: 'C-FIND-RSP' });

export interface FindRequest {
  readonly sopClassUid: string;
  readonly queries: readonly MessageDataset[];
  readonly limit: number;
}

/** C-FIND as SCU (PS3.4 C.4.1). Data sets are parsed here, in the worker. */
export async function findAnswers(
  run: TaskRun,
  { sopClassUid, queries, limit }: FindRequest,
): Promise<Result<FindAnswers>> {
  const wanted = [{ abstractSyntax: sopClassUid, transferSyntaxes: messageSyntaxes }];
  const opened = await run.open(wanted);
  if (!opened.ok) return opened;
  const association = opened.value;
  const contextId = association.contextOf(sopClassUid);
  if (contextId === null) {
    await association.release();
    return fail(problem('NO_CONTEXT_ACCEPTED', { service: 'C-FIND' }));
  }
  const answers: (readonly Dataset[])[] = [];
  let isPartial = false;
  for (const query of queries) {
    const found = await oneQuery(run, association, contextId, sopClassUid, query, limit);
    if (!found.ok) {
      if (association.isOpen) await association.release();
      return found;
    }
    answers.push(found.value.rows);
    isPartial ||= found.value.isPartial;
  }
  await association.release();
  return ok({ answers, isPartial });
}

async function oneQuery(
  run: TaskRun,
  association: PeerAssociation,
  contextId: number,
  sopClassUid: string,
  { dataset, charset }: MessageDataset,
  limit: number,
): Promise<Result<{ rows: readonly Dataset[]; isPartial: boolean }>> {
  const { transferSyntax } = association.contexts.get(contextId)!;
  const messageId = association.nextMessageId();
  const command = findRequest(messageId, sopClassUid);
  await association.send(contextId, command, [encodeMessageDataset(dataset, transferSyntax, charset)]);
  const rows: Dataset[] = [];
  let isPartial = false;
  let unreadable = 0;
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    cancelMessage(association, contextId, messageId);
    late = setTimeout(() => association.abort(problem('CANCELLED')), cancelMs);
  };
  run.onCancel(stop);
  try {
    for (;;) {
      const message = await association.receive();
      if (!message.ok) return run.isCancelled ? fail(problem('CANCELLED')) : message;
      const { command: answer, dataset: bytes } = message.value;
      if (answer.name !== 'C-FIND-RSP') return wrongAnswer(association, answer);
      const status = answer.status ?? 0x0110;
      if (statusCategory('find', status) !== 'pending') {
        if (run.isCancelled) return fail(problem('CANCELLED'));
        const failed = isPartial ? null : statusProblem('find', status);
        if (failed) return fail(failed);
        // Nothing that can be read is not nothing.
        if (unreadable > 0 && rows.length === 0) return fail(unreadableAnswers);
        return ok({ rows, isPartial: isPartial || unreadable > 0 });
      }
      if (isPartial || !bytes) continue;
      const read = readMessageDataset(bytes, transferSyntax);
      // One unreadable answer does not spoil the others.
      if (read.ok) rows.push(read.value);
      else unreadable += 1;
      if (rows.length >= limit) {
        isPartial = true;
        stop();
      }
    }
  } finally {
    clearTimeout(late);
    run.onCancel(null);
  }
}

/** C-CANCEL (PS3.7 9.3.2.3). */
export function cancelMessage(association: PeerAssociation, contextId: number, messageId: number): void {
  void association.send(contextId, cancelRequest(messageId), null);
}

export function wrongAnswer(association: PeerAssociation, answer: Command) {
  const wrong = problem('PEER_ANSWER_INVALID', { where: answer.name });
  association.abort(wrong);
  return fail(wrong);
}
