/** Data sets of DIMSE messages against DCMTK: what we write it reads, what it writes we read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeCommitmentReport, encodeCommitmentRequest } from '../../core/dimse/commitment.ts';
import { createProcedureStep, updateProcedureStep } from '../../core/dimse/procedure-step.ts';
import { foundStudy } from '../../core/dimse/query-answers.ts';
import { readMessageDataset } from '../../core/dimse/query-dataset.ts';
import { encodeFind, seriesQuery, studyQueries } from '../../core/dimse/query-plan.ts';
import { encodeAnswer, parseFindIdentifier } from '../../core/dimse/query-request.ts';
import { encodeRetrieve } from '../../core/dimse/query-retrieve.ts';
import { encodeWorklistFind, worklistQueries, worklistRows } from '../../core/dimse/worklist.ts';

const hasDcmtk = ['dcmdump', 'dump2dcm'].every((tool) => !spawnSync(tool, ['--version']).error);
const folder = mkdtempSync(join(tmpdir(), 'candela-datasets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const query = {
  text: '张小东',
  patientName: '',
  patientId: '',
  accessionNumber: '',
  studyInstanceUID: '',
  dateFrom: '20260101',
  dateTo: '20260131',
  modalities: ['CT'],
};

/** Elements as dcmdump names them: keyword (nested ones by path) and value. */
function dumped(bytes: Uint8Array, syntax: string): Readonly<Record<string, string>> {
  const file = join(folder, 'dataset');
  writeFileSync(file, bytes);
  const words = ['-f', syntax === explicit ? '-te' : '-ti', '+U8', '-q', '+L', file];
  const { status, stdout, stderr } = spawnSync('dcmdump', words, { encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(`dcmdump: ${status} ${stderr}`);
  const rows: [string, string][] = [];
  for (const line of stdout.split('\n')) {
    const match = /^( *)\([0-9a-f]{4},[0-9a-f]{4}\) (\w\w) (.*?) +# +\S+ *\d+ (\w+)/.exec(line);
    if (match === null || match[2] === 'na') continue;
    const [, indent = '', , value = '', keyword = ''] = match;
    rows.push([`${'>'.repeat(indent.length / 4)}${keyword}`, value.replace(/^[[=]|\]$/g, '')]);
  }
  return Object.fromEntries(rows);
}

/** A data set that DCMTK writes from a dump. */
function made(dump: string, syntax: string): Uint8Array {
  const [text, file] = [join(folder, 'dump.txt'), join(folder, 'made')];
  writeFileSync(text, dump);
  const words = ['-F', syntax === explicit ? '+te' : '+ti', text, file];
  const { status, stderr } = spawnSync('dump2dcm', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`dump2dcm: ${stderr}`);
  return readFileSync(file);
}

describe.each([explicit, implicit])('data sets in %s', (syntax) => {
  it('of queries are read by DCMTK, in each character set', (context) => {
    if (!hasDcmtk) return context.skip('DCMTK is not installed');
    const queries = studyQueries(query, 'study', () => ['zhang xiaodong']);
    const dumps = queries.map((find) => dumped(encodeFind(find, syntax), syntax));
    expect(dumps.map((dump) => dump['PatientName'])).toEqual(['*张*小东*', '*张*小东*', 'ZHANG*XIAODONG*']);
    for (const dump of dumps) {
      expect(dump).toMatchObject({
        QueryRetrieveLevel: 'STUDY',
        StudyDate: '20260101-20260131',
        ModalitiesInStudy: 'CT',
        StudyInstanceUID: '(no value available)',
      });
    }
    expect(dumped(encodeFind(seriesQuery('study', '1.2.3'), syntax), syntax)).toMatchObject({
      QueryRetrieveLevel: 'SERIES',
      StudyInstanceUID: '1.2.3',
    });
  });

  it('of retrievals, commitment and the worklist are read by DCMTK', (context) => {
    if (!hasDcmtk) return context.skip('DCMTK is not installed');
    const keys = { patientId: '病1', studyUids: ['1.2'], seriesUids: ['1.3', '1.4'] };
    expect(dumped(encodeRetrieve('patient', keys, syntax), syntax)).toMatchObject({
      QueryRetrieveLevel: 'SERIES',
      PatientID: '病1',
      SeriesInstanceUID: '1.3\\1.4',
    });
    const references = [{ sopClassUid: '1.2', sopInstanceUid: '1.3' }];
    const request = encodeCommitmentRequest({ transactionUid: '1.9', references }, syntax);
    expect(dumped(request, syntax)).toMatchObject({
      TransactionUID: '1.9',
      '>ReferencedSOPInstanceUID': '1.3',
    });
    const failed = [{ sopClassUid: '1.2', sopInstanceUid: '1.4', reason: 0x0112 }];
    const report = encodeCommitmentReport(
      { transactionUid: '1.9', committed: references, failed },
      'US',
      syntax,
    );
    expect(dumped(report, syntax)).toMatchObject({ RetrieveAETitle: 'US', '>FailureReason': '274' });
    const [find] = worklistQueries({ dateFrom: '20260101', dateTo: '', modality: 'CT', text: '' });
    expect(dumped(encodeWorklistFind(find!, syntax), syntax)).toMatchObject({
      '>Modality': 'CT',
      '>ScheduledProcedureStepStartDate': '20260101-',
    });
  });

  it('that DCMTK writes are read: a query, its answer, an order, a procedure step', (context) => {
    if (!hasDcmtk) return context.skip('DCMTK is not installed');
    const asked = parseFindIdentifier(
      made(
        '(0008,0005) CS [ISO_IR 192]\n(0008,0052) CS [STUDY]\n(0010,0010) PN [张*]\n(0020,000d) UI []\n(0010,0020) LO []\n',
        syntax,
      ),
      syntax,
      'study',
    );
    if (!asked.ok) throw new Error('refused');
    expect(asked.request.filters).toMatchObject([{ kind: 'name', pattern: '张*' }]);
    const record = {
      StudyInstanceUID: '1.2.3',
      PatientName: { alphabetic: 'Zhang^San', ideographic: '张^三' },
      PatientID: 'P1',
    };
    const answer = encodeAnswer(record, asked.request, 'CANDELA', syntax);
    expect(dumped(answer, syntax)).toMatchObject({
      SpecificCharacterSet: 'ISO_IR 192',
      PatientName: 'Zhang^San=张^三',
      RetrieveAETitle: 'CANDELA',
    });
    const answered = readMessageDataset(answer, syntax);
    expect(answered.ok && foundStudy(answered.value)?.patientName.ideographic).toBe('张^三');
    const order = readMessageDataset(
      made(
        '(0008,0005) CS [ISO_IR 192]\n(0010,0010) PN [Zhang^San=张^三]\n(0040,0100) SQ\n(fffe,e000) na\n(0008,0060) CS [CT]\n(0040,0002) DA [20260102]\n(fffe,e00d) na\n(fffe,e0dd) na\n',
        syntax,
      ),
      syntax,
    );
    expect(order.ok && worklistRows(order.value)).toMatchObject([
      { modality: 'CT', startDate: '20260102', patientName: { ideographic: '张^三' } },
    ]);
  });

  it('of procedure steps are read as DCMTK writes them', (context) => {
    if (!hasDcmtk) return context.skip('DCMTK is not installed');
    const created = createProcedureStep(
      '1.9',
      made(
        '(0010,0020) LO [P1]\n(0040,0252) CS [IN PROGRESS]\n(0040,0270) SQ\n(fffe,e000) na\n(0020,000d) UI [1.2.3]\n(fffe,e00d) na\n(fffe,e0dd) na\n',
        syntax,
      ),
      syntax,
    );
    if (!created.ok) throw new Error('refused');
    expect(created.request).toMatchObject({ patientId: 'P1', studyInstanceUIDs: ['1.2.3'] });
    const ended = updateProcedureStep(created.request, made('(0040,0252) CS [COMPLETED]\n', syntax), syntax);
    expect(ended).toMatchObject({ ok: true, request: { state: 'COMPLETED' } });
  });
});
