import { type Problem, problem } from '../../core/base/problem.ts';
import { type ShortsKernel, shiftShorts } from '../../core/pixels/native-shorts.ts';
import type { CodecSet } from '../../core/pixels/types.ts';
import type { WasmCodecName } from '../../core/pixels/wasm-codecs.ts';
import { bindShorts } from '../../native/shorts/bind.ts';
import { beginWriting, endWriting } from '../volumes/slice-claims.ts';
import { decodeOrder, joinFragments, LastFrame } from './decode-frame.ts';
import { streamedFrames } from './frame-stream.ts';
import {
  type DecodedFrameMessage,
  type DecodedMessage,
  type Fragments,
  type FrameOrder,
  type LoadRequest,
  newProgress,
  progressCells,
  type WorkerReply,
  type WorkerRequest,
} from './messages.ts';
import { SpareBuffers } from './spare-buffers.ts';

export interface WorkerServices {
  post(reply: WorkerReply, transfer: Transferable[]): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  codecsFor(frame: Uint8Array): Promise<CodecSet>;
  loadCodec(name: WasmCodecName): void;
  /** Lets messages and finished fetches in between two frames. */
  turn(): Promise<void>;
}

/** Of each request one frame is being read, and some wait. */
const keptBuffers = 8;
/** A request is read on while less than this waits to be decoded: little memory, and enough to do meanwhile. */
const waitingMostBytes = 4 * 2 ** 20;
/** Decoded frames that are not urgent wait this long for others. */
const tellEveryMs = 30;
/** Messages and what was read wait at most about this long for frames that are decoded. */
const turnEveryMs = 8;

/** Whoever held it may be gone. */
const heldMostMs = 300;

interface Job {
  readonly id: number;
  readonly urgent: boolean;
  readonly abort: AbortController;
  /** Frames that are here and not told yet. */
  waiting: number;
  /** Nothing more comes from the host. */
  isFetched: boolean;
  /** Decoded, and when they are told. */
  readonly told: DecodedFrameMessage[];
  telling: ReturnType<typeof setTimeout> | undefined;
}

/** A buffer that came from the host, and how many frames still look at it. */
interface Held {
  readonly buffer: ArrayBuffer;
  readonly sizeBytes: number;
  users: number;
}

interface Waiting {
  readonly job: Job;
  readonly order: FrameOrder;
  readonly fragments: Fragments;
  readonly held: Held | null;
}

/** A decode worker without its thread: fetches several requests at a time, decodes one frame after another, urgent ones first. */
export class WorkerSide {
  private readonly services: WorkerServices;
  private readonly jobs = new Map<number, Job>();
  private readonly queue: Waiting[] = [];
  private progress = newProgress();
  private readonly buffers = new SpareBuffers(keptBuffers);
  /** Read and not decoded yet. */
  private waitingBytes = 0;
  private readonly waitingForRoom: (() => void)[] = [];
  private readonly tiles = new LastFrame();
  private shorts: ShortsKernel = shiftShorts;
  private isDecoding = false;

  constructor(services: WorkerServices) {
    this.services = services;
  }

  handle(request: WorkerRequest): void {
    if (request.kind === 'open') this.progress = request.progress;
    else if (request.kind === 'kernels') this.shorts = bindShorts(request.module);
    else if (request.kind === 'codec') this.services.loadCodec(request.name);
    else if (request.kind === 'cancel') this.cancel(request.id);
    else void this.take(request);
  }

  private cancel(id: number): void {
    this.jobs.get(id)?.abort.abort();
    this.jobs.delete(id);
  }

  private async take(request: LoadRequest): Promise<void> {
    const { id, urgent } = request;
    const job: Job = {
      id,
      urgent,
      abort: new AbortController(),
      waiting: 0,
      isFetched: false,
      told: [],
      telling: undefined,
    };
    this.jobs.set(id, job);
    if (request.kind === 'decode') {
      for (const [n, order] of request.frames.entries())
        this.enqueue(job, order, request.fragments[n] ?? [], null);
    } else await this.fetch(job, request);
    job.isFetched = true;
    this.endWhenEmpty(job);
    void this.decodeAll();
  }

  private async fetch(job: Job, request: Extract<LoadRequest, { kind: 'fetch' }>): Promise<void> {
    const { url, headers, frames, sizesBytes } = request;
    const orders = Map.groupBy(frames, ({ index, bytesOf = index }) => bytesOf);
    try {
      const response = await this.services.fetch(url, { headers, signal: job.abort.signal });
      if (!response.ok || !response.body) return;
      for await (const { frame, fragments, fault, buffer } of streamedFrames(
        response.body,
        sizesBytes,
        this.buffers,
      )) {
        const wanted = orders.get(frame) ?? [];
        const sizeBytes = fragments.reduce((sum, { length }) => sum + length, 0);
        const held = { buffer, sizeBytes, users: wanted.length };
        this.waitingBytes += sizeBytes;
        if (fault) for (const order of wanted) this.tell(job, failedFrame(order, fault));
        if (fault || wanted.length === 0) {
          this.release(held);
          continue;
        }
        const bytes = wanted.length > 1 ? joined(fragments) : fragments;
        for (const order of wanted) this.enqueue(job, order, bytes, held);
        void this.decodeAll();
        await this.room();
        if (job.abort.signal.aborted) return;
      }
    } catch {
      // A broken connection or a cancelled request: what did not come is told by `done`.
    }
  }

  private enqueue(job: Job, order: FrameOrder, fragments: Fragments, held: Held | null): void {
    job.waiting += 1;
    const waiting = { job, order, fragments, held };
    const at = job.urgent ? this.queue.findIndex((other) => !other.job.urgent) : -1;
    if (at < 0) this.queue.push(waiting);
    else this.queue.splice(at, 0, waiting);
  }

  /** Answers when more may be read. */
  private async room(): Promise<void> {
    while (this.waitingBytes > waitingMostBytes)
      await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
  }

  private release(held: Held): void {
    this.buffers.give(held.buffer);
    this.waitingBytes -= held.sizeBytes;
    for (const go of this.waitingForRoom.splice(0)) go();
  }

  private endWhenEmpty(job: Job): void {
    if (!job.isFetched || job.waiting > 0) return;
    if (!this.jobs.has(job.id)) return;
    this.flush(job);
    this.jobs.delete(job.id);
    this.services.post({ kind: 'done', id: job.id }, []);
  }

  /** Each message wakes the page: frames that nobody waits for go several at a time. */
  private tell(job: Job, frame: DecodedFrameMessage): void {
    job.told.push(frame);
    if (job.urgent) this.flush(job);
    else job.telling ??= setTimeout(() => this.flush(job), tellEveryMs);
  }

  private flush(job: Job): void {
    clearTimeout(job.telling);
    job.telling = undefined;
    const frames = job.told.splice(0);
    if (frames.length === 0 || job.abort.signal.aborted) return;
    const transfer = frames.flatMap(({ decoded }) => buffersOf(decoded));
    this.services.post({ kind: 'frames', id: job.id, frames }, transfer);
  }

  private async decodeAll(): Promise<void> {
    if (this.isDecoding) return;
    this.isDecoding = true;
    let turnedMs = performance.now();
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { job, order, fragments, held } = next;
      Atomics.wait(this.progress, progressCells.held, 1, heldMostMs);
      if (!job.abort.signal.aborted) {
        const decoded = await this.decode(order, fragments);
        this.tell(job, { index: order.index, decoded });
      }
      // Not before: its answer may end meanwhile, and then all has been told.
      job.waiting -= 1;
      if (held) {
        held.users -= 1;
        if (held.users === 0) this.release(held);
      }
      this.endWhenEmpty(job);
      if (performance.now() - turnedMs < turnEveryMs) continue;
      await this.services.turn();
      turnedMs = performance.now();
    }
    this.tiles.forget();
    this.isDecoding = false;
  }

  /** Tiles of one frame come one after another with the same `fragments`: it is decoded once. */
  private async decode(order: FrameOrder, fragments: Fragments): Promise<DecodedMessage> {
    Atomics.store(this.progress, progressCells.decoding, order.index + 1);
    Atomics.add(this.progress, progressCells.begun, 1);
    try {
      const whole = joined(fragments);
      const codecs = await this.services.codecsFor(whole[0]!);
      const claim = order.target?.claim;
      if (claim) beginWriting(claim);
      const decoded = decodeOrder(order, whole, codecs, this.tiles, this.shorts);
      if (claim && decoded.kind !== 'failed') endWriting(claim);
      return decoded;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'failed', problem: problem('INTERNAL', { reason }) };
    } finally {
      Atomics.store(this.progress, progressCells.decoding, 0);
    }
  }
}

const failedFrame = ({ index }: FrameOrder, fault: Problem): DecodedFrameMessage => ({
  index,
  decoded: { kind: 'failed', problem: fault },
});

/** As one fragment; the same array where it is one already. */
const joined = (fragments: Fragments): Fragments =>
  fragments.length === 1 ? fragments : [joinFragments(fragments) as Uint8Array<ArrayBuffer>];

function buffersOf(decoded: DecodedMessage): Transferable[] {
  if (decoded.kind === 'failed') return [];
  if (decoded.kind === 'colour') return [decoded.rgba.buffer];
  const { values, overlay, range } = decoded;
  return [values, overlay, range.sample].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
}
