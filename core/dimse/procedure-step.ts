/** Modality performed procedure steps, as SCP (PS3.4 annex F.7): records, and who may change them when. */
import { problem } from '../base/problem.ts';
import type { Dataset } from '../dicom/dataset.ts';
import { tagText } from '../dicom/flags.ts';
import type { PersonName } from '../dicom/types.ts';
import { itemsAt, personAt, readMessageDataset, textAt } from './query-dataset.ts';
import type { ParsedRequest } from './query-request.ts';
import { statuses } from './status-codes.ts';

export type ProcedureStepState = 'IN PROGRESS' | 'COMPLETED' | 'DISCONTINUED';
const states: readonly string[] = ['IN PROGRESS', 'COMPLETED', 'DISCONTINUED'];

/** What a modality said of a step. Dates are `YYYYMMDD`, times as stored; '' where it said nothing. */
export interface ProcedureStep {
  readonly sopInstanceUID: string;
  readonly state: ProcedureStepState;
  readonly patientName: PersonName;
  readonly patientId: string;
  readonly accessionNumber: string;
  /** Of the scheduled steps that it carries out; usually one. */
  readonly studyInstanceUIDs: readonly string[];
  readonly procedureStepId: string;
  readonly description: string;
  readonly modality: string;
  readonly stationAeTitle: string;
  readonly startDate: string;
  readonly startTime: string;
  readonly endDate: string;
  readonly endTime: string;
  readonly series: readonly PerformedSeries[];
}

export interface PerformedSeries {
  readonly seriesInstanceUID: string;
  readonly description: string;
  readonly instances: number;
}

/** What is read of an N-CREATE and an N-SET. */
export const procedureStepTags = {
  AccessionNumber: 0x00080050,
  Modality: 0x00080060,
  SeriesDescription: 0x0008103e,
  ReferencedImageSequence: 0x00081140,
  PatientName: 0x00100010,
  PatientID: 0x00100020,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  PerformedStationAETitle: 0x00400241,
  PerformedProcedureStepStartDate: 0x00400244,
  PerformedProcedureStepStartTime: 0x00400245,
  PerformedProcedureStepEndDate: 0x00400250,
  PerformedProcedureStepEndTime: 0x00400251,
  PerformedProcedureStepStatus: 0x00400252,
  PerformedProcedureStepID: 0x00400253,
  PerformedProcedureStepDescription: 0x00400254,
  ScheduledStepAttributesSequence: 0x00400270,
  PerformedSeriesSequence: 0x00400340,
  ReferencedNonImageCompositeSOPInstanceSequence: 0x00400220,
} as const;

const tags = procedureStepTags;

/** Error ID (0000,0903) of a change to a step that has ended (PS3.4 F.7.2.2.2). */
export const endedErrorId = 0xa710;

const refusal = (tag: number, status: number) =>
  ({
    ok: false,
    refusal: {
      status,
      problem: problem('PROCEDURE_STEP_INVALID', { element: tagText(tag) }),
      offendingElement: tag,
    },
  }) as const;

const seriesOf = (dataset: Dataset): readonly PerformedSeries[] =>
  itemsAt(dataset, tags.PerformedSeriesSequence).map((item) => ({
    seriesInstanceUID: textAt(item, tags.SeriesInstanceUID),
    description: textAt(item, tags.SeriesDescription),
    instances:
      itemsAt(item, tags.ReferencedImageSequence).length +
      itemsAt(item, tags.ReferencedNonImageCompositeSOPInstanceSequence).length,
  }));

/** First text of an element over the items of a sequence. */
const firstText = (items: readonly Dataset[], tag: number): string =>
  items.map((item) => textAt(item, tag)).find((text) => text !== '') ?? '';

/**
 * The step of an N-CREATE. Refused when its state is missing (0x0120, 0x0121) or not IN PROGRESS (0x0106); anything
 * else that should be there may be missing, as much as modalities leave out.
 */
export function createProcedureStep(
  sopInstanceUID: string,
  bytes: Uint8Array,
  transferSyntaxUid: string,
): ParsedRequest<ProcedureStep> {
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return refusal(tags.PerformedProcedureStepStatus, statuses.processingFailure);
  const dataset = read.value;
  const state = textAt(dataset, tags.PerformedProcedureStepStatus);
  if (state !== 'IN PROGRESS') {
    const isThere = dataset.some(({ tag }) => tag === tags.PerformedProcedureStepStatus);
    const whenEmpty = isThere ? statuses.missingAttributeValue : statuses.missingAttribute;
    return refusal(
      tags.PerformedProcedureStepStatus,
      state === '' ? whenEmpty : statuses.invalidAttributeValue,
    );
  }
  const scheduled = itemsAt(dataset, tags.ScheduledStepAttributesSequence);
  const studies = scheduled.map((item) => textAt(item, tags.StudyInstanceUID)).filter((uid) => uid !== '');
  return {
    ok: true,
    request: {
      sopInstanceUID,
      state,
      patientName: personAt(dataset, tags.PatientName),
      patientId: textAt(dataset, tags.PatientID),
      accessionNumber: firstText(scheduled, tags.AccessionNumber),
      studyInstanceUIDs: [...new Set(studies)],
      procedureStepId: textAt(dataset, tags.PerformedProcedureStepID),
      description: textAt(dataset, tags.PerformedProcedureStepDescription),
      modality: textAt(dataset, tags.Modality),
      stationAeTitle: textAt(dataset, tags.PerformedStationAETitle),
      startDate: textAt(dataset, tags.PerformedProcedureStepStartDate),
      startTime: textAt(dataset, tags.PerformedProcedureStepStartTime),
      endDate: textAt(dataset, tags.PerformedProcedureStepEndDate),
      endTime: textAt(dataset, tags.PerformedProcedureStepEndTime),
      series: seriesOf(dataset),
    },
  };
}

/**
 * A step after an N-SET. Only what may change does (PS3.4 table F.7.2-1): state, end, description, series. Refused when
 * the step has ended (0x0110, with `endedErrorId`) or its new state is none (0x0106).
 */
export function updateProcedureStep(
  step: ProcedureStep,
  bytes: Uint8Array,
  transferSyntaxUid: string,
): ParsedRequest<ProcedureStep> {
  if (step.state !== 'IN PROGRESS') {
    return {
      ok: false,
      refusal: {
        status: statuses.processingFailure,
        problem: problem('PROCEDURE_STEP_ENDED'),
        offendingElement: tags.PerformedProcedureStepStatus,
      },
    };
  }
  const read = readMessageDataset(bytes, transferSyntaxUid);
  if (!read.ok) return refusal(tags.PerformedProcedureStepStatus, statuses.processingFailure);
  const dataset = read.value;
  const state = textAt(dataset, tags.PerformedProcedureStepStatus) || step.state;
  if (!states.includes(state)) {
    return refusal(tags.PerformedProcedureStepStatus, statuses.invalidAttributeValue);
  }
  const series = seriesOf(dataset);
  return {
    ok: true,
    request: {
      ...step,
      state: state as ProcedureStepState,
      endDate: textAt(dataset, tags.PerformedProcedureStepEndDate) || step.endDate,
      endTime: textAt(dataset, tags.PerformedProcedureStepEndTime) || step.endTime,
      description: textAt(dataset, tags.PerformedProcedureStepDescription) || step.description,
      series: series.length > 0 ? series : step.series,
    },
  };
}
