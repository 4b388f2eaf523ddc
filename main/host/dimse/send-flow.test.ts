import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SendFlow } from './send-flow.ts';

const mebi = 1 << 20;
const pieces = Array.from({ length: 256 }, () => ({
  contextId: 1,
  isCommand: false,
  isLast: false,
  bytes: new Uint8Array(16 << 10),
}));
const never = new Promise<void>(() => undefined);
const sizeOf = (part: readonly { bytes: Uint8Array }[]): number =>
  part.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Sends 4 MiB over a line of so many bytes a second; the sizes of the parts. */
async function send(flow: SendFlow, bytesPerSecond: number): Promise<number[]> {
  const sizes: number[] = [];
  for (const part of flow.parts(pieces)) {
    const socket = new EventEmitter();
    const size = sizeOf(part);
    setTimeout(() => socket.emit('drain'), (1000 * size) / bytesPerSecond);
    const drained = flow.drained(socket as Socket, never);
    await vi.advanceTimersByTimeAsync((1000 * size) / bytesPerSecond);
    await drained;
    sizes.push(size);
  }
  return sizes;
}

describe('the way of an object', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is long parts over a fast line, and nothing more is waited for', async () => {
    const flow = new SendFlow();
    expect(await send(flow, 100 * mebi)).toEqual([mebi, mebi, mebi, mebi]);
    expect(flow.onTheWayMs).toBe(0);
  });

  it('is short parts over a slow one, and what the system holds is waited for', async () => {
    const flow = new SendFlow();
    const sizes = await send(flow, 64 << 10);
    expect(sizes.slice(0, 3)).toEqual([mebi, 64 << 10, 64 << 10]);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4 * mebi);
    // 4 MiB at 64 KiB a second.
    expect(flow.onTheWayMs).toBeCloseTo(64_000, 0);
  });
});
