import { describe, expect, it } from 'vitest';
import { PairQueue } from './pair-queue.ts';

/** Pairs whose makers end when they are told to. */
function setUp() {
  const queue = new PairQueue();
  const begun: string[] = [];
  const ends = new Map<string, (isFailed?: boolean) => void>();
  const pair = (name: string) => (): Promise<void> => {
    begun.push(name);
    return new Promise((resolve, reject) => {
      ends.set(name, (isFailed = false) => (isFailed ? reject(new Error(name)) : resolve()));
    });
  };
  const end = async (name: string, isFailed = false): Promise<void> => {
    ends.get(name)?.(isFailed);
    for (let n = 0; n < 4; n += 1) await Promise.resolve();
  };
  return { queue, begun, pair, end };
}

describe('pairs of pictures', () => {
  it('are made one at a time while something moves, and only the newest waits', async () => {
    const { queue, begun, pair, end } = setUp();
    for (const name of ['1', '2', '3']) queue.move(pair(name));
    expect(begun).toEqual(['1']);
    await end('1');
    expect(begun).toEqual(['1', '3']);
    await end('3');
    queue.move(pair('4'));
    expect(begun).toEqual(['1', '3', '4']);
  });

  it('at rest come after the moving one of their scene, and hold up nobody', async () => {
    const { queue, begun, pair, end } = setUp();
    queue.move(pair('1'));
    queue.move(pair('2'));
    queue.rest(pair('2 at rest'));
    await end('1');
    expect(begun).toEqual(['1', '2']);
    await end('2');
    expect(begun).toEqual(['1', '2', '2 at rest']);
    queue.move(pair('3'));
    expect(begun.at(-1)).toBe('3');
  });

  it('at rest are left out where the scene has moved on', async () => {
    const { queue, begun, pair, end } = setUp();
    queue.move(pair('1'));
    queue.rest(pair('1 at rest'));
    queue.move(pair('2'));
    await end('1');
    await end('2');
    expect(begun).toEqual(['1', '2']);
  });

  it('that fail leave the next ones alone', async () => {
    const { queue, begun, pair, end } = setUp();
    queue.move(pair('1'));
    queue.move(pair('2'));
    await end('1', true);
    expect(begun).toEqual(['1', '2']);
  });
});
