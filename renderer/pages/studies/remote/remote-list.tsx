import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { RemoteStudy, WorklistItem } from '../../../../core/contract/remote.ts';
import {
  formatDicomDate,
  formatListTime,
  type Moment,
  momentOf,
} from '../../../../core/terms/format-date.ts';
import { formatName, formatSex } from '../../../../core/terms/format-person.ts';
import { formatNumber } from '../../../../core/terms/term.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useApp } from '../../../app/app-store.ts';
import { partDone } from '../../../app/jobs.ts';
import { useLanguage, useT } from '../../../app/language.ts';
import { Button, Progress, Tag } from '../../../ui/controls.tsx';
import { followArrivals, readLocal, retrieveAndRead } from './remote-actions.ts';
import { chooseRemote, searchRemote, stopSearch, useRemote } from './remote-store.ts';
import { useRetrieval } from './retrieval.tsx';
import './remote.css';

/** What another station answered: its studies, or its worklist; with what to do where there is nothing. */
export function RemoteList() {
  const view = useRemote((state) => state.view);
  const state = useRemote((all) => all.state);
  const count = useRemote((all) => (all.view?.kind === 'worklist' ? all.worklist : all.studies).length);
  useEffect(() => followArrivals(), []);
  if (!view) return null;
  if (state !== 'done' || count === 0) return <Said kind={view.kind} />;
  return view.kind === 'studies' ? <Studies /> : <Worklist />;
}

function Said({ kind }: { readonly kind: 'studies' | 'worklist' }) {
  const t = useT();
  const language = useLanguage();
  const { state, problem, view } = useRemote((all) => all);
  const node = useApp((all) => all.settings.nodes.find(({ nodeId }) => nodeId === view?.nodeId));
  const name = node?.name ?? '';
  if (state === 'running') {
    return (
      <div className="page-empty remote-said">
        <i className="spinner" />
        <p>{t('remote.asking', { name })}</p>
        <Button onClick={stopSearch}>{t('remote.stop')}</Button>
      </div>
    );
  }
  if (state === 'failed' && problem) {
    const { sentence, advice, code } = problemText(language, problem);
    return (
      <div className="page-empty remote-said">
        <p>
          <b>{sentence}</b>
        </p>
        <p className="dim">
          {advice} <span className="off">{code}</span>
        </p>
        <Button onClick={() => void searchRemote()}>{t('network.retry')}</Button>
      </div>
    );
  }
  const words =
    state === 'done' ? 'remote.none' : kind === 'studies' ? 'remote.begin' : 'remote.beginWorklist';
  return (
    <div className="page-empty remote-said">
      <p>{t(words, { name })}</p>
      <Button tone="primary" onClick={() => void searchRemote()}>
        {t('remote.search')}
      </Button>
    </div>
  );
}

interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly width: string;
  readonly isNumber?: boolean;
  cell(row: Row): ReactNode;
}

function Studies() {
  const t = useT();
  const language = useLanguage();
  const rows = useRemote((state) => state.studies);
  const now: Moment = momentOf(new Date());
  const count = (value: number | null) => (value === null ? '' : formatNumber(value));
  const columns: readonly Column<RemoteStudy>[] = [
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
      cell: (row) => formatListTime(language, row.studyDate, row.studyTime, now),
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
      head: t('remote.images'),
      width: '68px',
      isNumber: true,
      cell: (row) => count(row.instances),
    },
    { id: 'here', head: t('remote.here'), width: '104px', cell: (row) => <Here row={row} /> },
  ];
  return (
    <RemoteTable
      label={t('remote.table')}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.studyInstanceUID}
      onOpen={(row) => void retrieveAndRead(row)}
    />
  );
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

function Worklist() {
  const t = useT();
  const language = useLanguage();
  const rows = useRemote((state) => state.worklist);
  const now = momentOf(new Date());
  const columns: readonly Column<WorklistItem>[] = [
    {
      id: 'when',
      head: t('worklist.when'),
      width: '132px',
      cell: (row) => formatListTime(language, row.startDate, row.startTime, now),
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
  return (
    <RemoteTable
      label={t('worklist.table')}
      columns={columns}
      rows={rows}
      keyOf={(row) => `${row.studyInstanceUID} ${row.procedureStepId}`}
      onOpen={(row) => row.localStudyKey !== null && void readLocal(row.localStudyKey)}
    />
  );
}

/** A grid of at most a few hundred rows: one stop of the Tab key, moved in by arrows, Enter opens. */
function RemoteTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
  onOpen(row: Row): void;
}) {
  const selected = useRemote((state) => state.selected);
  const cursor = useRemote((state) => state.cursor);
  const body = useRef<HTMLTableSectionElement>(null);
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  useEffect(() => {
    if (cursor !== null) body.current?.children[cursor]?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ?? -1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 15,
      PageUp: at - 15,
      Home: 0,
      End: rows.length - 1,
    };
    const wanted = steps[event.code];
    if (wanted !== undefined) {
      event.preventDefault();
      chooseRemote(Math.min(Math.max(wanted, 0), rows.length - 1), { ...noKeys, shiftKey: event.shiftKey });
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      const row = rows[at];
      event.preventDefault();
      if (row) onOpen(row);
    }
  };
  return (
    <table
      className="grid remote-grid"
      {...gridRole(cursor === null ? undefined : `remote-${cursor}`)}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr className="tr th" style={template}>
          {columns.map(({ id, head, isNumber }) => (
            <th key={id} className={isNumber ? 'num' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body} className="remote-rows">
        {rows.map((row, index) => (
          <tr
            key={keyOf(row)}
            id={`remote-${index}`}
            aria-rowindex={index + 2}
            aria-selected={selected.has(index)}
            className={`tr${selected.has(index) ? ' sel' : ''}${index === cursor ? ' cur' : ''}`}
            style={template}
            onPointerDown={(event) => event.button === 0 && chooseRemote(index, event)}
            onDoubleClick={() => onOpen(row)}
          >
            {columns.map(({ id, isNumber, cell }) => (
              <td key={id} className={isNumber ? 'num' : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
const noKeys = { shiftKey: false, ctrlKey: false, metaKey: false };

const gridRole = (activeId: string | undefined) =>
  ({ role: 'grid', tabIndex: 0, 'aria-multiselectable': true, 'aria-activedescendant': activeId }) as const;
