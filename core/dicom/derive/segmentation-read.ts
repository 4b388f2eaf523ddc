/** Reads Segmentation objects (PS3.3 A.51), of whatever program, as far as their voxels can be placed. */
import { type Problem, problem } from '../../base/problem.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { PatientPoint, Vec3 } from '../../geometry/types.ts';
import { patientPoint } from '../../geometry/types.ts';
import { bytesSource } from '../byte-source.ts';
import { type Dataset, type DatasetElement, readDataset } from '../dataset.ts';
import { inflateDataset } from '../inflate-dataset.ts';
import { scan } from '../scan.ts';
import type { Scan } from '../types.ts';
import { rgbOfCielab } from './cielab.ts';
import type { CodedConcept } from './segment-codes.ts';
import { segmentationSopClass } from './segmentation.ts';

export interface ReadSegment {
  readonly number: number;
  readonly label: string;
  readonly category?: CodedConcept;
  readonly type?: CodedConcept;
  /** r, g, b each 0…255, where the object recommends one. */
  readonly colour?: Vec3;
}

export interface ReadFrame {
  readonly segment: number;
  /** Centre of its first pixel; absent where the object does not tell. */
  readonly position?: PatientPoint;
  /** Unit directions to the next column and to the next row. */
  readonly right: Vec3;
  readonly down: Vec3;
  /** Between columns, and between rows. */
  readonly spacingMm: readonly [number, number];
  /** Between frames, or how thick they are; 0 where unknown. */
  readonly betweenMm: number;
  /** The image that it was drawn on, where that has the very same pixels. */
  readonly sourceInstanceUID?: string;
}

export interface ReadSegmentation {
  readonly frameOfReferenceUID: string;
  readonly seriesInstanceUID: string;
  readonly columns: number;
  readonly rows: number;
  readonly segments: readonly ReadSegment[];
  readonly frames: readonly ReadFrame[];
  /** One bit a pixel, frame after frame without gaps; fractions of a half and more are 1. */
  readonly bits: Uint8Array;
  readonly problems: readonly Problem[];
}

const find = (dataset: Dataset | undefined, keyword: string): DatasetElement | undefined =>
  dataset?.find((one) => one.keyword === keyword);
const text = (dataset: Dataset | undefined, keyword: string): string => {
  const value = find(dataset, keyword)?.value;
  return value instanceof Uint8Array || value === undefined ? '' : String(value[0] ?? '').trim();
};
const numbers = (dataset: Dataset | undefined, keyword: string): number[] => {
  const value = find(dataset, keyword)?.value;
  return value instanceof Uint8Array || value === undefined ? [] : value.map(Number);
};

function concept(dataset: Dataset, keyword: string): CodedConcept | undefined {
  const item = find(dataset, keyword)?.items?.[0];
  if (!item) return undefined;
  const [value, scheme, meaning] = ['CodeValue', 'CodingSchemeDesignator', 'CodeMeaning'].map((name) =>
    text(item, name),
  );
  return { value: value!, scheme: scheme!, meaning: meaning! };
}

function segmentOf(item: Dataset): ReadSegment {
  const category = concept(item, 'SegmentedPropertyCategoryCodeSequence');
  const type = concept(item, 'SegmentedPropertyTypeCodeSequence');
  const lab = numbers(item, 'RecommendedDisplayCIELabValue');
  return {
    number: numbers(item, 'SegmentNumber')[0] ?? 0,
    label: text(item, 'SegmentLabel'),
    ...(category && { category }),
    ...(type && { type }),
    ...(lab.length === 3 && { colour: rgbOfCielab([lab[0]!, lab[1]!, lab[2]!]) }),
  };
}

/** The image with the frame's very pixels: only where it is said that places are preserved (L58). */
function sourceOf(groups: Dataset | undefined): string | undefined {
  const image = find(find(groups, 'DerivationImageSequence')?.items?.[0], 'SourceImageSequence')?.items?.[0];
  return text(image, 'SpatialLocationsPreserved') === 'YES'
    ? text(image, 'ReferencedSOPInstanceUID')
    : undefined;
}

function framesOf(scanned: Scan, perFrame: readonly Dataset[]): ReadFrame[] | undefined {
  const count = scanned.attributes.NumberOfFrames ?? 1;
  const frames: ReadFrame[] = [];
  for (let n = 0; n < count; n++) {
    const own = { ...scanned.attributes, ...scanned.sharedFrame, ...scanned.perFrame?.[n] };
    const o = own.ImageOrientationPatient;
    const spacing = own.PixelSpacing;
    const segment = own.ReferencedSegmentNumber;
    if (o?.length !== 6 || spacing?.length !== 2 || segment === undefined) return undefined;
    const p = own.ImagePositionPatient;
    const sourceInstanceUID = sourceOf(perFrame[n]);
    frames.push({
      segment,
      ...(p?.length === 3 && { position: patientPoint(p[0]!, p[1]!, p[2]!) }),
      right: [o[0]!, o[1]!, o[2]!],
      down: [o[3]!, o[4]!, o[5]!],
      spacingMm: [spacing[1]!, spacing[0]!],
      betweenMm: own.SpacingBetweenSlices ?? own.SliceThickness ?? 0,
      ...(sourceInstanceUID && { sourceInstanceUID }),
    });
  }
  return frames;
}

/** The packed pixels as stored; fractions as one bit each. */
function bitsOf(bytes: Uint8Array, scanned: Scan, fractionMost: number): Result<Uint8Array> {
  const invalid = (detail: string) => fail(problem('SEG_INVALID', { detail }));
  const { pixel, attributes } = scanned;
  if (pixel.kind === 'encapsulated')
    return fail(problem('TS_UNSUPPORTED', { transferSyntax: scanned.transferSyntaxUID }));
  if (pixel.kind === 'none' || pixel.words) return invalid('PixelData');
  let data = bytes;
  if (scanned.deflated) {
    const inflated = inflateDataset(bytesSource(bytes), scanned.datasetOffset);
    if (!inflated.ok) return inflated;
    data = inflated.value.read(0, inflated.value.size);
  }
  const stored = data.subarray(pixel.range.offset, pixel.range.offset + pixel.range.length);
  const count = (attributes.Columns ?? 0) * (attributes.Rows ?? 0) * (attributes.NumberOfFrames ?? 1);
  const isPacked = attributes.BitsAllocated === 1;
  if (stored.length < Math.ceil(isPacked ? count / 8 : count)) return invalid('PixelData');
  if (isPacked) return ok(stored.slice());
  if (attributes.BitsAllocated !== 8) return invalid('BitsAllocated');
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let n = 0; n < count; n++) if (stored[n]! * 2 >= fractionMost) bits[n >> 3]! |= 1 << (n & 7);
  return ok(bits);
}

/** Problems: of reading DICOM, SEG_INVALID, TS_UNSUPPORTED (compressed). */
export function readSegmentation(bytes: Uint8Array): Result<ReadSegmentation> {
  const scanned = scan(bytesSource(bytes));
  if (!scanned.ok) return scanned;
  const { attributes } = scanned.value;
  if (attributes.SOPClassUID !== segmentationSopClass)
    return fail(problem('SEG_INVALID', { detail: 'SOPClassUID' }));
  const tree = readDataset(bytes, { maxElements: 4_000_000 });
  if (!tree.ok) return tree;
  const { dataset } = tree.value;
  const segments = (find(dataset, 'SegmentSequence')?.items ?? []).map(segmentOf);
  const frames = framesOf(scanned.value, find(dataset, 'PerFrameFunctionalGroupsSequence')?.items ?? []);
  if (segments.length === 0) return fail(problem('SEG_INVALID', { detail: 'SegmentSequence' }));
  if (!frames) return fail(problem('SEG_INVALID', { detail: 'PerFrameFunctionalGroupsSequence' }));
  const isFraction = text(dataset, 'SegmentationType') === 'FRACTIONAL';
  const bits = bitsOf(bytes, scanned.value, numbers(dataset, 'MaximumFractionalValue')[0] ?? 255);
  if (!bits.ok) return bits;
  return ok({
    frameOfReferenceUID: attributes.FrameOfReferenceUID ?? '',
    seriesInstanceUID: attributes.SeriesInstanceUID ?? '',
    columns: attributes.Columns ?? 0,
    rows: attributes.Rows ?? 0,
    segments,
    frames,
    bits: bits.value,
    problems: isFraction ? [problem('SEG_FRACTIONAL')] : [],
  });
}
