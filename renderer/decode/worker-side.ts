import { problem } from '../../core/base/problem.ts';
import { type ShortsKernel, shiftShorts } from '../../core/pixels/native-shorts.ts';
import type { CodecSet } from '../../core/pixels/types.ts';
import { bindShorts } from '../../native/shorts/bind.ts';
import { framedFrames } from '../volumes/framed-stream.ts';
import { BodyBuffers } from './body-buffers.ts';
import { blankTarget, decodeOrder, joinFragments, LastFrame } from './decode-frame.ts';
import {
  type DecodedFrameMessage,
  type DecodedMessage,
  type Fragments,
  type FrameOrder,
  type LoadRequest,
  progressCells,
  type WorkerReply,
  type WorkerRequest,
} from './messages.ts';

export interface WorkerServices {
  post(reply: WorkerReply, transfer: Transferable[]): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  codecsFor(frame: Uint8Array): Promise<CodecSet>;
  /** Lets messages and finished fetches in between two frames. */
  turn(): Promise<void>;
}

/** One is being filled while another is decoded. */
const keptBuffers = 2;
/** Decoded frames that are not urgent wait this long for others. */
const tellEveryMs = 30;
/** Of a frame beside its bytes: index, count, lengths. */
const headBytes = 64;

interface Job {
  readonly id: number;
  readonly urgent: boolean;
  readonly abort: AbortController;
  /** Frames that are here and not decoded yet. */
  waiting: number;
  /** Nothing more comes from the host. */
  isFetched: boolean;
  /** What the waiting frames lie in. */
  buffer: ArrayBuffer | null;
  /** Decoded, and since when the first of them waits to be told. */
  readonly told: DecodedFrameMessage[];
  toldSinceMs: number;
}

interface Waiting {
  readonly job: Job;
  readonly order: FrameOrder;
  readonly fragments: Fragments;
}

/** A decode worker without its thread: fetches several requests at a time, decodes one frame after another, urgent ones first. */
export class WorkerSide {
  private readonly services: WorkerServices;
  private readonly jobs = new Map<number, Job>();
  private readonly queue: Waiting[] = [];
  private progress: Int32Array = new Int32Array(2);
  private readonly buffers = new BodyBuffers(keptBuffers);
  private readonly tiles = new LastFrame();
  private shorts: ShortsKernel = shiftShorts;
  private isDecoding = false;

  constructor(services: WorkerServices) {
    this.services = services;
  }

  handle(request: WorkerRequest): void {
    if (request.kind === 'open') this.progress = request.progress;
    else if (request.kind === 'kernels') this.shorts = bindShorts(request.module);
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
      buffer: null,
      told: [],
      toldSinceMs: 0,
    };
    this.jobs.set(id, job);
    // Until a frame is there, and where it never comes, its slice of a volume is "no data".
    for (const { target, format, tile } of request.frames) if (target) blankTarget(target, tile ?? format);
    if (request.kind === 'decode') {
      for (const [n, order] of request.frames.entries()) this.enqueue(job, order, request.fragments[n] ?? []);
    } else await this.fetch(job, request);
    job.isFetched = true;
    this.endWhenEmpty(job);
    void this.decodeAll();
  }

  private async fetch(job: Job, request: Extract<LoadRequest, { kind: 'fetch' }>): Promise<void> {
    const { url, headers, frames, sizeBytes } = request;
    const orders = Map.groupBy(frames, ({ index, bytesOf = index }) => bytesOf);
    try {
      const response = await this.services.fetch(url, { headers, signal: job.abort.signal });
      if (!response.ok || !response.body) return;
      const bytes = await this.buffers.read(response.body, sizeBytes + headBytes * frames.length);
      job.buffer = bytes.buffer;
      for (const { frame, fragments } of framedFrames(bytes)) {
        const wanted = orders.get(frame) ?? [];
        const bytes = wanted.length > 1 ? joined(fragments) : fragments;
        for (const order of wanted) this.enqueue(job, order, bytes);
      }
    } catch {
      // A broken connection or a cancelled request: what did not come is told by `done`.
    }
  }

  private enqueue(job: Job, order: FrameOrder, fragments: Fragments): void {
    if (job.abort.signal.aborted) return;
    job.waiting += 1;
    const waiting = { job, order, fragments };
    const at = job.urgent ? this.queue.findIndex((other) => !other.job.urgent) : -1;
    if (at < 0) this.queue.push(waiting);
    else this.queue.splice(at, 0, waiting);
  }

  private endWhenEmpty(job: Job): void {
    if (!job.isFetched || job.waiting > 0) return;
    if (job.buffer) this.buffers.give(job.buffer);
    job.buffer = null;
    if (!this.jobs.has(job.id)) return;
    this.flush(job);
    this.jobs.delete(job.id);
    this.services.post({ kind: 'done', id: job.id }, []);
  }

  /** Each message wakes the page: frames that nobody waits for go several at a time. */
  private tell(job: Job, frame: DecodedFrameMessage): void {
    if (job.told.length === 0) job.toldSinceMs = performance.now();
    job.told.push(frame);
    if (job.urgent || performance.now() - job.toldSinceMs >= tellEveryMs) this.flush(job);
  }

  private flush(job: Job): void {
    const frames = job.told.splice(0);
    if (frames.length === 0) return;
    const transfer = frames.flatMap(({ decoded }) => buffersOf(decoded));
    this.services.post({ kind: 'frames', id: job.id, frames }, transfer);
  }

  private async decodeAll(): Promise<void> {
    if (this.isDecoding) return;
    this.isDecoding = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const { job, order, fragments } = next;
      job.waiting -= 1;
      if (!job.abort.signal.aborted) {
        const decoded = await this.decode(order, fragments);
        this.tell(job, { index: order.index, decoded });
      }
      this.endWhenEmpty(job);
      await this.services.turn();
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
      return decodeOrder(order, whole, await this.services.codecsFor(whole[0]!), this.tiles, this.shorts);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { kind: 'failed', problem: problem('INTERNAL', { reason }) };
    } finally {
      Atomics.store(this.progress, progressCells.decoding, 0);
    }
  }
}

/** As one fragment; the same array where it is one already. */
const joined = (fragments: Fragments): Fragments =>
  fragments.length === 1 ? fragments : [joinFragments(fragments) as Uint8Array<ArrayBuffer>];

function buffersOf(decoded: DecodedMessage): Transferable[] {
  if (decoded.kind === 'failed') return [];
  if (decoded.kind === 'colour') return [decoded.rgba.buffer];
  const { values, overlay, range } = decoded;
  return [values, overlay, range.sample].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
}
