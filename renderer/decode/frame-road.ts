import { problem } from '../../core/base/problem.ts';
import { fail } from '../../core/base/result.ts';
import { paddingRangeOf } from '../../core/pixels/auto-window.ts';
import { nativeFramePlace } from '../../core/pixels/format.ts';
import { modalityTransformOf } from '../../core/pixels/modality.ts';
import type { Client } from '../app/transport/client.ts';
import { type FrameInfo, frameInfo } from '../volumes/frame-attributes.ts';
import type { FrameBatch, FrameLoader } from '../volumes/frame-loader.ts';
import { inflateInWorker } from '../volumes/inflate-worker.ts';
import { frameList } from '../volumes/load-order.ts';
import type { FrameOrder } from './messages.ts';
import type { DecodePool } from './pool.ts';

interface Wanted {
  readonly info: FrameInfo;
  readonly order: FrameOrder;
}

/** Frames from the host's `/pixels` route straight into the decode workers; deflated objects through `/instance`. */
export function frameRoad(
  client: Pick<Client, 'fetchBytes' | 'workerAccess'>,
  pool: DecodePool,
): FrameLoader {
  let access: ReturnType<Client['workerAccess']> | undefined;

  async function loadPlain(batch: FrameBatch, wanted: readonly Wanted[]): Promise<void> {
    const { plan, urgent, signal, onFrame } = batch;
    access ??= client.workerAccess();
    const { baseUrl, headers } = await access;
    const frames = wanted.map(({ order }) => order);
    const list = frameList(frames.map(({ index }) => index));
    const url = `${baseUrl}/pixels/${encodeURIComponent(plan.planId)}?frames=${list}`;
    const sizeBytes = wanted.reduce((sum, { info }) => sum + info.frame.sizeBytes, 0);
    await pool.run({ kind: 'fetch', urgent, url, headers, sizeBytes, frames }, signal, onFrame);
  }

  /** Ranges mean nothing in a deflated file: the whole object is fetched and inflated. */
  async function loadDeflated(batch: FrameBatch, wanted: readonly Wanted[]): Promise<void> {
    const { urgent, signal, onFrame } = batch;
    const { instance } = wanted[0]!.info;
    const frames = wanted.map(({ order }) => order);
    const pixels = await inflatedPixels(instance.instanceKey, signal);
    if (signal.aborted) return;
    if (!pixels || !instance.format) {
      for (const { index } of frames) onFrame(index, fail(problem('IO_ERROR')));
      return;
    }
    const { format } = instance;
    const fragments = wanted.map(({ info }) => {
      const { offset, length } = nativeFramePlace(format, info.frame.frame);
      return [pixels.slice(offset, offset + length)];
    });
    await pool.run({ kind: 'decode', urgent, frames, fragments }, signal, onFrame);
  }

  async function inflatedPixels(
    instanceKey: string,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const path = `/instance/${encodeURIComponent(instanceKey)}?for=view`;
      const response = await client.fetchBytes(path, { signal });
      if (!response.ok) return null;
      const answer = await inflateInWorker(new Uint8Array(await response.arrayBuffer()), signal);
      return 'pixels' in answer ? answer.pixels : null;
    } catch {
      return null;
    }
  }

  return {
    async load(batch) {
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
