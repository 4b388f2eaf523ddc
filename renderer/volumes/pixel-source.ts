import type { SeriesPlan } from '../../core/volume/types.ts';
import { type FramedFrame, framedFrames } from './framed-stream.ts';
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

/** Frames through the host's `/pixels` route. */
export function pixelSource(client: ByteFetcher): FrameSource {
  return {
    async *frames(
      plan: SeriesPlan,
      indices: readonly number[],
      signal: AbortSignal,
    ): AsyncGenerator<FramedFrame> {
      for (let at = 0; at < indices.length; at += listMost) {
        const list = frameList(indices.slice(at, at + listMost));
        const path = `/pixels/${encodeURIComponent(plan.planId)}?frames=${list}`;
        const response = await client.fetchBytes(path, { signal });
        if (!response.ok || !response.body) throw new Error(`pixels: ${response.status}`);
        yield* framedFrames(chunksOf(response.body));
      }
    },
  };
}
