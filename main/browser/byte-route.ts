/** Between Node's HTTP objects and the host's one byte handler, streamed both ways. */
import type { IncomingMessage, ServerResponse } from 'node:http';
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
    await sendParts(response, body, answer).catch(() => response.destroy());
  }
}

/** Part by part, so that a browser that stops reading stops the host; it may also go away. */
async function sendParts(
  response: ServerResponse,
  parts: AsyncIterable<Uint8Array>,
  answer: ByteResponse,
): Promise<void> {
  for await (const part of parts) {
    if (response.destroyed) return;
    const goOn = response.write(part, (error) => {
      if (!error) answer.reuse?.(part);
    });
    if (!goOn) await drained(response);
  }
  response.end();
}

/** What was written has gone out, or never will. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('drain', end);
      response.off('close', end);
      resolve();
    };
    response.on('drain', end);
    response.on('close', end);
    if (response.destroyed || !response.writableNeedDrain) end();
  });
}
