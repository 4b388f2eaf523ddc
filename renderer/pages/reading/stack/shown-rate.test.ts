import { expect, it } from 'vitest';
import { ShownRate } from './shown-rate.ts';

/** What is told after so many ms of a clock that turns each `turnMs`, with another picture every n-th time. */
function told(wanted: number, turnMs: number, everyNth: number, untilMs: number): number | null {
  const rate = new ShownRate(wanted);
  let answer: number | null = null;
  for (let n = 0; n * turnMs <= untilMs; n += 1) answer = rate.note(n * turnMs, n % everyNth === 0);
  return answer;
}

it('says nothing before a second has passed, nor where the rate is kept', () => {
  expect(told(60, 50, 1, 900)).toBe(null);
  expect(told(15, 1000 / 60, 4, 4000)).toBe(null);
  expect(told(60, 1000 / 60, 1, 4000)).toBe(null);
});

it('tells the pictures a second that are really shown: one each 50 or 100 ms', () => {
  expect(told(30, 50, 1, 4000)).toBe(20);
  expect(told(30, 50, 2, 4000)).toBe(10);
});

it('takes it back when the rate is kept again', () => {
  const rate = new ShownRate(10);
  let now = 0;
  const run = (turnMs: number, ms: number): number | null => {
    let answer: number | null = null;
    for (const end = now + ms; now < end; now += turnMs) answer = rate.note(now, true);
    return answer;
  };
  expect(run(250, 3000)).toBe(4);
  expect(run(100, 3000)).toBe(null);
});
