import { expect, test } from 'vitest';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { isColour } from './stack-picture.ts';

const stackOf = (isColour: boolean, state: object): OpenStack =>
  ({ isColour, loader: { store: { state: () => state } } }) as unknown as OpenStack;

test('a stack of colours has no window before its frames are there, as a phase that was just stepped to', () => {
  expect(isColour(stackOf(true, { kind: 'waiting' }), 3)).toBe(true);
  expect(isColour(stackOf(false, { kind: 'waiting' }), 3)).toBe(false);
  expect(isColour(stackOf(false, { kind: 'ready', image: { kind: 'colour' } }), 3)).toBe(true);
});
