import { codecsFor, loadCodec } from '../codecs/load.ts';
import type { WorkerRequest } from '../decode/messages.ts';
import { WorkerSide } from '../decode/worker-side.ts';

/** A decode worker; the pool may end it at any time. */
const { port1, port2 } = new MessageChannel();
const turns: (() => void)[] = [];
port1.onmessage = () => turns.shift()?.();

const side = new WorkerSide({
  post: (reply, transfer) => postMessage(reply, { transfer }),
  fetch: (url, init) => fetch(url, { ...init, credentials: 'same-origin', redirect: 'error' }),
  codecsFor,
  loadCodec,
  turn: () =>
    new Promise((resolve) => {
      turns.push(resolve);
      port2.postMessage(null);
    }),
});

addEventListener('message', (event: MessageEvent<WorkerRequest>) => side.handle(event.data));
