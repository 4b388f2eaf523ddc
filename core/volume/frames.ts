import type { Attributes, FrameAttributes, Scan } from '../dicom/types.ts';
import { formatOf } from '../pixels/format.ts';
import type { PixelFormat } from '../pixels/types.ts';

/** One instance as the index knows it. */
export interface PlanItem {
  readonly instanceKey: string;
  readonly scan: Scan;
  readonly sizeBytes: number;
}

/** One frame with its own view of the attributes: per-frame → shared → top level (PS3.3 C.7.6.16). */
export interface FrameEntry {
  /** Index into the plan's instances. */
  readonly instance: number;
  /** Frame number within the instance, from 0. */
  readonly frame: number;
  readonly attributes: Attributes;
  readonly format: PixelFormat;
}

/** Pixel layout of an object, or null when it has no drawable picture (`formatOf` tells why). */
export function pixelFormatOf(scan: Scan): PixelFormat | null {
  const format = formatOf(scan);
  return format.ok ? format.value : null;
}

/** Bytes of one native frame, rounded up; 4:2:2 stores two samples a pixel (PS3.3 C.7.6.3.1.2). */
export function nativeFrameBytes(format: PixelFormat): number {
  const pixels = format.rows * format.columns;
  const samples = format.photometricInterpretation === 'YBR_FULL_422' ? 2 : format.samplesPerPixel;
  return Math.ceil((pixels * samples * format.bitsAllocated) / 8);
}

/** Frames of one instance, in file order. */
export function framesOf(item: PlanItem, instance: number): FrameEntry[] {
  const { scan } = item;
  const format = pixelFormatOf(scan);
  if (!format) return [];
  const base: Attributes = scan.sharedFrame ? { ...scan.attributes, ...scan.sharedFrame } : scan.attributes;
  return Array.from({ length: format.frames }, (_, frame) => {
    const own: FrameAttributes | undefined = scan.perFrame?.[frame];
    return { instance, frame, format, attributes: own ? { ...base, ...own } : base };
  });
}

/** Encoded bytes of one frame. */
export function frameSizeBytes(scan: Scan, format: PixelFormat, frame: number): number {
  if (scan.pixel.kind !== 'encapsulated') return nativeFrameBytes(format);
  return (scan.pixel.frames[frame] ?? []).reduce((sum, range) => sum + range.length, 0);
}
