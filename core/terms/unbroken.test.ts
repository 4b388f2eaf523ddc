import { expect, it } from 'vitest';
import { unbroken } from './unbroken.ts';

it.each([
  ['层块 0 mm', '层块 0\u00a0mm'],
  ['MIP · slab 40.0 mm', 'MIP · slab 40.0\u00a0mm'],
  ['120 kV  360 mA', '120\u00a0kV  360\u00a0mA'],
  ['−374.1 HU SD 425.3', '−374.1\u00a0HU SD 425.3'],
  ['1539 mm²', '1539\u00a0mm²'],
  ['缩放 190 %', '缩放 190\u00a0%'],
  ['0.4 × 0.8 × 2.5 mm', '0.4 × 0.8 × 2.5\u00a0mm'],
  ['2 min 14 s', '2\u00a0min 14\u00a0s'],
  // Words that begin like a unit, numbers without one, and what has no space.
  ['12 seconds', '12 seconds'],
  ['3 hits, 2 shown', '3 hits, 2 shown'],
  ['Im 3/20', 'Im 3/20'],
  ['5mm', '5mm'],
])('%s', (text, kept) => {
  expect(unbroken(text)).toBe(kept);
});
