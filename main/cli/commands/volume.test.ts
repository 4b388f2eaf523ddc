import { expect, it } from 'vitest';
import { CommandFailure } from '../command.ts';
import { checkSizes } from './volume.ts';

const long = {
  geometry: { size: [2, 32_768, 2], patientFromIndex: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
} as const;

const failureOf = (out: string): unknown => {
  try {
    return checkSizes(out, long);
  } catch (error) {
    return error instanceof CommandFailure && { problem: error.problem, exitCode: error.exitCode };
  }
};

it('names NRRD for what NIfTI cannot hold', () => {
  expect(failureOf('a.nrrd')).toBe(undefined);
  for (const path of ['a.nii', 'a.nii.gz'])
    expect(failureOf(path)).toEqual({
      problem: { code: 'NIFTI_TOO_LONG', params: { count: 32_768 }, path },
      exitCode: 2,
    });
});
