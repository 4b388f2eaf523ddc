import type { CodecName } from './types.ts';

/** How the pixels of a transfer syntax are coded (PS3.5 Annex A, PS3.6 table A-1). */
export type PixelCoding =
  | { readonly kind: 'native'; readonly bigEndian: boolean }
  | { readonly kind: 'deflatedFrame' }
  | { readonly kind: 'rle' }
  | { readonly kind: 'video' }
  | {
      readonly kind: 'codestream';
      /** Codecs whose streams belong to this transfer syntax; any other is a mismatch. */
      readonly codecs: readonly CodecName[];
      readonly reversible: boolean;
    };

const native: PixelCoding = { kind: 'native', bigEndian: false };
const stream = (codecs: readonly CodecName[], reversible: boolean): PixelCoding => ({
  kind: 'codestream',
  codecs,
  reversible,
});
const root = '1.2.840.10008.1.2';

/** The one table from transfer syntax to codec. */
const codings: Readonly<Record<string, PixelCoding>> = {
  [root]: native,
  [`${root}.1`]: native,
  [`${root}.1.98`]: native,
  [`${root}.1.99`]: native,
  [`${root}.2`]: { kind: 'native', bigEndian: true },
  [`${root}.5`]: { kind: 'rle' },
  [`${root}.8.1`]: { kind: 'deflatedFrame' },
  [`${root}.4.50`]: stream(['jpeg8'], false),
  [`${root}.4.51`]: stream(['jpeg8', 'jpeg12'], false),
  [`${root}.4.53`]: stream(['jpeg8', 'jpeg12'], false),
  [`${root}.4.55`]: stream(['jpeg8', 'jpeg12'], false),
  [`${root}.4.57`]: stream(['jpegLossless'], true),
  [`${root}.4.70`]: stream(['jpegLossless'], true),
  [`${root}.4.80`]: stream(['jpegLs'], true),
  [`${root}.4.81`]: stream(['jpegLs'], false),
  [`${root}.4.90`]: stream(['jpeg2000'], true),
  [`${root}.4.91`]: stream(['jpeg2000'], false),
  [`${root}.4.92`]: stream(['jpeg2000'], true),
  [`${root}.4.93`]: stream(['jpeg2000'], false),
  [`${root}.4.201`]: stream(['htj2k'], true),
  [`${root}.4.202`]: stream(['htj2k'], true),
  [`${root}.4.203`]: stream(['htj2k'], false),
};

/** Undefined = TS_UNSUPPORTED. */
export function pixelCodingOf(transferSyntaxUID: string): PixelCoding | undefined {
  if (codings[transferSyntaxUID]) return codings[transferSyntaxUID];
  const tail = transferSyntaxUID.startsWith(`${root}.4.10`)
    ? Number(transferSyntaxUID.slice(`${root}.4.`.length))
    : 0;
  return (tail >= 100 && tail <= 110) || transferSyntaxUID.startsWith(`${root}.7.`)
    ? { kind: 'video' }
    : undefined;
}
