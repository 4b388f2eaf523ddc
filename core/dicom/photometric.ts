/** Colour spaces of three samples a pixel (PS3.3 C.7.6.3.1.2). */
export const colours = [
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
];
/** Of one sample a pixel. */
export const greys = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'];

/** What is left of a name when case, spaces and the like do not count. */
const bare = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z\d]/g, '');

const names = new Map([...colours, ...greys, 'HSV', 'CMYK', 'ARGB'].map((name) => [bare(name), name]));

/** A Photometric Interpretation as the standard writes it, which not every maker does; unknown ones stay as they are. */
export const photometricName = (written: string): string => names.get(bare(written)) ?? written;
