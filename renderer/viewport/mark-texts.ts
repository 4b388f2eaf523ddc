import { fixed, formatArea, formatLength, formatMean } from '../../core/measure/format.ts';
import type { Measurement } from '../../core/measure/types.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import type { Say } from '../app/language.ts';
import type { SeriesLabels } from './series-labels.ts';

const noLabels: SeriesLabels = new Map();

/** The words beside a measurement: number first, statistics below. */
export function labelLines(t: Say, measurement: Measurement): string[] {
  const lines = valueLines(t, measurement);
  const { anchor, verdict } = measurement;
  // Doubtful millimetres say so beside the number.
  const isDoubtful = anchor.kind !== 'image' && (verdict === 'approximate' || verdict === 'none');
  return isDoubtful && lines.length > 0 ? [...lines, t(readingTerms[`reading.verdict.${verdict}`])] : lines;
}

/**
 * The words beside a measurement on a picture that it was not drawn on. A region's numbers are those of its own
 * picture, so it always says which; a length is the same on all of them, and says it when it is selected.
 */
export function seenLines(
  t: Say,
  measurement: Measurement,
  isSelected: boolean,
  labels = noLabels,
): string[] {
  const lines = labelLines(t, measurement);
  const isTold = isSelected || measurement.kind !== 'length';
  return isTold ? [...lines, placeLine(t, measurement, labels)].filter(Boolean) : lines;
}

/** Why a mark cannot be changed here. */
export const elsewhereText = (t: Say, measurement: Measurement, labels = noLabels): string =>
  t(readingTerms['reading.drawnOn'], { where: placeLine(t, measurement, labels) });

function valueLines(t: Say, { value, kind }: Measurement): string[] {
  if (kind === 'length')
    return value.length === undefined ? [] : [formatLength(value.length, value.calibration)];
  const lines: string[] = [];
  if (value.statistics) {
    const { mean, sd } = value.statistics;
    lines.push(
      t(readingTerms['reading.meanSd'], {
        mean: formatMean(mean, value.valueUnit),
        sd: Number.isNaN(sd) ? '–' : fixed(sd, 1),
      }),
    );
  }
  if (value.area !== undefined) lines.push(formatArea(value.area, value.calibration));
  return lines;
}

/** Where it was measured (`labels` of series whose numbers are equal), and what a reader must know about the millimetres. */
export function placeLine(
  t: Say,
  { anchor, seriesKey, seriesNumber, imageNumber, value, verdict }: Measurement,
  labels = noLabels,
): string {
  const source = {
    none: t(readingTerms['reading.uncalibrated']),
    ImagerPixelSpacing: t(readingTerms['reading.atDetector']),
    magnification: t(readingTerms['reading.magnified']),
    PixelSpacing: '',
    calibrated: '',
    region: '',
    volume: t(readingTerms[anchor.kind === 'curve' ? 'reading.alongLine' : 'reading.plane']),
    reducedVolume: t(readingTerms['reading.inReduced']),
  }[value.calibration.source];
  const doubt = verdict === 'exact' ? '' : t(readingTerms[`reading.verdict.${verdict}`]);
  const isPlane = anchor.kind === 'plane';
  return [
    labels.get(seriesKey) ?? (seriesNumber === null ? '' : `Se ${seriesNumber}`),
    imageNumber === null ? '' : `Im ${imageNumber}`,
    source,
    isPlane && anchor.group !== undefined ? t(readingTerms['reading.inSet'], { n: anchor.group + 1 }) : '',
    // A region of a slab counts all its voxels, whatever projection was on screen.
    isPlane && anchor.slabMm > 0
      ? t(readingTerms['reading.inSlab'], {
          mm: fixed(anchor.slabMm, Number.isInteger(anchor.slabMm) ? 0 : 1),
        })
      : '',
    doubt,
  ]
    .filter(Boolean)
    .join(' · ');
}
