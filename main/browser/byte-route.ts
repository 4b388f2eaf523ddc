/** Between Node's HTTP objects and the host's one byte handler, streamed both ways. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRequest, ByteResponse } from '../../core/contract/host.ts';

/** Headers that the shell itself decides; what it has set already stands too. */
const isReserved = (name: string) =>
  name.startsWith('access-control-') || ['set-cookie', 'connection', 'transfer-encoding'].includes(name);

/** Also carries a signal that fires when the browser goes away, so that the host stops reading. */
export function toByteRequest(request: IncomingMessage, response: ServerResponse, path: string): ByteRequest {
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const method = request.method ?? 'GET';
  const hasBody = method === 'POST' || method === 'PUT';
  return { method, path, signal: gone.signal, ...(hasBody && { body: request }) };
}

/** Writes the response with backpressure. A body that fails midway ends the connection, never looks complete. */
export async function sendByteResponse(
  response: ServerResponse,
  answer: ByteResponse,
  isHead: boolean,
): Promise<void> {
  for (const [name, value] of Object.entries(answer.headers)) {
    const lower = name.toLowerCase();
    if (!isReserved(lower) && !response.hasHeader(lower)) response.setHeader(lower, value);
  }
  response.statusCode = answer.status;
  const { body } = answer;
  if (isHead || body === null) {
    response.end();
  } else if (body instanceof Uint8Array) {
    response.setHeader('content-length', body.byteLength);
    response.end(body);
  } else {
    await pipeline(Readable.from(body, { objectMode: false }), response).catch(() => response.destroy());
  }
}
