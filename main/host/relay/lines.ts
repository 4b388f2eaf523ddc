import type { Socket } from 'node:net';
import { maxLineBytes } from './endpoint.ts';

/**
 * Reads lines from a socket; `takeOver` ends that and gives what came after the last line, so that the rest of the
 * connection can be raw bytes.
 */
export class LineReader {
  readonly #socket: Socket;
  readonly #onLine: (line: string) => void;
  readonly #listen: (chunk: Buffer) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isOver = false;

  constructor(socket: Socket, onLine: (line: string) => void) {
    this.#socket = socket;
    this.#onLine = onLine;
    this.#listen = (chunk) => this.#receive(chunk);
    socket.on('data', this.#listen);
  }

  #receive(chunk: Buffer): void {
    let from = 0;
    while (!this.#isOver) {
      const end = chunk.indexOf(10, from);
      if (end < 0) break;
      const line = Buffer.concat([...this.#rest, chunk.subarray(from, end)]).toString();
      this.#rest = [];
      this.#restBytes = 0;
      from = end + 1;
      this.#onLine(line);
    }
    if (from >= chunk.length) return;
    this.#rest.push(chunk.subarray(from));
    this.#restBytes += chunk.length - from;
    if (!this.#isOver && this.#restBytes > maxLineBytes) this.#socket.destroy();
  }

  /** Called from within `onLine`: bytes that follow are no lines. */
  stop(): void {
    this.#isOver = true;
  }

  /** All bytes after the last line, to the end of the connection. */
  async *remaining(): AsyncGenerator<Uint8Array> {
    this.#socket.pause();
    this.#socket.off('data', this.#listen);
    // Called from within `onLine`: what came with that line is set aside when the line's handler has returned.
    await Promise.resolve();
    for (const part of this.#rest.splice(0)) yield part;
    for await (const chunk of this.#socket) yield chunk as Buffer;
  }
}
