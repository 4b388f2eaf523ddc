/** Modality worklist as SCU: identifiers and answers (PS3.4 annex K.6). */
import type { Dataset } from '../dicom/dataset.ts';
import type { PersonName } from '../dicom/types.ts';
import type { WriteCharset } from '../dicom/write/charset-encode.ts';
import { element, type Dataset as WriteDataset } from '../dicom/write/element.ts';
import { fitsId, fitsName } from './query-answers.ts';
import { encodeMessageDataset, itemsAt, personAt, textAt } from './query-dataset.ts';
import { inRange } from './query-matching.ts';
import { attemptsForText, type Spellings } from './query-plan.ts';

const tags = {
  AccessionNumber: 0x00080050,
  Modality: 0x00080060,
  ReferringPhysicianName: 0x00080090,
  PatientName: 0x00100010,
  PatientID: 0x00100020,
  PatientBirthDate: 0x00100030,
  PatientSex: 0x00100040,
  StudyInstanceUID: 0x0020000d,
  RequestedProcedureDescription: 0x00321060,
  ScheduledStationAETitle: 0x00400001,
  ScheduledProcedureStepStartDate: 0x00400002,
  ScheduledProcedureStepStartTime: 0x00400003,
  ScheduledProcedureStepDescription: 0x00400007,
  ScheduledProcedureStepID: 0x00400009,
  ScheduledStationName: 0x00400010,
  ScheduledProcedureStepSequence: 0x00400100,
  RequestedProcedureID: 0x00401001,
} as const;

/** Empty = not asked for. Dates are `YYYYMMDD`, both ends belong to the range. */
export interface WorklistQuery {
  readonly dateFrom: string;
  readonly dateTo: string;
  readonly modality: string;
  readonly stationAeTitle?: string;
  /** Name, patient ID or accession number, as typed. */
  readonly text: string;
}

/** One C-FIND of a worklist search. */
export interface WorklistFind {
  readonly dataset: WriteDataset;
  readonly charset: WriteCharset;
}

/** An order with one scheduled step. */
export interface WorklistRow {
  readonly patientName: PersonName;
  readonly patientId: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly modality: string;
  readonly stationAeTitle: string;
  readonly startDate: string;
  readonly startTime: string;
  readonly procedure: string;
  readonly procedureStepId: string;
}

const patientKeys: Readonly<Record<string, readonly [tag: number, vr: string]>> = {
  PatientName: [tags.PatientName, 'PN'],
  PatientID: [tags.PatientID, 'LO'],
  AccessionNumber: [tags.AccessionNumber, 'SH'],
  StudyInstanceUID: [tags.StudyInstanceUID, 'UI'],
};

/** Queries of a search, to be made one after the other; `fitsWorklist` sorts out what peers answer too much. */
export function worklistQueries(
  query: WorklistQuery,
  spellings: Spellings = () => [],
): readonly WorklistFind[] {
  const { dateFrom, dateTo, modality, stationAeTitle = '' } = query;
  const date = dateFrom === dateTo ? dateFrom : `${dateFrom}-${dateTo}`;
  const step: WriteDataset = [
    element(tags.Modality, 'CS', modality),
    element(tags.ScheduledStationAETitle, 'AE', stationAeTitle),
    element(tags.ScheduledProcedureStepStartDate, 'DA', date),
    element(tags.ScheduledProcedureStepStartTime, 'TM', ''),
    element(tags.ScheduledProcedureStepDescription, 'LO', ''),
    element(tags.ScheduledProcedureStepID, 'SH', ''),
    element(tags.ScheduledStationName, 'SH', ''),
  ];
  const text = query.text.trim();
  const attempts = text === '' ? [{ keys: {}, charset: '' as const }] : attemptsForText(text, spellings);
  return attempts.map(({ keys, charset }) => {
    const given: Readonly<Record<string, string>> = keys;
    return {
      dataset: [
        ...Object.entries(patientKeys).map(([keyword, [tag, vr]]) => element(tag, vr, given[keyword] ?? '')),
        element(tags.PatientBirthDate, 'DA', ''),
        element(tags.PatientSex, 'CS', ''),
        element(tags.ReferringPhysicianName, 'PN', ''),
        element(tags.RequestedProcedureDescription, 'LO', ''),
        element(tags.RequestedProcedureID, 'SH', ''),
        element(tags.ScheduledProcedureStepSequence, 'SQ', [step]),
      ],
      charset: charset === '' ? 'ISO_IR 192' : charset,
    };
  });
}

export const encodeWorklistFind = (find: WorklistFind, transferSyntaxUid: string): Uint8Array =>
  encodeMessageDataset(find.dataset, transferSyntaxUid, find.charset);

/** Rows of one answer: one for each scheduled step. An answer without a step still is an order. */
export function worklistRows(dataset: Dataset): readonly WorklistRow[] {
  const steps = itemsAt(dataset, tags.ScheduledProcedureStepSequence);
  return (steps.length > 0 ? steps : [[]]).map((step: Dataset) => ({
    patientName: personAt(dataset, tags.PatientName),
    patientId: textAt(dataset, tags.PatientID),
    sex: textAt(dataset, tags.PatientSex),
    birthDate: textAt(dataset, tags.PatientBirthDate),
    accessionNumber: textAt(dataset, tags.AccessionNumber),
    studyInstanceUID: textAt(dataset, tags.StudyInstanceUID),
    modality: textAt(step, tags.Modality),
    stationAeTitle: textAt(step, tags.ScheduledStationAETitle),
    startDate: textAt(step, tags.ScheduledProcedureStepStartDate),
    startTime: textAt(step, tags.ScheduledProcedureStepStartTime),
    procedure:
      textAt(step, tags.ScheduledProcedureStepDescription) ||
      textAt(dataset, tags.RequestedProcedureDescription),
    procedureStepId: textAt(step, tags.ScheduledProcedureStepID),
  }));
}

/** Whether an order is what was looked for; what a peer does not say is not held against it. */
export function fitsWorklist(
  row: WorklistRow,
  query: WorklistQuery,
  spellings: Spellings = () => [],
): boolean {
  const { dateFrom, dateTo, modality } = query;
  const text = query.text.trim();
  const isDateKnown = row.startDate !== '' && (dateFrom !== '' || dateTo !== '');
  if (isDateKnown && !inRange(row.startDate, { from: dateFrom, to: dateTo }, 'date')) return false;
  if (modality !== '' && row.modality !== '' && row.modality !== modality) return false;
  return (
    text === '' ||
    fitsName(row.patientName, text, spellings) ||
    fitsId(row.patientId, text) ||
    fitsId(row.accessionNumber, text) ||
    row.studyInstanceUID === text
  );
}
