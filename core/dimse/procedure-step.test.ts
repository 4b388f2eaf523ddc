import { describe, expect, it } from 'vitest';
import { type Dataset, element } from '../dicom/write/element.ts';
import { createProcedureStep, type ProcedureStep, updateProcedureStep } from './procedure-step.ts';
import { encodeMessageDataset } from './query-dataset.ts';

const implicit = '1.2.840.10008.1.2';
const bytesOf = (dataset: Dataset): Uint8Array => encodeMessageDataset(dataset, implicit, 'GB18030');
const image = [element(0x00081150, 'UI', '1.2'), element(0x00081155, 'UI', '1.3')];
const series = (uid: string, images: number, others: number): Dataset => [
  element(0x0020000e, 'UI', uid),
  element(0x0008103e, 'LO', '平扫'),
  element(0x00081140, 'SQ', new Array(images).fill(image)),
  element(0x00400220, 'SQ', new Array(others).fill(image)),
];
const scheduled = (study: string, accession: string): Dataset => [
  element(0x0020000d, 'UI', study),
  element(0x00080050, 'SH', accession),
];
const status = (text: string): Dataset => [element(0x00400252, 'CS', text)];
const creation: Dataset = [
  element(0x00100010, 'PN', 'Zhang^San=张^三'),
  element(0x00100020, 'LO', 'P1'),
  element(0x00400253, 'SH', 'PPS1'),
  element(0x00400254, 'LO', '胸部 CT'),
  element(0x00080060, 'CS', 'CT'),
  element(0x00400241, 'AE', 'CT01'),
  element(0x00400244, 'DA', '20260102'),
  element(0x00400245, 'TM', '101500'),
  element(0x00400250, 'DA', ''),
  element(0x00400270, 'SQ', [scheduled('1.2.3', ''), scheduled('1.2.3', 'A1'), scheduled('', 'A2')]),
  element(0x00400340, 'SQ', []),
];
const created = createProcedureStep('1.9', bytesOf([...creation, ...status('IN PROGRESS')]), implicit);
if (!created.ok) throw new Error('not created');
const step: ProcedureStep = created.request;

describe('createProcedureStep', () => {
  it('keeps what the modality says', () => {
    expect(step).toEqual({
      sopInstanceUID: '1.9',
      state: 'IN PROGRESS',
      patientName: { alphabetic: 'Zhang^San', ideographic: '张^三' },
      patientId: 'P1',
      accessionNumber: 'A1',
      studyInstanceUIDs: ['1.2.3'],
      procedureStepId: 'PPS1',
      description: '胸部 CT',
      modality: 'CT',
      stationAeTitle: 'CT01',
      startDate: '20260102',
      startTime: '101500',
      endDate: '',
      endTime: '',
      series: [],
    });
  });

  it('takes a step that says nothing but its state', () => {
    const parsed = createProcedureStep('1.9', bytesOf(status('IN PROGRESS')), implicit);
    expect(parsed).toMatchObject({ ok: true, request: { accessionNumber: '', studyInstanceUIDs: [] } });
  });

  it.each([
    ['without a state', bytesOf(creation), 0x0120],
    ['with an empty state', bytesOf([...creation, ...status('')]), 0x0121],
    ['that has ended already', bytesOf([...creation, ...status('COMPLETED')]), 0x0106],
    ['that is no data set', bytesOf(creation).subarray(0, 21), 0x0110],
  ])('refuses one %s', (_, bytes, expected) => {
    expect(createProcedureStep('1.9', bytes, implicit)).toMatchObject({
      ok: false,
      refusal: {
        status: expected,
        offendingElement: 0x00400252,
        problem: { code: 'PROCEDURE_STEP_INVALID' },
      },
    });
  });
});

describe('updateProcedureStep', () => {
  const change = (from: ProcedureStep, ...elements: Dataset) =>
    updateProcedureStep(from, bytesOf(elements), implicit);
  const end: Dataset = [
    ...status('COMPLETED'),
    element(0x00400250, 'DA', '20260102'),
    element(0x00400251, 'TM', '103000'),
    element(0x00400340, 'SQ', [series('1.5', 3, 1), series('1.6', 0, 0)]),
  ];

  it('adds what was done, and ends the step', () => {
    const changed = change(step, ...end);
    expect(changed).toEqual({
      ok: true,
      request: {
        ...step,
        state: 'COMPLETED',
        endDate: '20260102',
        endTime: '103000',
        series: [
          { seriesInstanceUID: '1.5', description: '平扫', instances: 4 },
          { seriesInstanceUID: '1.6', description: '平扫', instances: 0 },
        ],
      },
    });
  });

  it('keeps what is not said again, and never who the patient is', () => {
    const first = change(step, ...end.slice(1));
    if (!first.ok) throw new Error('refused');
    expect(first.request.state).toBe('IN PROGRESS');
    const second = change(
      first.request,
      element(0x00100020, 'LO', 'P2'),
      element(0x00400254, 'LO', 'Thorax'),
      ...status('DISCONTINUED'),
    );
    expect(second).toEqual({
      ok: true,
      request: { ...first.request, state: 'DISCONTINUED', description: 'Thorax' },
    });
  });

  it.each(['COMPLETED', 'DISCONTINUED'] as const)('changes nothing after %s', (state) => {
    const changed = change({ ...step, state }, ...status('IN PROGRESS'));
    expect(changed).toMatchObject({
      ok: false,
      refusal: { status: 0x0110, problem: { code: 'PROCEDURE_STEP_ENDED' } },
    });
  });

  it('refuses a state that is none, and what is no data set', () => {
    expect(change(step, ...status('DONE'))).toMatchObject({ ok: false, refusal: { status: 0x0106 } });
    const cut = bytesOf(end).subarray(0, 21);
    expect(updateProcedureStep(step, cut, implicit)).toMatchObject({
      ok: false,
      refusal: { status: 0x0110 },
    });
  });
});
