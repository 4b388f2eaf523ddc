import { useEffect, useRef } from 'react';
import type { StudyFilter, StudyRow } from '../../../core/contract/studies.ts';
import { type Moment, momentOf } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { printNoted, providePrint, type Sheet } from '../../app/print.tsx';
import { type SortKey, visibleColumns } from './columns.ts';
import type { Source } from './filter.ts';
import { remoteSheet } from './remote/remote-sheet.tsx';
import { useStudies, viewOf } from './studies-store.ts';
import { StudyCells } from './study-cells.tsx';
import type { StudyList } from './study-list.ts';
import { TableSheet } from './table-sheet.tsx';

/** About 30 pages; who wants more wants a file. */
const rowsMost = 1000;

interface ListSheetProps {
  readonly rows: readonly StudyRow[];
  readonly total: number;
  readonly source: Source;
  readonly query: string;
  readonly now: Moment;
}

/** The list as a table: the columns that are shown, in the order of the list, their headings on each page. */
function ListSheet({ rows, total, source, query, now }: ListSheetProps) {
  const t = useT();
  const table = useApp((state) => state.settings.studiesTable);
  const shown = visibleColumns(viewOf(table), false).filter((column) => !column.isFixed);
  const heads = shown.map(({ id, term, isNumber }) => ({ id, head: t(term), ...(isNumber && { isNumber }) }));
  return (
    <TableSheet
      title={t('studies.table')}
      of={[t(`studies.${source}`), query && `“${query}”`]}
      count={
        rows.length < total
          ? t('print.firstRows', { n: rows.length, total })
          : t('studies.count', { n: total })
      }
      heads={heads}
      now={now}
    >
      {rows.map((row) => (
        <tr key={row.studyKey}>
          <StudyCells row={row} shown={shown} now={null} />
        </tr>
      ))}
    </TableSheet>
  );
}

/** While the list is shown, printing prints it: all of it by our own command, else the rows that are here. */
export function usePrintedList(
  list: StudyList,
  filter: StudyFilter,
  sort: readonly SortKey[],
  isRemote: boolean,
): () => Promise<void> {
  const fetched = useRef<readonly StudyRow[] | null>(null);
  const sheet = (): Sheet | null => {
    if (isRemote) return remoteSheet();
    const { total } = list.rows;
    if (total === null) return null;
    const rows = fetched.current ?? list.rows.loaded().map(({ item }) => item);
    const { source, query } = useStudies.getState().filter;
    const page = (
      <ListSheet rows={rows} total={total} source={source} query={query.trim()} now={momentOf(new Date())} />
    );
    return { page, of: { what: 'list', studies: rows.length } };
  };
  const newest = useRef(sheet);
  useEffect(() => {
    newest.current = sheet;
  });
  useEffect(() => providePrint(() => newest.current()), []);
  return async () => {
    const remote = isRemote && remoteSheet();
    if (remote) return printNoted(remote.of);
    const asked = { filter, sort: [...sort], offset: 0, limit: rowsMost };
    const result = await client().call('studies.list', asked);
    if (!result.ok) return void showProblem(result.problem);
    const { rows } = result.value;
    fetched.current = rows;
    await printNoted({ what: 'list', studies: rows.length });
    fetched.current = null;
  };
}
