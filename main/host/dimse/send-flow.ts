import type { Socket } from 'node:net';
import type { PdvPiece } from '../../../core/dimse/types.ts';

/** So much is handed over in one go, as most images fit; over a slow line less, so that each part is a sign of life. */
const partBytes = 1 << 20;
const slowPartBytes = 64 << 10;
const slowMs = 1_000;
/** Most that the system takes of us before it is on the line (tcp_wmem), and most that is waited for it. */
const systemBytes = 4 << 20;
const mostExtraMs = 120_000;

/** How what is sent gets away: over a slow line an object takes longer than a peer may be silent. */
export class SendFlow {
  #isSlow = false;
  #handedOver = 0;
  #msPerByte = 0;

  /** How long what the system still holds may need at the pace of the last parts, before a peer can answer it. */
  get onTheWayMs(): number {
    return Math.min(systemBytes * this.#msPerByte, mostExtraMs);
  }

  /** Pieces in parts, each to be sent when the one before has got away. */
  *parts(pieces: readonly PdvPiece[]): Generator<readonly PdvPiece[]> {
    let part: PdvPiece[] = [];
    let bytes = 0;
    for (const piece of pieces) {
      part.push(piece);
      bytes += piece.bytes.length;
      if (bytes < (this.#isSlow ? slowPartBytes : partBytes)) continue;
      this.#handedOver = bytes;
      yield part;
      part = [];
      bytes = 0;
    }
    if (part.length === 0) return;
    this.#handedOver = bytes;
    yield part;
  }

  async drained(socket: Socket, ended: Promise<void>): Promise<void> {
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve);
      void ended.then(resolve);
    });
    const tookMs = performance.now() - startMs;
    // A part that was taken at once tells nothing of the line.
    if (tookMs < slowMs && !this.#isSlow) return;
    const msPerByte = tookMs / Math.max(1, this.#handedOver);
    // Some parts only find room in the system.
    this.#msPerByte = this.#isSlow ? (3 * this.#msPerByte + msPerByte) / 4 : msPerByte;
    this.#isSlow = true;
  }
}
