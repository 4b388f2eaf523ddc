/** From presentation data values to messages (PS3.7 6.3, PS3.8 annex E). */
import { type Problem, problem } from '../base/problem.ts';
import { type DecodedCommand, decodeCommand } from './command-set.ts';
import type { MessageEvent, PdvPiece } from './types.ts';

/** Longest command set taken. */
export const maxCommandBytes = 64 * 1024;

const firstCommandBytes = 256;
const empty = new Uint8Array(0);

type State = 'idle' | 'command' | 'dataset' | 'skipping' | 'broken';

/**
 * Joins command fragments and passes data set pieces through without copying them: a `dataset` event's bytes are the
 * piece's own. One message at a time, whatever its context; a peer that mixes two is to be aborted, and after an
 * `invalid` event without an answer nothing more is read.
 */
export class MessageReader {
  #state: State = 'idle';
  #contextId = 0;
  /** What has come of a command in fragments; grows by doubling, for fragments may be of one byte each (C24). */
  #held = empty;
  #heldBytes = 0;

  /** True while a message has begun and not ended: a release request is out of order then. */
  get isInMessage(): boolean {
    return this.#state !== 'idle' && this.#state !== 'broken';
  }

  /** Memory held of a command that is not whole. */
  get heldBytes(): number {
    return this.#held.length;
  }

  take(piece: PdvPiece): MessageEvent[] {
    if (this.#state === 'broken') return [];
    const isDue = piece.isCommand
      ? this.#state === 'idle' || this.#state === 'command'
      : this.#state === 'dataset' || this.#state === 'skipping';
    const isSame = this.#state === 'idle' || piece.contextId === this.#contextId;
    if (!isDue || !isSame) return this.#break(piece.contextId, problem('MESSAGE_UNEXPECTED'));
    return piece.isCommand ? this.#takeCommand(piece) : this.#takeDataset(piece);
  }

  #takeCommand(piece: PdvPiece): MessageEvent[] {
    const { contextId, bytes, isLast } = piece;
    if (this.#heldBytes + bytes.length > maxCommandBytes) {
      return this.#break(contextId, problem('COMMAND_TOO_LARGE', { limit: '64 KiB' }));
    }
    this.#state = 'command';
    this.#contextId = contextId;
    if (isLast && this.#heldBytes === 0) return this.#commandRead(contextId, decodeCommand(bytes));
    this.#hold(bytes);
    if (!isLast) return [];
    const whole = this.#held.subarray(0, this.#heldBytes);
    this.#drop();
    return this.#commandRead(contextId, decodeCommand(whole));
  }

  #hold(bytes: Uint8Array): void {
    const size = this.#heldBytes + bytes.length;
    if (size > this.#held.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#held.length, firstCommandBytes));
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = size;
  }

  #drop(): void {
    this.#held = empty;
    this.#heldBytes = 0;
  }

  #commandRead(contextId: number, decoded: DecodedCommand): MessageEvent[] {
    if (decoded.ok) {
      this.#state = decoded.command.hasDataset ? 'dataset' : 'idle';
      return [{ kind: 'command', contextId, command: decoded.command }];
    }
    if (decoded.answer === undefined) return this.#break(contextId, decoded.problem);
    this.#state = decoded.datasetFollows ? 'skipping' : 'idle';
    return [{ kind: 'invalid', contextId, problem: decoded.problem, answer: decoded.answer }];
  }

  #takeDataset({ contextId, bytes, isLast }: PdvPiece): MessageEvent[] {
    const isSkipped = this.#state === 'skipping';
    if (isLast) this.#state = 'idle';
    if (isSkipped) return [];
    const events: MessageEvent[] = [];
    if (bytes.length > 0) events.push({ kind: 'dataset', contextId, bytes });
    if (isLast) events.push({ kind: 'datasetEnd', contextId });
    return events;
  }

  #break(contextId: number, reason: Problem): MessageEvent[] {
    this.#state = 'broken';
    this.#drop();
    return [{ kind: 'invalid', contextId, problem: reason }];
  }
}
