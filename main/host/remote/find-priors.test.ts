import { describe, expect, it } from 'vitest';
import type { PriorRule } from '../../../core/contract/network-settings.ts';
import type { StudyDetail } from '../store/show-study.ts';
import { priorQuery } from './find-priors.ts';

const rangeOf = (studyDate: string, years: number) => {
  const current = { study: { studyDate, patientId: 'P' } } as Pick<StudyDetail, 'study'>;
  const { dateFrom, dateTo } = priorQuery({ years } as PriorRule, current);
  return [dateFrom, dateTo];
};

describe('the years in which priors are looked for', () => {
  it('end with the study, and begin on a day that there was', () => {
    expect(rangeOf('20260301', 3)).toEqual(['20230301', '20260301']);
    expect(rangeOf('20240229', 1)).toEqual(['20230228', '20240229']);
    expect(rangeOf('20240229', 4)).toEqual(['20200229', '20240229']);
    expect(rangeOf('20040229', 4)).toEqual(['20000229', '20040229']);
    expect(rangeOf('21040229', 4)).toEqual(['21000228', '21040229']);
  });

  it('are all where the study has no date', () => {
    expect(rangeOf('', 3)).toEqual(['', '']);
  });
});
