import { responseTo } from '../../../core/dimse/command-build.ts';
import type { RefusedRequest } from '../../../core/dimse/query-request.ts';
import { type QueryRoot, serviceClassOf } from '../../../core/dimse/service-table.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { ServiceAnswer, ServiceRequest } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';
import type { PeerAnswers, PeerCursor } from '../store/peer-find.ts';
import { ownAeTitle } from './peer-target.ts';

/** Answers that are made at once: few at first, so that the first goes out soon. */
const firstPage = 20;
const nextPages = 200;

export const rootOf = ({ context }: ServiceRequest): QueryRoot | null =>
  serviceClassOf(context.abstractSyntax)?.root ?? null;

/** A request that cannot be answered (PS3.7 annex C): its status, and which element is at fault. */
export const refusal = (request: Command, { status, problem, offendingElement }: RefusedRequest): Command =>
  responseTo(request, status, {
    errorComment: problem.code.slice(0, 64),
    offendingElement: [offendingElement],
  });

/** C-FIND over the store (PS3.4 C.4.1). */
export async function answerFind(
  services: Services,
  request: ServiceRequest,
  { respond }: ServiceAnswer,
): Promise<void> {
  const { command, context, dataset, signal } = request;
  const root = rootOf(request);
  if (!root || !dataset) {
    await respond(responseTo(command, root ? statuses.datasetMismatch : statuses.sopClassNotSupported));
    return;
  }
  const find = {
    identifier: dataset,
    transferSyntaxUid: context.transferSyntax,
    root,
    aeTitle: ownAeTitle(services),
  };
  const reader = services.store.searches();
  const found = await reader.call('findForPeer', find);
  const noted = services.audit({
    event: 'remote.query',
    outcome: found.ok ? 'ok' : found.refusal.problem.code,
    detail: `from ${request.peer.callingAeTitle}`,
  });
  if (!found.ok) {
    await noted;
    await respond(refusal(command, found.refusal));
    return;
  }
  let limit = firstPage;
  for (let cursor: PeerCursor | null = found.cursor; cursor; limit = nextPages) {
    // The first page is looked for while the query is noted, and is not answered before.
    const answers: Promise<PeerAnswers> = reader.call('answerPeer', { ...find, cursor, limit });
    const [page] = await Promise.all([answers, noted]);
    cursor = page.next;
    if (signal.aborted) {
      await respond(responseTo(command, statuses.cancelled));
      return;
    }
    for (const answer of page.answers) {
      if (!(await respond(responseTo(command, page.status, {}, true), answer))) return;
    }
  }
  await respond(responseTo(command, statuses.success));
}
