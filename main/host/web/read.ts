/** WADO-RS of parts of objects (PS3.18 10.4): metadata, frames, pictures, bulk data. What comes lies in memory, capped. */
import { type Problem, problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { RetrieveItem } from '../../../core/contract/remote.ts';
import type { WebDataset } from '../../../core/dicomweb/json-read.ts';
import { mediaTypeText, parseMediaType } from '../../../core/dicomweb/media-type.ts';
import { isBoundary, MultipartReader } from '../../../core/dicomweb/multipart-reader.ts';
import type { WebAnswer } from './answer-body.ts';
import type { WebClient } from './client.ts';
import { brokenOff, exchangeProblem } from './exchange-problem.ts';
import { pathOf } from './retrieve.ts';

export interface WebPart {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Of one answer. */
const bytesMax = 256 * 1024 * 1024;
const octets = 'application/octet-stream';

/** One data set an object; large values are addresses, for `bulkData`. */
export async function metadata(
  client: WebClient,
  item: RetrieveItem,
  signal: AbortSignal,
): Promise<Result<WebDataset[]>> {
  const answer = await client.datasets({ path: [...pathOf(item), 'metadata'], signal });
  return answer.ok ? ok(answer.value.datasets) : answer;
}

/**
 * @param frames from 1. @param transferSyntax `*` = as they are coded there; left out = little-endian pixels.
 */
export async function frames(
  client: WebClient,
  item: RetrieveItem,
  wanted: readonly number[],
  signal: AbortSignal,
  transferSyntax?: string,
): Promise<Result<WebPart[]>> {
  const accept = mediaTypeText('multipart/related', {
    type: octets,
    ...(transferSyntax !== undefined && { 'transfer-syntax': transferSyntax }),
  });
  const answer = await client.ask({ path: [...pathOf(item), 'frames', wanted.join(',')], accept, signal });
  return answer.ok ? partsOf(answer.value, signal) : answer;
}

/** A picture of an object, or of one of its frames (from 1). */
export async function rendered(
  client: WebClient,
  item: RetrieveItem,
  frame: number | null,
  signal: AbortSignal,
): Promise<Result<WebPart>> {
  const inFrame = frame === null ? [] : ['frames', String(frame)];
  const path = [...pathOf(item), ...inFrame, 'rendered'];
  const answer = await client.ask({ path, accept: 'image/png', signal });
  if (!answer.ok) return answer;
  const parts = await partsOf(answer.value, signal);
  const first = parts.ok ? parts.value[0] : undefined;
  if (!parts.ok) return parts;
  return first ? ok(first) : fail(invalid('rendered'));
}

/** @param uri as metadata gave it, absolute or below the server's root; another origin is not asked. */
export async function bulkData(
  client: WebClient,
  uri: string,
  signal: AbortSignal,
): Promise<Result<WebPart[]>> {
  const accept = mediaTypeText('multipart/related', { type: octets });
  const answer = await client.ask({ path: [], uri, accept, signal });
  return answer.ok ? partsOf(answer.value, signal) : answer;
}

const invalid = (reason: string): Problem => problem('WEB_ANSWER_INVALID', { reason });

/** Parts of a multipart answer, or the one body of another. */
async function partsOf(answer: WebAnswer, signal: AbortSignal): Promise<Result<WebPart[]>> {
  const contentType = answer.headers['content-type'] ?? '';
  const type = parseMediaType(contentType);
  const boundary = type?.parameters.get('boundary') ?? '';
  const isMultipart = type?.type === 'multipart/related';
  if (isMultipart && !isBoundary(boundary)) {
    answer.drop();
    return fail(invalid('Content-Type'));
  }
  const reader = isMultipart ? new MultipartReader(boundary) : null;
  const open: { contentType: string; pieces: Uint8Array[] }[] = reader ? [] : [{ contentType, pieces: [] }];
  let sizeBytes = 0;
  let fault: Problem | null = null;
  const take = (events: ReturnType<MultipartReader['take']>): void => {
    for (const event of events) {
      if (event.kind === 'part')
        open.push({ contentType: event.headers.get('content-type') ?? '', pieces: [] });
      else if (event.kind === 'data') open.at(-1)?.pieces.push(event.bytes);
      else if (event.kind === 'invalid') fault ??= event.problem;
    }
  };
  try {
    for await (const bytes of answer.body) {
      sizeBytes += bytes.length;
      if (sizeBytes > bytesMax) fault ??= invalid(`> ${bytesMax} B`);
      take(reader ? reader.take(bytes) : [{ kind: 'data', bytes }]);
      if (fault) break;
    }
  } catch (error) {
    return fail(signal.aborted ? problem('CANCELLED') : exchangeProblem(error, new URL('http://peer')));
  }
  if (!fault && reader) {
    take(reader.end());
    if (fault) return fail(brokenOff(answer.headers, fault));
  }
  if (fault) return fail(fault);
  return ok(open.map((part) => ({ contentType: part.contentType, bytes: Buffer.concat(part.pieces) })));
}
