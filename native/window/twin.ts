import type { WindowRequest } from '../types.ts';

/** Plain twin of window.as.ts: RGBA words (0xAABBGGRR). */
export function windowTwin(values: ArrayLike<number>, request: WindowRequest): Uint32Array {
  const grey = (level: number): number => (0xff000000 | (level << 16) | (level << 8) | level) >>> 0;
  return Uint32Array.from(values, (value) => {
    if (Number.isNaN(value)) return request.background;
    const linear = value * request.gain + request.bias;
    if (request.kind === 'table') {
      const table = request.table ?? new Uint32Array(1);
      return table[Math.min(Math.max(Math.floor(linear + 0.5), 0), table.length - 1)]!;
    }
    if (request.kind === 'sigmoid')
      return grey(Math.floor(255 / (1 + Math.exp(request.sign * linear)) + 0.5));
    return grey(Math.floor(Math.min(Math.max(linear, 0), 255) + 0.5));
  });
}
