import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import {
  awaitGates,
  newGate,
  openGate,
  passGates,
  refuseAtGate,
  shutGate,
  whenPassed,
} from './commit-gate.ts';

it('waits until another thread says that all is durable', async () => {
  const gates = [newGate(), newGate()];
  const opener = `
    const { workerData: { gates, url } } = require('node:worker_threads');
    import(url).then(({ openGate }) => gates.forEach(openGate));`;
  const url = new URL('commit-gate.ts', import.meta.url).href;
  const worker = new Worker(opener, { eval: true, workerData: { gates, url } });
  awaitGates(gates);
  const told = Promise.all(gates.map(whenPassed));
  passGates(gates);
  expect(await told).toEqual([true, true]);
  await worker.terminate();
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

it('stays open when the thread that opened it ends', () => {
  const gate = newGate();
  openGate(gate);
  shutGate(gate);
  expect(() => awaitGates([gate])).not.toThrow();
});
