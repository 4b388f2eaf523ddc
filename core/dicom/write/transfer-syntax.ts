/** How the writer lays bytes out for each transfer syntax (PS3.5 section 10 and annex A). */

export interface WriteSyntax {
  readonly uid: string;
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  readonly deflated: boolean;
  readonly encapsulated: boolean;
}

const syntax = (uid: string, flags: Partial<WriteSyntax> = {}): WriteSyntax => ({
  uid,
  explicitVr: true,
  littleEndian: true,
  deflated: false,
  encapsulated: false,
  ...flags,
});

export const implicitLittleEndian = syntax('1.2.840.10008.1.2', { explicitVr: false });
export const explicitLittleEndian = syntax('1.2.840.10008.1.2.1');
export const deflatedLittleEndian = syntax('1.2.840.10008.1.2.1.99', { deflated: true });
export const explicitBigEndian = syntax('1.2.840.10008.1.2.2', { littleEndian: false });
export const rleLossless = syntax('1.2.840.10008.1.2.5', { encapsulated: true });

/** Any other encapsulated syntax (JPEG family): explicit little endian around the fragments. */
export const encapsulatedSyntax = (uid: string): WriteSyntax => syntax(uid, { encapsulated: true });
