import { fixed } from '../../../../core/measure/format.ts';
import { volumePreset } from '../../../../core/scene/presets.ts';
import { readingTerms } from '../../../../core/terms/reading.ts';
import { type Language, say } from '../../../../core/terms/term.ts';
import { vesselName } from '../../../../core/terms/vessel.ts';
import { imageNumber } from '../../../volumes/image-number.ts';
import type { ReadingState } from '../session/reading-state.ts';
import type { Bookmark } from './bookmark.ts';
import type { ViewScene, VolumeSight } from './view-scene.ts';

type Study = Pick<ReadingState, 'series' | 'vessel'> & Partial<Pick<ReadingState, 'opened'>>;

/** `Se 3 Thorax 1.0`; empty where the series is gone. */
function seriesText({ series }: Study, seriesKey: string | null | undefined): string {
  const row = series.find((one) => one.seriesKey === seriesKey);
  return row ? [`Se ${row.number ?? 0}`, row.description].filter(Boolean).join(' ') : '';
}

function lineText({ vessel }: Study, lineId: string | null, language: Language): string {
  const item = vessel.lines.find(({ line }) => line.id === lineId);
  if (!item) return '';
  const name = vesselName(item.line.nameId);
  return name
    ? say(language, name)
    : item.line.customName || say(language, readingTerms['reading.vesselUnnamed']);
}

function volumeParts(
  scene: ViewScene,
  sight: VolumeSight,
  study: Study,
  language: Language,
): readonly string[] {
  const { mpr, cpr, lineId } = sight;
  const series = seriesText(study, mpr.seriesKey);
  const place = mpr.state.centre.map((mm) => fixed(mm, 0)).join(',\u00a0');
  switch (scene.mode) {
    case 'cpr': {
      const picture = say(language, readingTerms[`reading.cpr.${cpr.picture}`]);
      const along = `${fixed(cpr.cursorMm, 0)} mm`;
      return [`CPR ${picture}`, lineText(study, lineId, language) || series, along];
    }
    case '3d': {
      const preset = volumePreset(mpr.presetId);
      return ['3D', preset ? say(language, preset) : '', series];
    }
    case 'ribs':
      return [say(language, readingTerms['reading.ribs']), series, place];
    default:
      return ['MPR', series, place];
  }
}

/** Its number as it stands in the corner, while its series is open. */
function imageOf({ opened }: Study, { seriesKey, group, k }: ViewScene['cells'][number]): number {
  const status = opened?.[seriesKey ?? ''];
  const stack = status?.kind === 'open' ? status.series.stack(group) : undefined;
  return stack ? imageNumber(stack, k) : k + 1;
}

/** A name made of layout, series and place. */
export function madeName(scene: ViewScene, study: Study, language: Language): string {
  const { volume, cells, active, layout } = scene;
  const shown = cells[active]?.seriesKey ? cells[active] : cells.find(({ seriesKey }) => seriesKey !== null);
  const image = `Im ${shown ? imageOf(study, shown) : 1}`;
  const parts = volume
    ? volumeParts(scene, volume, study, language)
    : [cells.length > 1 ? layout.id : '', seriesText(study, shown?.seriesKey), image];
  return parts.filter(Boolean).join(' · ');
}

/** What a bookmark is called: as its reader says, else by what it shows. */
export const bookmarkName = ({ name, scene }: Bookmark, study: Study, language: Language): string =>
  name || madeName(scene, study, language);
