import { Combine, Eye, EyeOff, Trash2 } from 'lucide-react';
import { readingTerms } from '../../../core/terms/reading.ts';
import { useT } from '../../app/language.ts';
import { IconButton } from '../../ui/controls.tsx';
import './segment.css';

export interface MaskRow {
  readonly id: string;
  readonly name: string;
  /** r, g, b each 0…255. */
  readonly colour: readonly [number, number, number];
  readonly volume: string;
  /** What there is to tell of it; empty mostly. */
  readonly note: string;
  readonly isWarning: boolean;
  readonly isVisible: boolean;
  readonly isRemoved: boolean;
  /** Belongs to the volume on screen. */
  readonly isHere: boolean;
  /** Another layer is chosen that it could join. */
  readonly canMerge: boolean;
}

/** Layers: click chooses, the eye shows and hides, the bin deletes (undoable). */
export function MaskList({
  rows,
  activeId,
  onChoose,
  onVisible,
  onMerge,
  onDelete,
}: {
  readonly rows: readonly MaskRow[];
  readonly activeId: string | null;
  onChoose(id: string | null): void;
  onVisible(id: string, isVisible: boolean): void;
  onMerge(id: string): void;
  onDelete(id: string): void;
}) {
  const t = useT();
  return (
    <section className="grp" aria-label={t(readingTerms['reading.maskLayers'])}>
      <div className="gh">
        <span className="grow">{t(readingTerms['reading.maskLayers'])}</span>
        {rows.length}
      </div>
      {rows.length === 0 && <p className="hint">{t(readingTerms['reading.noMasks'])}</p>}
      {rows.map((row) => (
        <div
          key={row.id}
          className={['mask-row', row.id === activeId && 'sel', !row.isVisible && 'dim']
            .filter(Boolean)
            .join(' ')}
          data-mask-row={row.id}
        >
          <i
            className={row.isRemoved ? 'swatch removed' : 'swatch'}
            style={{ '--swatch': `rgb(${row.colour.join(' ')})` } as React.CSSProperties}
          />
          <button
            type="button"
            className="mask-name"
            aria-pressed={row.id === activeId}
            disabled={!row.isHere}
            data-tip={t(readingTerms['reading.maskChoose'])}
            onClick={() => onChoose(row.id === activeId ? null : row.id)}
          >
            <span className="cut">{row.name}</span>
            {row.isRemoved && <em>{t(readingTerms['reading.maskRemoved'])}</em>}
          </button>
          <span className="v">{row.volume}</span>
          <IconButton
            icon={row.isVisible ? Eye : EyeOff}
            iconSize={16}
            className="mask-ib"
            name={t(readingTerms['reading.maskShow'])}
            onClick={() => onVisible(row.id, !row.isVisible)}
          />
          {row.canMerge && (
            <IconButton
              icon={Combine}
              iconSize={16}
              className="mask-ib hover"
              name={t(readingTerms['reading.maskMerge'])}
              onClick={() => onMerge(row.id)}
            />
          )}
          <IconButton
            icon={Trash2}
            iconSize={16}
            className="mask-ib"
            name={t(readingTerms['reading.maskDelete'])}
            onClick={() => onDelete(row.id)}
          />
          {row.note !== '' && <span className={row.isWarning ? 's limit' : 's'}>{row.note}</span>}
        </div>
      ))}
    </section>
  );
}
