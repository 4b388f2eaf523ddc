import type { Attributes, FrameAttributes, Scan } from '../dicom/types.ts';
import { formatOf, nativeSamplesPerPixel } from '../pixels/format.ts';
import type { PixelFormat } from '../pixels/types.ts';
import { axesOf, cross } from './order.ts';
import { type Tile, tiledSlices } from './tiles.ts';

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
  /** Layout of this picture: of the tile where it is one. */
  readonly format: PixelFormat;
  readonly tile?: Tile;
  /** Positions that are computed rather than read from this frame's own attributes, and from what. */
  readonly computed?: FrameAttributes;
  readonly spacingSource?: 'SpacingBetweenSlices' | 'SliceThickness' | 'GridFrameOffsetVector';
  /** A tiled frame whose slices cannot be told apart: shown whole, never a volume. */
  readonly isUncut?: true;
}

/** Pixel layout of an object, or null when it has no drawable picture (`formatOf` tells why). */
export function pixelFormatOf(scan: Scan): PixelFormat | null {
  const format = formatOf(scan);
  return format.ok ? format.value : null;
}

/** Bytes of one native frame, rounded up; 4:2:2 stores two samples a pixel (PS3.3 C.7.6.3.1.2). */
export function nativeFrameBytes(format: PixelFormat): number {
  const samples = nativeSamplesPerPixel(format);
  return Math.ceil((format.rows * format.columns * samples * format.bitsAllocated) / 8);
}

/** Frames of one instance in file order, tiled ones cut into their slices. */
export function framesOf(item: PlanItem, instance: number): FrameEntry[] {
  const { scan } = item;
  const format = pixelFormatOf(scan);
  if (!format) return [];
  const base: Attributes = scan.sharedFrame ? { ...scan.attributes, ...scan.sharedFrame } : scan.attributes;
  const offsets = doseOffsets(base, format.frames);
  return Array.from({ length: format.frames }, (_, frame) => {
    const own: FrameAttributes | undefined = scan.perFrame?.[frame];
    const attributes = own ? { ...base, ...own } : base;
    const entry = { instance, frame, format, attributes };
    if (scan.mosaic || attributes.ImageType?.includes('MOSAIC')) return slicesOf(entry, scan);
    const computed = offsets && shifted(attributes, offsets[frame]!);
    if (!computed) return [entry];
    const spacingSource = 'GridFrameOffsetVector' as const;
    return [{ ...entry, attributes: { ...attributes, ...computed }, computed, spacingSource }];
  }).flat();
}

function slicesOf(entry: FrameEntry, { mosaic }: Scan): FrameEntry[] {
  const slices = mosaic && tiledSlices(mosaic, entry.format, entry.attributes);
  if (!slices) return [{ ...entry, isUncut: true }];
  const spacingSource =
    entry.attributes.SpacingBetweenSlices === undefined ? 'SliceThickness' : 'SpacingBetweenSlices';
  return slices.map(({ tile, attributes }) => ({
    ...entry,
    ...(!mosaic.positions && { spacingSource }),
    tile,
    format: { ...entry.format, rows: tile.rows, columns: tile.columns },
    attributes: { ...entry.attributes, ...attributes },
    computed: attributes,
  }));
}

/** Heights of an RT dose's planes over the first one (PS3.3 C.8.8.3.2); null where they are not given for all. */
function doseOffsets(attributes: Attributes, frames: number): readonly number[] | null {
  const offsets = attributes.GridFrameOffsetVector;
  if (frames < 2 || offsets?.length !== frames || !offsets.every(Number.isFinite)) return null;
  // Offsets count from the first plane, or are patient z of axial planes; in both the difference is the height.
  return offsets.map((mm) => mm - offsets[0]!);
}

function shifted(attributes: Attributes, heightMm: number): FrameAttributes | null {
  const axes = axesOf(attributes.ImageOrientationPatient);
  const position = attributes.ImagePositionPatient;
  if (!axes || position?.length !== 3) return null;
  const normal = cross(axes.row, axes.column);
  return { ImagePositionPatient: position.map((mm, x) => mm + normal[x]! * heightMm) };
}

/** Encoded bytes of one frame. */
export function frameSizeBytes(scan: Scan, format: PixelFormat, frame: number): number {
  if (scan.pixel.kind !== 'encapsulated') return nativeFrameBytes(format);
  return (scan.pixel.frames[frame] ?? []).reduce((sum, range) => sum + range.length, 0);
}
