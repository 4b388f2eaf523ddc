import { expect, it } from 'vitest';
import { Searches } from './searches.ts';

/** Ends when it is told to. */
const untilStopped = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped')));

it('stops the search of a name, and no other', async () => {
  const searches = new Searches();
  let isOtherStopped = false;
  const other = searches.run('b', 60_000, (signal) => {
    signal.addEventListener('abort', () => {
      isOtherStopped = true;
    });
    return untilStopped(signal);
  });
  const one = searches.run('a', 60_000, untilStopped);
  searches.stop('nobody');
  searches.stop('a');
  expect(await one).toBe('stopped');
  expect(isOtherStopped).toBe(false);
  searches.stop('b');
  expect(await other).toBe('stopped');
});

it('ends by itself when it takes too long, named or not', async () => {
  const searches = new Searches();
  expect(await Promise.all([searches.run('a', 1, untilStopped), searches.run('', 1, untilStopped)])).toEqual([
    'stopped',
    'stopped',
  ]);
});

it('forgets a search that ended, however it ended', async () => {
  const searches = new Searches();
  await expect(searches.run('a', 60_000, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  const again = searches.run('a', 60_000, (signal) => Promise.resolve(signal));
  searches.stop('a');
  const signal = await again;
  searches.stop('a');
  expect(signal.aborted).toBe(true);
  const later = await searches.run('a', 60_000, (own) => Promise.resolve(own));
  searches.stop('a');
  expect(later.aborted).toBe(false);
});
