import { Star, TriangleAlert } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { StudyRow } from '../../../core/contract/studies.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import {
  formatDicomDate,
  formatDicomTime,
  formatListTime,
  formatMoment,
  type Moment,
  momentOf,
} from '../../../core/terms/format-date.ts';
import { formatAge, formatLatinName, formatName, formatSex } from '../../../core/terms/format-person.ts';
import { formatNumber, type Language } from '../../../core/terms/term.ts';
import { useApp } from '../../app/app-store.ts';
import { type Say, useLanguage, useT } from '../../app/language.ts';
import { framesTip } from '../../panels/series/frames-tip.ts';
import { Icon, Progress, Tag } from '../../ui/controls.tsx';
import type { Column } from './columns.ts';
import { StepMark, StepTag } from './preview-versions.tsx';
import { type ProcedureStep, useSteps } from './procedure-steps.ts';
import { useStudies } from './studies-store.ts';

/** Text of the plain columns. */
function cellText(column: Column, row: StudyRow, language: Language, now: Moment | null): string {
  switch (column.id) {
    case 'patientId':
      return row.patientId;
    case 'sex':
      return formatSex(language, row.sex);
    case 'age':
      return formatAge(language, row.age);
    case 'studyDate':
      if (now) return formatListTime(language, row.studyDate, row.studyTime, now);
      return `${formatDicomDate(row.studyDate)} ${formatDicomTime(row.studyTime)}`.trim();
    case 'modality':
      return row.modalities.join(' ');
    case 'description':
      return row.description;
    case 'series':
      return formatNumber(row.series);
    case 'bytes':
      return formatBytes(row.bytes);
    case 'accession':
      return row.accessionNumber;
    case 'institution':
      return row.institution;
    case 'added':
      return formatMoment(momentOf(new Date(row.addedAtMs)));
    default:
      return '';
  }
}

const quiet = new Set(['bytes', 'source', 'added', 'status']);
const classOf = (column: Column) =>
  [column.isNumber && 'num', quiet.has(column.id) && 'dim', column.id === 'modality' && 'b']
    .filter(Boolean)
    .join(' ');

/** The cells of one study, for the columns that are shown. */
export const StudyCells = memo(function StudyCells({
  row,
  shown,
  now,
}: {
  readonly row: StudyRow;
  readonly shown: readonly Column[];
  /** Null = dates in full, as on paper. */
  readonly now: Moment | null;
}) {
  const language = useLanguage();
  const t = useT();
  return shown.map((column) => (
    <td key={column.id} className={classOf(column)}>
      {cellOf(column, row, language, now, t)}
    </td>
  ));
});

/** A function, not a part of its own: a screen has some six hundred cells. */
function cellOf(column: Column, row: StudyRow, language: Language, now: Moment | null, t: Say): ReactNode {
  switch (column.id) {
    case 'mark':
      return (
        <>
          <i className={row.unread ? 'dot' : 'dot r'} />
          <span className="sr">{t(row.unread ? 'studies.status.unread' : 'studies.status.read')}</span>
        </>
      );
    case 'name':
      return <Name row={row} />;
    case 'source':
      return t(`studies.from.${row.source}`);
    case 'frames':
      return <span data-tip={framesTip(t, row)}>{formatNumber(row.frames)}</span>;
    case 'status':
      return <Status row={row} />;
    case 'star':
      return row.starred ? <Icon of={Star} size={16} className="warn" /> : null;
    default:
      return cellText(column, row, language, now);
  }
}

export function Name({ row }: { readonly row: StudyRow }) {
  const t = useT();
  const latin = formatLatinName(row.patientName, row.nameLatin);
  return (
    <span className="nm">
      <b>{formatName(row.patientName) || t('studies.noName')}</b>
      {row.charsetGuess && <b className="warn"> ?</b>}
      {latin && <i>{latin}</i>}
    </span>
  );
}

/** One word on how the study stands, the most pressing first; a mark when its device said that it is complete. */
export function Status({ row }: { readonly row: StudyRow }) {
  const step = useSteps((state) => state.byStudy.get(row.studyKey));
  if (step?.state !== 'COMPLETED') return <StatusWord row={row} step={step} />;
  return (
    <span className="row status-step">
      <StatusWord row={row} step={step} />
      <StepMark step={step} />
    </span>
  );
}

function StatusWord({ row, step }: { readonly row: StudyRow; readonly step: ProcedureStep | undefined }) {
  const t = useT();
  const isOpen = useApp((state) => state.openStudies.some((study) => study.studyKey === row.studyKey));
  const isKept = useStudies((state) => state.keptKeys.has(row.studyKey));
  if (row.deletedAtMs !== null) return t('studies.status.deleted');
  if (row.arriving) {
    // A device does not say how many will come.
    const words =
      row.source === 'received'
        ? t('studies.status.receiving', { n: row.instances })
        : t('studies.status.arriving');
    return (
      <span className="row acc arriving">
        <Progress part={undefined} name={words} width={36} />
        {words}
      </span>
    );
  }
  if (step && step.state !== 'COMPLETED') return <StepTag step={step} />;
  if (isKept) return <Tag tone="ok">{t('studies.status.kept')}</Tag>;
  if (!row.stored) return <Tag tone="warn">{t('studies.status.notStored')}</Tag>;
  if (row.incomplete) {
    return (
      <Tag tone="warn" icon={TriangleAlert} tip={t('studies.incompleteWhy')}>
        {t('studies.status.incomplete')}
      </Tag>
    );
  }
  if (row.charsetGuess) {
    return (
      <Tag tone="warn" icon={TriangleAlert} tip={t('studies.nameDoubtWhy')}>
        {t('studies.status.nameDoubt')}
      </Tag>
    );
  }
  if (isOpen) return <Tag tone="acc">{t('studies.status.open')}</Tag>;
  if (row.demo) return <Tag>{t('studies.status.demo')}</Tag>;
  if (row.flags.some((flag) => flag.code === 'UID_CONFLICT')) {
    return (
      <Tag tone="warn" icon={TriangleAlert}>
        {t('studies.status.conflict')}
      </Tag>
    );
  }
  return row.unread ? <b className="unread-word">{t('studies.status.unread')}</b> : t('studies.status.read');
}
