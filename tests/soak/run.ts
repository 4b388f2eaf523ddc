/**
 * `npm run soak [NAME…]`: the full forms of the receiver's cases in reliability.md, with their figures. A line a case;
 * exit code 1 when one does not hold. `CANDELA_SOAK=long` takes the figures for before a release.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DimsePeer } from '../fixtures/dimse-peer.ts';
import { killsWhileStoring } from './kills.ts';
import { keptGrowth, receiveAndRead } from './lasting.ts';
import { rateBesideFlood, storeAtOnce, storeLarge } from './load.ts';
import { memoryOf, partsIn, startReceiver } from './receiver-child.ts';
import { killsAtEachStep } from './steps.ts';

interface Outcome {
  readonly holds: boolean;
  readonly figures: Readonly<Record<string, unknown>>;
}

const isLong = process.env['CANDELA_SOAK'] === 'long';
const folder = mkdtempSync(join(tmpdir(), 'candela-soak-'));
let made = 0;
const fresh = (): string => join(folder, `data-${made++}`);

/** F13. */
async function kills(): Promise<Outcome> {
  const found = await killsWhileStoring(fresh(), isLong ? 2000 : 200, 1);
  const holds = found.lost.length === 0 && found.parts.length === 0 && found.acknowledged > 0;
  return { holds, figures: { ...found, lost: found.lost.length, parts: found.parts.length } };
}

/** K1: at least 100 a second, p99 of the answers 500 ms, 600 MiB. */
async function load(): Promise<Outcome> {
  const dataDir = fresh();
  const receiver = await startReceiver(dataDir);
  const found = await storeAtOnce(receiver.port, dataDir, 16, 1000);
  const { peakMiB } = receiver.memory();
  await receiver.end();
  const isWhole = found.sent === 16_000 && found.missing === 0 && partsIn(dataDir).length === 0;
  const holds = isWhole && found.perSecond >= 100 && found.p99AnswerMs <= 500 && peakMiB <= 600;
  return { holds, figures: { ...found, peakMiB } };
}

/** N7: associate and abort; memory stays within 5 %. */
async function aborts(): Promise<Outcome> {
  const receiver = await startReceiver(fresh());
  const pid = receiver.process.pid!;
  const cycle = async (times: number): Promise<void> => {
    for (let n = 0; n < times / 8; n++) {
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const peer = await DimsePeer.open({ port: receiver.port });
          peer.abort();
          await peer.closed;
        }),
      );
    }
  };
  await cycle(2000);
  const before = memoryOf(pid);
  await cycle(isLong ? 100_000 : 10_000);
  const after = memoryOf(pid);
  await receiver.end();
  const growth = after.rssMiB / before.rssMiB - 1;
  const holds = growth <= 0.05 && after.descriptors <= before.descriptors + 4;
  return { holds, figures: { growth, before, after } };
}

/** N6 without end: a good sender from another address keeps 80 % of its rate. */
async function besideFlood(): Promise<Outcome> {
  const receiver = await startReceiver(fresh());
  const ratio = await rateBesideFlood(receiver.port, 5, 4000);
  await receiver.end();
  return { holds: ratio >= 0.8, figures: { ratio } };
}

/** K3: 8 GiB in one instance. */
async function large(): Promise<Outcome> {
  const dataDir = fresh();
  const receiver = await startReceiver(dataDir);
  await storeAtOnce(receiver.port, dataDir, 1, 20, '1.2.43');
  const found = await storeLarge(receiver, 8 * 1024 ** 3);
  await receiver.end();
  return { holds: found.status === 0 && found.growthMiB <= 300, figures: { ...found } };
}

/** F2: each step three times. */
async function steps(): Promise<Outcome> {
  const parent = fresh();
  mkdirSync(parent);
  const { missed, lost, damaged, unknown, parts, rows } = await killsAtEachStep(join(parent, 'data'), 3);
  const faults = { missed, lost, damaged, unknown, parts };
  const holds = Object.values(faults).every((names) => names.length === 0);
  return { holds, figures: { ...faults, rows } };
}

/** K2: 20 minutes, or a day before a release: what threads keep after warm-up grows by 1 MiB an hour at most. */
async function lasting(): Promise<Outcome> {
  const minutes = isLong ? 24 * 60 : 20;
  const found = await receiveAndRead(fresh(), minutes * 60_000);
  const growth = keptGrowth(found.kept);
  const isFlat = growth.heapMiB <= Math.max(1, growth.hours) && growth.rssShare <= 0.05;
  const isWhole = found.refused === 0 && found.exitCode === 0;
  const holds = isFlat && isWhole && found.end.descriptors <= found.warm.descriptors + 4;
  return { holds, figures: { growth, ...found } };
}

const cases: Readonly<Record<string, () => Promise<Outcome>>> = {
  kills,
  steps,
  load,
  aborts,
  besideFlood,
  large,
  lasting,
};
const names = process.argv.slice(2);
const wanted = names.length > 0 ? names : Object.keys(cases);
try {
  for (const name of wanted) {
    const run = cases[name];
    if (!run) throw new Error(`${name}? Known: ${Object.keys(cases).join(', ')}`);
    const startMs = performance.now();
    const { holds, figures } = await run();
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    process.stdout.write(`${holds ? '✓' : '✗'} ${name} (${seconds} s): ${JSON.stringify(figures)}\n`);
    if (!holds) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
