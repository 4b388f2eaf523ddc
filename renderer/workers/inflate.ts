import { deflatedPixels, type InflateAnswer } from '../volumes/deflated.ts';

/** Inflates one object and ends. */
addEventListener('message', (event: MessageEvent<Uint8Array>) => {
  const result = deflatedPixels(event.data);
  const answer: InflateAnswer = result.ok ? { pixels: result.value } : { problem: result.problem };
  postMessage(answer, { transfer: result.ok ? [result.value.buffer] : [] });
});
