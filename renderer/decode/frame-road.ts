import { type Problem, problem } from '../../core/base/problem.ts';
import { fail, ok, type Result } from '../../core/base/result.ts';
import { paddingRangeOf } from '../../core/pixels/auto-window.ts';
import { nativeFramePlace } from '../../core/pixels/format.ts';
import { modalityTransformOf } from '../../core/pixels/modality.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import type { Client } from '../app/transport/client.ts';
import { type FrameInfo, frameInfo, storedFrameKey } from '../volumes/frame-attributes.ts';
import type { FrameBatch, FrameLoader } from '../volumes/frame-loader.ts';
import { inflateInWorker } from '../volumes/inflate-worker.ts';
import { frameList } from '../volumes/load-order.ts';
import type { Fragments, FrameOrder } from './messages.ts';
import type { DecodePool } from './pool.ts';

type WorkerAccess = Awaited<ReturnType<Client['workerAccess']>>;

interface Wanted {
  readonly info: FrameInfo;
  readonly order: FrameOrder;
}

/** Frames from the host's `/pixels` route straight into the decode workers; deflated objects through `/instance`. */
export function frameRoad(
  client: Pick<Client, 'fetchBytes' | 'workerAccess'>,
  pool: Pick<DecodePool, 'run' | 'expect'>,
): FrameLoader {
  let access: WorkerAccess | undefined;
  const expected = new WeakSet<SeriesPlan>();

  async function loadPlain(batch: FrameBatch, wanted: readonly Wanted[]): Promise<void> {
    const { plan, urgent, signal, onFrame } = batch;
    // Without waiting where it is known: the page may be about to draw, and the first frame is asked for before that.
    access ??= await client.workerAccess();
    const { baseUrl, headers } = access;
    const { frames, asked } = shared(wanted);
    const list = frameList(asked.map(({ order }) => order.index));
    const url = `${baseUrl}/pixels/${encodeURIComponent(plan.planId)}?frames=${list}`;
    const sizesBytes = asked.map(({ info }) => info.frame.sizeBytes);
    await pool.run({ kind: 'fetch', urgent, url, headers, sizesBytes, frames }, signal, onFrame);
  }

  /** Ranges mean nothing in a deflated file: the whole object is fetched and inflated. */
  async function loadDeflated(batch: FrameBatch, wanted: readonly Wanted[]): Promise<void> {
    const { urgent, signal, onFrame } = batch;
    const { instance } = wanted[0]!.info;
    const frames = wanted.map(({ order }) => order);
    const pixels = await inflatedPixels(instance.instanceKey, signal);
    if (signal.aborted) return;
    const { format } = instance;
    if (!pixels.ok || !format) {
      for (const { index } of frames) onFrame(index, pixels.ok ? fail(problem('NOT_IMAGE')) : pixels);
      return;
    }
    const cut = new Map<number, Fragments>();
    const fragments = wanted.map(({ info: { frame } }) => {
      const { offset, length } = nativeFramePlace(format, frame.frame);
      const bytes = cut.get(frame.frame) ?? [pixels.value.slice(offset, offset + length)];
      cut.set(frame.frame, bytes);
      return bytes;
    });
    await pool.run({ kind: 'decode', urgent, frames, fragments }, signal, onFrame);
  }

  async function inflatedPixels(
    instanceKey: string,
    signal: AbortSignal,
  ): Promise<Result<Uint8Array<ArrayBuffer>>> {
    try {
      const path = `/instance/${encodeURIComponent(instanceKey)}?for=view`;
      const response = await client.fetchBytes(path, { signal });
      if (!response.ok) return fail(await whyRefused(response));
      const answer = await inflateInWorker(new Uint8Array(await response.arrayBuffer()), signal);
      return 'pixels' in answer ? ok(answer.pixels) : fail(answer.problem);
    } catch {
      return fail(problem('IO_ERROR'));
    }
  }

  client.workerAccess().then(
    (known) => {
      access = known;
    },
    () => undefined,
  );
  return {
    async load(batch) {
      if (!expected.has(batch.plan)) pool.expect(batch.plan);
      expected.add(batch.plan);
      const plain: Wanted[] = [];
      const deflated: Wanted[] = [];
      for (const { index, target } of batch.frames) {
        const info = frameInfo(batch.plan, index);
        if (!info?.instance.format) batch.onFrame(index, fail(problem('NOT_IMAGE')));
        else (info.instance.deflated ? deflated : plain).push({ info, order: orderOf(index, info, target) });
      }
      const objects = Map.groupBy(deflated, ({ info }) => info.instance).values();
      const loads = [...objects].map((wanted) => loadDeflated(batch, wanted));
      if (plain.length > 0) loads.push(loadPlain(batch, plain));
      await Promise.all(loads);
    },
  };
}

/** What a byte route says with its refusal. @throws where that is no JSON */
async function whyRefused(response: Response): Promise<Problem> {
  const { problem: why } = (await response.json()) as { readonly problem?: Problem };
  return why ?? problem('IO_ERROR');
}

/** Pictures cut from the same stored frame come from one asking: `asked` holds the first of each. */
function shared(wanted: readonly Wanted[]): { frames: readonly FrameOrder[]; asked: readonly Wanted[] } {
  const first = new Map<string, Wanted>();
  const frames = wanted.map((one): FrameOrder => {
    const { info, order } = one;
    if (!order.tile) return order;
    const key = storedFrameKey(info.frame);
    const known = first.get(key);
    if (known) return { ...order, bytesOf: known.order.index };
    first.set(key, one);
    return order;
  });
  return { frames, asked: wanted.filter((_, n) => frames[n]!.bytesOf === undefined) };
}

function orderOf(
  index: number,
  { instance, frame, attributes }: FrameInfo,
  target: FrameOrder['target'],
): FrameOrder {
  if (!instance.format) throw new Error('no pixel format');
  const padding = paddingRangeOf(attributes);
  const embedded = instance.overlays?.filter((overlay) => overlay.data === undefined) ?? [];
  return {
    index,
    transferSyntaxUID: instance.transferSyntaxUID,
    format: instance.format,
    frameIndex: frame.frame,
    ...(frame.tile && { tile: frame.tile }),
    transform: modalityTransformOf(attributes, instance.modalityLut),
    target,
    ...(padding && { padding }),
    ...(embedded.length > 0 && { embedded }),
    ...(instance.palette && { palette: instance.palette }),
  };
}
