import type { ReactNode } from 'react';
import type { RemoteStudy, WorklistItem } from '../../../../core/contract/remote.ts';
import {
  formatDicomDate,
  formatDicomTime,
  formatListTime,
  type Moment,
} from '../../../../core/terms/format-date.ts';
import { formatName, formatSex } from '../../../../core/terms/format-person.ts';
import { formatNumber, type Language } from '../../../../core/terms/term.ts';
import { partDone } from '../../../app/jobs.ts';
import { useLanguage, useT } from '../../../app/language.ts';
import { Progress, Tag } from '../../../ui/controls.tsx';
import { useRetrieval } from './retrieval.tsx';

/** A column of what another station answered. */
export interface RemoteColumn<Row> {
  readonly id: string;
  readonly head: string;
  readonly width: string;
  readonly isNumber?: boolean;
  cell(row: Row): ReactNode;
}

/** Beside today and yesterday; `now` null = paper, which says the year. */
function timeText(language: Language, date: string, time: string, now: Moment | null): string {
  if (now) return formatListTime(language, date, time, now);
  return [formatDicomDate(date), formatDicomTime(time)].filter(Boolean).join(' ');
}

/** Of the studies of a station. `now` null = as they are printed. */
export function useStudyColumns(now: Moment | null): readonly RemoteColumn<RemoteStudy>[] {
  const t = useT();
  const language = useLanguage();
  const count = (value: number | null) => (value === null ? '' : formatNumber(value));
  return [
    {
      id: 'name',
      head: t('remote.name'),
      width: 'minmax(130px, 1.3fr)',
      cell: (row) => <b>{formatName(row.patientName) || t('studies.noName')}</b>,
    },
    { id: 'id', head: t('remote.patientId'), width: 'minmax(90px, 0.8fr)', cell: (row) => row.patientId },
    { id: 'sex', head: t('remote.sex'), width: '52px', cell: (row) => formatSex(language, row.sex) },
    {
      id: 'birth',
      head: t('remote.birthDate'),
      width: '96px',
      cell: (row) => formatDicomDate(row.birthDate),
    },
    {
      id: 'date',
      head: t('remote.date'),
      width: '132px',
      cell: (row) => timeText(language, row.studyDate, row.studyTime, now),
    },
    { id: 'modality', head: t('remote.modality'), width: '76px', cell: (row) => row.modalities.join(' ') },
    {
      id: 'text',
      head: t('remote.description'),
      width: 'minmax(120px, 1.6fr)',
      cell: (row) => row.description,
    },
    {
      id: 'series',
      head: t('remote.series'),
      width: '60px',
      isNumber: true,
      cell: (row) => count(row.series),
    },
    {
      id: 'images',
      head: t('remote.objects'),
      width: '68px',
      isNumber: true,
      cell: (row) => count(row.instances),
    },
    { id: 'here', head: t('remote.here'), width: '104px', cell: (row) => <Here row={row} /> },
  ];
}

/** How much of a study is here. */
function Here({ row }: { readonly row: RemoteStudy }) {
  const t = useT();
  const job = useRetrieval(row.studyInstanceUID);
  if (job?.state === 'running') {
    const words = t('jobs.phase.retrieve');
    return (
      <span className="row acc arriving">
        <Progress part={partDone(job)} name={words} width={28} />
        {job.total === null ? '' : t('remote.coming', { done: job.done, total: job.total })}
      </span>
    );
  }
  if (row.localStudyKey === null) return null;
  if (row.instances === null) return <Tag>{t('remote.someHere', { n: row.localInstances })}</Tag>;
  const isWhole = row.localInstances >= row.instances;
  return isWhole ? (
    <Tag tone="ok">{t('remote.allHere')}</Tag>
  ) : (
    <Tag tone="warn">{t('remote.partHere', { n: row.localInstances, total: row.instances })}</Tag>
  );
}

/** Of a worklist. `now` null = as it is printed. */
export function useWorklistColumns(now: Moment | null): readonly RemoteColumn<WorklistItem>[] {
  const t = useT();
  const language = useLanguage();
  return [
    {
      id: 'when',
      head: t('worklist.when'),
      width: '132px',
      cell: (row) => timeText(language, row.startDate, row.startTime, now),
    },
    {
      id: 'name',
      head: t('remote.name'),
      width: 'minmax(130px, 1.2fr)',
      cell: (row) => <b>{formatName(row.patientName) || t('studies.noName')}</b>,
    },
    { id: 'id', head: t('remote.patientId'), width: 'minmax(90px, 0.8fr)', cell: (row) => row.patientId },
    { id: 'sex', head: t('remote.sex'), width: '52px', cell: (row) => formatSex(language, row.sex) },
    { id: 'modality', head: t('remote.modality'), width: '76px', cell: (row) => row.modality },
    {
      id: 'text',
      head: t('worklist.procedure'),
      width: 'minmax(120px, 1.5fr)',
      cell: (row) => row.procedure,
    },
    { id: 'station', head: t('worklist.station'), width: '112px', cell: (row) => row.stationAeTitle },
    { id: 'accession', head: t('worklist.accession'), width: '112px', cell: (row) => row.accessionNumber },
    {
      id: 'here',
      head: t('remote.here'),
      width: '104px',
      cell: (row) =>
        row.localStudyKey === null ? (
          <span className="off">{t('worklist.notYet')}</span>
        ) : (
          <Tag tone="ok">{t('worklist.arrived')}</Tag>
        ),
    },
  ];
}
