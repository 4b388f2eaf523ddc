import { Circle, Ruler, Square, Trash2 } from 'lucide-react';
import { fixed, formatArea, headline } from '../../../core/measure/format.ts';
import type { Measurement } from '../../../core/measure/types.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { type Say, useT } from '../../app/language.ts';
import { Icon, IconButton } from '../../ui/controls.tsx';
import { placeLine } from '../../viewport/mark-texts.ts';
import { useSeriesLabels } from '../../viewport/series-labels.ts';

const icons = { length: Ruler, ellipse: Circle, rectangle: Square } as const;
const names = {
  length: 'reading.length',
  ellipse: 'reading.ellipse',
  rectangle: 'reading.rectangle',
} as const;

function statisticsLines(t: Say, { value }: Measurement): string[] {
  const lines: string[] = [];
  if (value.statistics) {
    const { sd, min, max } = value.statistics;
    const digits = value.valueUnit === 'HU' || Number.isInteger(min) ? 0 : 2;
    lines.push(
      t(readingTerms['reading.statistics'], {
        sd: Number.isNaN(sd) ? '–' : fixed(sd, 1),
        min: fixed(min, digits),
        max: fixed(max, digits),
      }),
    );
  }
  // Without values the area is the headline already.
  if (value.area !== undefined && value.statistics) {
    const area = formatArea(value.area, value.calibration);
    lines.push(t(readingTerms['reading.areaN'], { area, n: String(value.statistics.n) }));
  }
  return lines;
}

/** The measurements of the study: click shows, the bin deletes (undoable). */
export function MeasurePanel({
  title,
  items,
  selectedId,
  onSelect,
  onDelete,
}: {
  readonly title: string;
  readonly items: readonly Measurement[];
  readonly selectedId: string | null;
  onSelect(measurement: Measurement): void;
  onDelete(measurement: Measurement): void;
}) {
  const t = useT();
  const labels = useSeriesLabels();
  return (
    <section className="grp" aria-label={t(readingTerms['reading.measurements'])}>
      <div className="gh">
        <span className="grow">{title}</span>
        {items.length}
      </div>
      {items.length === 0 && <p className="hint">{t(readingTerms['reading.noMeasurements'])}</p>}
      {items.map((measurement) => (
        <div
          key={measurement.id}
          className={measurement.id === selectedId ? 'mi sel' : 'mi'}
          data-measurement-row={measurement.id}
        >
          <Icon of={icons[measurement.kind]} />
          <button type="button" className="mi-name cut" onClick={() => onSelect(measurement)}>
            {t(readingTerms[names[measurement.kind]])}
          </button>
          <span className="v">{headline(measurement.value)}</span>
          <span className="s">
            {[...statisticsLines(t, measurement), placeLine(t, measurement, labels)]
              .filter(Boolean)
              .join('\n')}
          </span>
          <IconButton
            icon={Trash2}
            iconSize={16}
            className="mi-del"
            name={t(readingTerms['reading.deleteOne'])}
            keyLabel="Del"
            onClick={() => onDelete(measurement)}
          />
        </div>
      ))}
    </section>
  );
}
