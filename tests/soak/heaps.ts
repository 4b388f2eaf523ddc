/** What the threads of a Node process keep: their heaps after each has collected its garbage, by the inspector's protocol. */

export interface ThreadHeap {
  readonly thread: string;
  /** Objects and the buffers that they hold. */
  readonly usedMiB: number;
}

export interface Heaps {
  /** Collects in every thread; then what each keeps. */
  collect(): Promise<readonly ThreadHeap[]>;
  /** A process does not end while somebody is connected. */
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly [name: string]: unknown };
  readonly result?: { readonly [name: string]: unknown };
}

/** @param url what Node tells by `--inspect`: "Debugger listening on ws://…" */
export async function connectHeaps(url: string): Promise<Heaps> {
  const socket = new WebSocket(url);
  await new Promise((settle, fail) => {
    socket.addEventListener('open', settle);
    socket.addEventListener('error', () => fail(new Error(`no inspector at ${url}`)));
  });
  const asked = new Map<number, (answer: Answer) => void>();
  const workers = new Map<string, string>();
  const hear = (answer: Answer): void => {
    if (answer.id !== undefined) asked.get(answer.id)?.(answer);
    const { sessionId, workerInfo, message } = answer.params ?? {};
    if (answer.method === 'NodeWorker.attachedToWorker')
      workers.set(sessionId as string, (workerInfo as { readonly url: string }).url.split('/').at(-1)!);
    else if (answer.method === 'NodeWorker.detachedFromWorker') workers.delete(sessionId as string);
    else if (answer.method === 'NodeWorker.receivedMessageFromWorker')
      hear(JSON.parse(message as string) as Answer);
  };
  socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as Answer));
  let last = 0;
  const send = (method: string, params: object, sessionId?: string): Promise<Answer> =>
    new Promise((settle) => {
      last += 1;
      asked.set(last, settle);
      const message = JSON.stringify({ id: last, method, params });
      if (sessionId === undefined) socket.send(message);
      else void send('NodeWorker.sendMessageToWorker', { sessionId, message });
    });
  await send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return {
    async collect() {
      const heaps: ThreadHeap[] = [];
      for (const [sessionId, thread] of [[undefined, 'main'] as const, ...workers]) {
        await send('HeapProfiler.collectGarbage', {}, sessionId);
        const { result } = await send('Runtime.getHeapUsage', {}, sessionId);
        const { usedSize, backingStorageSize } = result as { [name: string]: number };
        heaps.push({ thread, usedMiB: (usedSize! + backingStorageSize!) / 2 ** 20 });
      }
      return heaps;
    },
    close: () => socket.close(),
  };
}
