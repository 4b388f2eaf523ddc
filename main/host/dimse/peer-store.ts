import { close, open as openFile, read } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { sopClassOf } from '../../../core/dicom/tables/sop-classes.ts';
import { storeRequest } from '../../../core/dimse/command-build.ts';
import { MessageSplitter } from '../../../core/dimse/message-writer.ts';
import { sendContexts } from '../../../core/dimse/services.ts';
import { statusCategory, statusProblem } from '../../../core/dimse/status.ts';
import type { Command, PdvPiece } from '../../../core/dimse/types.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { PeerAssociation } from './peer-association.ts';
import type { StoreObject, StoreOutcome } from './peer-protocol.ts';
import type { TaskRun } from './peer-tasks.ts';

export interface StoreRequest {
  readonly objects: readonly StoreObject[];
  readonly originator?: { readonly aeTitle: string; readonly messageId: number };
}

export type Transcode = (
  index: number,
  to: string,
) => Promise<Result<{ readonly file: string; readonly sizeBytes: number }>>;

/** Read in one go, while the peer works on the object before. */
const wholeBytes = 4 << 20;
const chunkBytes = 256 << 10;
const mostContexts = 128;
const implicitLittle = '1.2.840.10008.1.2';
const explicitLittle = '1.2.840.10008.1.2.1';

/** Where the bytes of one object come from, and in which context they go. */
interface Way {
  readonly contextId: number;
  readonly transcodedTo: string;
}

/** Sends objects; every one the peer answered for is told by `onOutcome`. */
export async function storeObjects(
  run: TaskRun,
  { objects, originator }: StoreRequest,
  onOutcome: (outcome: StoreOutcome) => void,
  transcode: Transcode,
): Promise<Result<null>> {
  for (const batch of batchesOf(objects)) {
    const wanted = sendContexts(batch.map((index) => objects[index]!));
    const opened = await run.open(wanted);
    if (!opened.ok) return opened;
    const sender = new ObjectSender(opened.value, objects, originator, transcode);
    const sent = await sender.sendAll(batch, onOutcome);
    if (!sent.ok) return run.isCancelled ? fail(problem('CANCELLED')) : sent;
    await opened.value.release();
  }
  return ok(null);
}

/** Indices of objects whose contexts fit one association. */
function batchesOf(objects: readonly StoreObject[]): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let kinds = new Map<string, StoreObject>();
  for (const [index, object] of objects.entries()) {
    const kind = `${object.sopClassUid} ${object.transferSyntaxUid}`;
    if (!kinds.has(kind)) {
      const more = new Map(kinds).set(kind, object);
      if (batch.length > 0 && sendContexts([...more.values()]).length > mostContexts) {
        batches.push(batch);
        batch = [];
        kinds = new Map();
      }
      kinds.set(kind, object);
    }
    batch.push(index);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

class ObjectSender {
  readonly #association: PeerAssociation;
  readonly #objects: readonly StoreObject[];
  readonly #originator: StoreRequest['originator'];
  readonly #transcode: Transcode;
  readonly #contexts = new Map<string, number>();
  readonly #buffers: Uint8Array[] = [new Uint8Array(0), new Uint8Array(0)];
  #turn = 0;

  constructor(
    association: PeerAssociation,
    objects: readonly StoreObject[],
    originator: StoreRequest['originator'],
    transcode: Transcode,
  ) {
    this.#association = association;
    this.#objects = objects;
    this.#originator = originator;
    this.#transcode = transcode;
    for (const [id, { abstractSyntax, transferSyntax }] of association.contexts) {
      const key = `${abstractSyntax} ${transferSyntax}`;
      if (!this.#contexts.has(key)) this.#contexts.set(key, id);
    }
  }

  async sendAll(batch: readonly number[], onOutcome: (outcome: StoreOutcome) => void): Promise<Result<null>> {
    let ahead: Promise<Uint8Array | Problem> | null = null;
    for (const [at, index] of batch.entries()) {
      const object = this.#objects[index]!;
      const way = this.#wayOf(object);
      const reason = isUid(object.sopInstanceUid)
        ? problem('NO_CONTEXT_ACCEPTED', { service: className(object.sopClassUid) })
        : problem('UID_INVALID');
      if (!way || reason.code === 'UID_INVALID') {
        ahead = null;
        onOutcome(refused(index, reason));
        continue;
      }
      const bytes = ahead ?? this.#read(object, way);
      const next = batch[at + 1] === undefined ? null : this.#objects[batch[at + 1]!]!;
      const nextWay = next && this.#wayOf(next);
      const sent = await this.#sendOne(index, way, await bytes, () => {
        ahead = next && nextWay ? this.#read(next, nextWay) : null;
      });
      if (!sent.ok) {
        // Whatever broke the association off may lie with this object: the others go by another one.
        onOutcome({ ...refused(index, sent.problem), mayRetry: true });
        return sent;
      }
      onOutcome(sent.value);
    }
    return ok(null);
  }

  /** As it is stored wherever the peer takes that; else one of the plain syntaxes. */
  #wayOf({ sopClassUid, transferSyntaxUid }: StoreObject): Way | null {
    const own = this.#contexts.get(`${sopClassUid} ${transferSyntaxUid}`);
    if (own !== undefined) return { contextId: own, transcodedTo: '' };
    for (const to of [explicitLittle, implicitLittle]) {
      const contextId = this.#contexts.get(`${sopClassUid} ${to}`);
      if (contextId !== undefined) return { contextId, transcodedTo: to };
    }
    return null;
  }

  /** Null bytes: too large to be read ahead, or to be made first. */
  async #read(object: StoreObject, way: Way): Promise<Uint8Array | Problem> {
    const length = object.sizeBytes - object.datasetOffset;
    if (way.transcodedTo !== '' || length > wholeBytes) return new Uint8Array(0);
    const even = evenLength(length);
    const bytes = this.#room(even);
    const failed = await readInto(object.file, bytes.subarray(0, length), object.datasetOffset);
    if (failed) return failed;
    if (even > length) bytes[length] = 0;
    return bytes;
  }

  /**
   * Two buffers take turns: when an object is read the one before may still be on its way, and the one before that was
   * answered. New ones for each object cost more than sending them.
   */
  #room(length: number): Uint8Array {
    this.#turn = 1 - this.#turn;
    const kept = this.#buffers[this.#turn]!;
    if (kept.length >= length) return kept.subarray(0, length);
    const larger = Buffer.allocUnsafeSlow(length);
    this.#buffers[this.#turn] = larger;
    return larger;
  }

  /** Fails only with the association. */
  async #sendOne(
    index: number,
    way: Way,
    bytes: Uint8Array | Problem,
    whenSent: () => void,
  ): Promise<Result<StoreOutcome>> {
    const object = this.#objects[index]!;
    if (!(bytes instanceof Uint8Array)) {
      whenSent();
      return ok(refused(index, bytes));
    }
    const messageId = this.#association.nextMessageId();
    const splitter = new MessageSplitter(way.contextId, this.#association.maxPduBytes);
    const pieces = splitter.command(
      storeRequest(messageId, object.sopClassUid, object.sopInstanceUid, this.#originator),
    );
    if (bytes.length > 0) {
      await this.#association.sendPieces([...pieces, ...splitter.data(bytes), ...splitter.end()]);
    } else {
      const streamed = await this.#stream(index, way, splitter, pieces);
      if (streamed) {
        whenSent();
        return ok({ ...refused(index, streamed), transcodedTo: '' });
      }
    }
    whenSent();
    const answer = await this.#answer(messageId);
    return answer.ok ? ok(outcomeOf(index, way, answer.value)) : answer;
  }

  /** From the file as it is, or from a transcoded one; a problem before the first byte costs this object only. */
  async #stream(
    index: number,
    way: Way,
    splitter: MessageSplitter,
    command: readonly PdvPiece[],
  ): Promise<Problem | null> {
    const object = this.#objects[index]!;
    if (way.transcodedTo === '') {
      return this.#streamFile(object.file, object.datasetOffset, object.sizeBytes, splitter, command);
    }
    const made = await this.#transcode(index, way.transcodedTo);
    if (!made.ok) return made.problem;
    try {
      return await this.#streamFile(made.value.file, 0, made.value.sizeBytes, splitter, command);
    } finally {
      await rm(made.value.file, { force: true });
    }
  }

  async #streamFile(
    path: string,
    from: number,
    to: number,
    splitter: MessageSplitter,
    command: readonly PdvPiece[],
  ): Promise<Problem | null> {
    const file = await open(path, 'r').catch((error: unknown) => fileProblem(error));
    if (!('read' in file)) return file;
    try {
      await this.#association.sendPieces(command);
      for (let at = from; at < to; ) {
        const bytes = new Uint8Array(Math.min(chunkBytes, to - at));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
        // Half a message cannot be taken back.
        if (bytesRead === 0) this.#association.abort(problem('FILE_CHANGED'));
        at += bytesRead;
        if (!(await this.#association.sendPieces(splitter.data(bytes.subarray(0, bytesRead))))) return null;
      }
      if ((to - from) % 2 === 1) await this.#association.sendPieces(splitter.data(Uint8Array.of(0)));
      await this.#association.sendPieces(splitter.end());
    } catch (error) {
      this.#association.abort(fileProblem(error));
    } finally {
      await file.close();
    }
    return null;
  }

  async #answer(messageId: number): Promise<Result<Command>> {
    const message = await this.#association.receive();
    if (!message.ok) return message;
    const { command } = message.value;
    if (command.name === 'C-STORE-RSP' && command.messageIdBeingRespondedTo === messageId) return ok(command);
    const wrong = problem('PEER_ANSWER_INVALID', { where: command.name });
    this.#association.abort(wrong);
    return fail(wrong);
  }
}

/** Peers break the association off over any other. */
const isUid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);

/** Fragments have an even length (PS3.8 9.3.5.1): deflated and faulty data sets of an odd one get a zero behind. */
const evenLength = (length: number): number => length + (length % 2);

const className = (uid: string): string => sopClassOf(uid)?.en ?? uid;

/** Callbacks cost half of what promises do, and this is done for every object. */
function readInto(path: string, bytes: Uint8Array, from: number): Promise<Problem | null> {
  return new Promise((resolve) => {
    openFile(path, 'r', (failed, fd) => {
      if (failed) {
        resolve(fileProblem(failed));
        return;
      }
      const end = (reason: Problem | null): void => close(fd, () => resolve(reason));
      const more = (filled: number): void => {
        if (filled === bytes.length) end(null);
        else
          read(fd, bytes, filled, bytes.length - filled, from + filled, (error, count) => {
            if (error) end(fileProblem(error));
            else if (count === 0) end(problem('FILE_CHANGED'));
            else more(filled + count);
          });
      };
      more(0);
    });
  });
}

const refused = (index: number, reason: Problem): StoreOutcome => ({
  index,
  state: 'failed',
  status: null,
  transcodedTo: '',
  problem: reason,
  mayRetry: false,
});

function outcomeOf(index: number, { transcodedTo }: Way, answer: Command): StoreOutcome {
  const status = answer.status ?? 0x0110;
  const category = statusCategory('store', status);
  return {
    index,
    state: category === 'success' ? 'done' : category === 'warning' ? 'warning' : 'failed',
    status,
    transcodedTo,
    problem: statusProblem('store', status),
    mayRetry: isPassing(status),
  };
}

/** Full, busy or out of order now: another try may go well. */
const isPassing = (status: number): boolean =>
  (status >= 0xa700 && status <= 0xa7ff) || status === 0x0110 || status === 0x0213;
