import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import {
  awaitGate,
  awaitHashes,
  giveHashes,
  hashesOf,
  newGate,
  openGate,
  passGate,
  refuseAtGate,
  shutGate,
  whenPassed,
} from './commit-gate.ts';

const hashes = { fileSha256: '0123456789abcdef'.repeat(4), datasetSha256: 'fedcba9876543210'.repeat(4) };

it('waits until another thread gives the hashes and says that the file is durable', async () => {
  const gate = newGate();
  const opener = `
    const { workerData: { gate, hashes, url } } = require('node:worker_threads');
    import(url).then(({ giveHashes, openGate }) => {
      giveHashes(gate, hashes);
      setTimeout(() => openGate(gate), 20);
    });`;
  const url = new URL('commit-gate.ts', import.meta.url).href;
  const worker = new Worker(opener, { eval: true, workerData: { gate, hashes, url } });
  expect(awaitHashes(gate)).toEqual(hashes);
  awaitGate(gate);
  const told = whenPassed(gate);
  passGate(gate);
  expect(await told).toBe(true);
  expect(hashesOf(gate)).toEqual(hashes);
  await worker.terminate();
});

it('ends a transaction whose files are not durable', () => {
  const gate = newGate();
  shutGate(gate);
  openGate(gate);
  expect(() => awaitGate(gate)).toThrow('not durable');
});

it('waits for no hashes of a thread that has ended', () => {
  const gate = newGate();
  shutGate(gate);
  expect(() => awaitHashes(gate)).toThrow('without its hashes');
});

it('tells of a refusal, before the gate is open and after', async () => {
  const [before, after] = [newGate(), newGate()];
  refuseAtGate(before);
  for (const gate of [before, after]) openGate(gate);
  const told = Promise.all([before, after].map(whenPassed));
  refuseAtGate(after);
  expect(await told).toEqual([false, false]);
});

it('stays open when the thread that opened it ends', () => {
  const gate = newGate();
  giveHashes(gate, hashes);
  openGate(gate);
  shutGate(gate);
  expect(() => awaitGate(gate)).not.toThrow();
  expect(awaitHashes(gate)).toEqual(hashes);
});
