import { problem } from '../../core/base/problem.ts';
import { fail, type Result } from '../../core/base/result.ts';
import { frameCodingOf } from '../../core/pixels/codec-table.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { frameInfo, storedFrameKey } from './frame-attributes.ts';
import type { DecodeTarget, FrameImage, FrameState } from './frame-image.ts';
import type { FrameLoader } from './frame-loader.ts';
import { FrameStore } from './frame-store.ts';
import { viewingOrder } from './load-order.ts';

export interface StackLoaderOptions {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly frames: FrameLoader;
  /** Place of slice k in the volume's memory; null keeps frames apart. */
  readonly targetOf: (k: number) => DecodeTarget | null;
  readonly isPinned: boolean;
  readonly capBytes: number;
  /** Threads that decode. */
  readonly workerCount: number;
}

interface RequestSize {
  readonly bytesMost: number;
  readonly framesMost: number;
  readonly lanesMost: number;
}

/**
 * Asked for in one request once the first picture is there. Uncompressed frames are used as they come, and a request costs
 * as much as moving some of them: long ones, one for each of few connections (a browser has six).
 */
const plainRequest: RequestSize = { bytesMost: 32 * 2 ** 20, framesMost: 64, lanesMost: 4 };
/** Decoding takes the time: short ones, so that all workers have some. */
const codedRequest: RequestSize = { bytesMost: 8 * 2 ** 20, framesMost: 16, lanesMost: 64 };
/** Frames of a volume are used as they come, those next to the first one first: long requests bring them as soon as short ones. */
const firstOfVolume = 40;
/** Requests at a time, beside the one for the frame on screen: one arrives while the other is decoded, per worker. */
const lanesPerWorker = 2;
/** The reader is this far from where loading began: what is still on its way is asked for in another order. */
const strayedFrames = 24;
/** Longest time that loading waits for the first picture to be shown: a hidden page shows none. */
const heldMostMs = 400;

function tilesTogether({ plan, group }: StackLoaderOptions): ReadonlyMap<number, readonly number[]> {
  const ofFrame = new Map<string, number[]>();
  for (const [k, index] of group.frames.entries()) {
    const frame = plan.frames[index];
    if (!frame?.tile) continue;
    const key = storedFrameKey(frame);
    const known = ofFrame.get(key);
    if (known) known.push(k);
    else ofFrame.set(key, [k]);
  }
  return new Map([...ofFrame.values()].flatMap((ks) => ks.map((k) => [k, ks] as const)));
}

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
  /** Slices cut from the same stored frame (mosaics), for each of them. */
  private readonly tiles: ReadonlyMap<number, readonly number[]>;
  /** The frame on screen, and the middle of what is loaded. */
  focused = 0;
  private direction = 0;
  private running = 0;
  private urgent = false;
  /** True until the first picture was shown. */
  isHeld = true;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private readonly size: RequestSize;
  private readonly lanes: number;
  /** Requests that are not urgent, each with the frame that was on screen when it began. */
  private readonly requests = new Map<AbortController, number>();

  constructor(options: StackLoaderOptions) {
    this.options = options;
    this.tiles = tilesTogether(options);
    const { plan, group, workerCount } = options;
    const syntax = frameInfo(plan, group.frames[0] ?? -1)?.instance.transferSyntaxUID ?? '';
    this.size = frameCodingOf(syntax)?.kind === 'native' ? plainRequest : codedRequest;
    this.lanes = Math.min(this.size.lanesMost, workerCount * lanesPerWorker);
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
    for (const [request, began] of this.requests) if (Math.abs(k - began) > strayedFrames) request.abort();
    if (!this.abort.signal.aborted && this.isMissing(k) && !this.urgent) void this.fetchUrgent(k);
    this.fill();
  }

  /** The first picture is on screen: everything else may take the processor now. */
  release(): void {
    if (!this.isHeld) return;
    clearTimeout(this.holding);
    this.isHeld = false;
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
    clearTimeout(this.holding);
    this.listeners.clear();
  }

  private isMissing(k: number): boolean {
    return this.store.state(k).kind === 'waiting' && !this.asked.has(k);
  }

  /** A frame with those that are still missing of the same stored one: it is fetched and decoded once. */
  private withTiles(k: number): readonly number[] {
    const others = this.tiles.get(k)?.filter((other) => other !== k && this.isMissing(other));
    return [k, ...(others ?? [])];
  }

  private async fetchUrgent(k: number): Promise<void> {
    this.urgent = true;
    await this.fetch(this.withTiles(k), true);
    this.urgent = false;
    this.holding ??= setTimeout(() => this.release(), heldMostMs);
    if (!this.abort.signal.aborted && this.isMissing(this.focused)) void this.fetchUrgent(this.focused);
    this.fill();
  }

  /** Keeps the lanes busy; the first picture goes alone until it is on screen. */
  private fill(): void {
    if (this.isHeld) return;
    while (!this.abort.signal.aborted && this.running < this.lanes) {
      const batch = this.nextBatch();
      if (batch.length === 0) return;
      this.running += 1;
      void this.fetch(batch, false).then(() => {
        this.running -= 1;
        this.fill();
      });
    }
  }

  /** In the first requests: few, until it is seen how much room they take, where frames do not have a volume's. */
  private get firstFrames(): number {
    return this.options.isPinned ? firstOfVolume : 2;
  }

  /** Missing frames from the one on screen outward, every so manieth, so that all requests come from the middle together. */
  private nextBatch(): number[] {
    const { plan, group } = this.options;
    const batch: number[] = [];
    const taken = new Set<number>();
    const missing = viewingOrder(this.store.count, this.focused, this.direction).filter((k) =>
      this.isMissing(k),
    );
    // The last ones are shared evenly.
    const share = Math.max(4, Math.ceil(missing.length / Math.max(1, this.lanes)));
    const framesMost = Math.min(this.size.framesMost, this.firstFrames + this.store.settled, share);
    const step = Math.max(1, Math.min(this.lanes - this.running, Math.floor(missing.length / framesMost)));
    let bytes = 0;
    let stored = 0;
    let heldBytes = 0;
    for (let n = 0; n < missing.length; n += step) {
      const k = missing[n]!;
      if (taken.has(k)) continue;
      const info = frameInfo(plan, group.frames[k]!);
      const size = info?.frame.tile ?? info?.instance.format;
      const decodedBytes = (size?.rows ?? 0) * (size?.columns ?? 0) * 4;
      const together = this.withTiles(k);
      heldBytes += decodedBytes * (together.length + (batch.length === 0 ? this.asked.size : 0));
      if (this.store.isFullFor(Math.abs(k - this.focused), this.focused, heldBytes)) break;
      for (const tile of together) taken.add(tile);
      batch.push(...together);
      stored += 1;
      bytes += info?.frame.sizeBytes ?? 0;
      if (bytes >= this.size.bytesMost || stored >= framesMost) break;
    }
    return batch;
  }

  /** Answers when all of the batch is settled, or was given up. */
  private async fetch(batch: readonly number[], urgent: boolean): Promise<void> {
    const { plan, group, frames, targetOf } = this.options;
    const request = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, request.signal]);
    const kOf = new Map(batch.map((k) => [group.frames[k]!, k]));
    for (const k of batch) this.asked.add(k);
    if (!urgent) this.requests.set(request, this.focused);
    await frames.load({
      plan,
      frames: batch.map((k) => ({ index: group.frames[k]!, target: targetOf(k) })),
      urgent,
      signal,
      onFrame: (index, result) => this.take(kOf.get(index), result),
    });
    this.requests.delete(request);
    for (const k of batch) {
      const isLost = this.store.state(k).kind === 'waiting' && !signal.aborted;
      if (isLost) this.take(k, fail(problem('IO_ERROR')));
      this.asked.delete(k);
    }
  }

  private take(k: number | undefined, result: Result<FrameImage>): void {
    if (k === undefined || this.abort.signal.aborted) return;
    this.settle(
      k,
      result.ok ? { kind: 'ready', image: result.value } : { kind: 'failed', problem: result.problem },
    );
  }

  private settle(k: number, state: FrameState): void {
    this.store.put(k, state, this.focused);
    for (const listener of this.listeners) listener(k);
  }
}
