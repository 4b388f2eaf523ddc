import type { Socket } from 'node:net';

/** An address may be refused so often in a burst (N6), and so often a second after that. */
const burst = 1200;
const perSecond = 50;
/** Then its connections wait, unread, before they are closed: a flood that has to wait is none. */
const holdMs = 1000;
const mostHeld = 256;

/** Turns a flood of connections from one address into a trickle, so that others keep their rate. */
export class Patience {
  readonly #left = new Map<string, number>();
  readonly #held = new Map<string, number>();

  refused(address: string): void {
    this.#left.set(address, (this.#left.get(address) ?? burst) - 1);
  }

  /** Once a second. */
  look(): void {
    for (const [address, left] of this.#left) {
      if (left + perSecond >= burst) this.#left.delete(address);
      else this.#left.set(address, Math.max(left, 0) + perSecond);
    }
  }

  /** True when the socket was taken away: nobody has patience with its address any more. */
  takes(socket: Socket, address: string): boolean {
    if ((this.#left.get(address) ?? burst) > 0) return false;
    const held = this.#held.get(address) ?? 0;
    socket.on('error', () => undefined);
    if (held >= mostHeld) {
      socket.destroy();
      return true;
    }
    this.#held.set(address, held + 1);
    setTimeout(() => {
      socket.destroy();
      const left = (this.#held.get(address) ?? 1) - 1;
      if (left > 0) this.#held.set(address, left);
      else this.#held.delete(address);
    }, holdMs);
    return true;
  }
}
