import type { ByteRange, Scan } from '../../../core/dicom/types.ts';
import { nativeFramePlace } from '../../../core/pixels/format.ts';
import { pixelFormatOf } from '../../../core/volume/frames.ts';

/**
 * The bytes of one frame in its file. Native frames follow each other; bit-packed ones may begin within a byte, which is
 * then part of both ranges (`nativeFramePlace` tells the first bit).
 * A truncated frame gives what there is; null when there is nothing, or the data set is deflated (its offsets
 * are not the file's).
 */
export function frameRanges(scan: Scan, frame: number): readonly ByteRange[] | null {
  const { pixel } = scan;
  if (pixel.kind === 'none' || scan.deflated) return null;
  if (pixel.kind === 'encapsulated') {
    const fragments = pixel.frames[frame];
    return fragments && fragments.length > 0 ? fragments : null;
  }
  const format = pixelFormatOf(scan);
  if (!format || frame < 0 || frame >= format.frames) return null;
  const place = nativeFramePlace(format, frame);
  const length = Math.min(place.length, pixel.range.length - place.offset);
  return length > 0 ? [{ offset: pixel.range.offset + place.offset, length }] : null;
}

/** `4,5,6-9` → frame numbers in the order asked; null when it is no such list or names more than `max`. */
export function parseFrameList(text: string, max: number): number[] | null {
  const frames: number[] = [];
  if (text === '') return null;
  for (const part of text.split(',')) {
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || frames.length + last - first >= max) return null;
    for (let frame = first; frame <= last; frame += 1) frames.push(frame);
  }
  return frames;
}
