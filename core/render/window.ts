import { assertNever } from '../base/result.ts';
import type { Rgb, WindowSetting } from '../scene/types.ts';
import type { WindowRequest } from './types.ts';

/** Window settings as the window kernel takes them (PS3.3 C.11.2.1.2; lesson L21). */
const steepest = 1e6;

const word = ([r, g, b]: Rgb): number =>
  ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** gain and bias of level = value · gain + bias, 0…255. */
function line(zeroAt: number, fullAt: number): { gain: number; bias: number } {
  const gain = fullAt > zeroAt ? Math.min(255 / (fullAt - zeroAt), steepest) : steepest;
  return { gain, bias: -zeroAt * gain };
}

function greyTable(levels: Uint8Array, invert: boolean): Uint32Array {
  return Uint32Array.from(levels, (level) => {
    const grey = invert ? 255 - level : level;
    return ((255 << 24) | (grey * 0x010101)) >>> 0;
  });
}

export function windowRequest(setting: WindowSetting, background: Rgb): WindowRequest {
  const base = { background: word(background), sign: -1 };
  if (setting.kind === 'table') {
    const table = greyTable(setting.levels, setting.invert);
    return { ...base, kind: 'table', gain: 1, bias: -setting.first, table };
  }
  const { centre, width, invert } = setting;
  const linear = (zeroAt: number, fullAt: number): WindowRequest => {
    const { gain, bias } = line(zeroAt, fullAt);
    return { ...base, kind: 'linear', gain: invert ? -gain : gain, bias: invert ? 255 - bias : bias };
  };
  switch (setting.function) {
    case 'LINEAR':
      return linear(centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2);
    case 'LINEAR_EXACT':
      return linear(centre - width / 2, centre + width / 2);
    case 'SIGMOID':
      return {
        ...base,
        kind: 'sigmoid',
        gain: 4 / width,
        bias: (-4 * centre) / width,
        sign: invert ? 1 : -1,
      };
    default:
      return assertNever(setting.function);
  }
}
