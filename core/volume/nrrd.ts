import type { VolumeGeometry } from '../geometry/types.ts';
import type { AnyVoxels } from './resample.ts';

/**
 * What stands before the voxels in NRRD 0004, raw, little endian, LPS mm; i fastest. RGB has a first axis of its own
 * (kind RGB-color).
 *
 * @param voxels for their type only.
 * @param thicknessMm how thick a sample along k is, where that is not their distance (a slab).
 * @param unit of the values; empty for none.
 */
export function nrrdHeader(
  geometry: VolumeGeometry,
  voxels: AnyVoxels,
  thicknessMm?: number,
  unit = '',
): Uint8Array<ArrayBuffer> {
  const m = geometry.patientFromIndex;
  const vector = (column: number): string => `(${m[column]},${m[4 + column]},${m[8 + column]})`;
  const isColour = voxels instanceof Uint8Array;
  const type = isColour ? 'uint8' : voxels instanceof Int16Array ? 'int16' : 'float';
  const header = [
    'NRRD0004',
    `type: ${type}`,
    `dimension: ${isColour ? 4 : 3}`,
    'space: left-posterior-superior',
    `sizes: ${isColour ? '3 ' : ''}${geometry.size.join(' ')}`,
    `space directions: ${isColour ? 'none ' : ''}${vector(0)} ${vector(1)} ${vector(2)}`,
    `kinds: ${isColour ? 'RGB-color ' : ''}domain domain domain`,
    ...(thicknessMm === undefined ? [] : [`thicknesses: ${isColour ? 'NaN ' : ''}NaN NaN ${thicknessMm}`]),
    ...(unit === '' ? [] : [`sample units: ${unit}`]),
    'endian: little',
    'encoding: raw',
    `space origin: ${vector(3)}`,
    '',
    '',
  ].join('\n');
  return new TextEncoder().encode(header);
}

/** Header and voxels as one file. */
export function writeNrrd(
  geometry: VolumeGeometry,
  voxels: AnyVoxels,
  thicknessMm?: number,
  unit?: string,
): Uint8Array<ArrayBuffer> {
  const head = nrrdHeader(geometry, voxels, thicknessMm, unit);
  const bytes = new Uint8Array(head.length + voxels.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), head.length);
  return bytes;
}
