import { valueUnit } from '../dicom/value-unit.ts';
import { isInverted } from '../pixels/voi.ts';
import { rounded } from './dividers.ts';
import type { FrameEntry } from './frames.ts';
import { axesOf, dot, isSpacing, poseOf } from './order.ts';

/**
 * What can never share a grid is parted here: matrix, frame of reference, localisers, stacks, pixel spacing,
 * orientation.
 */

const isLocalizer = ({ attributes: a }: FrameEntry): boolean =>
  [...(a.ImageType ?? []), ...(a.FrameType ?? [])].includes('LOCALIZER');

/** Stored values where a unit is expected: rescale that cannot be read, and CT and PET without any, which must have it. */
export const isNotRescaled = ({ attributes: a, isMapped }: FrameEntry): boolean =>
  !isMapped &&
  (a.RescaleUnreadable !== undefined ||
    (['CT', 'PT'].includes(a.Modality ?? '') &&
      a.RescaleSlope === undefined &&
      a.RescaleIntercept === undefined));

/**
 * Whether frames of reference tell anything: some anonymisers give every slice a UID of its own, which would
 * tear one acquisition into single slices.
 */
function framesOfReferenceTell(frames: readonly FrameEntry[]): boolean {
  const uids = new Set(frames.map((frame) => frame.attributes.FrameOfReferenceUID ?? ''));
  return uids.size < frames.length || frames.length < 3;
}

/** Frames of another matrix or kind of colour have nothing to do with each other. */
export const matrixOf = ({ format }: FrameEntry): string =>
  [format.rows, format.columns, format.samplesPerPixel].join('|');

/** A volume has one kind of values, and is shown one way round; single images may have each their own. */
const shownAs = ({
  attributes: a,
  format: { photometricInterpretation: photometric },
}: FrameEntry): string => {
  if (!poseOf(a)) return '';
  return photometric === 'PALETTE COLOR' ? 'P' : isInverted(photometric, a) ? 'I' : '';
};

export const isBare = ({ attributes: a, isMapped }: FrameEntry): boolean =>
  !isMapped && a.RescaleSlope === undefined && a.RescaleIntercept === undefined;

/** Whether values are worth something else than they are stored as. */
export const isScaled = ({ attributes: a, isMapped }: FrameEntry): boolean =>
  isMapped || (a.RescaleSlope ?? 1) !== 1 || (a.RescaleIntercept ?? 0) !== 0 || a.RealWorldUnit !== undefined;

/** Single images without a place may have each their own scale; frames of a volume or of one object have not. */
const isOfOneKind = ({ attributes, format }: FrameEntry): boolean =>
  poseOf(attributes) !== null || format.frames > 1;

/** Stored values among rescaled ones, or among those of a table, would be other tissue. */
function scaleOf(frame: FrameEntry, withScale: boolean): string {
  if (isNotRescaled(frame)) return 'U';
  if (!withScale || !isOfOneKind(frame)) return '';
  return frame.isMapped ? 'T' : isBare(frame) ? 'B' : '';
}

function gridKey(frame: FrameEntry, withReference: boolean, withScale: boolean): string {
  const { attributes: a } = frame;
  return [
    matrixOf(frame),
    withReference ? (a.FrameOfReferenceUID ?? '') : '',
    isLocalizer(frame) ? 'L' : '',
    // One for all images of a series (PS3.3 C.7.3.1), unless two were thrown together.
    a.Modality ?? '',
    scaleOf(frame, withScale),
    a.Modality === 'PT' ? (a.Units ?? '') : '',
    a.RealWorldUnit === undefined ? '' : `R${a.RealWorldUnit}`,
    // HU beside mg/ml of one scan (PS3.3 C.11.1.1.2): other quantities.
    valueUnit(a),
    shownAs(frame),
    a.StackID ?? '',
  ].join('|');
}

export function partition<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const parts = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const part = parts.get(key);
    if (part) part.push(item);
    else parts.set(key, [item]);
  }
  return parts;
}

const isPlaced = ({ attributes: a }: FrameEntry): boolean => poseOf(a) !== null && isSpacing(a.PixelSpacing);

/**
 * Frames without a sound position, orientation or pixel spacing beside more frames of their matrix that have all: a few
 * broken headers take no volume from the rest. Where they are as many, they stay, and there is no volume.
 */
export function leaveOut(frames: readonly FrameEntry[]): {
  readonly placed: readonly FrameEntry[];
  /** By `matrixOf`. */
  readonly unplaced: ReadonlyMap<string, readonly FrameEntry[]>;
} {
  const unplaced = new Map<string, readonly FrameEntry[]>();
  const placed = [...partition(frames, matrixOf)].flatMap(([matrix, own]) => {
    const rest = own.filter(isPlaced);
    if (rest.length === own.length || 2 * rest.length <= own.length) return own;
    unplaced.set(
      matrix,
      own.filter((frame) => !isPlaced(frame)),
    );
    return rest;
  });
  return { placed, unplaced };
}

/** Frames by likeness to the first of each group. */
function cluster(
  frames: readonly FrameEntry[],
  isLike: (frame: FrameEntry, first: FrameEntry) => boolean,
): FrameEntry[][] {
  const groups: FrameEntry[][] = [];
  for (const frame of frames) {
    const home = groups.find(([first]) => isLike(frame, first!));
    if (home) home.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** Spacings that move the far edge of a picture by no more than this part of a pixel are one, rounded differently. */
const sameSpacingPixels = 0.5;

/** How far a frame's last pixel lies from where another's spacing puts it, in mm; null where either has none. */
export function stretchMm(frame: FrameEntry, spacingMm: readonly number[] | undefined): number | null {
  const own = frame.attributes.PixelSpacing;
  if (own?.length !== 2 || spacingMm?.length !== 2) return null;
  const { rows, columns } = frame.format;
  return Math.hypot((own[0]! - spacingMm[0]!) * (rows - 1), (own[1]! - spacingMm[1]!) * (columns - 1));
}

function isSpacedAlike(frame: FrameEntry, first: FrameEntry): boolean {
  const spacingMm = first.attributes.PixelSpacing;
  const own = frame.attributes.PixelSpacing;
  if (own?.length === 2 && own[0] === spacingMm?.[0] && own[1] === spacingMm?.[1]) return true;
  if (rounded(own, 5) === rounded(spacingMm, 5)) return true;
  const apartMm = stretchMm(frame, spacingMm);
  return apartMm !== null && apartMm <= sameSpacingPixels * Math.min(...spacingMm!);
}

/** Cosine of the largest angle (about 0.1°) between slices of one orientation. */
const sameOrientationCosine = Math.cos(0.1 * (Math.PI / 180));

function byOrientation(frames: readonly FrameEntry[]): FrameEntry[][] {
  const axes = new Map(frames.map((frame) => [frame, axesOf(frame.attributes.ImageOrientationPatient)]));
  return cluster(frames, (frame, first) => {
    const [own, other] = [axes.get(frame), axes.get(first)];
    if (!own || !other) return own === other;
    return (
      dot(own.row, other.row) > sameOrientationCosine && dot(own.column, other.column) > sameOrientationCosine
    );
  });
}

/** Frames that may share a grid, each list parted by orientation. */
export function alikeFrames(frames: readonly FrameEntry[]): FrameEntry[][][] {
  const withReference = framesOfReferenceTell(frames);
  const withScale = frames.some(isScaled);
  return [...partition(frames, (frame) => gridKey(frame, withReference, withScale)).values()]
    .flatMap((own) => cluster(own, isSpacedAlike))
    .map(byOrientation);
}
