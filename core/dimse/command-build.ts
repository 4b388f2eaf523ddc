/** Requests and responses ready to be sent. */
import { responseNameOf } from './command-table.ts';
import { commitmentClass, commitmentInstance, verificationClass } from './service-table.ts';
import type { Command } from './types.ts';

/** 0 medium, 1 high, 2 low. */
const medium = 0;

export const echoRequest = (messageId: number): Command => ({
  name: 'C-ECHO-RQ',
  messageId,
  affectedSopClassUid: verificationClass,
  hasDataset: false,
});

/** `origin`: whose C-MOVE it belongs to (PS3.7 9.1.1.1). */
export const storeRequest = (
  messageId: number,
  sopClassUid: string,
  sopInstanceUid: string,
  origin?: { readonly aeTitle: string; readonly messageId: number },
): Command => ({
  name: 'C-STORE-RQ',
  messageId,
  affectedSopClassUid: sopClassUid,
  affectedSopInstanceUid: sopInstanceUid,
  priority: medium,
  ...(origin !== undefined && {
    moveOriginatorAeTitle: origin.aeTitle,
    moveOriginatorMessageId: origin.messageId,
  }),
  hasDataset: true,
});

export const findRequest = (messageId: number, sopClassUid: string): Command => ({
  name: 'C-FIND-RQ',
  messageId,
  affectedSopClassUid: sopClassUid,
  priority: medium,
  hasDataset: true,
});

export const getRequest = (messageId: number, sopClassUid: string): Command => ({
  ...findRequest(messageId, sopClassUid),
  name: 'C-GET-RQ',
});

export const moveRequest = (messageId: number, sopClassUid: string, destination: string): Command => ({
  ...findRequest(messageId, sopClassUid),
  name: 'C-MOVE-RQ',
  moveDestination: destination,
});

export const cancelRequest = (messageIdBeingRespondedTo: number): Command => ({
  name: 'C-CANCEL-RQ',
  messageIdBeingRespondedTo,
  hasDataset: false,
});

/** Asks a peer whether it keeps objects (PS3.4 J.3.2). */
export const commitmentRequest = (messageId: number): Command => ({
  name: 'N-ACTION-RQ',
  messageId,
  requestedSopClassUid: commitmentClass,
  requestedSopInstanceUid: commitmentInstance,
  actionTypeId: 1,
  hasDataset: true,
});

/** Tells a peer what is kept: event 1 = all of it, 2 = some of it is not (PS3.4 J.3.3). */
export const commitmentReport = (messageId: number, hasFailures: boolean): Command => ({
  name: 'N-EVENT-REPORT-RQ',
  messageId,
  affectedSopClassUid: commitmentClass,
  affectedSopInstanceUid: commitmentInstance,
  eventTypeId: hasFailures ? 2 : 1,
  hasDataset: true,
});

/** What a response may say beside its status. */
export type ResponseDetails = Pick<
  Command,
  | 'errorComment'
  | 'offendingElement'
  | 'errorId'
  | 'affectedSopInstanceUid'
  | 'remainingSuboperations'
  | 'completedSuboperations'
  | 'failedSuboperations'
  | 'warningSuboperations'
>;

/**
 * The response to a request, with the UIDs and type ids that it has to repeat (PS3.7 9.3, 10.3). Throws for C-CANCEL,
 * which is answered by the response to what it cancels, and for responses.
 */
export function responseTo(
  request: Command,
  status: number,
  details: ResponseDetails = {},
  hasDataset = false,
): Command {
  const name = responseNameOf(request.name);
  if (name === undefined || request.messageId === undefined)
    throw new Error(`No response to ${request.name}`);
  const sopClass = request.affectedSopClassUid ?? request.requestedSopClassUid;
  const sopInstance = request.affectedSopInstanceUid ?? request.requestedSopInstanceUid;
  const { eventTypeId, actionTypeId } = request;
  return {
    name,
    messageIdBeingRespondedTo: request.messageId,
    ...(sopClass !== undefined && { affectedSopClassUid: sopClass }),
    ...(sopInstance !== undefined && { affectedSopInstanceUid: sopInstance }),
    ...(eventTypeId !== undefined && { eventTypeId }),
    ...(actionTypeId !== undefined && { actionTypeId }),
    ...details,
    status,
    hasDataset,
  };
}
