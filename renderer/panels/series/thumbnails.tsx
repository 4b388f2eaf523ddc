import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SeriesRow, StudyRow } from '../../../core/contract/studies.ts';
import { pictureCount } from '../../../core/dicom/picture-count.ts';
import { formatDicomDate } from '../../../core/terms/format-date.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { formatNumber } from '../../../core/terms/term.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { useNear } from '../../ui/use-near.ts';
import { formatThickness } from '../../viewport/thickness.ts';
import { framesTip } from './frames-tip.ts';
import { relationText } from './priors.ts';
import { useScrub } from './use-scrub.ts';

/** What a thumbnail shows beside its picture. */
export interface ThumbnailState {
  /** Parts 0…1 of the series that have arrived, and that have been seen. */
  readonly arrived: number;
  readonly seen: number;
  readonly isShown: boolean;
  /** Stacks of the series when it has several (echoes, b-values, phases): their names, and the one shown. */
  readonly groups: readonly string[];
  readonly group: number;
}

/** Stacks that are listed without scrolling; half of the next one tells that there are more. */
const shownAtOnce = 8;

/** Pictures are fetched so far before they are scrolled to: those of hundreds of series would keep the first image waiting. */
const aheadPx = 800;

/** The data type of a dragged thumbnail. */
export const seriesDragType = 'application/x-candela-series';

/** The host's thumbnail as an address that an image can show; null until it is there, 'none' when there is none. */
export function useThumbnail(seriesKey: string | null, sizePx: number): string | 'none' | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (seriesKey === null) return;
    const abort = new AbortController();
    let made: string | null = null;
    const load = async (): Promise<void> => {
      const path = `/thumb/${encodeURIComponent(seriesKey)}?size=${sizePx}`;
      const response = await client().fetchBytes(path, { signal: abort.signal });
      if (!response.ok) return setAddress('none');
      const blob = await response.blob();
      if (abort.signal.aborted) return;
      made = URL.createObjectURL(blob);
      setAddress(made);
    };
    // A picture that cannot be had leaves the number and the words.
    void load().catch(() => undefined);
    return () => {
      abort.abort();
      if (made) URL.revokeObjectURL(made);
      setAddress(null);
    };
  }, [seriesKey, sizePx]);
  return address;
}

function Thumbnail({
  row,
  state,
  onShow,
}: {
  readonly row: SeriesRow;
  readonly state: ThumbnailState;
  onShow(seriesKey: string, group: number): void;
}) {
  const t = useT();
  const words = [row.description || row.modality, formatThickness(row.sliceThicknessMm)]
    .filter(Boolean)
    .join(' ');
  const isKept = row.category !== 'image';
  const button = useRef<HTMLButtonElement>(null);
  const isNear = useNear(button, aheadPx);
  const thumb = useThumbnail(isKept || !isNear ? null : row.seriesKey, 236);
  const hasNone = thumb === 'none';
  const scrub = useScrub(row.seriesKey, 236, isKept ? 0 : pictureCount(row));
  const address = hasNone ? null : (scrub.address ?? thumb);
  const kind = row.category === 'image' ? '' : t(readingTerms[`reading.kind.${row.category}`]);
  const frames = framesTip(t, { ...row, frames: pictureCount(row) });
  const thumbnail = (
    <button
      ref={button}
      type="button"
      className={state.isShown ? 'sth on' : 'sth'}
      data-series={row.seriesKey}
      data-tip={
        isKept ? t(readingTerms['reading.kept'], { kind }) : [words, frames].filter(Boolean).join(' · ')
      }
      aria-current={state.isShown}
      data-category={row.category}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(seriesDragType, row.seriesKey);
        event.dataTransfer.effectAllowed = 'copyLink';
      }}
      onClick={() => onShow(row.seriesKey, state.group)}
    >
      <span className="pic" onPointerMove={scrub.onPointerMove} onPointerLeave={scrub.onPointerLeave}>
        {address && <img src={address} alt="" draggable={false} />}
        {isKept && <span className="kept">{kind}</span>}
        <em className="a">{row.number ?? row.modality}</em>
        {hasNone && <span className="kept">{t('studies.noThumb')}</span>}
        <em className="z">{formatNumber(pictureCount(row))}</em>
        {scrub.part !== null && <s style={{ left: `${scrub.part * 100}%` }} />}
      </span>
      <span className="seen">
        <i style={{ width: `${state.arrived * 100}%` }} />
        <u style={{ width: `${state.seen * 100}%` }} />
      </span>
      <span className="cap2">{words}</span>
    </button>
  );
  if (!state.isShown || state.groups.length < 2) return thumbnail;
  return (
    <>
      {thumbnail}
      <GroupList state={state} onShow={(group) => onShow(row.seriesKey, group)} />
    </>
  );
}

/** The stacks of a series. A long list says how many there are, fades where more follow, and keeps the shown one in sight. */
function GroupList({
  state: { groups, group: shown },
  onShow,
}: {
  readonly state: ThumbnailState;
  onShow(group: number): void;
}) {
  const t = useT();
  const list = useRef<HTMLDivElement>(null);
  const [hasMore, setMore] = useState(false);
  const look = (): void => {
    const box = list.current;
    if (box) setMore(box.scrollTop + box.clientHeight < box.scrollHeight - 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, or another stack in it.
  useLayoutEffect(() => {
    const box = list.current;
    const chosen = box?.querySelector<HTMLElement>('.on');
    if (!box || !chosen) return;
    const [top, bottom] = [
      chosen.offsetTop - box.offsetTop,
      chosen.offsetTop - box.offsetTop + chosen.offsetHeight,
    ];
    if (top < box.scrollTop) box.scrollTop = top;
    // Below the fade.
    else if (bottom > box.scrollTop + box.clientHeight - chosen.offsetHeight)
      box.scrollTop = bottom - box.clientHeight + chosen.offsetHeight;
    look();
  }, [groups, shown]);
  return (
    <>
      {groups.length > shownAtOnce && (
        <p className="stacks-count">
          {t(readingTerms['reading.stackOf'], { n: shown + 1, total: groups.length })}
        </p>
      )}
      <div ref={list} className="stacks" data-more={hasMore || undefined} onScroll={look}>
        {groups.map((name, group) => (
          <button
            key={name}
            type="button"
            className={group === shown ? 'on' : ''}
            aria-pressed={group === shown}
            data-group={group}
            data-tip={name}
            onClick={() => onShow(group)}
          >
            {name}
          </button>
        ))}
      </div>
    </>
  );
}

/** The column at the left: this study's series, then the patient's other studies by date under their violet stripe. */
export function Thumbnails({
  study,
  series,
  priors,
  stripe,
  stateOf,
  onShow,
  onOpenPrior,
}: {
  readonly study: StudyRow;
  readonly series: readonly SeriesRow[];
  readonly priors: readonly StudyRow[];
  /** CSS colour of the patient. */
  readonly stripe: string;
  stateOf(seriesKey: string): ThumbnailState;
  onShow(seriesKey: string, group: number): void;
  onOpenPrior(studyKey: string): void;
}) {
  const t = useT();
  const language = useLanguage();
  const description = [study.modalities.join(' '), study.description].filter(Boolean).join(' ');
  return (
    <nav className="tl-thumbs" aria-label={t(readingTerms['reading.thumbnails'])}>
      <div className="sthead" style={{ '--c': stripe }}>
        <b>{formatDicomDate(study.studyDate)}</b>
        {description}
      </div>
      {series.map((row) => (
        <Thumbnail key={row.seriesKey} row={row} state={stateOf(row.seriesKey)} onShow={onShow} />
      ))}
      {priors.map((prior) => (
        <button
          key={prior.studyKey}
          type="button"
          className="sthead prior"
          style={{ '--c': 'var(--prior)' }}
          onClick={() => onOpenPrior(prior.studyKey)}
        >
          <b>{formatDicomDate(prior.studyDate)}</b>
          <span>{relationText(language, prior, study)}</span>
          <span className="dim cut">{prior.description}</span>
        </button>
      ))}
    </nav>
  );
}
