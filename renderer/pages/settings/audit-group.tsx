import { Check, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { auditDetail, auditEvent, auditOutcome } from '../../../core/terms/audit-words.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Tag } from '../../ui/controls.tsx';

type Audit = CallOutput<'audit.list'>;
const pageSize = 100;

/** The append-only log, newest first as the host lists it, and whether its chain holds. */
export function AuditGroup() {
  const t = useT();
  const language = useLanguage();
  const [audit, setAudit] = useState<Audit | null>(null);
  const read = useCallback(async (offset: number) => {
    const result = await client().call('audit.list', { offset, limit: pageSize });
    if (!result.ok) return void showProblem(result.problem);
    const { value } = result;
    setAudit((before) =>
      offset > 0 && before ? { ...value, rows: [...before.rows, ...value.rows] } : value,
    );
  }, []);
  useEffect(() => void read(0), [read]);
  if (!audit) return null;
  const left = audit.total - audit.rows.length;
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('settings.auditRows', { n: audit.total })}</h2>
        {audit.intact ? (
          <Tag tone="ok" icon={Check}>
            {t('settings.auditIntact')}
          </Tag>
        ) : (
          <Tag tone="danger" icon={TriangleAlert}>
            {t('settings.auditBroken')}
          </Tag>
        )}
      </div>
      {audit.problem && (
        <div className="note danger set-note">{problemText(language, audit.problem).sentence}</div>
      )}
      <table className="audit">
        <thead>
          <tr>
            <th className="num">{t('settings.auditSeq')}</th>
            <th>{t('settings.auditWhen')}</th>
            <th>{t('settings.auditEvent')}</th>
            <th>{t('settings.auditOutcome')}</th>
            <th>{t('settings.auditDetail')}</th>
          </tr>
        </thead>
        <tbody className="selectable">
          {audit.rows.map((row) => (
            <AuditRow key={row.seq} row={row} />
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <Button tone="quiet" className="set-more" onClick={() => void read(audit.rows.length)}>
          {t('settings.auditMore', { n: Math.min(left, pageSize) })}
        </Button>
      )}
    </div>
  );
}

function AuditRow({ row }: { readonly row: Audit['rows'][number] }) {
  const language = useLanguage();
  return (
    <tr>
      <td className="num off">{row.seq}</td>
      <td className="nowrap">{formatMoment(momentOf(new Date(row.atMs)), true)}</td>
      <td data-tip={row.event}>{auditEvent(language, row.event)}</td>
      <td
        className={row.outcome === 'ok' ? 'ok' : 'danger'}
        data-tip={row.outcome === 'ok' ? undefined : row.outcome}
      >
        {auditOutcome(language, row.outcome)}
      </td>
      <td className="dim">
        <div className="detail" title={row.detail}>
          {auditDetail(language, row)}
        </div>
      </td>
    </tr>
  );
}
