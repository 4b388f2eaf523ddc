/** K1, K3 and K8 of reliability.md on the receiver, and a good sender beside a flood. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { ctDataset, largeDataset } from './ct-datasets.ts';
import { memoryOf, type ReceiverChild } from './receiver-child.ts';

export interface LoadFigures {
  readonly sent: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly p99AnswerMs: number;
  /** Data sets that were acknowledged and are not there, byte for byte. */
  readonly missing: number;
}

/** 512 × 512 pixels: 512 KiB. */
const ctRows = 512;

/** K1: associations at once, each with its own instances; every acknowledged data set is compared on the disk, where one is named. */
export async function storeAtOnce(
  port: number,
  dataDir: string | null,
  associations: number,
  instances: number,
  root = '1.2.40',
): Promise<LoadFigures> {
  const sent = new Set<string>();
  const answersMs: number[] = [];
  let refused = 0;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: associations }, async (_, a) => {
      const peer = await DimsePeer.open({ port });
      for (let n = 1; n <= instances; n++) {
        const { uid, dataset } = ctDataset(`${root}.${a}`, n, ctRows);
        const sentMs = performance.now();
        const status = await peer.store(uid, dataset);
        answersMs.push(performance.now() - sentMs);
        if (status === 0) sent.add(createHash('sha256').update(dataset).digest('hex'));
        else refused += 1;
      }
      await peer.release();
    }),
  );
  const seconds = (performance.now() - startMs) / 1000;
  const there = dataDir === null ? sent : datasetHashes(dataDir);
  return {
    sent: sent.size,
    refused,
    perSecond: sent.size / seconds,
    p99AnswerMs: percentile(answersMs, 0.99),
    missing: [...sent].filter((hash) => !there.has(hash)).length,
  };
}

/** K3: one instance of any size; how much the receiver grows by it. */
export async function storeLarge(receiver: ReceiverChild, bytes: number) {
  const peer = await DimsePeer.open({ port: receiver.port });
  const before = memoryOf(receiver.process.pid!);
  const status = await peer.storeStream('1.2.41.1.1', largeDataset('1.2.41', bytes));
  const after = memoryOf(receiver.process.pid!);
  await peer.release();
  return { status, growthMiB: after.peakMiB - Math.max(before.rssMiB, 0), before, after };
}

/** N6 without end: connections that never say anything, and requests that are rejected, from one address. */
export async function flood(port: number, signal: AbortSignal): Promise<number> {
  let tries = 0;
  const one = async (n: number): Promise<void> => {
    while (!signal.aborted) {
      tries += 1;
      if (n % 2 === 0) {
        const peer = new DimsePeer({ port, called: 'NOBODY' });
        await peer.closed;
      } else {
        const socket = connect({ port, host: '127.0.0.1' });
        socket.on('error', () => undefined);
        socket.resume();
        socket.write(Buffer.alloc(4096, 0x47));
        await new Promise<void>((resolve) => socket.on('close', () => resolve()));
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, n) => one(n)));
  return tries;
}

/** Instances a second of one peer from an address of its own, over a time. */
export async function goodRate(port: number, forMs: number, root: string): Promise<number> {
  const peer = await DimsePeer.open({ port, from: '127.0.0.2', calling: 'GOOD' });
  const startMs = performance.now();
  let stored = 0;
  while (performance.now() - startMs < forMs) {
    const { uid, dataset } = ctDataset(root, stored + 1, ctRows);
    if ((await peer.store(uid, dataset)) !== 0) throw new Error('a good peer was refused');
    stored += 1;
  }
  const rate = stored / ((performance.now() - startMs) / 1000);
  await peer.release();
  return rate;
}

/** Rate beside a flood as part of the rate without; rounds alternate. */
export async function rateBesideFlood(port: number, rounds: number, forMs: number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await goodRate(port, forMs, `1.2.42.${round}.1`);
    const flooding = spawn(process.execPath, [join(import.meta.dirname, 'flood.ts'), String(port)], {
      stdio: 'ignore',
    });
    await delay(1000);
    const beside = await goodRate(port, forMs, `1.2.42.${round}.2`);
    const gone = once(flooding, 'exit');
    flooding.kill('SIGKILL');
    await gone;
    ratios.push(beside / alone);
  }
  return percentile(ratios, 0.5);
}

export const datasetHashes = (dataDir: string): Set<string> =>
  new Set(
    readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        return createHash('sha256')
          .update(bytes.subarray(144 + bytes.readUInt32LE(140)))
          .digest('hex');
      }),
  );

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
