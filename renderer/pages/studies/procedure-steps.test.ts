import { expect, it } from 'vitest';
import { newestByStudy, type ProcedureStep, stepWords } from './procedure-steps.ts';

const step: ProcedureStep = {
  sopInstanceUID: '1.2.3',
  state: 'COMPLETED',
  patientName: { alphabetic: 'Wang^Wei' },
  patientId: 'P1',
  accessionNumber: 'A1',
  studyInstanceUID: '1.2',
  modality: 'CT',
  stationAeTitle: 'CT_ONE',
  procedureStepId: 'PPS7',
  description: 'Chest plain',
  startedAt: '20261126081500',
  endedAt: '20261126082210',
  localStudyKey: 's.1.2',
};

it('names the step, its device and its times in both languages', () => {
  expect(stepWords('en', step)).toEqual([
    'Procedure step: Chest plain · PPS7',
    'Device: CT_ONE',
    'Began 2026-11-26 08:15',
    'Ended 2026-11-26 08:22',
  ]);
  expect(stepWords('zh-CN', { ...step, description: '胸部平扫', procedureStepId: '', endedAt: '' })).toEqual([
    '检查步骤：胸部平扫',
    '设备：CT_ONE',
    '开始 2026-11-26 08:15',
  ]);
});

it('takes the newest step of a study, and leaves out those of studies that are not here', () => {
  const older = { ...step, sopInstanceUID: '1.2.2', state: 'DISCONTINUED' as const };
  const elsewhere = { ...step, sopInstanceUID: '1.2.1', localStudyKey: null };
  expect([...newestByStudy([step, older, elsewhere])]).toEqual([['s.1.2', step]]);
});
