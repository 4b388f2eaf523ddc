import { expect, it } from 'vitest';
import { patientOf } from './actions.ts';

const study = (studyKey: string, patientId: string, alphabetic: string, birthDate = '') => ({
  studyKey,
  patientId,
  patientName: { alphabetic },
  birthDate,
});

it('takes studies for one patient by ID, name and birth date, and never without an ID', () => {
  expect(patientOf(study('s.1', '7', 'Wang^Wei', '19700102'))).toBe(
    patientOf(study('s.2', '7', 'Wang^Wei', '19700102')),
  );
  expect(patientOf(study('s.1', '7', 'Wang^Wei'))).not.toBe(patientOf(study('s.2', '7', 'Wang^Li')));
  expect(patientOf(study('s.1', '', 'Anonymized'))).not.toBe(patientOf(study('s.2', '', 'Anonymized')));
  expect(patientOf(study('s.1', '', ''))).not.toBe(patientOf(study('s.2', '', '')));
});
