import type { VolumeGeometry } from '../geometry/types.ts';
import type { VoxelArray } from './resample.ts';

/** NRRD 0004, raw, little endian, LPS mm; i fastest. */
export function writeNrrd(geometry: VolumeGeometry, voxels: VoxelArray): Uint8Array<ArrayBuffer> {
  const m = geometry.patientFromIndex;
  const vector = (column: number): string => `(${m[column]},${m[4 + column]},${m[8 + column]})`;
  const header = [
    'NRRD0004',
    `type: ${voxels instanceof Int16Array ? 'int16' : 'float'}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${geometry.size.join(' ')}`,
    `space directions: ${vector(0)} ${vector(1)} ${vector(2)}`,
    'kinds: domain domain domain',
    'endian: little',
    'encoding: raw',
    `space origin: ${vector(3)}`,
    '',
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(head.length + voxels.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), head.length);
  return bytes;
}
