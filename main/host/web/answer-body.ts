/** What comes behind an answer's head: as it is meant, whatever it was packed in, and as text. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import { parseMediaType } from '../../../core/dicomweb/media-type.ts';
import { CodingUnknown, exchangeProblem } from './exchange-problem.ts';

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** May be read once. Throws when the connection ends early: `exchangeProblem` tells what it means. */
  readonly body: AsyncIterable<Uint8Array>;
  /** All of it as UTF-8. Problems: WEB_ANSWER_INVALID when it is longer, those of the connection. */
  text(bytesMax: number): Promise<Result<string>>;
  /** Not interested in the body: the connection is given up. */
  drop(): void;
}

/** We ask for none of them; some servers pack all the same. */
const unpack: Readonly<Record<string, typeof createGunzip | typeof createBrotliDecompress>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function unpacked(message: IncomingMessage): AsyncIterable<Uint8Array> {
  const coding = String(message.headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  if (coding === '' || coding === 'identity') return message;
  const make = Object.hasOwn(unpack, coding) ? unpack[coding] : undefined;
  if (!make) {
    message.destroy();
    return never(new CodingUnknown());
  }
  // An error of either is one of what is read.
  return pipeline(message, make(), () => undefined);
}

// biome-ignore lint/correctness/useYield: it has nothing to give.
async function* never(error: Error): AsyncGenerator<Uint8Array> {
  throw error;
}

/** UTF-8 (RFC 8259); else as it says, else as Chinese servers do that never heard of that. */
function textOf(bytes: Uint8Array, contentType: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const charset = parseMediaType(contentType)?.parameters.get('charset') ?? '';
    return decoderOf(/utf-?8/i.test(charset) ? '' : charset).decode(bytes);
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset || 'gb18030');
  } catch {
    return new TextDecoder('gb18030');
  }
}

export function answerOf(message: IncomingMessage, url: URL): WebAnswer {
  const body = unpacked(message);
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    body,
    async text(bytesMax) {
      const parts: Uint8Array[] = [];
      let sizeBytes = 0;
      try {
        for await (const part of body) {
          sizeBytes += part.length;
          if (sizeBytes > bytesMax) {
            message.destroy();
            return fail(problem('WEB_ANSWER_INVALID', { reason: `> ${bytesMax} B` }));
          }
          parts.push(part);
        }
        return ok(textOf(Buffer.concat(parts), message.headers['content-type'] ?? ''));
      } catch (error) {
        return fail(exchangeProblem(error, url));
      }
    },
    drop() {
      message.once('error', () => undefined);
      message.destroy();
    },
  };
}
