import { Plus, Trash2 } from 'lucide-react';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useT } from '../../app/language.ts';
import { Button, Icon, IconButton } from '../../ui/controls.tsx';

export interface LineRow {
  readonly id: string;
  readonly name: string;
  readonly length: string;
  /** Where it leaves its parent; empty for a line of its own. */
  readonly branch: string;
  /** Levels below its root. */
  readonly depth: number;
  readonly hasRed: boolean;
}

/** Centrelines as a tree: click shows, the bin deletes (undoable). */
export function LineList({
  rows,
  activeId,
  onShow,
  onDelete,
  onNew,
}: {
  readonly rows: readonly LineRow[];
  readonly activeId: string | null;
  onShow(id: string): void;
  onDelete(id: string): void;
  onNew(): void;
}) {
  const t = useT();
  return (
    <section className="grp" aria-label={t(readingTerms['reading.lines'])}>
      <div className="gh">
        <span className="grow">{t(readingTerms['reading.lines'])}</span>
        {rows.length}
      </div>
      {rows.length === 0 && <p className="hint">{t(readingTerms['reading.noLines'])}</p>}
      {rows.map(({ id, name, length, branch, depth, hasRed }) => (
        <div
          key={id}
          className={id === activeId ? 'mi line-row sel' : 'mi line-row'}
          style={{ marginLeft: depth * 14 - 8 }}
          data-line-row={id}
        >
          <i className={hasRed ? 'line-mark bad' : 'line-mark'} />
          <button type="button" className="mi-name cut" onClick={() => onShow(id)}>
            {name}
          </button>
          <span className="v">{length}</span>
          {(branch !== '' || hasRed) && (
            <span className="s">
              {[branch, hasRed ? t(readingTerms['reading.redPieces']) : ''].filter(Boolean).join('\n')}
            </span>
          )}
          <IconButton
            icon={Trash2}
            iconSize={16}
            className="mi-del"
            name={t(readingTerms['reading.lineDelete'])}
            onClick={() => onDelete(id)}
          />
        </div>
      ))}
      <Button size="small" onClick={onNew} data-line-new>
        <Icon of={Plus} size={16} />
        {t(readingTerms['reading.lineNew'])}
      </Button>
    </section>
  );
}
