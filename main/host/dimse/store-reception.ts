import { type Problem, problem } from '../../../core/base/problem.ts';
import { statuses } from '../../../core/dimse/status-codes.ts';
import type { Command } from '../../../core/dimse/types.ts';
import type { Association } from './association.ts';
import type { DatasetTaker } from './association-types.ts';
import type { IntakeClient } from './intake-client.ts';
import type { MetaFields } from './meta-header.ts';
import type { ObjectSink } from './object-sink.ts';
import type { RequestContext } from './service-handler.ts';

/** A socket waits while more than this is not with the system yet (README.md). */
const mostWaitingBytes = 4 * 1024 * 1024;
const goOnBelowBytes = 1024 * 1024;

/** SOP Class UID and SOP Instance UID: what the data set says otherwise (PS3.4 B.2.3). */
const identityTags = [0x00080016, 0x00080018];

/** One C-STORE: the data set goes to the disk as it comes; the answer follows when all of it is durable. */
export class StoreReception implements DatasetTaker {
  readonly #association: Association;
  readonly #context: RequestContext;
  readonly #command: Command;
  readonly #intake: IntakeClient;
  readonly #fields: MetaFields;
  readonly #sink: ObjectSink | null;
  readonly #refused: Problem | null;
  #isHeld = false;
  #takenBytes = 0;

  /** `refused`: known before the first byte; the data set is passed over. */
  constructor(
    association: Association,
    context: RequestContext,
    command: Command,
    intake: IntakeClient,
    refused: Problem | null,
  ) {
    this.#association = association;
    this.#context = context;
    this.#command = command;
    this.#intake = intake;
    this.#refused = refused;
    this.#fields = {
      transferSyntaxUid: context.transferSyntax,
      sopClassUid: command.affectedSopClassUid ?? '',
      sopInstanceUid: command.affectedSopInstanceUid ?? '',
      sourceAeTitle: association.callingAeTitle,
    };
    this.#sink = refused ? null : intake.open(this.#fields);
  }

  take(bytes: Uint8Array): void {
    this.#takenBytes += bytes.length;
    // A last fragment that never comes (reliability.md N13), kept or passed over.
    if (this.#takenBytes > this.#intake.maxObjectBytes) {
      this.#association.abort(problem('FILE_TOO_LARGE', { limit: '32 GiB' }));
      return;
    }
    const sink = this.#sink;
    if (!sink) return;
    sink.write(bytes);
    if (this.#isHeld || sink.waitingBytes <= mostWaitingBytes) return;
    this.#isHeld = true;
    this.#association.hold();
    sink.whenBelow(goOnBelowBytes, () => {
      this.#isHeld = false;
      this.#association.release();
    });
  }

  end(): void {
    void this.#answer();
  }

  drop(): void {
    void this.#sink?.drop();
  }

  async #answer(): Promise<void> {
    const { id } = this.#association;
    if (this.#refused) this.#intake.refuse(id, this.#refused);
    const failed = this.#sink ? await this.#intake.keep(this.#sink, this.#fields, id) : this.#refused;
    await this.#association.respond(this.#context.contextId, storeResponse(this.#command, failed), null);
  }
}

/** C-STORE-RSP (PS3.7 9.3.1.2). The comment is the problem's code: nothing of the object gets into the peer's log. */
export function storeResponse(request: Command, failed: Problem | null): Command {
  const status = failed ? statusOf(failed) : statuses.success;
  return {
    name: 'C-STORE-RSP',
    ...(request.messageId !== undefined && { messageIdBeingRespondedTo: request.messageId }),
    ...(request.affectedSopClassUid !== undefined && { affectedSopClassUid: request.affectedSopClassUid }),
    ...(request.affectedSopInstanceUid !== undefined && {
      affectedSopInstanceUid: request.affectedSopInstanceUid,
    }),
    status,
    ...(failed && { errorComment: failed.code.slice(0, 64) }),
    ...(status === statuses.datasetMismatch && { offendingElement: identityTags }),
    hasDataset: false,
  };
}

function statusOf(failed: Problem): number {
  switch (failed.code) {
    case 'DISK_FULL':
    case 'READ_ONLY_STORE':
    case 'TOO_MANY_OPEN_FILES':
    case 'IO_ERROR':
    case 'FORBIDDEN':
    case 'FILE_TOO_LARGE':
      return statuses.outOfResources;
    case 'REFUSED_OTHER_OBJECT':
    case 'UID_MISSING':
    case 'DIRECTORY_RECORD':
      return statuses.datasetMismatch;
    case 'REFUSED_CLASS':
      return statuses.sopClassNotSupported;
    case 'CANCELLED':
    case 'INTERNAL':
      return statuses.processingFailure;
    default:
      return statuses.cannotUnderstand;
  }
}
