/** Type bytes of PDUs and items (PS3.8 section 9.3, PS3.7 annex D.3.3) and what surrounds them. */

export const pduType = {
  associateRq: 0x01,
  associateAc: 0x02,
  associateRj: 0x03,
  data: 0x04,
  releaseRq: 0x05,
  releaseRp: 0x06,
  abort: 0x07,
} as const;

/** Names as the standard spells them, for problems. */
export const pduNames: Readonly<Record<number, string>> = {
  1: 'A-ASSOCIATE-RQ',
  2: 'A-ASSOCIATE-AC',
  3: 'A-ASSOCIATE-RJ',
  4: 'P-DATA-TF',
  5: 'A-RELEASE-RQ',
  6: 'A-RELEASE-RP',
  7: 'A-ABORT',
};

export const itemType = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maximumLength: 0x51,
  implementationClass: 0x52,
  asyncWindow: 0x53,
  role: 0x54,
  implementationVersion: 0x55,
  extended: 0x56,
  commonExtended: 0x57,
  identity: 0x58,
  identityResponse: 0x59,
} as const;

/** The one application context of DICOM (PS3.7 annex A.2.1). */
export const dicomApplicationContext = '1.2.840.10008.3.1.1.1';
/** Every application entity has to know it (PS3.5 section 10.1). */
export const implicitLittleEndian = '1.2.840.10008.1.2';

/** Type, a reserved byte, and the length of what follows. */
export const pduHeaderBytes = 6;
/** Length, context id and message control header of a presentation data value. */
export const pdvHeaderBytes = 6;
/** Body of an association request or answer before its items. */
export const associateFixedBytes = 68;
/** Body of A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP and A-ABORT. */
export const shortBodyBytes = 4;
