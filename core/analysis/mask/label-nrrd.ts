import type { VolumeGeometry } from '../../geometry/types.ts';
import { nrrdHeader } from '../../volume/nrrd.ts';
import type { VoxelMask } from '../types.ts';

/** A mask as NRRD labels: one byte a voxel, 0 or 1, on the volume's grid. */
export function maskNrrd(geometry: VolumeGeometry, { size, bits }: VoxelMask): Uint8Array<ArrayBuffer> {
  const words = new TextDecoder().decode(nrrdHeader(geometry, new Int16Array(0)));
  const header = new TextEncoder().encode(words.replace('type: int16', 'type: uint8'));
  const count = size[0] * size[1] * size[2];
  const out = new Uint8Array(header.length + count);
  out.set(header);
  for (let n = 0; n < count; n++) out[header.length + n] = (bits[n >> 3]! >> (n & 7)) & 1;
  return out;
}
