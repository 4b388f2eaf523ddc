/** How the pixels of a transfer syntax are coded; the codec names are those of `CodecName` in core/pixels. */
export type PixelCoding =
  | 'native'
  | 'rle'
  | 'jpeg8'
  | 'jpeg12'
  | 'jpegLossless'
  | 'jpegLs'
  | 'jpeg2000'
  | 'htj2k'
  | 'deflatedFrame'
  | 'video'
  | 'none';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  /** The whole data set is deflated (PS3.5 A.5). */
  readonly deflated: boolean;
  readonly encapsulated: boolean;
  readonly coding: PixelCoding;
  /** Pixel data are big endian words although the data set is little endian. */
  readonly bigEndianPixels?: true;
  /** Always loses information; syntaxes that allow both say false. */
  readonly lossy: boolean;
  /** supported: shown; kept: stored and listed, not shown. */
  readonly status: 'supported' | 'kept';
}

const le = { explicit: true, bigEndian: false, deflated: false } as const;
const native = { ...le, encapsulated: false, coding: 'native', lossy: false, status: 'supported' } as const;
const coded = (
  uid: string,
  name: string,
  coding: PixelCoding,
  lossy: boolean,
  status: TransferSyntax['status'] = 'supported',
): TransferSyntax => ({ ...le, uid, name, encapsulated: true, coding, lossy, status });

/** Every transfer syntax Candela knows (PS3.6 A-1). */
export const transferSyntaxes: readonly TransferSyntax[] = [
  { ...native, uid: '1.2.840.10008.1.2', name: 'Implicit VR Little Endian', explicit: false },
  { ...native, uid: '1.2.840.10008.1.2.1', name: 'Explicit VR Little Endian' },
  { ...native, uid: '1.2.840.10008.1.2.1.99', name: 'Deflated Explicit VR Little Endian', deflated: true },
  { ...native, uid: '1.2.840.10008.1.2.2', name: 'Explicit VR Big Endian', bigEndian: true },
  {
    ...native,
    uid: '1.2.840.10008.1.2.1.98',
    name: 'Encapsulated Uncompressed Explicit VR Little Endian',
    encapsulated: true,
  },
  {
    ...native,
    uid: '1.2.840.113619.5.2',
    name: 'GE Private Implicit VR Big Endian',
    explicit: false,
    bigEndianPixels: true,
  },
  coded('1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg8', true),
  coded('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg12', true),
  coded('1.2.840.10008.1.2.4.52', 'JPEG Extended (Process 3 and 5)', 'jpeg12', true, 'kept'),
  coded('1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection (Process 6 and 8)', 'jpeg12', true),
  coded('1.2.840.10008.1.2.4.55', 'JPEG Full Progression (Process 10 and 12)', 'jpeg12', true),
  coded('1.2.840.10008.1.2.4.57', 'JPEG Lossless (Process 14)', 'jpegLossless', false),
  coded('1.2.840.10008.1.2.4.70', 'JPEG Lossless (Process 14, Selection Value 1)', 'jpegLossless', false),
  coded('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpegLs', false),
  coded('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpegLs', true),
  coded('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless Only', 'jpeg2000', false),
  coded('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg2000', false),
  coded('1.2.840.10008.1.2.4.92', 'JPEG 2000 Multi-component Lossless Only', 'jpeg2000', false, 'kept'),
  coded('1.2.840.10008.1.2.4.93', 'JPEG 2000 Multi-component', 'jpeg2000', false, 'kept'),
  coded('1.2.840.10008.1.2.4.94', 'JPIP Referenced', 'none', false, 'kept'),
  coded('1.2.840.10008.1.2.4.95', 'JPIP Referenced Deflate', 'none', false, 'kept'),
  coded('1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video', true, 'kept'),
  coded(
    '1.2.840.10008.1.2.4.102.1',
    'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1',
    'video',
    true,
    'kept',
  ),
  coded(
    '1.2.840.10008.1.2.4.103',
    'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1',
    'video',
    true,
    'kept',
  ),
  coded('1.2.840.10008.1.2.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible', 'video', true, 'kept'),
  coded(
    '1.2.840.10008.1.2.4.104',
    'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video',
    'video',
    true,
    'kept',
  ),
  coded(
    '1.2.840.10008.1.2.4.104.1',
    'Fragmentable MPEG-4 AVC/H.264 Level 4.2 For 2D Video',
    'video',
    true,
    'kept',
  ),
  coded(
    '1.2.840.10008.1.2.4.105',
    'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video',
    'video',
    true,
    'kept',
  ),
  coded(
    '1.2.840.10008.1.2.4.105.1',
    'Fragmentable MPEG-4 AVC/H.264 Level 4.2 For 3D Video',
    'video',
    true,
    'kept',
  ),
  coded('1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video', true, 'kept'),
  coded(
    '1.2.840.10008.1.2.4.106.1',
    'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2',
    'video',
    true,
    'kept',
  ),
  coded('1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'video', true, 'kept'),
  coded('1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'none', false, 'kept'),
  coded('1.2.840.10008.1.2.4.111', 'JPEG XL JPEG Recompression', 'none', true, 'kept'),
  coded('1.2.840.10008.1.2.4.112', 'JPEG XL', 'none', false, 'kept'),
  coded('1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless Only', 'htj2k', false),
  coded(
    '1.2.840.10008.1.2.4.202',
    'High-Throughput JPEG 2000 with RPCL Options Lossless Only',
    'htj2k',
    false,
  ),
  coded('1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k', false),
  coded('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle', false),
  coded('1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', 'deflatedFrame', false),
];

const byUid: ReadonlyMap<string, TransferSyntax> = new Map(transferSyntaxes.map((row) => [row.uid, row]));

/** The row of a transfer syntax UID; undefined for unknown and private ones. */
export const transferSyntaxOf = (uid: string): TransferSyntax | undefined => byUid.get(uid);
