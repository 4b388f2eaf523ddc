import type { Attributes, FrameAttributes } from '../../core/dicom/types.ts';
import { fixed } from '../../core/measure/format.ts';
import { formatDicomDate, formatDicomTime, parseDicomDate } from '../../core/terms/format-date.ts';
import { formatAge, formatLatinName, formatName, formatSex } from '../../core/terms/format-person.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { type Language, say } from '../../core/terms/term.ts';
import type { OpenStack } from '../volumes/open-stack.ts';
import { formatThickness } from './thickness.ts';

/** Who and what: the texts that depend on the data only. A missing field leaves nothing behind. */
export type FullAttributes = Attributes & FrameAttributes;

export interface WhoText {
  readonly name: string;
  readonly latin: string;
  /** ID · sex · age, then birth date. */
  readonly lines: readonly string[];
}

const joined = (parts: readonly (string | undefined)[], separator = '  '): string =>
  parts.filter(Boolean).join(separator);
const kept = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== '');

/** Age at the study: as in the file, else whole years between birth and study. */
export function ageAtStudy(attributes: FullAttributes): string {
  if (attributes.PatientAge) return attributes.PatientAge;
  const birth = parseDicomDate(attributes.PatientBirthDate ?? '');
  const study = parseDicomDate(attributes.StudyDate ?? '');
  if (!birth || !study) return '';
  const before = study.month < birth.month || (study.month === birth.month && study.day < birth.day);
  const years = study.year - birth.year - (before ? 1 : 0);
  return years >= 0 && years < 150 ? `${String(years).padStart(3, '0')}Y` : '';
}

/** Top left. In privacy mode the identifying words give way to nothing. */
export function whoText(
  language: Language,
  attributes: FullAttributes,
  options: { readonly charsetGuess: boolean; readonly privacy: boolean },
): WhoText {
  if (options.privacy) return { name: '', latin: '', lines: [] };
  const name = attributes.PatientName ? formatName(attributes.PatientName) : '';
  const latin = attributes.PatientName ? formatLatinName(attributes.PatientName, '') : '';
  const age = ageAtStudy(attributes);
  return {
    name: name && options.charsetGuess ? `${name} ?` : name,
    latin,
    lines: kept([
      joined(
        [
          attributes.PatientID,
          attributes.PatientSex && formatSex(language, attributes.PatientSex),
          age && formatAge(language, age),
        ],
        ' · ',
      ),
      attributes.PatientBirthDate ? formatDicomDate(attributes.PatientBirthDate) : '',
    ]),
  };
}

/** Top right: institution, date and time, device, study, series. */
export function whereText(language: Language, attributes: FullAttributes): readonly string[] {
  const number = attributes.SeriesNumber;
  const series =
    number === undefined ? '' : say(language, readingTerms['reading.series'], { n: String(number) });
  return kept([
    attributes.InstitutionName ?? '',
    joined(
      [
        attributes.StudyDate && formatDicomDate(attributes.StudyDate),
        attributes.StudyTime && formatDicomTime(attributes.StudyTime, true),
      ],
      ' ',
    ),
    joined([attributes.Modality, attributes.ManufacturerModelName], ' '),
    attributes.StudyDescription ?? '',
    joined([series, attributes.SeriesDescription], ' '),
  ]);
}

const tidy = (value: number, digits: number): string =>
  String(Number(value.toFixed(digits))).replace('-', '−');

/** kV and mA of X-ray, echo and repetition times of MR, in one line. */
export function techniqueText(a: FullAttributes): string {
  if (a.Modality === 'MR') {
    return joined([
      a.RepetitionTime === undefined ? '' : `TR ${tidy(a.RepetitionTime, 1)}`,
      a.EchoTime === undefined ? '' : `TE ${tidy(a.EchoTime, 2)}`,
      a.InversionTime ? `TI ${tidy(a.InversionTime, 0)}` : '',
      a.FlipAngle === undefined ? '' : `${tidy(a.FlipAngle, 0)}°`,
      a.SequenceName,
    ]);
  }
  return joined([
    a.KVP ? `${tidy(a.KVP, 0)} kV` : '',
    a.XRayTubeCurrent ? `${tidy(a.XRayTubeCurrent, 0)} mA` : '',
    a.ConvolutionKernel?.join(' '),
  ]);
}

export interface TakenInput {
  readonly attributes: FullAttributes;
  /** 1-based. */
  readonly image: number;
  readonly images: number;
  readonly spacingMm: number | undefined;
  readonly locationMm: number | undefined;
}

/** Bottom right, from top to bottom; the image number is nearest to the corner. */
export function takenText(language: Language, input: TakenInput): readonly string[] {
  const a = input.attributes;
  const words = (key: keyof typeof readingTerms, params: Record<string, string>): string =>
    say(language, readingTerms[key], params);
  const mm = (key: keyof typeof readingTerms, value: number | undefined, digits: number): string =>
    value === undefined ? '' : words(key, { mm: fixed(value, digits) });
  const thickness = formatThickness(a.SliceThickness);
  const spacing = formatThickness(input.spacingMm);
  const acquired = a.AcquisitionDate && a.AcquisitionDate !== a.StudyDate;
  return kept([
    acquired ? words('reading.acquired', { when: formatDicomDate(a.AcquisitionDate ?? '') }) : '',
    joined([
      a.TemporalPositionIdentifier === undefined
        ? ''
        : words('reading.phaseText', { n: String(a.TemporalPositionIdentifier) }),
      a.DiffusionBValue === undefined ? '' : `b ${tidy(a.DiffusionBValue, 0)}`,
      a.ContrastBolusAgent ? `+C ${a.ContrastBolusAgent}` : '',
    ]),
    techniqueText(a),
    joined([
      thickness && words('reading.thicknessText', { thickness }),
      spacing && words('reading.spacingText', { spacing }),
      mm('reading.locationText', input.locationMm, 1),
    ]),
    words('reading.image', { n: String(input.image), total: String(input.images) }),
  ]);
}

/** How a picture calls the second series that lies over it. */
export function fusedName({ plan }: Pick<OpenStack, 'plan'>): string {
  const { Modality = '', SeriesNumber } = plan.common;
  return `Se ${SeriesNumber ?? ''} ${Modality}`.trim();
}
