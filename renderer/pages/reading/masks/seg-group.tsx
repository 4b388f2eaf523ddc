import { Save } from 'lucide-react';
import { Button } from '../../../ui/controls.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { readSegSeries, saveSegSeries } from './seg-series.ts';

/** Layers to a DICOM Segmentation and back. */
export function SegGroup({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  const hasVisible = useReading(session, (s) =>
    s.masks.layers.some((item) => item.visible && item.seriesKey === s.mpr?.seriesKey),
  );
  const series = useReading(session, (s) => s.series);
  const busy = useReading(session, (s) => s.maskWork.busy !== null);
  const found = series.filter(({ modality }) => modality === 'SEG');
  if (!hasVisible && found.length === 0) return null;
  return (
    <section className="grp" aria-label={words('reading.segSeries')}>
      <div className="row-buttons">
        <Button
          size="small"
          icon={Save}
          disabled={!hasVisible}
          data-save-seg
          data-tip={words('reading.saveSegTip')}
          onClick={() => void saveSegSeries(session)}
        >
          {words('reading.saveSeg')}
        </Button>
      </div>
      {found.length > 0 && (
        <>
          <div className="gh">
            <span className="grow">{words('reading.segSeries')}</span>
            {found.length}
          </div>
          {found.map(({ seriesKey, number, description }) => (
            <div className="mask-row" key={seriesKey} data-seg-row={seriesKey}>
              <span className="mask-name">
                <span className="cut">{description || `Se ${number ?? ''}`}</span>
              </span>
              <Button size="small" disabled={busy} onClick={() => void readSegSeries(session, seriesKey)}>
                {words('reading.segRead')}
              </Button>
            </div>
          ))}
        </>
      )}
    </section>
  );
}
