/** Attributes by which Candela matches as a QIDO-RS server (PS3.18 table 10.6.1-5 and some more), by level. */
import { dictionaryEntry, tagOfKeyword } from '../dicom/dictionary.ts';
import type { QueryLevel } from './query.ts';

/** `modalities`: one value of the study's list is enough; `uid`: no wildcards. */
export type WebMatching = 'uid' | 'text' | 'name' | 'when' | 'number' | 'modalities';

export interface WebAttribute {
  readonly keyword: string;
  readonly tag: number;
  readonly vr: string;
  /** Where it belongs to; it is matched there and below. */
  readonly level: QueryLevel;
  readonly matching: WebMatching;
}

const rowsText = `study|uid|StudyInstanceUID
study|when|StudyDate
study|when|StudyTime
study|text|AccessionNumber
study|modalities|ModalitiesInStudy
study|name|ReferringPhysicianName
study|name|PatientName
study|text|PatientID
study|text|StudyID
study|text|IssuerOfPatientID
study|when|PatientBirthDate
study|text|PatientSex
study|text|StudyDescription
study|text|InstitutionName
series|uid|SeriesInstanceUID
series|text|Modality
series|number|SeriesNumber
series|text|SeriesDescription
series|text|BodyPartExamined
instance|uid|SOPInstanceUID
instance|uid|SOPClassUID
instance|number|InstanceNumber`;

export const webAttributes: readonly WebAttribute[] = rowsText.split('\n').map((line) => {
  const [level = '', matching = '', keyword = ''] = line.split('|');
  const tag = tagOfKeyword(keyword) ?? 0;
  return {
    keyword,
    tag,
    vr: dictionaryEntry(tag)?.vr ?? 'UN',
    level: level as QueryLevel,
    matching: matching as WebMatching,
  };
});

const attributeOf: ReadonlyMap<number, WebAttribute> = new Map(webAttributes.map((one) => [one.tag, one]));
const depth: Readonly<Record<QueryLevel, number>> = { study: 0, series: 1, instance: 2 };

/** What an attribute is matched by at a level; undefined: it is ignored there, and the caller tells so. */
export function matchableAttribute(tag: number, level: QueryLevel): WebAttribute | undefined {
  const attribute = attributeOf.get(tag);
  return attribute !== undefined && depth[attribute.level] <= depth[level] ? attribute : undefined;
}
