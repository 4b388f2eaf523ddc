import { Check, TriangleAlert } from 'lucide-react';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';
import { pictureCount } from '../../../core/dicom/picture-count.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { useT } from '../../app/language.ts';
import { framesTip } from '../../panels/series/frames-tip.ts';
import { useScrub } from '../../panels/series/use-scrub.ts';
import { Tag, type TagTone } from '../../ui/controls.tsx';
import { formatThickness } from '../../viewport/thickness.ts';
import { readStudies } from './study-actions.ts';
import { useThumb } from './thumbs.ts';

const thumbsAtMost = 9;
const verdictTones = {
  exact: 'ok',
  resampled: 'acc',
  approximate: 'warn',
  none: 'plain',
} as const satisfies Record<string, TagTone>;
const isPicture = (series: SeriesRow) => series.category === 'image' || series.category === 'video';

/** Thumbnails, largest series first, and the list of series in their own order. */
export function PreviewSeries({
  series,
  row,
}: {
  readonly series: readonly SeriesRow[];
  readonly row: StudyRow;
}) {
  const t = useT();
  const pictures = series.filter(isPicture).sort((a, b) => b.frames - a.frames);
  return (
    <>
      {pictures.length > 0 && (
        <div className="sec">
          <div className="th3">
            {pictures.slice(0, thumbsAtMost).map((item) => (
              <Thumb key={item.seriesKey} series={item} row={row} />
            ))}
          </div>
          {pictures.length > thumbsAtMost && (
            <p className="cap pv-more">{t('studies.moreSeries', { n: pictures.length - thumbsAtMost })}</p>
          )}
        </div>
      )}
      <div className="sec">
        <div className="row sec-head">
          <h2>{t('studies.series')}</h2>
          <span className="grow" />
          <span className="cap">
            {row.frames === row.instances
              ? t('studies.seriesTotals', { series: series.length, images: row.frames })
              : t('studies.seriesObjects', {
                  series: series.length,
                  objects: row.instances,
                  frames: row.frames,
                })}
          </span>
        </div>
        <ul>
          {series.map((item) => (
            <SeriesLine key={item.seriesKey} series={item} />
          ))}
        </ul>
      </div>
    </>
  );
}

function Thumb({ series, row }: { readonly series: SeriesRow; readonly row: StudyRow }) {
  const t = useT();
  const url = useThumb(series.seriesKey);
  const scrub = useScrub(series.seriesKey, 256, series.category === 'image' ? pictureCount(series) : 0);
  const words =
    series.number === null ? series.modality : t('studies.seriesShort', { n: String(series.number) });
  return (
    <button
      type="button"
      className="tile"
      aria-label={t('studies.thumb', { n: String(series.number ?? '') })}
      data-tip={series.description || undefined}
      onClick={() => readStudies([row])}
      onPointerMove={scrub.onPointerMove}
      onPointerLeave={scrub.onPointerLeave}
    >
      {url && <img src={scrub.address ?? url} alt="" draggable={false} />}
      {scrub.part !== null && <s style={{ left: `${scrub.part * 100}%` }} />}
      {url === null && <em>{t('studies.noThumb')}</em>}
      <span>{words}</span>
      {row.demo && <b>{t('studies.status.demo')}</b>}
    </button>
  );
}

function SeriesLine({ series }: { readonly series: SeriesRow }) {
  const t = useT();
  const thickness = formatThickness(series.sliceThicknessMm);
  return (
    <li className="ser">
      <span className="off">{series.number ?? ''}</span>
      <span className="cut" data-tip={series.description || undefined}>
        {series.description ||
          (series.category === 'image' ? series.modality : t(`category.${series.category}`))}
        {thickness && <i className="off"> {thickness}</i>}
      </span>
      {series.verdict && series.frames > 1 ? (
        <Tag
          tone={verdictTones[series.verdict]}
          tip={t(`verdict.${series.verdict}Why`)}
          {...(series.verdict === 'exact' && { icon: Check })}
          {...(series.verdict === 'approximate' && { icon: TriangleAlert })}
        >
          {t(`verdict.${series.verdict}`)}
        </Tag>
      ) : series.category === 'image' ? (
        <span />
      ) : (
        <Tag>{series.modality}</Tag>
      )}
      <span className="num dim" data-tip={framesTip(t, { ...series, frames: pictureCount(series) })}>
        {formatNumber(pictureCount(series))}
      </span>
    </li>
  );
}
