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
  | 'AcquisitionNumber'
  | 'AcquisitionTime'
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

/** HHMMSS.ffffff or a date and time as milliseconds of its day; undefined for anything else. */
function clockMs(time: string | undefined): number | undefined {
  const found = time === undefined ? null : /^(?:\d{8})?(\d{2})(\d{2})(\d{2}(?:\.\d+)?)/.exec(time);
  return found ? (Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3])) * 1000 : undefined;
}

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
  numeric('EchoTime', 'echo', (a) =>
    a.EchoTime === undefined ? undefined : Math.round(a.EchoTime * 100) / 100,
  ),
  numeric('EchoNumbers', 'echo', (a) => a.EchoNumbers),
  // Some tell repeated pictures without weighting apart by thousandths.
  numeric('DiffusionBValue', 'bvalue', (a) =>
    a.DiffusionBValue === undefined ? undefined : Math.round(a.DiffusionBValue * 1000) / 1000,
  ),
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
  numeric('InversionTime', null, (a) => a.InversionTime),
  numeric('FlipAngle', null, (a) => a.FlipAngle),
  { name: 'SequenceName', kind: 'bvalue', textOf: (a) => a.SequenceName ?? '' },
  numeric('KVP', 'energy', (a) => a.KVP),
  { name: 'ConvolutionKernel', kind: null, textOf: (a) => (a.ConvolutionKernel ?? []).join('\\') },
  numeric('SliceThickness', null, (a) => a.SliceThickness),
  numeric('AcquisitionNumber', 'temporal', (a) => a.AcquisitionNumber),
  {
    ...numeric('AcquisitionTime', 'temporal', (a) =>
      clockMs(a.FrameAcquisitionDateTime ?? a.AcquisitionTime ?? a.ContentTime),
    ),
    isRanked: true,
  },
];
