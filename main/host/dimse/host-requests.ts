import { closeSync, openSync, readSync } from 'node:fs';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { MessageSplitter } from '../../../core/dimse/message-writer.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { Command } from '../../../core/dimse/types.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { Association } from './association.ts';
import type { DatasetTaker } from './association-types.ts';
import type { ReceiverNote } from './receiver-protocol.ts';
import type { ObjectToSend, RequestContext } from './service-handler.ts';

/** Data set of a request; identifiers are small. */
const mostDatasetBytes = 4 * 1024 * 1024;
const readBytes = 256 * 1024;

interface Asked {
  readonly association: Association;
  readonly context: RequestContext;
  readonly command: Command;
  /** The final response is out; requests of ours may follow until the handler ends. */
  isAnswered: boolean;
}

/** The requests that the host answers (service-handler.ts), in the worker that has their sockets. */
export class HostRequests {
  readonly #send: (note: ReceiverNote) => void;
  readonly #asked = new Map<number, Asked>();
  #nextId = 1;

  constructor(send: (note: ReceiverNote) => void) {
    this.#send = send;
  }

  /** Passes the request on when its data set is whole. */
  begin(association: Association, context: RequestContext, command: Command): DatasetTaker | null {
    if (!command.hasDataset) {
      this.#pass({ association, context, command, isAnswered: false }, null);
      return null;
    }
    const pieces: Uint8Array[] = [];
    let size = 0;
    return {
      take: (bytes) => {
        size += bytes.length;
        if (size > mostDatasetBytes) association.abort(problem('HEADER_TOO_LARGE', { limit: '4 MiB' }));
        else pieces.push(bytes.slice());
      },
      end: () => this.#pass({ association, context, command, isAnswered: false }, joined(pieces, size)),
      drop: () => undefined,
    };
  }

  /** C-CANCEL names the message that it wants to end. */
  cancel(association: Association, command: Command): void {
    for (const [requestId, asked] of this.#asked) {
      const isMeant = asked.command.messageId === command.messageIdBeingRespondedTo;
      if (asked.association === association && isMeant && !asked.isAnswered)
        this.#send({ kind: 'cancelled', requestId });
    }
  }

  ended(association: Association): void {
    for (const [requestId, asked] of this.#asked) {
      if (asked.association !== association) continue;
      this.#asked.delete(requestId);
      this.#send({ kind: 'cancelled', requestId });
    }
  }

  async respond(requestId: number, command: Command, dataset: Uint8Array | null): Promise<boolean> {
    const asked = this.#asked.get(requestId);
    if (!asked || asked.isAnswered) return false;
    const isFinal = command.status !== statuses.pending && command.status !== statuses.pendingUnsupportedKeys;
    if (isFinal) asked.isAnswered = true;
    return asked.association.respond(asked.context.contextId, command, dataset && [dataset], isFinal);
  }

  async ask(
    requestId: number,
    contextId: number,
    command: Command,
    dataset: Uint8Array | null,
  ): Promise<Command | Problem> {
    const asked = this.#asked.get(requestId);
    if (!asked) return problem('CONNECTION_LOST');
    return asked.association.ask((messageId) =>
      asked.association.send(contextId, { ...command, messageId }, dataset && [dataset]),
    );
  }

  /** The data set is read and sent piece by piece, as fast as the peer takes it. */
  async sendObject(requestId: number, object: ObjectToSend): Promise<number | Problem> {
    const asked = this.#asked.get(requestId);
    if (!asked) return problem('CONNECTION_LOST');
    const { association } = asked;
    const answer = await association.ask((messageId) => sendFile(association, object, messageId));
    return 'code' in answer ? answer : (answer.status ?? statuses.processingFailure);
  }

  /** A handler that ended without a final response failed; its association is of no use any more. */
  handled(requestId: number, failed: boolean): void {
    const asked = this.#asked.get(requestId);
    this.#asked.delete(requestId);
    if (asked && failed && !asked.isAnswered)
      asked.association.abort(problem('INTERNAL', { reason: asked.command.name }));
  }

  #pass(asked: Asked, dataset: Uint8Array | null): void {
    const requestId = this.#nextId++;
    const { association, context, command } = asked;
    this.#asked.set(requestId, asked);
    const { callingAeTitle, calledAeTitle, address, encrypted } = association;
    this.#send({
      kind: 'request',
      requestId,
      peer: {
        associationId: association.id,
        callingAeTitle,
        calledAeTitle,
        address,
        encrypted,
        contexts: [...association.contexts.values()],
      },
      context,
      command,
      dataset,
    });
  }
}

async function sendFile(association: Association, object: ObjectToSend, messageId: number): Promise<boolean> {
  const splitter = new MessageSplitter(object.contextId, association.peerPduBytes);
  const { moveOriginatorAeTitle, moveOriginatorMessageId } = object;
  const command: Command = {
    name: 'C-STORE-RQ',
    messageId,
    affectedSopClassUid: object.sopClassUid,
    affectedSopInstanceUid: object.sopInstanceUid,
    priority: 0,
    ...(moveOriginatorAeTitle !== undefined && { moveOriginatorAeTitle }),
    ...(moveOriginatorMessageId !== undefined && { moveOriginatorMessageId }),
    hasDataset: true,
  };
  let fd: number | null = null;
  try {
    fd = openSync(object.file, 'r');
    let isThere = await association.sendPieces(splitter.command(command));
    for (let at = object.datasetOffset; isThere && at < object.sizeBytes; ) {
      const bytes = new Uint8Array(Math.min(readBytes, object.sizeBytes - at));
      const count = readSync(fd, bytes, 0, bytes.length, at);
      if (count === 0) throw new Error('the file ends early');
      at += count;
      isThere = await association.sendPieces(splitter.data(bytes.subarray(0, count)));
    }
    return isThere && (await association.sendPieces(splitter.end()));
  } catch (error) {
    // Half a message cannot be taken back.
    association.abort(fileProblem(error));
    return false;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
