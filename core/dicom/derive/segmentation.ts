/** Masks of a volume as one DICOM object: Segmentation, binary (PS3.3 A.51, C.8.20). */
import { length, spacingMm } from '../../geometry/matrices.ts';
import type { Vec3, VolumeGeometry } from '../../geometry/types.ts';
import { type Dataset, element } from '../write/element.ts';
import { encodePart10 } from '../write/encode.ts';
import { explicitLittleEndian, type WriteSyntax } from '../write/transfer-syntax.ts';
import { copyBits, hasBits } from './bit-stream.ts';
import { cielabOfRgb } from './cielab.ts';
import { shortText } from './derived-name.ts';
import {
  type DerivationSource,
  type DerivedIdentity,
  derivedObject,
  inheritedValue,
} from './derived-object.ts';
import type { CodedConcept, SegmentCodes } from './segment-codes.ts';

export const segmentationSopClass = '1.2.840.10008.5.1.4.1.1.66.4';

export interface Segment {
  readonly label: string;
  readonly description?: string;
  readonly codes: SegmentCodes;
  /** r, g, b each 0…255. */
  readonly colour: Vec3;
  readonly algorithm: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  /** One bit a voxel of the geometry, i fastest, lowest bit first, no gaps. */
  readonly bits: Uint8Array;
}

/** The image that a slice of the volume comes from. */
export interface SliceSource {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  /** Frame number from 1, of multi-frame images. */
  readonly frame?: number;
  /** The slice is that image, pixel for pixel; false where the volume was resampled. */
  readonly isSame: boolean;
}

export interface Segmentation {
  readonly geometry: VolumeGeometry;
  readonly segments: readonly Segment[];
  /** For each k; left out where no image is near. */
  readonly sources: readonly (SliceSource | undefined)[];
  /** For a source that names none. */
  readonly frameOfReferenceUID: string;
  readonly dimensionOrganizationUID: string;
  /** English word of capitals, digits and underscores (CS). */
  readonly contentLabel: string;
  readonly contentDescription: string;
  /** Who made it, as a Person Name; may be empty. */
  readonly creator: string;
  readonly softwareVersion: string;
}

const code = (tag: number, concept: CodedConcept): Dataset[number] =>
  element(tag, 'SQ', [
    [
      element(0x00080100, 'SH', concept.value),
      element(0x00080102, 'SH', concept.scheme),
      element(0x00080104, 'LO', concept.meaning),
    ],
  ]);
const dcm = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'DCM', meaning });

interface Frame {
  readonly segment: number;
  readonly k: number;
  /** Place of its slice among those with any segment, from 1. */
  readonly position: number;
}

/** Slices of segments that are not empty, segment by segment. */
function framesOf({ geometry, segments }: Segmentation): Frame[] {
  const [columns, rows, slices] = geometry.size;
  const plane = columns * rows;
  const all = segments.flatMap(({ bits }, segment) =>
    Array.from({ length: slices }, (_, k) => ({ segment, k })).filter(({ k }) =>
      hasBits(bits, k * plane, plane),
    ),
  );
  const used = [...new Set(all.map(({ k }) => k))].sort((a, b) => a - b);
  const place = new Map(used.map((k, n) => [k, n + 1]));
  return all.map((frame) => ({ ...frame, position: place.get(frame.k)! }));
}

function pixelBytes({ geometry, segments }: Segmentation, frames: readonly Frame[]): Uint8Array {
  const plane = geometry.size[0] * geometry.size[1];
  const out = new Uint8Array(Math.ceil((plane * frames.length) / 8));
  frames.forEach(({ segment, k }, n) => {
    copyBits(segments[segment]!.bits, k * plane, out, n * plane, plane);
  });
  return out;
}

const segmentItem = (segment: Segment, n: number): Dataset => [
  element(0x00620004, 'US', n + 1),
  element(0x00620005, 'LO', shortText(segment.label, 64) || `Segment ${n + 1}`),
  ...(segment.description ? [element(0x00620006, 'ST', segment.description)] : []),
  element(0x00620008, 'CS', segment.algorithm),
  ...(segment.algorithm === 'MANUAL' ? [] : [element(0x00620009, 'LO', 'Candela')]),
  code(0x00620003, segment.codes.category),
  code(0x0062000f, segment.codes.type),
  element(0x0062000d, 'US', [...cielabOfRgb(segment.colour)]),
];

/** Columns of the affine: unit directions along i and j, and the first voxel of slice k. */
function planeOf(
  { patientFromIndex: m }: VolumeGeometry,
  k: number,
): { orientation: number[]; position: number[] } {
  const unit = (column: number): number[] => {
    const v: Vec3 = [m[column]!, m[4 + column]!, m[8 + column]!];
    return v.map((x) => x / length(v));
  };
  return {
    orientation: [...unit(0), ...unit(1)],
    position: [0, 4, 8].map((row) => m[row + 3]! + k * m[row + 2]!),
  };
}

function sharedGroups(geometry: VolumeGeometry): Dataset {
  const [x, y, z] = spacingMm(geometry.patientFromIndex);
  return [
    element(0x00209116, 'SQ', [[element(0x00200037, 'DS', planeOf(geometry, 0).orientation)]]),
    element(0x00289110, 'SQ', [
      [element(0x00180050, 'DS', z), element(0x00180088, 'DS', z), element(0x00280030, 'DS', [y, x])],
    ]),
  ];
}

const reference = ({ sopClassUID, sopInstanceUID }: SliceSource): Dataset => [
  element(0x00081150, 'UI', sopClassUID),
  element(0x00081155, 'UI', sopInstanceUID),
];

function derivation(source: SliceSource): Dataset {
  const { frame, isSame } = source;
  return [
    code(0x00089215, dcm('113076', 'Segmentation')),
    element(0x00082112, 'SQ', [
      [
        ...reference(source),
        ...(frame === undefined ? [] : [element(0x00081160, 'IS', frame)]),
        element(0x0028135a, 'CS', isSame ? 'YES' : 'NO'),
        code(0x0040a170, dcm('121322', 'Source image for image processing operation')),
      ],
    ]),
  ];
}

function frameGroups({ geometry, sources }: Segmentation, { segment, k, position }: Frame): Dataset {
  const source = sources[k];
  return [
    ...(source ? [element(0x00089124, 'SQ', [derivation(source)])] : []),
    element(0x00209111, 'SQ', [[element(0x00209157, 'UL', [segment + 1, position])]]),
    element(0x00209113, 'SQ', [[element(0x00200032, 'DS', planeOf(geometry, k).position)]]),
    element(0x0062000a, 'SQ', [[element(0x0062000b, 'US', segment + 1)]]),
  ];
}

function dimensions({ dimensionOrganizationUID }: Segmentation): Dataset {
  const index = (pointer: number, group: number, label: string): Dataset => [
    element(0x00209164, 'UI', dimensionOrganizationUID),
    element(0x00209165, 'AT', [pointer]),
    element(0x00209167, 'AT', [group]),
    element(0x00209421, 'LO', label),
  ];
  return [
    element(0x00209221, 'SQ', [[element(0x00209164, 'UI', dimensionOrganizationUID)]]),
    element(0x00209222, 'SQ', [
      index(0x0062000b, 0x0062000a, 'Segment'),
      index(0x00200032, 0x00209113, 'Position'),
    ]),
  ];
}

/** Every image that a frame names, once. */
function referencedSeries(
  source: DerivationSource,
  { sources }: Segmentation,
  frames: readonly Frame[],
): Dataset {
  const used = new Map<string, SliceSource>();
  for (const { k } of frames) {
    const image = sources[k];
    if (image) used.set(image.sopInstanceUID, image);
  }
  if (used.size === 0) return [];
  return [
    element(0x00081115, 'SQ', [
      [
        element(0x0008114a, 'SQ', [...used.values()].map(reference)),
        element(0x0020000e, 'UI', source.seriesInstanceUID),
      ],
    ]),
  ];
}

/** Patient, study and where things are; nothing of how the source was scanned. */
const isInherited = (tag: number): boolean => {
  const kept = new Set([0x00180015, 0x00200052, 0x00201040, 0x0020000d, 0x00200010]);
  const never = new Set([0x00080060, 0x00080021, 0x00080031, 0x00080022, 0x00080032, 0x0008002a]);
  const group = tag >>> 16;
  return kept.has(tag) || ([0x0008, 0x0010, 0x0012, 0x0038, 0x0040].includes(group) && !never.has(tag));
};

/** Two segments have a voxel in common. */
function overlap(segments: readonly Segment[]): boolean {
  const [first] = segments;
  if (!first || segments.length === 1) return false;
  const seen = new Uint8Array(first.bits.length);
  for (const { bits } of segments)
    for (let n = 0; n < seen.length; n++) {
      if ((seen[n]! & bits[n]!) !== 0) return true;
      seen[n]! |= bits[n]!;
    }
  return false;
}

function imageElements(seg: Segmentation, frames: readonly Frame[]): Dataset {
  const [columns, rows] = seg.geometry.size;
  return [
    element(0x00280002, 'US', 1),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280008, 'IS', frames.length),
    element(0x00280010, 'US', rows),
    element(0x00280011, 'US', columns),
    element(0x00280100, 'US', 1),
    element(0x00280101, 'US', 1),
    element(0x00280102, 'US', 0),
    element(0x00280103, 'US', 0),
    element(0x00282110, 'CS', '00'),
    element(0x00620001, 'CS', 'BINARY'),
    element(0x00620002, 'SQ', seg.segments.map(segmentItem)),
    element(0x00620013, 'CS', overlap(seg.segments) ? 'YES' : 'NO'),
    element(0x52009229, 'SQ', [sharedGroups(seg.geometry)]),
    element(
      0x52009230,
      'SQ',
      frames.map((frame) => frameGroups(seg, frame)),
    ),
    element(0x7fe00010, 'OB', pixelBytes(seg, frames)),
  ];
}

export type SegmentationIdentity = Omit<
  DerivedIdentity,
  'sopClassUID' | 'imageType' | 'derivation' | 'codes'
>;

/**
 * The complete file; undefined when every segment is empty. Empty slices are left out. UIDs, date and names come from
 * the caller, so that the same input gives the same bytes.
 */
export function encodeSegmentation(
  source: DerivationSource,
  identity: SegmentationIdentity,
  seg: Segmentation,
  syntax: WriteSyntax = explicitLittleEndian,
): Uint8Array | undefined {
  const frames = framesOf(seg);
  if (frames.length === 0) return undefined;
  const inherited = source.inherited.filter(({ tag }) => isInherited(tag));
  const frameOfReference = String(inheritedValue(source, 0x00200052) ?? '').trim() || seg.frameOfReferenceUID;
  const described: DerivedIdentity = {
    ...identity,
    sopClassUID: segmentationSopClass,
    imageType: ['DERIVED', 'PRIMARY'],
    derivation: '',
    codes: [],
  };
  const dataset = derivedObject({ ...source, inherited, instances: [] }, described, [
    element(0x00080060, 'CS', 'SEG'),
    element(0x00080070, 'LO', 'Candela'),
    element(0x00081090, 'LO', 'Candela'),
    element(0x00181000, 'LO', '1'),
    element(0x00181020, 'LO', seg.softwareVersion),
    element(0x00200052, 'UI', frameOfReference),
    element(0x00201040, 'LO', ''),
    element(0x00700080, 'CS', seg.contentLabel),
    element(0x00700081, 'LO', shortText(seg.contentDescription, 64)),
    element(0x00700084, 'PN', seg.creator),
    ...dimensions(seg),
    ...referencedSeries(source, seg, frames),
    ...imageElements(seg, frames),
  ]);
  // Derivation is told frame by frame, and the equipment is Candela itself.
  const elsewhere = new Set([0x00082111, 0x00089215, 0x0018a001]);
  return encodePart10(
    dataset.filter(({ tag }) => !elsewhere.has(tag)),
    { syntax },
  );
}
