import type { Attributes, FrameAttributes, Scan } from '../dicom/types.ts';
import { formatOf, nativeFrameBits } from '../pixels/format.ts';
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
  /** A modality LUT says what its values mean. */
  readonly isMapped?: true;
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
  return Math.ceil(nativeFrameBits(format) / 8);
}

/** Frames of one instance in file order, tiled ones cut into their slices. */
export function framesOf(item: PlanItem, instance: number): FrameEntry[] {
  const { scan } = item;
  const format = pixelFormatOf(scan);
  if (!format) return [];
  const base: Attributes = scan.sharedFrame ? { ...scan.attributes, ...scan.sharedFrame } : scan.attributes;
  const heights = doseHeights(base, format.frames) ?? reconstructedHeights(base, format.frames);
  return Array.from({ length: format.frames }, (_, frame) => {
    const own: FrameAttributes | undefined = scan.perFrame?.[frame];
    const attributes = own ? { ...base, ...own } : base;
    const entry = {
      instance,
      frame,
      format,
      attributes,
      ...(scan.modalityLut && { isMapped: true as const }),
    };
    if (scan.mosaic || attributes.ImageType?.includes('MOSAIC')) return slicesOf(entry, scan);
    const place = heights && shifted(attributes, heights.heightsMm[frame]!);
    if (!place) return [entry];
    const computed = { ...place, ...heights.apart?.(frame) };
    const { spacingSource } = heights;
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

/** Where the frames of an object with one position lie along its normal, from that position. */
interface FrameHeights {
  readonly heightsMm: readonly number[];
  readonly spacingSource: NonNullable<FrameEntry['spacingSource']>;
  /** What else tells frames apart. */
  readonly apart?: (frame: number) => FrameAttributes;
}

/** Heights of an RT dose's planes over the first one (PS3.3 C.8.8.3.2); null where they are not given for all. */
function doseHeights(attributes: Attributes, frames: number): FrameHeights | null {
  const offsets = attributes.GridFrameOffsetVector;
  if (frames < 2 || offsets?.length !== frames || !offsets.every(Number.isFinite)) return null;
  // Offsets count from the first plane along the normal, or are patient z of axial planes, whose normal may point down.
  const axes = axesOf(attributes.ImageOrientationPatient);
  const isZ = offsets[0] !== 0 && Math.abs(offsets[0]! - (attributes.ImagePositionPatient?.[2] ?? 0)) < 0.1;
  const isDown = isZ && axes !== null && cross(axes.row, axes.column)[2]! < -0.99;
  const heightsMm = offsets.map((mm) => (isDown ? offsets[0]! - mm : mm - offsets[0]!));
  return { heightsMm, spacingSource: 'GridFrameOffsetVector' };
}

/**
 * Slices of a reconstructed NM object: a step along row × column, or against it where the spacing is below 0
 * (PS3.3 C.8.4.15); null for other objects and without a step.
 */
function reconstructedHeights(attributes: Attributes, frames: number): FrameHeights | null {
  const { ImageType = [], SpacingBetweenSlices, SliceThickness, SliceVector } = attributes;
  const isReconstructed = ImageType.some((type) => type === 'RECON TOMO' || type === 'RECON GATED TOMO');
  if (attributes.Modality !== 'NM' || frames < 2 || !isReconstructed) return null;
  const spacingSource = SpacingBetweenSlices ? 'SpacingBetweenSlices' : 'SliceThickness';
  const stepMm = SpacingBetweenSlices || SliceThickness || 0;
  if (!Number.isFinite(stepMm) || stepMm === 0) return null;
  const slices =
    SliceVector?.length === frames ? SliceVector : Array.from({ length: frames }, (_, n) => n + 1);
  return {
    heightsMm: slices.map((slice) => (slice - 1) * stepMm),
    spacingSource,
    apart: vectorsOf(attributes, frames),
  };
}

/** The part of the heart's cycle, its R-R interval and the energy window of each frame (PS3.3 C.8.4.8). */
function vectorsOf(attributes: Attributes, frames: number): (frame: number) => FrameAttributes {
  const vectors = [
    ['TemporalPositionIndex', attributes.TimeSlotVector],
    ['RRInterval', attributes.RRIntervalVector],
    ['EnergyWindow', attributes.EnergyWindowVector],
  ] as const;
  const whole = vectors.filter(([, vector]) => vector?.length === frames);
  return (frame) => Object.fromEntries(whole.map(([keyword, vector]) => [keyword, vector![frame]]));
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
