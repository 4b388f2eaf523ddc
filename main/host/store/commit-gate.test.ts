import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import {
  awaitGates,
  GateLate,
  isOpen,
  newGate,
  openGate,
  passGates,
  refuseAtGate,
  shutGate,
  whenDecided,
  whenPassed,
} from './commit-gate.ts';

it('waits until another thread says that all is durable', async () => {
  const gates = [newGate(), newGate()];
  const opener = `
    const { parentPort, workerData: { gates, url } } = require('node:worker_threads');
    import(url).then(({ openGate }) => {
      parentPort.once('message', () => setTimeout(() => gates.forEach(openGate), 20));
      parentPort.postMessage('up');
    });`;
  const url = new URL('commit-gate.ts', import.meta.url).href;
  const worker = new Worker(opener, { eval: true, workerData: { gates, url } });
  // A busy machine takes longer to start a thread than the gate holds.
  await once(worker, 'message');
  worker.postMessage('open');
  awaitGates(gates);
  const told = Promise.all(gates.map(whenPassed));
  passGates(gates);
  expect(await told).toEqual([true, true]);
  await worker.terminate();
});

it('stands still for half a second at most, however many are late', () => {
  const gates = [newGate(), newGate(), newGate()];
  const beganMs = performance.now();
  expect(() => awaitGates(gates)).toThrow(GateLate);
  expect(performance.now() - beganMs).toBeLessThan(1400);
});

it('is told of a late one without standing still', async () => {
  const [late, bad] = [newGate(), newGate()];
  const told = Promise.all([whenDecided(late), whenDecided(bad)]);
  openGate(late);
  shutGate(bad);
  await told;
  expect([isOpen(late), isOpen(bad)]).toEqual([true, false]);
});

it('ends a transaction whose names are not durable', () => {
  const gate = newGate();
  shutGate(gate);
  openGate(gate);
  expect(() => awaitGates([gate])).toThrow('not durable');
});

it('tells of a refusal, before the gate is open and after', async () => {
  const [before, after] = [newGate(), newGate()];
  refuseAtGate(before);
  for (const gate of [before, after]) openGate(gate);
  const told = Promise.all([before, after].map(whenPassed));
  refuseAtGate(after);
  expect(await told).toEqual([false, false]);
});

it('stays open when the thread that opened it ends, and who waits behind it goes on waiting', async () => {
  const gate = newGate();
  openGate(gate);
  const told = whenPassed(gate);
  shutGate(gate);
  expect(() => awaitGates([gate])).not.toThrow();
  passGates([gate]);
  expect(await told).toBe(true);
});
