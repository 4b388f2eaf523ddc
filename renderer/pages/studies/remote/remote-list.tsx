import { type KeyboardEvent, useEffect, useRef } from 'react';
import { momentOf } from '../../../../core/terms/format-date.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { useApp } from '../../../app/app-store.ts';
import { useLanguage, useT } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { followArrivals, readLocal, retrieveAndRead } from './remote-actions.ts';
import { type RemoteColumn, useStudyColumns, useWorklistColumns } from './remote-columns.tsx';
import { chooseRemote, searchRemote, stopSearch, useRemote } from './remote-store.ts';
import './remote.css';

/** What another station answered: its studies, or its worklist; with what to do where there is nothing. */
export function RemoteList() {
  const view = useRemote((state) => state.view);
  const state = useRemote((all) => all.state);
  const count = useRemote((all) => (all.view?.kind === 'worklist' ? all.worklist : all.studies).length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another station's list is another one to follow.
  useEffect(() => followArrivals(), [view]);
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

function Studies() {
  const t = useT();
  const rows = useRemote((state) => state.studies);
  const columns = useStudyColumns(momentOf(new Date()));
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

function Worklist() {
  const t = useT();
  const rows = useRemote((state) => state.worklist);
  const columns = useWorklistColumns(momentOf(new Date()));
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
  readonly columns: readonly RemoteColumn<Row>[];
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
