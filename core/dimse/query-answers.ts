/** What peers answer to a C-FIND, as rows; each by its own character set (L85). Nothing in them is proved. */
import type { Dataset } from '../dicom/dataset.ts';
import type { PersonName } from '../dicom/types.ts';
import { countAt, numberAt, personAt, textAt, textsAt } from './query-dataset.ts';
import { queryKeys } from './query-keys.ts';
import { foldedName, hasWildcard, inRange, matchesPattern } from './query-matching.ts';
import type { Spellings, StudyQuery } from './query-plan.ts';

export interface FoundStudy {
  readonly studyInstanceUID: string;
  readonly patientName: PersonName;
  readonly patientId: string;
  readonly issuerOfPatientId: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly modalities: readonly string[];
  readonly description: string;
  readonly accessionNumber: string;
  readonly institution: string;
  /** Null: the peer does not say. */
  readonly series: number | null;
  readonly instances: number | null;
}

export interface FoundSeries {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly number: number | null;
  readonly modality: string;
  readonly description: string;
  readonly bodyPart: string;
  readonly instances: number | null;
}

export interface FoundImage {
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly number: number | null;
}

const tagByKeyword: Readonly<Record<string, number>> = Object.fromEntries(
  queryKeys.map(({ keyword, tag }) => [keyword, tag]),
);
const tagOf = (keyword: string): number => tagByKeyword[keyword]!;
const at = (dataset: Dataset, keyword: string): string => textAt(dataset, tagOf(keyword));
const count = (dataset: Dataset, keyword: string): number | null => countAt(dataset, tagOf(keyword));

/** A study of an answer; undefined when it does not say which. */
export function foundStudy(dataset: Dataset): FoundStudy | undefined {
  const studyInstanceUID = at(dataset, 'StudyInstanceUID');
  if (studyInstanceUID === '') return undefined;
  const modalities = textsAt(dataset, tagOf('ModalitiesInStudy')).filter((text) => text !== '');
  return {
    studyInstanceUID,
    patientName: personAt(dataset, tagOf('PatientName')),
    patientId: at(dataset, 'PatientID'),
    issuerOfPatientId: at(dataset, 'IssuerOfPatientID'),
    sex: at(dataset, 'PatientSex'),
    birthDate: at(dataset, 'PatientBirthDate'),
    studyDate: at(dataset, 'StudyDate'),
    studyTime: at(dataset, 'StudyTime'),
    modalities: [...new Set(modalities)],
    description: at(dataset, 'StudyDescription'),
    accessionNumber: at(dataset, 'AccessionNumber'),
    institution: at(dataset, 'InstitutionName'),
    series: count(dataset, 'NumberOfStudyRelatedSeries'),
    instances: count(dataset, 'NumberOfStudyRelatedInstances'),
  };
}

/** A series of an answer; undefined when it does not say which. */
export function foundSeries(dataset: Dataset): FoundSeries | undefined {
  const seriesInstanceUID = at(dataset, 'SeriesInstanceUID');
  if (seriesInstanceUID === '') return undefined;
  return {
    studyInstanceUID: at(dataset, 'StudyInstanceUID'),
    seriesInstanceUID,
    number: numberAt(dataset, tagOf('SeriesNumber')),
    modality: at(dataset, 'Modality'),
    description: at(dataset, 'SeriesDescription'),
    bodyPart: at(dataset, 'BodyPartExamined'),
    instances: count(dataset, 'NumberOfSeriesRelatedInstances'),
  };
}

/** An image of an answer; undefined when it does not say which. */
export function foundImage(dataset: Dataset): FoundImage | undefined {
  const sopInstanceUID = at(dataset, 'SOPInstanceUID');
  if (sopInstanceUID === '') return undefined;
  return {
    sopInstanceUID,
    sopClassUID: at(dataset, 'SOPClassUID'),
    number: numberAt(dataset, tagOf('InstanceNumber')),
  };
}

const namesOf = ({ alphabetic, ideographic = '', phonetic = '' }: PersonName): readonly string[] =>
  [alphabetic, ideographic, phonetic].map((group) => foldedName(group.replaceAll('^', ' ')));

/** Every word of a typed name is in one of the name's groups, in any order; a wildcard is matched as one. */
export function fitsName(name: PersonName, text: string, spellings: Spellings): boolean {
  const groups = namesOf(name);
  const squeezed = groups.map((group) => group.replaceAll(' ', ''));
  return [text, ...spellings(text)].some((spelled) => {
    const words = foldedName(spelled.replace(/[\^,=，、]/g, ' '))
      .split(' ')
      .filter((word) => word !== '');
    if (hasWildcard(spelled)) {
      const pattern = `*${words.join('*')}*`;
      return groups.some((group) => matchesPattern(group, pattern));
    }
    return groups.some((group, i) =>
      words.every((word) => group.includes(word) || squeezed[i]!.includes(word)),
    );
  });
}

export const fitsId = (value: string, wanted: string): boolean =>
  hasWildcard(wanted) ? matchesPattern(value, wanted) : value.toLowerCase().includes(wanted.toLowerCase());

/**
 * Whether an answer is what was looked for: peers that do not know a key answer as if it had not been given, and
 * a search in several spellings brings more than one patient. What a peer does not say is not held against it.
 */
export function fitsQuery(study: FoundStudy, query: StudyQuery, spellings: Spellings = () => []): boolean {
  const { text, patientName, patientId, accessionNumber, studyInstanceUID, dateFrom, dateTo } = query;
  const typed = text.trim();
  const name = patientName.trim();
  if (studyInstanceUID !== '' && study.studyInstanceUID !== studyInstanceUID) return false;
  if (patientId !== '' && !fitsId(study.patientId, patientId)) return false;
  if (accessionNumber !== '' && !fitsId(study.accessionNumber, accessionNumber)) return false;
  if (name !== '' && !fitsName(study.patientName, name, spellings)) return false;
  const isDateKnown = study.studyDate !== '' && (dateFrom !== '' || dateTo !== '');
  if (isDateKnown && !inRange(study.studyDate, { from: dateFrom, to: dateTo }, 'date')) return false;
  const { modalities } = query;
  if (modalities.length > 0 && study.modalities.length > 0) {
    if (!modalities.some((modality) => study.modalities.includes(modality))) return false;
  }
  if (typed === '') return true;
  return (
    fitsName(study.patientName, typed, spellings) ||
    fitsId(study.patientId, typed) ||
    fitsId(study.accessionNumber, typed) ||
    study.studyInstanceUID === typed
  );
}
