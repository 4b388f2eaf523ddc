import { expect, it } from 'vitest';
import { holdKeys } from './held-keys.ts';

const pressed = (key: string, ctrlKey = false): Event =>
  Object.assign(new Event('keydown', { cancelable: true }), { key, ctrlKey, metaKey: false });

it('gives what is pressed while a page is on its way to that page, in order', () => {
  const window = new EventTarget();
  const there: string[] = [];
  const given: string[] = [];
  const giveOut = holdKeys(window, ({ key }) => void given.push(key));
  window.addEventListener('keydown', (event) => void there.push((event as KeyboardEvent).key));
  for (const key of ['m', 'ArrowDown']) expect(window.dispatchEvent(pressed(key))).toBe(false);
  window.dispatchEvent(pressed('r', true));
  window.dispatchEvent(pressed('F5'));
  expect([there, given]).toEqual([['r', 'F5'], []]);
  giveOut();
  expect(given).toEqual(['m', 'ArrowDown']);
  expect(window.dispatchEvent(pressed('l'))).toBe(true);
  expect([there, given]).toEqual([
    ['r', 'F5', 'l'],
    ['m', 'ArrowDown'],
  ]);
});
