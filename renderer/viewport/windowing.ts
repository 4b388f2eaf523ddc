import type { LookupTable } from '../../core/dicom/types.ts';
import {
  greyFunction,
  type NamedVoi,
  type Voi,
  voiLutsOf,
  voiWindow,
  windowsOf,
} from '../../core/pixels/voi.ts';
import type { WindowPreset } from '../../core/scene/presets.ts';
import type { WindowSetting } from '../../core/scene/types.ts';
import { bodyMean, roundedActivity } from '../../core/scene/uptake.ts';
import type { FrameInfo } from '../volumes/frame-attributes.ts';
import type { RangeKeeper } from '../volumes/value-range.ts';
import { type PaintLut, paintLut } from './paint-mono.ts';

/** How a picture's values become grey now. */
export interface WindowState {
  readonly voi: Voi;
  /** Turned round by the reader, on top of what the file says. */
  readonly isInverted: boolean;
  /** The preset it was last set by; null after a drag. */
  readonly presetId: string | null;
}

/** True when both show values alike and are named alike. */
export function isSameWindow(a: WindowState, b: WindowState): boolean {
  if (a === b) return true;
  if (a.isInverted !== b.isInverted || a.presetId !== b.presetId) return false;
  const [x, y] = [a.voi, b.voi];
  if (x.kind === 'lut') return y.kind === 'lut' && x.lut === y.lut;
  return y.kind === 'window' && x.center === y.center && x.width === y.width && x.function === y.function;
}

/** Every way of showing that the file of a frame offers. */
export const offeredBy = (info: FrameInfo): readonly NamedVoi[] =>
  windowsOf(
    info.attributes,
    voiLutsOf(info.instance, info.attributes),
    (info.instance.format?.element ?? 'PixelData') !== 'PixelData',
  );

/** The window of the values seen so far; a plain one before there are any. */
export function rangeVoi(range: RangeKeeper, lowPercent: number, highPercent: number): Voi {
  const low = range.percentile(lowPercent);
  const high = range.percentile(highPercent);
  if (low === undefined || high === undefined) return voiWindow(128, 256);
  const whole = Number.isInteger(low) && Number.isInteger(high);
  if (whole) return voiWindow((low + high + 1) / 2, Math.max(1, high - low + 1));
  return voiWindow((low + high) / 2, Math.max(high - low, 1e-6), 'LINEAR_EXACT');
}

/** From 0 up to an activity, in two digits: more would dance while frames arrive. */
export function uptakeUpTo(activity: number): Voi {
  const most = roundedActivity(activity);
  return voiWindow(most / 2, most, 'LINEAR_EXACT');
}

/** Smallest to largest value. */
export function fullRangeVoi(range: RangeKeeper): Voi {
  const found = range.range();
  if (!found) return voiWindow(128, 256);
  const { min, max } = found;
  const whole = Number.isInteger(min) && Number.isInteger(max);
  if (whole) return voiWindow((min + max + 1) / 2, max - min + 1);
  return voiWindow((min + max) / 2, Math.max(max - min, 1e-6), 'LINEAR_EXACT');
}

/** How a stack is first shown: the file's first window, else P2–P98. */
export const firstWindow = (info: FrameInfo, range: RangeKeeper): WindowState => ({
  voi: offeredBy(info)[0]?.voi ?? rangeVoi(range, 2, 98),
  isInverted: false,
  presetId: null,
});

/** A preset on a picture; undefined where the file does not offer what it asks for. */
export function presetWindow(
  preset: WindowPreset,
  now: WindowState,
  offered: readonly NamedVoi[],
  range: RangeKeeper,
): WindowState | undefined {
  const { setting } = preset;
  const set = (voi: Voi, isInverted = false): WindowState => ({ voi, isInverted, presetId: preset.id });
  switch (setting.kind) {
    case 'window':
      return set(voiWindow(setting.centre, setting.width), setting.invert ?? false);
    case 'percentile':
      return set(rangeVoi(range, setting.low, setting.high));
    case 'uptake': {
      const mean = bodyMean((percent) => range.percentile(percent));
      return mean === undefined ? undefined : set(uptakeUpTo(mean * setting.times), true);
    }
    case 'asSent': {
      const voi = offered[setting.index]?.voi ?? (setting.index === 0 ? rangeVoi(range, 2, 98) : undefined);
      return voi && set(voi);
    }
    case 'scaleWidth': {
      const window = windowOf(now.voi);
      return set(voiWindow(window.center, window.width * setting.factor, window.function), now.isInverted);
    }
  }
}

type LinearVoi = Extract<Voi, { kind: 'window' }>;

/** A window that covers what a table maps: the first drag of a VOI LUT starts from it (lesson L22). */
export function windowOf(voi: Voi): LinearVoi {
  if (voi.kind === 'window') return voi;
  const { firstMapped, data } = voi.lut;
  return voiWindow(firstMapped + data.length / 2, data.length) as LinearVoi;
}

export interface WindowDrag {
  /** CSS pixels moved since the last event, right and down. */
  readonly dx: number;
  readonly dy: number;
  readonly isFast: boolean;
  readonly isFine: boolean;
  /** Setting: up makes brighter. */
  readonly isInverted: boolean;
  /** Values are whole numbers; then one pixel is at least one unit. */
  readonly isWhole: boolean;
}

/** Right is wider, up is a higher level (darker), by max(1, width / 256) units a pixel. */
export function draggedWindow(now: WindowState, drag: WindowDrag): WindowState {
  const { center, width, function: fn } = windowOf(now.voi);
  const unit = Math.max(width / 256, drag.isWhole ? 1 : 0);
  const step = unit * (drag.isFast ? 4 : 1) * (drag.isFine ? 0.25 : 1);
  const up = drag.isInverted ? drag.dy : -drag.dy;
  const least = drag.isWhole ? 1 : Math.max(width * 1e-3, 1e-9);
  const next = voiWindow(center + up * step, Math.max(least, width + drag.dx * step), fn);
  return { ...now, voi: next, presetId: null };
}

/** For the slice and volume renderers. `inverted` is what the file says (MONOCHROME1, INVERSE). */
export function windowSetting(window: WindowState, inverted: boolean): WindowSetting {
  const invert = inverted !== window.isInverted;
  const { voi } = window;
  if (voi.kind === 'window') {
    return { kind: 'window', function: voi.function, centre: voi.center, width: voi.width, invert };
  }
  return { kind: 'table', first: voi.lut.firstMapped, levels: tableLevels(voi.lut), invert };
}

const tableLevels = (lut: LookupTable): Uint8Array => {
  const grey = greyFunction({ kind: 'lut', lut });
  return Uint8Array.from(lut.data, (_, n) => Math.floor(grey(lut.firstMapped + n) + 0.5));
};

/** For the stack painter. */
export function paintLutOf(window: WindowState, inverted: boolean): PaintLut {
  const grey = greyFunction(window.voi, inverted !== window.isInverted);
  const { voi } = window;
  const blank = window.isInverted ? 255 : 0;
  if (voi.kind === 'lut') {
    return paintLut(grey, voi.lut.firstMapped, voi.lut.firstMapped + voi.lut.data.length - 1, blank);
  }
  // A sigmoid has no ends: ±2 widths come within 0.1 grey levels of them.
  const reach = voi.function === 'SIGMOID' ? voi.width * 2 : voi.width / 2 + 1;
  const halfStep = voi.function === 'LINEAR' ? 0.5 : 0;
  return paintLut(grey, voi.center - halfStep - reach, voi.center - halfStep + reach, blank);
}

const short = (value: number, digits: number): string =>
  String(Number(value.toFixed(digits))).replace('-', '−');

/**
 * Width and centre as printed, both as fine as the width asks for, so that they do not dance under a dragging hand;
 * null for a table.
 */
export function windowNumbers(voi: Voi): { readonly width: string; readonly centre: string } | null {
  if (voi.kind !== 'window') return null;
  const digits = voi.width >= 50 ? 0 : voi.width >= 5 ? 1 : 3;
  return { width: short(voi.width, digits), centre: short(voi.center, digits) };
}

/** `W 350  L 40`, beside a dragging hand; empty for a table. */
export function windowNote({ voi }: WindowState): string {
  const numbers = windowNumbers(voi);
  return numbers ? `W ${numbers.width}  L ${numbers.centre}` : '';
}
