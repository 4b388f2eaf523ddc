import { commitmentReport, responseTo } from '../../../core/dimse/command-build.ts';
import {
  type CommitmentReport,
  type CommitmentRequest,
  encodeCommitmentReport,
  failureReasons,
  readCommitmentReport,
  readCommitmentRequest,
} from '../../../core/dimse/commitment.ts';
import { commitmentClass } from '../../../core/dimse/service-table.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { ServiceAnswer, ServiceRequest } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';
import { noteReport } from './commitment-outcomes.ts';
import { ownAeTitle, targetOf } from './peer-target.ts';

const requestAction = 1;
const reportMs = 30_000;

/** Storage commitment as SCP (PS3.4 J.3.2): what is stored is durable since it was acknowledged. */
export async function answerCommitment(
  services: Services,
  request: ServiceRequest,
  answer: ServiceAnswer,
): Promise<void> {
  const { command, context, dataset } = request;
  const status =
    context.abstractSyntax !== commitmentClass
      ? statuses.noSuchSopClass
      : command.actionTypeId !== requestAction
        ? statuses.noSuchAction
        : null;
  if (status !== null) {
    await answer.respond(responseTo(command, status));
    return;
  }
  const read = dataset ? readCommitmentRequest(dataset, context.transferSyntax) : null;
  if (!read?.ok) {
    await answer.respond(responseTo(command, statuses.invalidArgumentValue));
    return;
  }
  const report = await reportOf(services, read.value);
  if (!(await answer.respond(responseTo(command, statuses.success)))) return;
  await services.audit({
    event: 'receiver.associate',
    outcome: 'ok',
    detail: `commitment for ${request.peer.callingAeTitle}: ${report.committed.length} kept, ${report.failed.length} not`,
  });
  await sendReport(services, request, report, answer);
}

async function reportOf(services: Services, request: CommitmentRequest): Promise<CommitmentReport> {
  const { transactionUid, references } = request;
  const sopUids = references.map(({ sopInstanceUid }) => sopInstanceUid);
  const rows = await services.store.read.call('objectsOfUids', { sopUids, limit: sopUids.length * 4 });
  const classes = new Map<string, Set<string>>();
  for (const { sopUid, sopClass } of rows) {
    classes.set(sopUid, (classes.get(sopUid) ?? new Set()).add(sopClass));
  }
  const committed: CommitmentReport['committed'][number][] = [];
  const failed: CommitmentReport['failed'][number][] = [];
  for (const reference of references) {
    const here = classes.get(reference.sopInstanceUid);
    if (here?.has(reference.sopClassUid)) committed.push(reference);
    else {
      const reason = here ? failureReasons.classInstanceConflict : failureReasons.noSuchInstance;
      failed.push({ ...reference, reason });
    }
  }
  return { transactionUid, committed, failed };
}

/**
 * On an association of our own when the peer is listed, as most SCUs have closed theirs by then (PS3.4 J.3.3); else, or
 * when that fails, on the same one.
 */
async function sendReport(
  services: Services,
  { peer, context }: ServiceRequest,
  report: CommitmentReport,
  answer: ServiceAnswer,
): Promise<void> {
  const { nodes } = services.settings.get();
  const retrieveAeTitle = ownAeTitle(services);
  const node = nodes.find(({ protocol, aeTitle }) => protocol === 'dimse' && aeTitle === peer.callingAeTitle);
  if (node) {
    const target = await targetOf(services, node);
    const call = { report, retrieveAeTitle };
    const told = await services.peers.report(target, call, AbortSignal.timeout(reportMs));
    if (told.ok) return;
  }
  const bytes = encodeCommitmentReport(report, retrieveAeTitle, context.transferSyntax);
  const heard = await answer.request(context.contextId, commitmentReport(0, report.failed.length > 0), bytes);
  if (!('code' in heard)) return;
  // The peer waits for it: whoever looks for the reason finds it here.
  await services.audit({
    event: 'receiver.associate',
    outcome: heard.code,
    detail: `report of commitment for ${peer.callingAeTitle} not delivered: ${report.transactionUid}`,
  });
}

/** A report about what we sent (PS3.4 J.3.3), when it did not come on the association that asked for it. */
export async function takeCommitmentReport(
  services: Services,
  { command, context, dataset }: ServiceRequest,
  { respond }: ServiceAnswer,
): Promise<void> {
  // PS3.4 J.3.3: all kept, or some not.
  if (command.eventTypeId !== 1 && command.eventTypeId !== 2) {
    await respond(responseTo(command, statuses.noSuchEventType));
    return;
  }
  const read = dataset ? readCommitmentReport(dataset, context.transferSyntax) : null;
  if (!read?.ok) {
    await respond(responseTo(command, statuses.processingFailure));
    return;
  }
  await noteReport(services, read.value);
  await respond(responseTo(command, statuses.success));
}
