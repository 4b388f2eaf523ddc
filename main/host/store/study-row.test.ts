import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packScan } from '../parse/packed-scan.ts';
import { InstanceWriter } from './add-instances.ts';
import { openEmptyStore } from './empty-store-fixture.ts';
import { StudyList } from './list-studies.ts';
import { showStudy } from './show-study.ts';
import { studyRowsOf } from './study-row.ts';

const item = {
  scan: packScan({
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    datasetOffset: 300,
    deflated: false,
    attributes: {
      SOPInstanceUID: '1.2.3',
      StudyInstanceUID: '1.2',
      SeriesInstanceUID: '1.2.1',
      PatientID: 'P1',
      PatientName: { alphabetic: 'Wang^Wei', ideographic: '王^伟', phonetic: 'wang' },
      PatientSex: 'F',
      PatientBirthDate: '19700102',
      StudyDate: '20260304',
      StudyTime: '050607',
      StudyDescription: 'chest',
      AccessionNumber: 'A9',
      InstitutionName: 'Yunling',
      Modality: 'CT',
    },
    pixel: { kind: 'none' },
    isDirectory: false,
    flags: [{ code: 'UID_CONFLICT' }],
  }).bytes,
  fileSha256: 'f',
  datasetSha256: 'd',
  sizeBytes: 1000,
  path: null,
  modifiedAtMs: null,
};

// The list's rows come by position, a study's own by name: each column must land in its place.
it('the list and the study itself say the same in every column', () => {
  const folder = mkdtempSync(join(tmpdir(), 'candela-row-'));
  const db = openEmptyStore(join(folder, 'index.db'));
  try {
    const batch = { scope: 's', sourceKind: 'disc', sourceLabel: '', receiptId: null, demo: false } as const;
    const [added] = new InstanceWriter(db, folder).add({ ...batch, nowMs: 7000, items: [item] });
    db.exec('UPDATE studies SET series_count = 2, instance_count = 3, bytes = 4, charset_guess = 0');
    for (const flag of ['unread', 'starred', 'demo', 'arriving', 'charset_guess']) {
      db.exec('UPDATE studies SET unread = 0, starred = 0, demo = 0, arriving = 0, charset_guess = 0');
      db.exec(`UPDATE studies SET ${flag} = 1`);
      const { rows } = new StudyList(db).list({ filter: {}, sort: [], offset: 0, limit: 9, todayMs: 0 });
      expect(studyRowsOf(rows), flag).toEqual([showStudy(db, added!.studyKey)?.study]);
    }
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
