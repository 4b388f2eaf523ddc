/** A CT series for the benches: real headers, simple pixels, the same bytes every time. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { element } from '../../core/dicom/write/element.ts';
import { encodePart10 } from '../../core/dicom/write/encode.ts';
import {
  encapsulatedSyntax,
  explicitLittleEndian,
  type WriteSyntax,
} from '../../core/dicom/write/transfer-syntax.ts';
import { imageAttributes } from '../../core/phantom/attributes.ts';
import { type FrameEncoder, phantomGeometry } from '../../core/phantom/options.ts';
import { voxelNoise } from '../../core/phantom/random.ts';
import { frameEncoders, loadFrameEncoder } from '../fixtures/frame-encoders.ts';
import { keptFolder } from './scratch.ts';

export const matrix = 512;
/** Part of the folder's name: another number makes the files anew. */
const version = 1;

/** A folder of `slices` axial CT slices of 512 × 512, 0.5 MB each. Made once, then found in the page cache or on disk. */
export const ctFolder = (slices: number): string => makeFolder(slices, `ct-${slices}`, explicitLittleEndian);

/** The same slices, compressed without loss. */
export async function compressedFolder(slices: number, by: keyof typeof frameEncoders): Promise<string> {
  const encode = await loadFrameEncoder(by, 12);
  return makeFolder(slices, `ct-${slices}-${by}`, encapsulatedSyntax(frameEncoders[by][3]), encode);
}

function makeFolder(slices: number, name: string, syntax: WriteSyntax, encode?: FrameEncoder): string {
  const folder = keptFolder(`${name}-v${version}`);
  const done = join(folder, '../', `${name}-v${version}.done`);
  if (existsSync(done)) return folder;
  const options = {
    size: [matrix, matrix],
    slices,
    spacingMm: [0.75, 0.75],
    sliceGapsMm: 1.25,
    seed: slices,
    patient: { name: 'BENCH^SERIES', id: `BENCH-${slices}`, birthDate: '19600101', sex: 'O' },
    seriesKey: 'bench',
  } as const;
  const geometry = phantomGeometry(options);
  for (let k = 0; k < slices; k++) {
    const frame = pixels(k, slices);
    const value = encode
      ? element(0x7fe00010, 'OB', { frames: [encode(frame, matrix, matrix)] })
      : element(0x7fe00010, 'OW', frame);
    const bytes = encodePart10([...imageAttributes(options, geometry, k, 1), value], { syntax });
    writeFileSync(join(folder, `IM${String(k + 1).padStart(4, '0')}.dcm`), bytes);
  }
  const fresh = `${done}.part`;
  writeFileSync(fresh, '');
  renameSync(fresh, done);
  return folder;
}

/** An elliptic body with a spine and noise; stored values, HU = stored − 1024. */
function pixels(k: number, slices: number): Uint16Array {
  const out = new Uint16Array(matrix * matrix);
  const narrowing = 1 - 0.25 * Math.abs((2 * k) / slices - 1);
  for (let j = 0, at = 0; j < matrix; j++) {
    for (let i = 0; i < matrix; i++, at++) {
      const x = (i - 255.5) / (230 * narrowing);
      const y = (j - 255.5) / (160 * narrowing);
      const isBody = x * x + y * y < 1;
      const isBone = Math.hypot(i - 255.5, j - 340) < 22;
      const hu = isBone ? 700 : isBody ? 40 : -1000;
      out[at] = Math.max(0, Math.round(hu + 1024 + 12 * voxelNoise(1, at + k * out.length)));
    }
  }
  return out;
}
