import { describe, expect, it } from 'vitest';
import { countReport } from './stages.ts';
import { independentTools, wantedPackages } from './tools.ts';

const bare = { canInstall: true, hasBrowser: false, toolsByApt: false, hasProgram: () => false };

describe('wantedPackages', () => {
  it('is a browser only, where nobody asked for the tools', () => {
    expect(wantedPackages(bare)).toEqual(['chromium']);
    expect(wantedPackages({ ...bare, hasBrowser: true })).toEqual([]);
  });

  it('is the tools that are missing, where they were asked for', () => {
    expect(wantedPackages({ ...bare, toolsByApt: true })).toEqual([
      'chromium',
      ...Object.keys(independentTools),
    ]);
    const withDcmtk = {
      ...bare,
      hasBrowser: true,
      toolsByApt: true,
      hasProgram: (name: string) => name === 'dcmdump',
    };
    expect(wantedPackages(withDcmtk)).toEqual([
      'dcm2niix',
      'libgdcm-tools',
      'dicom3tools',
      'orthanc',
      'orthanc-dicomweb',
    ]);
  });

  it('is nothing on a person’s machine', () => {
    expect(wantedPackages({ ...bare, canInstall: false, toolsByApt: true })).toEqual([]);
  });
});

describe('countReport', () => {
  it('adds what did not run to the skipped', () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
    expect(countReport(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });
});
