/** A film of colour pictures as one DICOM object: Multi-frame True Color Secondary Capture (PS3.3 A.8.5). */
import { type Dataset, element } from '../write/element.ts';
import { encodePart10 } from '../write/encode.ts';
import { encodeRleFrame } from '../write/rle.ts';
import { rleLossless } from '../write/transfer-syntax.ts';
import { type DerivationSource, type DerivedIdentity, derivedObject } from './derived-object.ts';

export const movieSopClass = '1.2.840.10008.5.1.4.1.1.7.4';

export interface Movie {
  readonly columns: number;
  readonly rows: number;
  readonly frameTimeMs: number;
  /** RLE Lossless, one fragment each, of `movieFrame`. */
  readonly frames: readonly Uint8Array[];
}

/** One picture as it is kept: colours without alpha, packed without loss. `rgba` is columns × rows × 4 bytes. */
export function movieFrame(rgba: ArrayLike<number>, columns: number): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from]!;
    rgb[to++] = rgba[from + 1]!;
    rgb[to++] = rgba[from + 2]!;
  }
  return encodeRleFrame(rgb, columns, 3);
}

/** The place in the patient and how values were scanned say nothing of a picture in perspective. */
const notOfPictures = (tag: number): boolean =>
  tag === 0x00200052 || tag === 0x00201040 || tag >>> 16 === 0x0054;

/** The complete file. The source's patient, study and equipment stay; its acquisition is not told. */
export function encodeMovie(
  source: DerivationSource,
  identity: Omit<DerivedIdentity, 'sopClassUID'>,
  { columns, rows, frameTimeMs, frames }: Movie,
): Uint8Array {
  const scanned = new Set([0x00185100, 0x00181050]);
  const inherited = source.inherited.filter(
    ({ tag }) =>
      !notOfPictures(tag) &&
      !(tag >= 0x00180010 && tag < 0x00181000) &&
      !(tag >= 0x00181040 && tag < 0x00190000 && !scanned.has(tag)) &&
      tag !== 0x00280051 &&
      tag !== 0x00280301,
  );
  const more: Dataset = [
    element(0x00080064, 'CS', 'SYN'),
    element(0x00181063, 'DS', frameTimeMs),
    element(0x00200020, 'CS', ''),
    element(0x00280002, 'US', 3),
    element(0x00280004, 'CS', 'RGB'),
    element(0x00280006, 'US', 0),
    element(0x00280008, 'IS', frames.length),
    ...(frames.length > 1 ? [element(0x00280009, 'AT', [0x00181063])] : []),
    element(0x00280010, 'US', rows),
    element(0x00280011, 'US', columns),
    element(0x00280100, 'US', 8),
    element(0x00280101, 'US', 8),
    element(0x00280102, 'US', 7),
    element(0x00280103, 'US', 0),
    element(0x00280301, 'CS', 'NO'),
    element(0x7fe00010, 'OB', { frames: frames.map((frame) => [frame]) }),
  ];
  const dataset = derivedObject({ ...source, inherited }, { ...identity, sopClassUID: movieSopClass }, more);
  return encodePart10(dataset, { syntax: rleLossless });
}
