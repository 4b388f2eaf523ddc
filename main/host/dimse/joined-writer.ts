import type { Socket } from 'node:net';

const mostJoinedBytes = 8 << 20;
const leastRoomBytes = 64 << 10;

/** Writes chunks that come together as one: an object is some hundred of them, and handing over each costs more. */
export class JoinedWriter {
  readonly #socket: Socket;
  /** Free whenever the socket has nothing left to write. */
  #room = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (chunks.length === 0) return;
    const total = chunks.reduce((sum, { length }) => sum + length, 0);
    const isFree = this.#socket.writableLength === 0 && total <= mostJoinedBytes;
    if (chunks.length === 1 || !isFree) {
      this.#socket.cork();
      for (const chunk of chunks) this.#socket.write(chunk);
      this.#socket.uncork();
      return;
    }
    if (this.#room.length < total) this.#room = Buffer.allocUnsafeSlow(Math.max(total, leastRoomBytes));
    let at = 0;
    for (const chunk of chunks) {
      this.#room.set(chunk, at);
      at += chunk.length;
    }
    this.#socket.write(this.#room.subarray(0, total));
  }
}
