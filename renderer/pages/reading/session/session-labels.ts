import { formatDicomTime } from '../../../../core/terms/format-date.ts';
import { type SeriesLabels, seriesLabels } from '../../../viewport/series-labels.ts';
import type { ReadingState } from './reading-state.ts';

/** What the study's series of equal numbers are called. When they were acquired is known of those that are open. */
export function labelsOf({ series, opened }: Pick<ReadingState, 'series' | 'opened'>): SeriesLabels {
  return seriesLabels(series, (seriesKey) => {
    const status = opened[seriesKey];
    if (status?.kind !== 'open') return '';
    const first = status.series.stack(0)?.info(0)?.attributes ?? status.series.plan.common;
    return formatDicomTime(first.AcquisitionTime ?? first.SeriesTime ?? '', true);
  });
}
