import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

it('writes over one line of a terminal, and leaves it empty', () => {
  let out = '';
  const show = progressLine(true, (text) => {
    out += text;
  });
  for (const text of ['1 / 9', '1 / 9', '2 / 9', null, null]) show(text);
  expect(out).toBe('\r\x1b[K1 / 9\r\x1b[K2 / 9\r\x1b[K');
});

it('gives a log a line every five seconds, and none to short work', () => {
  let atMs = 0;
  let out = '';
  const show = progressLine(
    false,
    (text) => {
      out += text;
    },
    () => atMs,
  );
  for (let step = 0; step <= 120; step++, atMs += 100) show(`${step}`);
  show(null);
  expect(out).toBe('50\n100\n');
});
