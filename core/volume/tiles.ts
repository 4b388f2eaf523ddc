import type { Attributes, FrameAttributes, Mosaic } from '../dicom/types.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { DecodedFrame, PixelFormat, SampleArray } from '../pixels/types.ts';
import { axesOf, cross, dot } from './order.ts';

/** Rectangle of one slice within a frame, in pixels from the top left. */
export interface Tile {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

export interface TiledSlice {
  readonly tile: Tile;
  /** What the slice's own position says instead of the frame's; empty where it is unknown. */
  readonly attributes: FrameAttributes;
}

/**
 * Slices of a mosaic in the order in which they are tiled. Null when the tiles do not fit the frame.
 *
 * Siemens gives the position that a picture of the mosaic's size with the slice's centre would have, so the first
 * slice begins half the difference further in; the others follow along the slice normal of the CSA header, or
 * row × column, by SpacingBetweenSlices.
 */
export function tiledSlices(
  mosaic: Mosaic,
  format: PixelFormat,
  attributes: Attributes,
): TiledSlice[] | null {
  const across = Math.ceil(Math.sqrt(mosaic.slices));
  const down = mosaic.layout === 'square' ? across : Math.ceil(mosaic.slices / across);
  if (format.columns % across !== 0 || format.rows % down !== 0) return null;
  const columns = format.columns / across;
  const rows = format.rows / down;
  const positionOf = slicePositions(mosaic, format, attributes, columns, rows);
  return Array.from({ length: mosaic.slices }, (_, slice) => {
    const position = positionOf(slice);
    return {
      tile: { column: (slice % across) * columns, row: Math.floor(slice / across) * rows, columns, rows },
      attributes: position ? { ImagePositionPatient: position } : {},
    };
  });
}

function slicePositions(
  mosaic: Mosaic,
  format: PixelFormat,
  attributes: Attributes,
  columns: number,
  rows: number,
): (slice: number) => readonly number[] | undefined {
  const { positions, sliceNormal } = mosaic;
  if (positions) return (slice) => positions[slice];
  const axes = axesOf(attributes.ImageOrientationPatient);
  const corner = attributes.ImagePositionPatient;
  const [betweenRows = 0, betweenColumns = 0] = attributes.PixelSpacing ?? [];
  const stepMm = attributes.SpacingBetweenSlices ?? attributes.SliceThickness ?? 0;
  if (!axes || corner?.length !== 3 || !(betweenRows > 0 && betweenColumns > 0 && stepMm > 0))
    return () => undefined;
  const upright = cross(axes.row, axes.column);
  const isDown = sliceNormal !== undefined && dot(upright, sliceNormal as unknown as Vec3) < 0;
  const inColumns = ((format.columns - columns) / 2) * betweenColumns;
  const inRows = ((format.rows - rows) / 2) * betweenRows;
  const step = isDown ? -stepMm : stepMm;
  return (slice) =>
    corner.map(
      (mm, x) => mm + axes.row[x]! * inColumns + axes.column[x]! * inRows + upright[x]! * step * slice,
    );
}

/** One slice of a decoded mosaic as a frame of its own; its samples are copied. */
export function cutTile(frame: DecodedFrame, tile: Tile): DecodedFrame {
  return {
    ...frame,
    rows: tile.rows,
    columns: tile.columns,
    cells: cutSamples(frame.cells, frame.columns, frame.samples, tile),
    masked: cutSamples(frame.masked, frame.columns, frame.samples, tile),
  };
}

/** The samples of a rectangle, of a picture with `columns` pixels of `samples` interleaved samples a row. */
export function cutSamples<T extends SampleArray>(
  values: T,
  columns: number,
  samples: number,
  tile: Tile,
): T {
  const width = tile.columns * samples;
  const Kind = values.constructor as new (length: number) => T;
  const out = new Kind(width * tile.rows);
  for (let row = 0; row < tile.rows; row++) {
    const from = ((tile.row + row) * columns + tile.column) * samples;
    out.set(values.subarray(from, from + width) as never, row * width);
  }
  return out;
}
