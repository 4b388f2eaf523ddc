import { problem } from '../../core/base/problem.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { DecodeTarget, FrameDecoder } from './decoder.ts';
import { frameInfo } from './frame-attributes.ts';
import type { FrameState } from './frame-image.ts';
import { FrameStore } from './frame-store.ts';
import type { FramedFrame } from './framed-stream.ts';
import { viewingOrder } from './load-order.ts';

/** Brings encoded frames of a plan; the same request may name many frames. */
export interface FrameSource {
  frames(plan: SeriesPlan, indices: readonly number[], signal: AbortSignal): AsyncIterable<FramedFrame>;
}

export interface StackLoaderOptions {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly source: FrameSource;
  readonly decoder: FrameDecoder;
  /** Place of slice k in the volume's memory; null keeps frames apart. */
  readonly targetOf: (k: number) => DecodeTarget | null;
  readonly isPinned: boolean;
  readonly capBytes: number;
}

/** Bytes asked for in one request once the first picture is there. */
const batchBytes = 12 * 2 ** 20;
const batchFramesMost = 64;
/** Requests at a time, beside the one for the frame on screen. */
const lanes = 2;

/**
 * Loads one stack: the frame on screen first, then outward from it. Moving the focus changes what is fetched
 * next. Frames may arrive in any order; a closed loader changes nothing any more.
 */
export class StackLoader {
  readonly store: FrameStore;
  private readonly options: StackLoaderOptions;
  private readonly abort = new AbortController();
  private readonly asked = new Set<number>();
  private readonly listeners = new Set<(k: number) => void>();
  private focused = 0;
  private direction = 0;
  private running = 0;
  private undecodedBytes = 0;
  private urgent = false;

  constructor(options: StackLoaderOptions) {
    this.options = options;
    this.store = new FrameStore(options.group.frames.length, {
      pinned: options.isPinned,
      capBytes: options.capBytes,
    });
  }

  get isDone(): boolean {
    return this.store.settled === this.store.count;
  }

  /** `k` of each frame whose state changed. Answers the function that ends it. */
  subscribe(listener: (k: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The frame on screen: fetched at once when missing, and the middle of everything else. */
  focus(k: number): void {
    if (k !== this.focused) this.direction = Math.sign(k - this.focused);
    this.focused = k;
    if (!this.abort.signal.aborted && this.isMissing(k) && !this.urgent) void this.fetchUrgent(k);
    this.fill();
  }

  /** Tells the listeners that something about the stack as a whole has changed. */
  announce(): void {
    for (const listener of this.listeners) listener(this.focused);
  }

  /** Tries failed frames again. */
  retry(): void {
    for (let k = 0; k < this.store.count; k += 1) {
      if (this.store.state(k).kind === 'failed') this.settle(k, { kind: 'waiting' });
    }
    this.focus(this.focused);
  }

  close(): void {
    this.abort.abort();
    this.listeners.clear();
  }

  private isMissing(k: number): boolean {
    return this.store.state(k).kind === 'waiting' && !this.asked.has(k);
  }

  private async fetchUrgent(k: number): Promise<void> {
    this.urgent = true;
    await this.fetch([k], true);
    this.urgent = false;
    if (!this.abort.signal.aborted && this.isMissing(this.focused)) void this.fetchUrgent(this.focused);
    this.fill();
  }

  /** Keeps the lanes busy, but fetches no more than the decoders keep up with; the first picture goes alone. */
  private fill(): void {
    if (this.urgent && this.store.settled === 0) return;
    while (!this.abort.signal.aborted && this.running < lanes && this.undecodedBytes < batchBytes) {
      const batch = this.nextBatch();
      if (batch.length === 0) return;
      this.running += 1;
      const free = (): void => {
        this.running -= 1;
        this.fill();
      };
      void this.fetch(batch, false, free).finally(() => this.fill());
    }
  }

  private nextBatch(): number[] {
    const { plan, group } = this.options;
    const batch: number[] = [];
    let bytes = 0;
    let heldBytes = 0;
    for (const k of viewingOrder(this.store.count, this.focused, this.direction)) {
      if (!this.isMissing(k)) continue;
      const format = frameInfo(plan, group.frames[k]!)?.instance.format;
      const decodedBytes = (format?.rows ?? 0) * (format?.columns ?? 0) * 4;
      heldBytes += decodedBytes * (batch.length === 0 ? 1 + this.asked.size : 1);
      if (this.store.isFullFor(Math.abs(k - this.focused), this.focused, heldBytes)) break;
      batch.push(k);
      bytes += plan.frames[group.frames[k]!]?.sizeBytes ?? 0;
      if (bytes >= batchBytes || batch.length >= batchFramesMost) break;
    }
    // Ascending order lets the host read its files in runs; the frame nearest to the focus stays first.
    return [...batch.slice(0, 1), ...batch.slice(1).sort((a, b) => a - b)];
  }

  /** Answers when all of the batch is decoded; `transferred` is called when its bytes are here. */
  private async fetch(batch: readonly number[], urgent: boolean, transferred?: () => void): Promise<void> {
    const { plan, group, source } = this.options;
    const { signal } = this.abort;
    const kOf = new Map(batch.map((k) => [group.frames[k]!, k]));
    for (const k of batch) this.asked.add(k);
    const decoding: Promise<void>[] = [];
    const left = new Set(batch);
    try {
      for await (const framed of source.frames(plan, [...kOf.keys()], signal)) {
        const k = kOf.get(framed.frame);
        if (k === undefined) continue;
        left.delete(k);
        decoding.push(this.decode(k, framed, urgent));
      }
    } catch {
      // A broken connection: what did not come is told below, frame by frame.
    } finally {
      transferred?.();
      await Promise.allSettled(decoding);
      for (const k of left) this.failMissing(k);
      for (const k of batch) this.asked.delete(k);
    }
  }

  private failMissing(k: number): void {
    if (this.abort.signal.aborted || this.store.state(k).kind !== 'waiting') return;
    this.settle(k, { kind: 'failed', problem: problem('IO_ERROR') });
  }

  private async decode(k: number, framed: FramedFrame, urgent: boolean): Promise<void> {
    const { plan, decoder, targetOf } = this.options;
    const info = frameInfo(plan, framed.frame);
    if (!info) return;
    const { signal } = this.abort;
    const sizeBytes = framed.fragments.reduce((sum, fragment) => sum + fragment.length, 0);
    this.undecodedBytes += sizeBytes;
    const result = await decoder.decode({
      info,
      fragments: framed.fragments,
      target: targetOf(k),
      urgent,
      signal,
    });
    this.undecodedBytes -= sizeBytes;
    if (signal.aborted) return;
    const state: FrameState = result.ok
      ? { kind: 'ready', image: result.value }
      : { kind: 'failed', problem: result.problem };
    this.settle(k, state);
  }

  private settle(k: number, state: FrameState): void {
    this.store.put(k, state, this.focused);
    for (const listener of this.listeners) listener(k);
    this.fill();
  }
}
