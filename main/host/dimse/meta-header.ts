import { candelaImplementation, encodeDataset } from '../../../core/dicom/write/encode.ts';
import { explicitLittleEndian } from '../../../core/dicom/write/transfer-syntax.ts';

/** What the file meta information says of an object that came over the network (PS3.10 section 7.1). */
export interface MetaFields {
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Source Application Entity Title (0002,0016). */
  readonly sourceAeTitle: string;
}

const preambleBytes = 128;

/** Preamble, prefix and group 0002: our own, whatever the sender's file had. The data set follows as it came. */
export function metaHeader(fields: MetaFields): Uint8Array {
  const syntax = { syntax: explicitLittleEndian };
  const group = encodeDataset(
    [
      { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', value: fields.sopClassUid },
      { tag: 0x00020003, vr: 'UI', value: fields.sopInstanceUid },
      { tag: 0x00020010, vr: 'UI', value: fields.transferSyntaxUid },
      { tag: 0x00020012, vr: 'UI', value: candelaImplementation.classUid },
      { tag: 0x00020013, vr: 'SH', value: candelaImplementation.versionName },
      { tag: 0x00020016, vr: 'AE', value: fields.sourceAeTitle },
    ],
    syntax,
  );
  const length = encodeDataset([{ tag: 0x00020000, vr: 'UL', value: group.length }], syntax);
  const out = new Uint8Array(preambleBytes + 4 + length.length + group.length);
  out.set([0x44, 0x49, 0x43, 0x4d], preambleBytes);
  out.set(length, preambleBytes + 4);
  out.set(group, preambleBytes + 4 + length.length);
  return out;
}
