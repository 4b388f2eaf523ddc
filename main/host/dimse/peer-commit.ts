import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { Dataset as WriteDataset } from '../../../core/dicom/write/element.ts';
import { encodeMessageDataset, readMessageDataset } from '../../../core/dimse/query-dataset.ts';
import { commitmentClass, commitmentInstance } from '../../../core/dimse/service-table.ts';
import { commitmentContexts, commitmentReportContexts } from '../../../core/dimse/services.ts';
import { statusProblem } from '../../../core/dimse/status.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { PeerAssociation, PeerMessage } from './peer-association.ts';
import type { CommitmentEvent } from './peer-protocol.ts';
import { wrongAnswer } from './peer-query.ts';
import type { TaskRun } from './peer-tasks.ts';

const requestAction = 1;

async function open(run: TaskRun, contexts: ReturnType<typeof commitmentContexts>) {
  const opened = await run.open(contexts);
  if (!opened.ok) return opened;
  const contextId = opened.value.contextOf(commitmentClass);
  if (contextId !== null) return ok({ association: opened.value, contextId });
  await opened.value.release();
  return fail(problem('NO_CONTEXT_ACCEPTED', { service: 'Storage Commitment' }));
}

/**
 * Asks for storage commitment (PS3.4 J.3.2). Null when the peer took the request and does not report within `waitMs`:
 * it will report on an association of its own.
 */
export async function askCommitment(
  run: TaskRun,
  action: WriteDataset,
  waitMs: number,
): Promise<Result<CommitmentEvent | null>> {
  const opened = await open(run, commitmentContexts());
  if (!opened.ok) return opened;
  const { association, contextId } = opened.value;
  const { transferSyntax } = association.contexts.get(contextId)!;
  const command: Command = {
    name: 'N-ACTION-RQ',
    messageId: association.nextMessageId(),
    requestedSopClassUid: commitmentClass,
    requestedSopInstanceUid: commitmentInstance,
    actionTypeId: requestAction,
    hasDataset: true,
  };
  await association.send(contextId, command, [encodeMessageDataset(action, transferSyntax, '')]);
  let event: CommitmentEvent | null = null;
  // A hasty peer may report before it answers.
  for (let isAnswered = false; !isAnswered; ) {
    const message = await association.receive();
    if (!message.ok) return message;
    const { command: answer } = message.value;
    if (answer.name === 'N-EVENT-REPORT-RQ') event = await takeEvent(association, message.value);
    else if (answer.name !== 'N-ACTION-RSP') return wrongAnswer(association, answer);
    else {
      const failed = statusProblem('commitment', answer.status ?? 0x0110);
      if (failed && failed.code !== 'PEER_STATUS_WARNING') {
        await association.release();
        return fail(failed);
      }
      isAnswered = true;
    }
  }
  event ??= await waitForEvent(association, waitMs);
  await association.release();
  return ok(event);
}

async function waitForEvent(association: PeerAssociation, waitMs: number): Promise<CommitmentEvent | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), waitMs);
  const message = await Promise.race([association.receive(), late.promise]);
  clearTimeout(timer);
  if (!message?.ok || message.value.command.name !== 'N-EVENT-REPORT-RQ') return null;
  return takeEvent(association, message.value);
}

async function takeEvent(
  association: PeerAssociation,
  { contextId, command, dataset }: PeerMessage,
): Promise<CommitmentEvent | null> {
  const { transferSyntax } = association.contexts.get(contextId)!;
  const read = dataset && readMessageDataset(dataset, transferSyntax);
  await association.send(contextId, eventResponse(command, read?.ok ? 0 : 0x0110), null);
  return read?.ok ? { eventTypeId: command.eventTypeId ?? 1, event: read.value } : null;
}

/** N-EVENT-REPORT-RSP (PS3.7 10.3.1). */
export const eventResponse = (request: Command, status: number): Command => ({
  name: 'N-EVENT-REPORT-RSP',
  ...(request.messageId !== undefined && { messageIdBeingRespondedTo: request.messageId }),
  affectedSopClassUid: commitmentClass,
  affectedSopInstanceUid: commitmentInstance,
  ...(request.eventTypeId !== undefined && { eventTypeId: request.eventTypeId }),
  status,
  hasDataset: false,
});

/** Reports on an association of our own, as the SCP (PS3.4 J.3.3). */
export async function reportCommitment(
  run: TaskRun,
  eventTypeId: number,
  event: WriteDataset,
): Promise<Result<null>> {
  const opened = await open(run, commitmentReportContexts());
  if (!opened.ok) return opened;
  const { association, contextId } = opened.value;
  const { transferSyntax } = association.contexts.get(contextId)!;
  const command: Command = {
    name: 'N-EVENT-REPORT-RQ',
    messageId: association.nextMessageId(),
    affectedSopClassUid: commitmentClass,
    affectedSopInstanceUid: commitmentInstance,
    eventTypeId,
    hasDataset: true,
  };
  await association.send(contextId, command, [encodeMessageDataset(event, transferSyntax, '')]);
  const message = await association.receive();
  if (!message.ok) return message;
  const { command: answer } = message.value;
  if (answer.name !== 'N-EVENT-REPORT-RSP') return wrongAnswer(association, answer);
  await association.release();
  const failed = statusProblem('commitment', answer.status ?? 0x0110);
  return failed ? fail(failed) : ok(null);
}
