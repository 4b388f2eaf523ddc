import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { Patience } from './patience.ts';

const socket = (): Socket => ({ on: () => undefined, destroy: () => undefined }) as unknown as Socket;

it('lets an address be refused 1,200 times in a burst, then 50 times a second', () => {
  const patience = new Patience();
  const refusedUntilHeld = (): number => {
    let count = 0;
    for (; !patience.takes(socket(), '10.0.0.1') && count < 5000; count++) patience.refused('10.0.0.1');
    return count;
  };
  expect(refusedUntilHeld()).toBe(1200);
  expect(patience.takes(socket(), '10.0.0.2')).toBe(false);
  patience.look();
  expect(refusedUntilHeld()).toBe(50);
  for (let second = 0; second < 24; second++) patience.look();
  expect(refusedUntilHeld()).toBe(1200);
});
