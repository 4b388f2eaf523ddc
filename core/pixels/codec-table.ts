import { transferSyntaxOf } from '../dicom/tables/transfer-syntaxes.ts';
import type { CodecName } from './types.ts';

/** How the pixels of a transfer syntax are coded (PS3.5 Annex A), as far as decoding must know. */
export type FrameCoding =
  | { readonly kind: 'native'; readonly bigEndian: boolean; readonly encapsulated: boolean }
  | { readonly kind: 'deflatedFrame' }
  | { readonly kind: 'rle' }
  | { readonly kind: 'video' }
  | {
      readonly kind: 'codestream';
      /** Codecs whose streams belong to this transfer syntax; any other is a mismatch. */
      readonly codecs: readonly CodecName[];
      /** The syntax promises that nothing is lost. */
      readonly reversible: boolean;
    };

/** Extended and progressive JPEG may hold 8 or 12 bits (PS3.5 8.2.1). */
const codecsOf = (coding: CodecName): readonly CodecName[] =>
  coding === 'jpeg12' ? ['jpeg8', 'jpeg12'] : [coding];

/** JPEG-LS, JPEG 2000 and HTJ2K each have a lossless-only syntax beside one that allows loss. */
const losslessOnly: ReadonlySet<string> = new Set(
  ['57', '70', '80', '90', '92', '201', '202'].map((tail) => `1.2.840.10008.1.2.4.${tail}`),
);

/** Undefined for syntaxes whose pixels cannot be read (TS_UNSUPPORTED). */
export function frameCodingOf(transferSyntaxUID: string): FrameCoding | undefined {
  const syntax = transferSyntaxOf(transferSyntaxUID);
  if (!syntax) return undefined;
  const { coding } = syntax;
  switch (coding) {
    case 'native': {
      const bigEndian = syntax.bigEndian || syntax.bigEndianPixels === true;
      return { kind: coding, bigEndian, encapsulated: syntax.encapsulated };
    }
    case 'rle':
    case 'deflatedFrame':
    case 'video':
      return { kind: coding };
    case 'none':
      return undefined;
    default:
      return {
        kind: 'codestream',
        codecs: codecsOf(coding),
        reversible: losslessOnly.has(transferSyntaxUID),
      };
  }
}
