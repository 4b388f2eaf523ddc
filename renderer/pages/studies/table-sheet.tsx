import type { ReactNode } from 'react';
import { formatMoment, type Moment } from '../../../core/terms/format-date.ts';
import { useT } from '../../app/language.ts';

/** A list on paper: what it is of, how many rows, headings on each page, when it was printed. */
export function TableSheet({
  title,
  of,
  count,
  heads,
  children,
  now,
}: {
  readonly title: string;
  readonly of: readonly string[];
  readonly count: string;
  readonly heads: readonly { readonly id: string; readonly head: string; readonly isNumber?: boolean }[];
  readonly children: ReactNode;
  readonly now: Moment;
}) {
  const t = useT();
  return (
    <section className="print-lying">
      <header className="print-head">
        <div className="print-name">
          {title} <i>{of.filter(Boolean).join(' · ')}</i>
        </div>
        <div>{count}</div>
      </header>
      <table className="print-list">
        <thead>
          <tr>
            {heads.map(({ id, head, isNumber }) => (
              <th key={id} className={isNumber ? 'num' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
      <footer className="print-foot">
        <div>Candela</div>
        <div>{t('print.printed', { when: formatMoment(now) })}</div>
      </footer>
    </section>
  );
}
