import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../../core/dicom/types.ts';
import { ageInDays, ageOf, keyOfUid, mergeFlags, nameKey, patientValues, samePatient } from './row-values.ts';

describe('age', () => {
  const of = (PatientAge: string, PatientBirthDate: string, StudyDate: string) =>
    ageOf({ PatientAge, PatientBirthDate, StudyDate });
  it.each([
    ['058Y', '19600101', '20240101', '058Y'],
    ['3M', '', '', '003M'],
    ['', '19600229', '20240228', '063Y'],
    ['', '19600229', '20240229', '064Y'],
    ['', '20240101', '20230101', ''],
    ['', '', '20240101', ''],
    ['old', '00000000', '20240101', ''],
  ])('%s, born %s, seen %s is %s', (stated, birth, study, age) => {
    expect(of(stated, birth, study)).toBe(age);
  });

  it('sorts days before weeks before months before years', () => {
    const ages = ['030D', '005W', '002M', '001Y', '058Y'];
    const days = ages.map(ageInDays);
    expect(days).toEqual([...days].sort((a, b) => a - b));
    expect(ageInDays('')).toBe(-1);
  });
});

describe('one patient', () => {
  const patient = (attributes: Attributes) =>
    patientValues({ PatientID: 'P1', PatientName: { alphabetic: 'DOE^JANE' }, ...attributes });
  it('is the same through spelling and missing values', () => {
    expect(samePatient(patient({}), patient({ PatientName: { alphabetic: 'Doe^Jane^^' } }))).toBe(true);
    expect(samePatient(patient({}), patient({ PatientBirthDate: '19600101' }))).toBe(true);
    expect(nameKey({ alphabetic: ' Doe  x^Jane^' })).toBe('DOE X^JANE');
  });

  it('is another with another ID, name, birth date or issuer', () => {
    const born = patient({ PatientBirthDate: '19600101', IssuerOfPatientID: 'A' });
    expect(samePatient(born, patient({ PatientID: 'P2' }))).toBe(false);
    expect(samePatient(born, patient({ PatientName: { alphabetic: 'Roe^Jane' } }))).toBe(false);
    expect(samePatient(born, patient({ PatientBirthDate: '19610101' }))).toBe(false);
    expect(samePatient(born, patient({ IssuerOfPatientID: 'B' }))).toBe(false);
  });
});

describe('keys', () => {
  it('are the UID where it is one, else a hash', () => {
    expect(keyOfUid('s', '1.2.3', 1)).toBe('s.1.2.3');
    expect(keyOfUid('p2', '1.2.3', 3)).toBe('p2.1.2.3~3');
    for (const bad of ['../x', 'a b', '1.2.3\u0000', '1'.repeat(65), '']) {
      expect(keyOfUid('s', bad, 1)).toMatch(/^s\.x[0-9a-f]{32}$/);
    }
  });
});

describe('flags of a study', () => {
  it('are one per code and not endless', () => {
    const once = mergeFlags('[]', [{ code: 'LENGTH_ODD' }, { code: 'LENGTH_ODD' }]);
    expect(JSON.parse(once)).toEqual([{ code: 'LENGTH_ODD' }]);
    expect(mergeFlags(once, [])).toBe(once);
  });
});
