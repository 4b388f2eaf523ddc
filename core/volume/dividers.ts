import type { Attributes } from '../dicom/types.ts';
import type { DimensionKind } from './types.ts';

/** Something that tells frames at one position apart. */
export interface Divider {
  readonly name: DividerName;
  /** What a set of groups told apart by it can be played along; null for kinds of pictures. */
  readonly kind: DimensionKind | null;
  /** Frames with the same text belong together; empty where the attribute is missing. */
  readonly textOf: (a: Attributes) => string;
  /** For what has an order. */
  readonly numberOf?: (a: Attributes) => number | undefined;
  /**
   * Values that differ a little from slice to slice (trigger times, clock times): the first of every position
   * belong together, then the second ….
   */
  readonly isRanked?: true;
}

export type DividerName =
  | 'Segment'
  | 'Energy'
  | 'EnergyWindow'
  | 'ImageType'
  | 'Label'
  | 'Velocity'
  | 'EchoTime'
  | 'EchoNumbers'
  | 'DiffusionBValue'
  | 'DiffusionGradientOrientation'
  | 'TemporalPosition'
  | 'RRInterval'
  | 'CardiacPhase'
  | 'RespiratoryPhase'
  | 'TriggerTime'
  | 'InversionTime'
  | 'FlipAngle'
  | 'SequenceName'
  | 'KVP'
  | 'ConvolutionKernel'
  | 'SliceThickness'
  | 'Percent'
  | 'SeriesDescription'
  | 'SeriesNumber'
  | 'FrameReferenceTime'
  | 'AcquisitionNumber'
  | 'AcquisitionTime'
  | 'ImageIndex'
  | 'ImageComments'
  | 'Field'
  | 'Repeat';

export const rounded = (values: readonly number[] | undefined, digits: number): string =>
  values === undefined
    ? ''
    : values.map((value) => (Math.round(value * 10 ** digits) / 10 ** digits + 0).toString()).join('\\');

/** keV of a virtual monoenergetic picture: the standard attribute, else as vendors write it in texts. */
export function energyKev(a: Attributes): number | undefined {
  if (a.MonoenergeticEnergyEquivalent !== undefined) return a.MonoenergeticEnergyEquivalent;
  const texts = [...(a.ImageType ?? []), ...(a.FrameType ?? []), a.ImageComments ?? ''];
  const found = texts.map((text) => /(\d{2,3}(?:\.\d+)?)\s*_?keV/i.exec(text)?.[1]).find(Boolean);
  return found === undefined ? undefined : Number(found);
}

const dayMs = 24 * 3_600_000;

/** HHMMSS.ffffff, with YYYYMMDD before it or without, in milliseconds since 1970 or of its day; undefined for anything else. */
function clockMs(time: string | undefined): number | undefined {
  const found =
    time === undefined ? null : /^(?:(\d{4})(\d{2})(\d{2}))?(\d{2})(\d{2})(\d{2}(?:\.\d+)?)/.exec(time);
  if (!found) return undefined;
  const [year, month, day, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number(part ?? Number.NaN));
  const ofDay = (hours! * 3600 + minutes! * 60 + seconds!) * 1000;
  return Number.isNaN(year!) ? ofDay : Date.UTC(year!, month! - 1, day!) + ofDay;
}

const isDate = (date: string | undefined): date is string => /^\d{8}$/.test(date ?? '');
const frameTime = (a: Attributes): string | undefined =>
  a.FrameAcquisitionDateTime ?? a.FrameReferenceDateTime;

/** When a frame was taken, with its date where both are written. */
function acquiredMs(a: Attributes): number | undefined {
  const ofFrame = frameTime(a);
  if (ofFrame !== undefined) return clockMs(ofFrame);
  if (a.AcquisitionTime === undefined) return clockMs(a.ContentTime);
  return clockMs(isDate(a.AcquisitionDate) ? `${a.AcquisitionDate}${a.AcquisitionTime}` : a.AcquisitionTime);
}

/** The same for frames some of which lack what others have: no date then, and no time of writing beside times of taking. */
function sameClock(frames: readonly Attributes[]): (a: Attributes) => number | undefined {
  const isTaken = (a: Attributes): boolean => (frameTime(a) ?? a.AcquisitionTime) !== undefined;
  const isDated = (a: Attributes): boolean => frameTime(a) !== undefined || isDate(a.AcquisitionDate);
  const taken = frames.filter(isTaken);
  const isMixed = taken.length > 0 && taken.length < frames.length;
  const dated = taken.filter(isDated).length;
  if (!isMixed && (dated === 0 || dated === taken.length)) return acquiredMs;
  return (a) => {
    if (!isTaken(a)) return undefined;
    return dated === taken.length ? acquiredMs(a) : clockMs(frameTime(a)?.slice(8) ?? a.AcquisitionTime);
  };
}

/** Clock times without a date that leave so much of a day free in their middle lie on both sides of midnight. */
const freeOfDay = 22 / 24;

/**
 * The same divider by one clock for all these frames; where they were taken around midnight, what comes after it counts as
 * the next day.
 */
export function byOneClock(divider: Divider, frames: readonly Attributes[]): Divider {
  if (divider.name !== 'AcquisitionTime') return divider;
  const clock = sameClock(frames);
  const own = clock === acquiredMs ? divider : timesBy(clock);
  const times = frames.flatMap((a) => clock(a) ?? []).sort((a, b) => a - b);
  if (times.length === 0 || times[times.length - 1]! >= dayMs) return own;
  const after = times.findIndex((ms, at) => at > 0 && ms - times[at - 1]! >= freeOfDay * dayMs);
  if (after < 0) return own;
  const noonMs = dayMs / 2;
  const numberOf = (a: Attributes): number | undefined => {
    const ms = clock(a);
    return ms !== undefined && ms < noonMs ? ms + dayMs : ms;
  };
  return { ...own, numberOf };
}

/** Percent of a cycle where only words tell it, as in `CTA 0.75 BestDiast 72 %` or `T=30%`: the last one. */
function percentOf({ SeriesDescription = '', ImageComments = '' }: Attributes): number | undefined {
  const found = [SeriesDescription, ImageComments].flatMap((words) =>
    [...words.matchAll(/(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%/g)].map(([, number]) => Number(number)),
  );
  const last = found[found.length - 1];
  return last !== undefined && last <= 100 ? last : undefined;
}

/** Which volume of a dynamic or gated PET an image is of (PS3.3 C.8.9.4.1.9): images are counted volume by volume. */
const nthVolume = ({ ImageIndex, NumberOfSlices = 0 }: Attributes): number | undefined =>
  ImageIndex === undefined || !(NumberOfSlices > 0) ? undefined : Math.ceil(ImageIndex / NumberOfSlices);

/** Gradient direction; Canon (Toshiba) writes it into the comments, as `b=1500(0.895,0.000,0.445)`. */
function directionOf({ DiffusionGradientOrientation, ImageComments = '' }: Attributes): string {
  if (DiffusionGradientOrientation) return rounded(DiffusionGradientOrientation, 4);
  const told = /^b=\d+(?:\.\d+)?\(([-+.\d]+),([-+.\d]+),([-+.\d]+)\)/.exec(ImageComments);
  return told ? rounded(told.slice(1).map(Number), 4) : '';
}

const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value));
const numeric = (
  name: DividerName,
  kind: DimensionKind | null,
  numberOf: (a: Attributes) => number | undefined,
): Divider => ({ name, kind, numberOf, textOf: (a) => text(numberOf(a)) });

function timesBy(clock: (a: Attributes) => number | undefined): Divider {
  return { ...numeric('AcquisitionTime', 'temporal', clock), isRanked: true };
}

/** Dimensions of a multi-frame object that are looked at. */
const mostDimensions = 9;

/** Most telling first: what is segmented, kinds of pictures, then what was set on the scanner, then time, then the bare order. */
export const dividers: readonly Divider[] = [
  numeric('Segment', null, (a) => a.ReferencedSegmentNumber),
  numeric('Energy', 'energy', energyKev),
  numeric('EnergyWindow', null, (a) => a.EnergyWindow),
  {
    name: 'ImageType',
    kind: null,
    textOf: (a) => [...(a.FrameType ?? a.ImageType ?? []), a.ComplexImageComponent ?? ''].join('\\'),
  },
  { name: 'Label', kind: null, textOf: (a) => a.ASLContext ?? '' },
  { name: 'Velocity', kind: null, textOf: (a) => rounded(a.VelocityEncodingDirection, 4) },
  numeric('EchoTime', 'echo', (a) =>
    a.EchoTime === undefined ? undefined : Math.round(a.EchoTime * 100) / 100,
  ),
  numeric('EchoNumbers', 'echo', (a) => a.EchoNumbers),
  // Some tell repeated pictures without weighting apart by thousandths.
  numeric('DiffusionBValue', 'bvalue', (a) =>
    a.DiffusionBValue === undefined ? undefined : Math.round(a.DiffusionBValue * 1000) / 1000,
  ),
  numeric('InversionTime', 'temporal', (a) => a.InversionTime),
  numeric('FlipAngle', null, (a) => a.FlipAngle),
  {
    name: 'DiffusionGradientOrientation',
    kind: 'bvalue',
    textOf: directionOf,
  },
  numeric('TemporalPosition', 'temporal', (a) => a.TemporalPositionIndex ?? a.TemporalPositionIdentifier),
  numeric('RRInterval', null, (a) => a.RRInterval),
  numeric('CardiacPhase', 'phase', (a) => a.NominalPercentageOfCardiacPhase),
  numeric('RespiratoryPhase', 'phase', (a) => a.NominalPercentageOfRespiratoryPhase),
  {
    ...numeric('TriggerTime', 'phase', (a) => a.NominalCardiacTriggerDelayTime ?? a.TriggerTime),
    isRanked: true,
  },
  { name: 'SequenceName', kind: 'bvalue', textOf: (a) => a.SequenceName ?? '' },
  numeric('KVP', 'energy', (a) => a.KVP),
  { name: 'ConvolutionKernel', kind: null, textOf: (a) => (a.ConvolutionKernel ?? []).join('\\') },
  numeric('SliceThickness', null, (a) => a.SliceThickness),
  numeric('Percent', 'phase', percentOf),
  // Of one series they are one, unless an anonymiser made one of several.
  { name: 'SeriesDescription', kind: null, textOf: (a) => a.SeriesDescription ?? '' },
  numeric('SeriesNumber', null, (a) => a.SeriesNumber),
  { ...numeric('FrameReferenceTime', 'temporal', (a) => a.FrameReferenceTime), isRanked: true },
  numeric('AcquisitionNumber', 'temporal', (a) => a.AcquisitionNumber),
  timesBy(acquiredMs),
  numeric('ImageIndex', 'temporal', nthVolume),
  { name: 'ImageComments', kind: 'temporal', textOf: (a) => a.ImageComments ?? '' },
];

/**
 * Multi-frame objects say along which dimensions their frames lie (PS3.3 C.7.6.17), also along those that nothing here
 * knows.
 */
export const dimensionDividers: readonly Divider[] = Array.from({ length: mostDimensions }, (_, at) =>
  numeric('Repeat', 'temporal', (a) => a.DimensionIndexValues?.[at]),
);
