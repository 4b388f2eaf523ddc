import { describe, expect, it } from 'vitest';
import { withoutGrain } from './grain.ts';

const [width, height] = [40, 30];
const share = (x: number): number => x - Math.floor(x);
/** As rays are jittered. */
const noise = (x: number, y: number): number => share(52.9829189 * share(0.06711056 * x + 0.00583715 * y));

const picture = (levelOf: (x: number, y: number, channel: number) => number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => {
    const [n, channel] = [at >> 2, at & 3];
    return channel === 3 ? 255 : levelOf(n % width, Math.floor(n / width), channel);
  });

/** Root of the mean square of what is off the wanted level, away from the border. */
function offBy(rgba: Uint8ClampedArray, wanted: (x: number, y: number) => number): number {
  let [sum, count] = [0, 0];
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      sum += (rgba[4 * (y * width + x)]! - wanted(x, y)) ** 2;
      count += 1;
    }
  return Math.sqrt(sum / count);
}

describe('a coarse picture without its grain', () => {
  it('has a quarter of it at most, on a surface that grows darker', () => {
    const surface = (x: number, y: number): number => 60 + 2 * x + y;
    const grainy = picture((x, y) => surface(x, y) + 40 * (noise(x, y) - 0.5));
    const smooth = withoutGrain(grainy, width, height);
    expect(offBy(grainy, surface)).toBeGreaterThan(10);
    expect(offBy(smooth, surface)).toBeLessThan(offBy(grainy, surface) / 4);
  });

  it('keeps edges, colours and what is even, to the level', () => {
    const split = picture((x, _y, channel) => (x < 17 ? [200, 150, 90] : [20, 40, 60])[channel]!);
    expect(withoutGrain(split, width, height)).toEqual(split);
    const line = picture((x, y) => (x === 11 || y === 20 ? 255 : 0));
    expect(withoutGrain(line, width, height)).toEqual(line);
  });

  it('leaves the picture that it was given, and its border', () => {
    const grainy = picture((x, y) => 100 + 20 * noise(x, y));
    const before = grainy.slice();
    const smooth = withoutGrain(grainy, width, height);
    expect(grainy).toEqual(before);
    expect(smooth.subarray(0, 4 * width)).toEqual(before.subarray(0, 4 * width));
    expect(new Set(smooth.filter((_, at) => at % 4 === 3))).toEqual(new Set([255]));
  });

  it('rounds the mean of each channel', () => {
    const one = picture((x, y, channel) => (x === 5 && y === 5 ? 100 + channel * 10 : 90));
    const at = 4 * (5 * width + 5);
    // Eight of nine hold 90.
    expect([...withoutGrain(one, width, height).subarray(at, at + 3)]).toEqual([91, 92, 93]);
  });
});
