/** Keys of the query models, by level (PS3.4 C.6.1.1, C.6.2.1), and how Candela matches them as SCP. */
import { dictionaryEntry, tagOfKeyword } from '../dicom/dictionary.ts';
import type { QueryRoot } from './service-table.ts';

export type QueryLevel = 'PATIENT' | 'STUDY' | 'SERIES' | 'IMAGE';
export const queryLevels: readonly QueryLevel[] = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'];

/** unique, required and optional as in PS3.4; count: returned, never matched. */
export type QueryKeyType = 'unique' | 'required' | 'optional' | 'count';
/** How a value that is not empty is matched (PS3.4 C.2.2.2). */
export type QueryMatching = 'text' | 'name' | 'date' | 'time' | 'uid' | 'number' | 'none';

export interface QueryKey {
  readonly keyword: string;
  readonly tag: number;
  readonly vr: string;
  readonly level: QueryLevel;
  readonly type: QueryKeyType;
  readonly matching: QueryMatching;
}

const rowsText = `PATIENT|unique|text|PatientID
PATIENT|required|name|PatientName
PATIENT|optional|text|IssuerOfPatientID
PATIENT|optional|date|PatientBirthDate
PATIENT|optional|text|PatientSex
PATIENT|count|none|NumberOfPatientRelatedStudies
PATIENT|count|none|NumberOfPatientRelatedSeries
PATIENT|count|none|NumberOfPatientRelatedInstances
STUDY|unique|uid|StudyInstanceUID
STUDY|required|date|StudyDate
STUDY|required|time|StudyTime
STUDY|required|text|AccessionNumber
STUDY|required|text|StudyID
STUDY|optional|text|ModalitiesInStudy
STUDY|optional|text|StudyDescription
STUDY|optional|name|ReferringPhysicianName
STUDY|optional|text|InstitutionName
STUDY|count|none|NumberOfStudyRelatedSeries
STUDY|count|none|NumberOfStudyRelatedInstances
SERIES|unique|uid|SeriesInstanceUID
SERIES|required|text|Modality
SERIES|required|number|SeriesNumber
SERIES|optional|text|SeriesDescription
SERIES|optional|date|SeriesDate
SERIES|optional|time|SeriesTime
SERIES|optional|text|BodyPartExamined
SERIES|optional|text|ProtocolName
SERIES|optional|text|StationName
SERIES|count|none|NumberOfSeriesRelatedInstances
IMAGE|unique|uid|SOPInstanceUID
IMAGE|required|number|InstanceNumber
IMAGE|optional|uid|SOPClassUID
IMAGE|optional|number|Rows
IMAGE|optional|number|Columns
IMAGE|optional|number|NumberOfFrames`;

/** Keys that Candela knows as SCP, in the order of the levels. */
export const queryKeys: readonly QueryKey[] = rowsText.split('\n').map((line) => {
  const [level = '', type = '', matching = '', keyword = ''] = line.split('|');
  const tag = tagOfKeyword(keyword) ?? 0;
  return {
    keyword,
    tag,
    vr: dictionaryEntry(tag)?.vr ?? 'UN',
    level: level as QueryLevel,
    type: type as QueryKeyType,
    matching: matching as QueryMatching,
  };
});

export const queryKeyOf: ReadonlyMap<number, QueryKey> = new Map(queryKeys.map((key) => [key.tag, key]));

/** The level's unique key (PS3.4 C.6). */
export const uniqueKeyOf = (level: QueryLevel): QueryKey =>
  queryKeys.find((key) => key.level === level && key.type === 'unique')!;

/** Levels of a query model, top first: the study root has no patient level, its keys are the study's. */
export const levelsOf = (root: QueryRoot): readonly QueryLevel[] =>
  root === 'patient' ? queryLevels : queryLevels.slice(1);

/** Levels above one whose unique key a request must name (PS3.4 C.4.1.3.1). */
export const levelsAbove = (root: QueryRoot, level: QueryLevel): readonly QueryLevel[] =>
  levelsOf(root).slice(0, levelsOf(root).indexOf(level));

export const tags = {
  SpecificCharacterSet: 0x00080005,
  QueryRetrieveLevel: 0x00080052,
  RetrieveAETitle: 0x00080054,
  InstanceAvailability: 0x00080056,
} as const;
