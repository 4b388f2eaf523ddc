import { expect, test } from 'vitest';
import { readingKeys } from './reading-keys.ts';

test('lists every key of the reading page without a study', () => {
  const named = readingKeys();
  const keys = named.flatMap((command) => command.keys ?? []);
  expect(new Set(named.map((command) => command.id)).size).toBe(named.length);
  expect(keys).toEqual(
    expect.arrayContaining(['KeyW', 'KeyL', 'KeyM', 'Shift+KeyM', 'Shift+Digit9', 'Space', 'Home']),
  );
});
