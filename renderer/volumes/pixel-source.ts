import { nativeFramePlace } from '../../core/pixels/format.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import { type FrameInfo, frameInfo } from './frame-attributes.ts';
import { type FramedFrame, framedFrames } from './framed-stream.ts';
import { inflateInWorker } from './inflate-worker.ts';
import { frameList } from './load-order.ts';
import type { FrameSource } from './stack-loader.ts';

/** The one thing asked of the client here. */
export interface ByteFetcher {
  fetchBytes(path: string, init?: RequestInit): Promise<Response>;
}

/** Longest `frames=` list of one request, so that its address stays short. */
const listMost = 1500;

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Leaving early (a closed series) ends the transfer too.
    void reader.cancel().catch(() => undefined);
  }
}

/** Ranges mean nothing in a deflated file: the whole object is fetched and inflated here. */
async function* deflatedFrames(
  client: ByteFetcher,
  infos: ReadonlyMap<number, FrameInfo>,
  signal: AbortSignal,
): AsyncGenerator<FramedFrame> {
  const byInstance = Map.groupBy(infos, ([, info]) => info.instance);
  for (const [instance, frames] of byInstance) {
    const path = `/instance/${encodeURIComponent(instance.instanceKey)}?for=view`;
    const response = await client.fetchBytes(path, { signal });
    if (!response.ok || !instance.format) continue;
    const answer = await inflateInWorker(new Uint8Array(await response.arrayBuffer()), signal);
    if (!('pixels' in answer)) continue;
    for (const [index, info] of frames) {
      const { offset, length } = nativeFramePlace(instance.format, info.frame.frame);
      yield { frame: index, fragments: [answer.pixels.slice(offset, offset + length)] };
    }
  }
}

/** Frames through the host's `/pixels` route; deflated objects through `/instance`. */
export function pixelSource(client: ByteFetcher): FrameSource {
  return {
    async *frames(
      plan: SeriesPlan,
      indices: readonly number[],
      signal: AbortSignal,
    ): AsyncGenerator<FramedFrame> {
      const deflated = new Map<number, FrameInfo>();
      for (const index of indices) {
        const info = frameInfo(plan, index);
        if (info?.instance.deflated) deflated.set(index, info);
      }
      const plain = indices.filter((index) => !deflated.has(index));
      for (let at = 0; at < plain.length; at += listMost) {
        const list = frameList(plain.slice(at, at + listMost));
        const path = `/pixels/${encodeURIComponent(plan.planId)}?frames=${list}`;
        const response = await client.fetchBytes(path, { signal });
        if (!response.ok || !response.body) throw new Error(`pixels: ${response.status}`);
        yield* framedFrames(chunksOf(response.body));
      }
      yield* deflatedFrames(client, deflated, signal);
    },
  };
}
