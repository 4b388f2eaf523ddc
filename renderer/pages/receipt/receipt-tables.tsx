import { useEffect, useState } from 'react';
import type { Problem } from '../../../core/base/problem.ts';
import { type ProblemCode, problemTable } from '../../../core/base/problem-table.ts';
import type { Receipt } from '../../../core/contract/jobs.ts';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { formatDicomDate } from '../../../core/terms/format-date.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Name } from '../studies/study-cells.tsx';
import { byReason, commonFolder, sortProblems } from './receipt-problems.ts';

const studiesAtMost = 60;
/** The rest stands in the exported table. */
const pathsAtMost = 40;

/** Reads the rows of a receipt's studies; those deleted since are left out. */
function useStudiesOf(receipt: Receipt): readonly StudyRow[] {
  const [rows, setRows] = useState<readonly StudyRow[]>([]);
  useEffect(() => {
    let isStale = false;
    const keys = receipt.studies
      .slice(0, studiesAtMost)
      .map((key) => (/^(s|p\d+)\./.test(key) ? key : `s.${key}`));
    void Promise.all(keys.map((studyKey) => client().call('studies.show', { studyKey }))).then((results) => {
      if (!isStale) setRows(results.flatMap((result) => (result.ok ? [result.value.study] : [])));
    });
    return () => {
      isStale = true;
    };
  }, [receipt]);
  return rows;
}

export function StudyTable({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const rows = useStudiesOf(receipt);
  if (rows.length === 0) return null;
  // A total of what is shown would read as one of all.
  const isCut = receipt.studies.length > studiesAtMost;
  const patients = new Set(rows.map((row) => `${row.patientId}\n${row.patientName.alphabetic}`)).size;
  const total = (of: (row: StudyRow) => number) => formatNumber(rows.reduce((sum, row) => sum + of(row), 0));
  return (
    <>
      <h2>{t('receipt.studies')}</h2>
      <table className="patients">
        <thead>
          <tr>
            <th>{t('receipt.patient')}</th>
            <th>{t('studies.col.patientId')}</th>
            <th>{t('receipt.study')}</th>
            <th>{t('receipt.date')}</th>
            <th className="n">{t('studies.col.series')}</th>
            <th className="n">{t('receipt.objects')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.studyKey}>
              <td>
                <Name row={row} />
              </td>
              <td>{row.patientId}</td>
              <td>{[row.modalities.join(' '), row.description].filter(Boolean).join(' ')}</td>
              <td className="nowrap">{formatDicomDate(row.studyDate)}</td>
              <td className="n">{formatNumber(row.series)}</td>
              <td className="n">{formatNumber(row.instances)}</td>
            </tr>
          ))}
          {!isCut && (
            <tr className="b total">
              <td colSpan={4}>{t('receipt.total', { patients, studies: rows.length })}</td>
              <td className="n">{total((row) => row.series)}</td>
              <td className="n">{total((row) => row.instances)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {isCut && (
        <p className="cap">{t('receipt.listed', { n: studiesAtMost, total: receipt.studies.length })}</p>
      )}
    </>
  );
}

export function ProblemTables({ receipt }: { readonly receipt: Receipt }) {
  const t = useT();
  const parts = sortProblems(receipt);
  const folder = commonFolder(receipt.problems.map((problem) => problem.path ?? ''));
  const tables = [
    [t('receipt.brokenTable', { n: parts.broken.length }), parts.broken],
    [t('receipt.notedTable'), parts.noted],
    [t('receipt.missingTable', { n: parts.missing.length }), parts.missing],
    [t('receipt.flaggedTable', { n: parts.flagged.length }), parts.flagged],
    [t('receipt.otherTable', { n: parts.notDicom.length }), parts.notDicom],
  ] as const;
  return tables.map(([title, problems]) => (
    <ProblemTable key={title} title={title} problems={problems} folder={folder} />
  ));
}

/** One row for each reason, with the files it concerns: a hundred alike are one thing to know. */
function ProblemTable({
  title,
  problems,
  folder,
}: {
  readonly title: string;
  readonly problems: readonly Problem[];
  /** Stands once in the heading, not in each row. */
  readonly folder: string;
}) {
  const t = useT();
  const language = useLanguage();
  if (problems.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <table className="problems">
        <thead>
          <tr>
            <th>{t('receipt.reason')}</th>
            <th>{t('receipt.code')}</th>
            <th>{folder ? t('receipt.fileIn', { folder }) : t('receipt.file')}</th>
          </tr>
        </thead>
        <tbody>
          {byReason(problems).map(({ problem, paths }) => {
            const words = problemText(language, problem);
            return (
              <tr key={problem.code}>
                <td>
                  {words.sentence}
                  <p className="cap">{words.advice}</p>
                </td>
                <td className="mono">{problem.code}</td>
                <td className="mono">
                  {paths.slice(0, pathsAtMost).map((path) => (
                    <div key={path}>{path.slice(folder.length)}</div>
                  ))}
                  {paths.length > pathsAtMost && (
                    <div className="cap">{t('receipt.morePaths', { n: paths.length - pathsAtMost })}</div>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

const isCode = (code: string): code is ProblemCode => Object.hasOwn(problemTable, code);

/** What is stored but wears a flag, with how often. */
export function FlagTable({ flags }: { readonly flags: Receipt['flags'] }) {
  const t = useT();
  const language = useLanguage();
  const rows = Object.entries(flags).filter(([, n]) => n > 0);
  if (rows.length === 0) return null;
  return (
    <>
      <h2>{t('receipt.flagsTable')}</h2>
      <table className="flags">
        <tbody>
          {rows.map(([code, n]) => (
            <tr key={code}>
              <td>{isCode(code) ? problemText(language, { code }).sentence : code}</td>
              <td className="n">{formatNumber(n)}</td>
              <td className="mono">{code}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
