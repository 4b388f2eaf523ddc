/**
 * Whether uncompressed pixels of this colour space share Cb and Cr between two neighbours: Y₁ Y₂ Cb Cr
 * (PS3.3 C.7.6.3.1.2; YBR_PARTIAL_422 is retired and still met).
 */
export const sharesChroma = (photometricInterpretation: string | undefined): boolean =>
  photometricInterpretation === 'YBR_FULL_422' || photometricInterpretation === 'YBR_PARTIAL_422';

/**
 * Colour spaces that DICOM has retired and nobody converts alike: HSV has no common scale of its hue, CMYK depends on an
 * ink, ARGB needs tables for its alpha (PS3.3-1998 C.7.6.3.1.2).
 */
export const isRetiredColour = (photometricInterpretation: string | undefined): boolean =>
  photometricInterpretation === 'HSV' ||
  photometricInterpretation === 'CMYK' ||
  photometricInterpretation === 'ARGB';
