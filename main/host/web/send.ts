/** STOW-RS (PS3.18 10.5): stored objects go out in requests of moderate size, streamed from their files. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { datasetsOfJsonText } from '../../../core/dicomweb/json-read.ts';
import { mediaTypeText } from '../../../core/dicomweb/media-type.ts';
import { closeDelimiter, partHead } from '../../../core/dicomweb/multipart-writer.ts';
import { type StoredObject, storedObjects } from '../../../core/dicomweb/stow.ts';
import { metaHeader } from '../dimse/meta-header.ts';
import { fileProblem } from '../media/file-problem.ts';
import type { SendObject, SendOutcome } from '../remote/archive.ts';
import type { WebAnswer } from './answer-body.ts';
import type { WebClient } from './client.ts';
import type { WebBody } from './exchange.ts';
import { mayPass } from './exchange-problem.ts';

/** Of one request: outcomes come request by request, and one that fails costs little. */
const objectsPerRequest = 50;
const bytesPerRequest = 64 * 1024 * 1024;
/** Statuses of a whole request that one of its objects may have caused: faulty, too long, not understood. */
const objectStatuses = new Set([400, 413, 422, 500]);
const answerBytesMax = 16 * 1024 * 1024;

/** Fails when the server could not be asked at all; objects without an outcome were not taken. */
export async function send(
  client: WebClient,
  objects: readonly SendObject[],
  sourceAeTitle: string,
  signal: AbortSignal,
  onOutcome: (outcome: SendOutcome) => void,
): Promise<Result<null>> {
  const batches = batchesOf(objects);
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    if (signal.aborted) return fail(problem('CANCELLED'));
    const readable = await readableOf(batch, onOutcome);
    if (readable.length === 0) continue;
    const answer = await post(client, readable, sourceAeTitle, signal);
    if (answer.ok) {
      const outcomes = await outcomesOf(answer.value, readable);
      for (const outcome of outcomes) onOutcome(outcome);
      continue;
    }
    const { code, params } = answer.problem;
    const status = Number(params?.['status'] ?? 0);
    const isOfObjects =
      code === 'WEB_FORM_REFUSED' || (code === 'WEB_STATUS_FAILED' && objectStatuses.has(status));
    if (!isOfObjects) return answer;
    // One object that the server cannot take must not cost the others: halves, until it is alone.
    const half = Math.ceil(readable.length / 2);
    if (half < readable.length) batches.unshift(readable.slice(0, half), readable.slice(half));
    else for (const one of readable) onOutcome(failedOutcome(one, status, answer.problem));
  }
  return ok(null);
}

function batchesOf(objects: readonly SendObject[]): SendObject[][] {
  const batches: SendObject[][] = [];
  let sizeBytes = 0;
  for (const one of objects) {
    const last = batches.at(-1);
    const isFull = !last || last.length >= objectsPerRequest || sizeBytes + one.sizeBytes > bytesPerRequest;
    if (isFull) {
      batches.push([one]);
      sizeBytes = one.sizeBytes;
    } else {
      last.push(one);
      sizeBytes += one.sizeBytes;
    }
  }
  return batches;
}

/** A file that is gone or cut must not break a request whose length is said before. */
async function readableOf(
  batch: readonly SendObject[],
  onOutcome: (outcome: SendOutcome) => void,
): Promise<SendObject[]> {
  const readable: SendObject[] = [];
  for (const one of batch) {
    const size = await stat(one.path).then(
      (info) => info.size,
      (error: unknown) => fileProblem(error),
    );
    if (size === one.sizeBytes) readable.push(one);
    else onOutcome(failedOutcome(one, null, typeof size === 'number' ? problem('OBJECT_CORRUPT') : size));
  }
  return readable;
}

async function post(
  client: WebClient,
  objects: readonly SendObject[],
  sourceAeTitle: string,
  signal: AbortSignal,
): Promise<Result<WebAnswer>> {
  const boundary = `candela-${randomUUID()}`;
  return client.ask({
    path: ['studies'],
    accept: 'application/dicom+json',
    signal,
    post: {
      contentType: mediaTypeText('multipart/related', { type: 'application/dicom', boundary }),
      body: bodyOf(objects, boundary, sourceAeTitle),
    },
  });
}

/** Our own meta information before each data set: what stands before it in the file is never sent on. */
function bodyOf(objects: readonly SendObject[], boundary: string, sourceAeTitle: string): WebBody {
  const heads = objects.map((one, index) =>
    Buffer.concat([
      partHead(boundary, { 'Content-Type': 'application/dicom' }, index === 0),
      metaHeader({
        transferSyntaxUid: one.transferSyntaxUID,
        sopClassUid: one.sopClassUID,
        sopInstanceUid: one.sopInstanceUID,
        sourceAeTitle,
      }),
    ]),
  );
  const end = closeDelimiter(boundary);
  const parts = objects.reduce(
    (sum, one, i) => sum + heads[i]!.length + one.sizeBytes - one.datasetOffset,
    0,
  );
  return {
    lengthBytes: parts + end.length,
    async *pieces() {
      for (const [index, one] of objects.entries()) {
        yield heads[index]!;
        if (one.datasetOffset >= one.sizeBytes) continue;
        const range = { start: one.datasetOffset, end: one.sizeBytes - 1, highWaterMark: 256 * 1024 };
        yield* createReadStream(one.path, range) as AsyncIterable<Uint8Array>;
      }
      yield end;
    },
  };
}

async function outcomesOf(answer: WebAnswer, objects: readonly SendObject[]): Promise<SendOutcome[]> {
  const text = await answer.text(answerBytesMax);
  const read = text.ok ? datasetsOfJsonText(text.value) : text;
  const told = read.ok ? read.value.flatMap(storedObjects) : [];
  const byUid = new Map(told.map((one) => [one.sopInstanceUID, one]));
  // 200: all of them (10.5.3.1). Some servers say nothing more, or say it in XML.
  const isAllStored = answer.status === 200;
  return objects.map((one) => {
    const known = byUid.get(one.sopInstanceUID);
    if (known) return outcomeOf(one, known, answer.status);
    if (isAllStored) return { ...outcome(one), state: 'done', status: answer.status };
    const reason = problem('WEB_ANSWER_INVALID', { reason: 'STOW' });
    return failedOutcome(one, answer.status, read.ok ? reason : read.problem);
  });
}

const outcome = (one: SendObject) => ({
  sopInstanceUID: one.sopInstanceUID,
  transcodedTo: '',
  problem: null,
  mayRetry: false,
});

function outcomeOf(one: SendObject, told: StoredObject, httpStatus: number): SendOutcome {
  const status = told.status ?? httpStatus;
  if (told.state !== 'failed') return { ...outcome(one), state: told.state, status };
  const failed = failedOutcome(one, status, reasonProblem(told.status ?? 0x0110));
  return { ...failed, mayRetry: failed.mayRetry || isPassing(told.status) };
}

/** Out of order, or busy with something: as for C-STORE, another try may go well. */
const isPassing = (reason: number | null): boolean => reason === 0x0110 || reason === 0x0213;

/** Failure reasons are those of C-STORE (PS3.18 I.2.2, PS3.4 B.2.3), and a few of their own. */
function reasonProblem(reason: number): Problem {
  const status = `0x${reason.toString(16).toUpperCase().padStart(4, '0')}`;
  const group = reason & 0xff00;
  if (group === 0xa700) return problem('PEER_OUT_OF_RESOURCES', { status });
  if (group === 0xa900) return problem('PEER_DATASET_MISMATCH', { status });
  if (reason === 0x0122 || reason === 0xc122) return problem('PEER_CLASS_UNSUPPORTED', { status });
  if (reason === 0x0124) return problem('PEER_NOT_AUTHORIZED', { status });
  if ((reason & 0xf000) === 0xc000) return problem('PEER_CANNOT_UNDERSTAND', { status });
  return problem('PEER_STATUS_FAILED', { status });
}

const failedOutcome = (one: SendObject, status: number | null, reason: Problem): SendOutcome => ({
  ...outcome(one),
  state: 'failed',
  status,
  problem: reason,
  mayRetry: mayPass(reason) || reason.code === 'PEER_OUT_OF_RESOURCES',
});
