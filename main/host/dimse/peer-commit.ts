import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { commitmentReport, commitmentRequest, responseTo } from '../../../core/dimse/command-build.ts';
import {
  type CommitmentReport,
  type CommitmentRequest,
  encodeCommitmentReport,
  encodeCommitmentRequest,
  readCommitmentReport,
} from '../../../core/dimse/commitment.ts';
import { commitmentClass } from '../../../core/dimse/service-table.ts';
import { commitmentContexts, commitmentReportContexts } from '../../../core/dimse/services.ts';
import { statusProblem } from '../../../core/dimse/status.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { PeerAssociation } from './peer-association.ts';
import { wrongAnswer } from './peer-query.ts';
import type { TaskRun } from './peer-tasks.ts';
import type { PeerMessage } from './peer-types.ts';

async function open(run: TaskRun, contexts: ReturnType<typeof commitmentContexts>) {
  const opened = await run.open(contexts);
  if (!opened.ok) return opened;
  const contextId = opened.value.contextOf(commitmentClass);
  if (contextId !== null) return ok({ association: opened.value, contextId });
  await opened.value.release();
  return fail(problem('NO_CONTEXT_ACCEPTED', { service: 'Storage Commitment' }));
}

/** Reports on one association; a peer that goes on and on gets its end. */
const mostReports = 100;

/**
 * Asks for storage commitment (PS3.4 J.3.2). Gives all reports that come until that of this request, or within `waitMs`:
 * peers also use the association for those of earlier requests. Without its own, the peer will report on one of its own.
 */
export async function askCommitment(
  run: TaskRun,
  request: CommitmentRequest,
  waitMs: number,
): Promise<Result<CommitmentReport[]>> {
  const opened = await open(run, commitmentContexts());
  if (!opened.ok) return opened;
  const { association, contextId } = opened.value;
  const { transferSyntax } = association.contexts.get(contextId)!;
  const command = commitmentRequest(association.nextMessageId());
  await association.send(contextId, command, [encodeCommitmentRequest(request, transferSyntax)]);
  const reports: CommitmentReport[] = [];
  // A hasty peer may report before it answers.
  for (let isAnswered = false; !isAnswered; ) {
    const message = await association.receive();
    if (!message.ok) return message;
    const { command: answer } = message.value;
    if (answer.name === 'N-EVENT-REPORT-RQ') await takeEvent(association, message.value, reports);
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
  await waitForReport(association, { request, waitMs }, reports);
  await association.release();
  return ok(reports);
}

async function waitForReport(
  association: PeerAssociation,
  { request, waitMs }: { readonly request: CommitmentRequest; readonly waitMs: number },
  reports: CommitmentReport[],
): Promise<void> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), waitMs);
  const isReported = () => reports.some(({ transactionUid }) => transactionUid === request.transactionUid);
  for (let taken = 0; !isReported() && taken < mostReports; taken++) {
    const message = await Promise.race([association.receive(), late.promise]);
    if (!message?.ok || message.value.command.name !== 'N-EVENT-REPORT-RQ') break;
    await takeEvent(association, message.value, reports);
  }
  clearTimeout(timer);
}

async function takeEvent(
  association: PeerAssociation,
  { contextId, command, dataset }: PeerMessage,
  reports: CommitmentReport[],
): Promise<void> {
  const { transferSyntax } = association.contexts.get(contextId)!;
  const read = dataset && readCommitmentReport(dataset, transferSyntax);
  if (read?.ok) reports.push(read.value);
  const status = read?.ok ? statuses.success : statuses.processingFailure;
  await association.send(contextId, responseTo(command, status), null);
}

/** Reports on an association of our own, as the SCP (PS3.4 J.3.3). */
export async function reportCommitment(
  run: TaskRun,
  report: CommitmentReport,
  retrieveAeTitle: string,
): Promise<Result<null>> {
  const opened = await open(run, commitmentReportContexts());
  if (!opened.ok) return opened;
  const { association, contextId } = opened.value;
  const { transferSyntax } = association.contexts.get(contextId)!;
  const command = commitmentReport(association.nextMessageId(), report.failed.length > 0);
  const bytes = encodeCommitmentReport(report, retrieveAeTitle, transferSyntax);
  await association.send(contextId, command, [bytes]);
  const message = await association.receive();
  if (!message.ok) return message;
  const { command: answer } = message.value;
  if (answer.name !== 'N-EVENT-REPORT-RSP') return wrongAnswer(association, answer);
  await association.release();
  const failed = statusProblem('commitment', answer.status ?? statuses.processingFailure);
  return failed ? fail(failed) : ok(null);
}
