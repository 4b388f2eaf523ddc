/** K2: receive, view and delete for a time, and what the host's memory does meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectHeaps, type Heaps } from './heaps.ts';
import { storeAtOnce } from './load.ts';
import { type Memory, memoryOf } from './receiver-child.ts';

export interface LastingFigures {
  readonly rounds: number;
  readonly refused: number;
  readonly shown: number;
  readonly warm: Memory;
  readonly end: Memory;
  /** What is kept at each quarter's end, when all threads have collected: engines let heaps grow before they do. */
  readonly kept: readonly Kept[];
  /** Of the host, by itself. */
  readonly exitCode: number | null;
}

export interface Kept {
  readonly minutes: number;
  /** Of all threads' heaps, and of the process. */
  readonly heapMiB: number;
  readonly rssMiB: number;
}

async function keptBy(heaps: Heaps, pid: number, atMs: number): Promise<Kept> {
  const threads = await heaps.collect();
  const heapMiB = threads.reduce((sum, { usedMiB }) => sum + usedMiB, 0);
  return { minutes: atMs / 60_000, heapMiB, rssMiB: memoryOf(pid).rssMiB };
}

/** Half of the time is warm-up: the index's caches, of 64 MiB a connection at most, fill for ten minutes. */
const warmOf = (kept: readonly Kept[]): Kept => kept[Math.ceil(kept.length / 2) - 1]!;

/** What is kept at the end over what is kept after the warm-up. */
export function keptGrowth(kept: readonly Kept[]): { heapMiB: number; rssShare: number; hours: number } {
  const [warm, end] = [warmOf(kept), kept.at(-1)!];
  return {
    heapMiB: end.heapMiB - warm.heapMiB,
    rssShare: end.rssMiB / warm.rssMiB - 1,
    hours: (end.minutes - warm.minutes) / 60,
  };
}

/** Node says on stderr where its inspector listens; the rest of it is passed on. */
async function inspectorOf(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((settle) => {
    createInterface({ input: stderr }).on('line', (line) => {
      const url = /^Debugger listening on (ws:\S+)$/.exec(line)?.[1];
      if (url) settle(url);
      else if (!/^(For help|Debugger )/.test(line)) process.stderr.write(`${line}\n`);
    });
  });
}

export async function receiveAndRead(
  dataDir: string,
  forMs: number,
  leastRounds = 12,
): Promise<LastingFigures> {
  const words = ['--inspect=127.0.0.1:0', join(import.meta.dirname, 'reading-host.ts'), dataDir];
  const host = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(host, 'exit');
  try {
    const lines = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
    const heard = async () => Number((await lines.next()).value);
    const inspector = inspectorOf(host.stderr);
    const port = await heard();
    const heaps = await connectHeaps(await inspector);
    const kept: Kept[] = [];
    const samples: Memory[] = [];
    let [refused, shown] = [0, 0];
    const startMs = performance.now();
    while (performance.now() - startMs < forMs || samples.length < leastRounds) {
      const round = samples.length + 1;
      refused += (await storeAtOnce(port, null, 2, 10, `1.2.45.${round}`)).refused;
      host.stdin.write('\n');
      shown += await heard();
      const atMs = performance.now() - startMs;
      samples.push(memoryOf(host.pid!));
      if (atMs >= ((kept.length + 1) / 4) * forMs) kept.push(await keptBy(heaps, host.pid!, atMs));
    }
    heaps.close();
    host.stdin.end();
    const [exitCode] = (await ended) as [number | null];
    return {
      rounds: samples.length,
      refused,
      shown,
      warm: samples[Math.floor(samples.length / 4)]!,
      end: samples.at(-1)!,
      kept,
      exitCode,
    };
  } finally {
    if (host.exitCode === null && host.signalCode === null) host.kill('SIGKILL');
  }
}
