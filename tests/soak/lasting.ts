/** K2: receive, view and delete for a time, and what the host's memory does meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { storeAtOnce } from './load.ts';
import { type Memory, memoryOf } from './receiver-child.ts';

export interface LastingFigures {
  readonly rounds: number;
  readonly refused: number;
  readonly shown: number;
  /** After warm-up, which is the first quarter: floor of the last quarter over that of the second, less 1. */
  readonly growth: number;
  readonly growthMiB: number;
  /** The same of the last quarter over the third: in two minutes caches fill until then. */
  readonly lateGrowthMiB: number;
  readonly slopeMiBPerHour: number;
  readonly warm: Memory;
  readonly end: Memory;
  /** Of the host, by itself. */
  readonly exitCode: number | null;
}

export async function receiveAndRead(
  dataDir: string,
  forMs: number,
  leastRounds = 12,
): Promise<LastingFigures> {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'reading-host.ts'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(host, 'exit');
  try {
    const lines = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
    const heard = async () => Number((await lines.next()).value);
    const port = await heard();
    const samples: { readonly atMs: number; readonly memory: Memory }[] = [];
    let [refused, shown] = [0, 0];
    const startMs = performance.now();
    while (performance.now() - startMs < forMs || samples.length < leastRounds) {
      const round = samples.length + 1;
      refused += (await storeAtOnce(port, null, 2, 10, `1.2.45.${round}`)).refused;
      host.stdin.write('\n');
      shown += await heard();
      samples.push({ atMs: performance.now() - startMs, memory: memoryOf(host.pid!) });
    }
    host.stdin.end();
    const [exitCode] = (await ended) as [number | null];
    const quarter = (n: number) =>
      samples.slice(Math.floor((n * samples.length) / 4), Math.floor(((n + 1) * samples.length) / 4));
    const floor = (n: number): number => Math.min(...quarter(n).map(({ memory }) => memory.rssMiB));
    return {
      rounds: samples.length,
      refused,
      shown,
      growth: floor(3) / floor(1) - 1,
      growthMiB: floor(3) - floor(1),
      lateGrowthMiB: floor(3) - floor(2),
      slopeMiBPerHour: slopeOf([...quarter(1), ...quarter(2), ...quarter(3)]) * 3_600_000,
      warm: quarter(1)[0]!.memory,
      end: samples.at(-1)!.memory,
      exitCode,
    };
  } finally {
    if (host.exitCode === null && host.signalCode === null) host.kill('SIGKILL');
  }
}

/** Least squares, MiB a millisecond. */
function slopeOf(samples: readonly { readonly atMs: number; readonly memory: Memory }[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const atMs = mean(samples.map((sample) => sample.atMs));
  const rssMiB = mean(samples.map(({ memory }) => memory.rssMiB));
  const covariance = mean(samples.map((sample) => (sample.atMs - atMs) * (sample.memory.rssMiB - rssMiB)));
  return covariance / mean(samples.map((sample) => (sample.atMs - atMs) ** 2));
}
