import type { Attributes } from '../dicom/types.ts';
import { type ModalityTransform, modalityValue } from './modality.ts';
import type { SampleArray } from './types.ts';
import { type Voi, voiWindow } from './voi.ts';

/** Stored values that mean "no picture here" (PS3.3 C.7.5.1.1.2); both ends belong to it. */
export interface PaddingRange {
  readonly low: number;
  readonly high: number;
}

export function paddingRangeOf(
  attributes: Pick<
    Attributes,
    | 'PixelPaddingValue'
    | 'PixelPaddingRangeLimit'
    | 'FloatPixelPaddingValue'
    | 'FloatPixelPaddingRangeLimit'
    | 'DoubleFloatPixelPaddingValue'
    | 'DoubleFloatPixelPaddingRangeLimit'
  >,
): PaddingRange | undefined {
  const { PixelPaddingValue, FloatPixelPaddingValue, DoubleFloatPixelPaddingValue } = attributes;
  const value = PixelPaddingValue ?? FloatPixelPaddingValue ?? DoubleFloatPixelPaddingValue;
  const {
    PixelPaddingRangeLimit,
    FloatPixelPaddingRangeLimit,
    DoubleFloatPixelPaddingRangeLimit: wideLimit,
  } = attributes;
  const limit = PixelPaddingRangeLimit ?? FloatPixelPaddingRangeLimit ?? wideLimit ?? value;
  if (value === undefined || limit === undefined) return undefined;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

/** Two values of which given parts of all values lie below, without padding and without NaN; null when none is left. */
export function percentiles(
  stored: SampleArray,
  lowPart: number,
  highPart: number,
  padding?: PaddingRange,
): readonly [number, number] | null {
  const wide =
    stored instanceof Float32Array || stored instanceof Float64Array || stored.BYTES_PER_ELEMENT > 2;
  return wide
    ? sortedPercentiles(stored, lowPart, highPart, padding)
    : counted(stored, lowPart, highPart, padding);
}

function counted(
  stored: SampleArray,
  lowPart: number,
  highPart: number,
  padding: PaddingRange | undefined,
): readonly [number, number] | null {
  const counts = new Uint32Array(98304);
  for (let n = 0; n < stored.length; n++) counts[stored[n]! + 32768]! += 1;
  return walkCounts(counts, stored.length, lowPart, highPart, padding);
}

function walkCounts(
  counts: Uint32Array,
  all: number,
  lowPart: number,
  highPart: number,
  padding: PaddingRange | undefined,
): readonly [number, number] | null {
  let total = all;
  if (padding) {
    for (let value = Math.max(padding.low, -32768); value <= Math.min(padding.high, 65535); value++) {
      total -= counts[value + 32768]!;
      counts[value + 32768] = 0;
    }
  }
  if (total <= 0) return null;
  const at = (rank: number): number => {
    let seen = 0;
    for (let n = 0; n < counts.length; n++) {
      seen += counts[n]!;
      if (seen > rank) return n - 32768;
    }
    return 65535;
  };
  return [at(Math.floor(lowPart * (total - 1))), at(Math.ceil(highPart * (total - 1)))];
}

/** Enough for a window; sorting more would be felt. */
const sampleLimit = 131_072;

function sortedPercentiles(
  stored: SampleArray,
  lowPart: number,
  highPart: number,
  padding: PaddingRange | undefined,
): readonly [number, number] | null {
  const step = Math.max(1, Math.floor(stored.length / sampleLimit));
  const kept: number[] = [];
  for (let n = 0; n < stored.length; n += step) {
    const value = stored[n]!;
    if (Number.isFinite(value) && !(padding && value >= padding.low && value <= padding.high))
      kept.push(value);
  }
  if (kept.length === 0) return null;
  const sorted = Float64Array.from(kept).sort();
  const last = sorted.length - 1;
  return [sorted[Math.floor(lowPart * last)]!, sorted[Math.ceil(highPart * last)]!];
}

/**
 * A window for pictures that bring none: by default from the 2nd to the 98th percentile of the modality values,
 * with 0 and 1 the full range. Padding does not count (lesson L20).
 */
export function autoWindow(
  stored: SampleArray,
  transform: ModalityTransform,
  padding?: PaddingRange,
  lowPart = 0.02,
  highPart = 0.98,
): Voi {
  const found = percentiles(stored, lowPart, highPart, padding);
  const [a, b] = (found ?? [0, 0]).map((value) => modalityValue(transform, value)) as [number, number];
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const whole = Number.isInteger(low) && Number.isInteger(high);
  // LINEAR counts both end values in; for fractions the exact form has no such step.
  if (whole) return voiWindow((low + high + 1) / 2, high - low + 1);
  return voiWindow((low + high) / 2, Math.max(high - low, Number.MIN_VALUE), 'LINEAR_EXACT');
}
