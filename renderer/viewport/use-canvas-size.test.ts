import { expect, test } from 'vitest';
import { canvasSize } from './use-canvas-size.ts';

const css = { width: 743.5, height: 485.5 };

test.each([
  { what: 'as the box is snapped', device: { width: 744, height: 485 }, ratio: 1, width: 744, height: 485 },
  { what: 'on a fine screen', device: { width: 1487, height: 971 }, ratio: 2, width: 1487, height: 971 },
  { what: 'without a count', device: undefined, ratio: 1.5, width: 1115, height: 728 },
  {
    what: 'where the screen is emulated',
    device: { width: 744, height: 486 },
    ratio: 2,
    width: 1487,
    height: 971,
  },
])('a canvas has as many pixels as its ratio says $what', ({ device, ratio, width, height }) => {
  const size = canvasSize(css, device, ratio);
  expect(size).toEqual({ cssWidth: 743.5, cssHeight: 485.5, width, height, ratio });
  expect(Math.abs(size.width / size.cssWidth - ratio)).toBeLessThan(0.01);
});
