import { type Moment, momentOf } from '../../../../core/terms/format-date.ts';
import { useApp } from '../../../app/app-store.ts';
import { useT } from '../../../app/language.ts';
import type { Sheet } from '../../../app/print.tsx';
import { useStudies } from '../studies-store.ts';
import { TableSheet } from '../table-sheet.tsx';
import { type RemoteColumn, useStudyColumns, useWorklistColumns } from './remote-columns.tsx';
import { type RemoteState, useRemote } from './remote-store.ts';

interface SheetProps {
  readonly state: RemoteState;
  readonly name: string;
  readonly query: string;
  readonly now: Moment;
}

/** What another station answered, as it stands on screen when it is printed. */
function RemoteSheet(props: SheetProps) {
  return props.state.view?.kind === 'worklist' ? <WorklistSheet {...props} /> : <StudiesSheet {...props} />;
}

function StudiesSheet(props: SheetProps) {
  const t = useT();
  const columns = useStudyColumns(null);
  const rows = props.state.studies;
  return <Rows {...props} title={t('remote.table')} columns={columns} rows={rows} />;
}

function WorklistSheet(props: SheetProps) {
  const t = useT();
  const columns = useWorklistColumns(null);
  const rows = props.state.worklist;
  return <Rows {...props} title={t('worklist.table')} columns={columns} rows={rows} />;
}

function Rows<Row>({
  title,
  columns,
  rows,
  state,
  name,
  query,
  now,
}: SheetProps & {
  readonly title: string;
  readonly columns: readonly RemoteColumn<Row>[];
  readonly rows: readonly Row[];
}) {
  const t = useT();
  const count = [
    t(state.view?.kind === 'worklist' ? 'print.orders' : 'studies.count', { n: rows.length }),
    state.partial && t('print.partial'),
  ];
  return (
    <TableSheet
      title={title}
      of={[name, query && `“${query}”`]}
      count={count.filter(Boolean).join(' · ')}
      heads={columns}
      now={now}
    >
      {rows.map((row, n) => (
        // Rows of a station may be equal, and stay where they are.
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing is moved on paper
        <tr key={n}>
          {columns.map(({ id, isNumber, cell }) => (
            <td key={id} className={isNumber ? 'num' : undefined}>
              {cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </TableSheet>
  );
}

/** The sheet of the station on screen; null where there is none. */
export function remoteSheet(): Sheet | null {
  const state = useRemote.getState();
  const { view } = state;
  if (!view) return null;
  const name = useApp.getState().settings.nodes.find(({ nodeId }) => nodeId === view.nodeId)?.name ?? '';
  const query = useStudies.getState().filter.query.trim();
  const studies = (view.kind === 'worklist' ? state.worklist : state.studies).length;
  return {
    page: <RemoteSheet state={state} name={name} query={query} now={momentOf(new Date())} />,
    of: { what: 'list', studies },
  };
}
