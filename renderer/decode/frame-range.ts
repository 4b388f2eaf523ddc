import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import type { FrameRange } from '../volumes/frame-image.ts';

/** Prime, so that the places do not fall into columns. */
const sampleCount = 509;

/** Values of one frame that are spread evenly over it, without "no data". */
export function sampleOf(values: Int16Array | Float32Array): Float32Array<ArrayBuffer> {
  const step = Math.max(1, Math.floor(values.length / sampleCount));
  const sample = new Float32Array(Math.ceil(values.length / step));
  const isShort = values instanceof Int16Array;
  let count = 0;
  for (let n = step >> 1; n < values.length; n += step) {
    const value = values[n]!;
    if (isShort ? value !== noDataInt16 : !Number.isNaN(value)) sample[count++] = value;
  }
  return sample.slice(0, count);
}

/** The range of the modality values of one frame: NaN, and −32768 among int16, are no data. */
export function frameRange(values: Int16Array | Float32Array): FrameRange {
  const isShort = values instanceof Int16Array;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value > max && !(isShort && value === noDataInt16)) max = value;
    if (value < min && !(isShort && value === noDataInt16)) min = value;
  }
  return { min, max, sample: sampleOf(values) };
}
