import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteResponse } from '../../core/contract/host.ts';
import { sendByteResponse } from './byte-route.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Serves one answer and asks for it. */
async function askFor(answer: ByteResponse): Promise<IncomingMessage> {
  const server = createServer((_, response) => void sendByteResponse(response, answer, false));
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1' }, resolve).on('error', reject).end();
  });
}

const answerOf = (body: AsyncIterable<Uint8Array>, reuse?: (part: Uint8Array) => void): ByteResponse => ({
  status: 200,
  headers: {},
  body,
  ...(reuse && { reuse }),
});

const partBytes = 700_000;

describe('a body that comes in parts', () => {
  it('arrives as it was, though each part is written over once it has gone out', async () => {
    const reused: Uint8Array<ArrayBuffer>[] = [];
    async function* parts() {
      for (let n = 1; n <= 20; n++) yield (reused.pop() ?? new Uint8Array(partBytes)).fill(n);
    }
    const answer = answerOf(parts(), (part) => {
      reused.push((part as Uint8Array<ArrayBuffer>).fill(0xee));
    });
    const received: Buffer[] = [];
    for await (const part of await askFor(answer)) received.push(part as Buffer);
    const bytes = Buffer.concat(received);
    expect(bytes.length).toBe(20 * partBytes);
    for (let n = 1; n <= 20; n++) {
      const part = bytes.subarray((n - 1) * partBytes, n * partBytes);
      expect(part.equals(Buffer.alloc(partBytes, n))).toBe(true);
    }
    expect(reused.length).toBeGreaterThan(0);
  });

  it('never looks complete when it fails midway', async () => {
    async function* parts() {
      yield new Uint8Array(partBytes);
      throw new Error('disk');
    }
    const response = await askFor(answerOf(parts()));
    const read = async (): Promise<void> => {
      for await (const _ of response);
    };
    await expect(read()).rejects.toThrow();
  });

  it('ends where the browser goes away', async () => {
    let end: (given: number) => void = () => undefined;
    const ended = new Promise<number>((resolve) => {
      end = resolve;
    });
    async function* parts() {
      let given = 0;
      try {
        for (; given < 10_000; given++) yield new Uint8Array(partBytes);
      } finally {
        end(given);
      }
    }
    const response = await askFor(answerOf(parts()));
    await new Promise((resolve) => response.once('data', resolve));
    response.destroy();
    expect(await ended).toBeLessThan(1000);
  });
});
