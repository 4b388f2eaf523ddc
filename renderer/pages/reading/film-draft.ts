import type { CallInput } from '../../../core/contract/index.ts';
import type { PlaneName } from '../../../core/geometry/orientation.ts';
import { sceneToJson } from '../../../core/scene/scene-json.ts';
import type { TurntableAxis } from '../../../core/scene/turntable.ts';
import { mostFrames } from '../../../core/scene/turntable.ts';
import type { Scene, WindowSetting } from '../../../core/scene/types.ts';
import type { CanvasSize } from '../../viewport/use-canvas-size.ts';
import { placePlane, sliceScene } from './mpr-picture.ts';
import type { MprView } from './mpr-view.ts';
import { volumeScene } from './volume-look.ts';

export const filmFormats = ['mp4', 'webm', 'avi', 'dcm'] as const;
export type FilmFormat = (typeof filmFormats)[number];
export const filmAxes: readonly TurntableAxis[] = ['head', 'left', 'anterior'];
/** How many times the pixels of the viewport along each side. */
export const pictureTimes = [1, 2, 4] as const;
export type PictureTimes = (typeof pictureTimes)[number];

/** A film of the 3D view that is about to be drawn. */
export interface FilmDraft {
  readonly kind: 'film';
  readonly format: FilmFormat;
  readonly frames: number;
  readonly seconds: number;
  readonly axis: TurntableAxis;
  readonly width: number;
  readonly height: number;
}

/** A picture of one viewport that is about to be drawn. */
export interface PictureDraft {
  readonly kind: 'picture';
  readonly of: PlaneName | 'volume';
  readonly size: CanvasSize;
  readonly times: PictureTimes;
}

export type ExportDraft = FilmDraft | PictureDraft;

const mostPixels = 4096;
const mostSeconds = 600;
const even = (n: number): number => Math.max(2, 2 * Math.floor(Math.min(mostPixels, n) / 2));

export const startFilm = ({ width, height }: CanvasSize): FilmDraft => ({
  kind: 'film',
  format: 'mp4',
  frames: 90,
  seconds: 6,
  axis: 'head',
  width: even(width),
  height: even(height),
});

/** Pixels of a picture; null where it would be larger than the host draws. */
export function pictureSize({ size }: PictureDraft, times: PictureTimes) {
  const [width, height] = [size.width * times, size.height * times];
  return Math.max(width, height) <= mostPixels ? { width, height } : null;
}

const isWhole = (n: number, most: number): boolean => Number.isInteger(n) && n >= 1 && n <= most;

/** What of a film cannot be drawn as it is. */
export function filmFaults(draft: FilmDraft): ReadonlySet<keyof FilmDraft> {
  const { format, frames, seconds, width, height } = draft;
  const isVideo = format === 'mp4' || format === 'webm';
  const isSide = (n: number): boolean => isWhole(n, mostPixels) && (!isVideo || n % 2 === 0);
  const checks: readonly (readonly [keyof FilmDraft, boolean])[] = [
    ['frames', isWhole(frames, mostFrames)],
    ['seconds', seconds > 0 && seconds <= mostSeconds],
    ['width', isSide(width)],
    ['height', isSide(height)],
  ];
  return new Set(checks.filter(([, isRight]) => !isRight).map(([key]) => key));
}

export interface Windows {
  /** Of the planes. */
  readonly planes: WindowSetting;
  /** For projections in 3D of values that are no HU; null = the preset's own. */
  readonly volume: WindowSetting | null;
}

/** The scene of a viewport in so many times its pixels: what is seen stays. */
function pictureScene(view: MprView, { of, size }: PictureDraft, times: number, windows: Windows): Scene {
  if (of === 'volume') return volumeScene(view, windows.volume);
  const scene = sliceScene(view, of, placePlane(view, of, size), windows.planes);
  return {
    ...scene,
    width: scene.width * times,
    height: scene.height * times,
    spacingMm: scene.spacingMm / times,
    interpolation:
      scene.projection !== 'none' && scene.interpolation === 'cubic' ? 'linear' : scene.interpolation,
  };
}

/** The call that draws it; null where it cannot be drawn. */
export function exportCall(
  view: MprView,
  draft: ExportDraft,
  groupId: string,
  windows: Windows,
): CallInput<'series.film'> | null {
  const base = { seriesKey: view.seriesKey, groupId };
  if (draft.kind === 'film') {
    if (filmFaults(draft).size > 0) return null;
    const { kind: _, ...film } = draft;
    return { ...base, ...film, scene: JSON.stringify(sceneToJson(volumeScene(view, windows.volume))) };
  }
  const size = pictureSize(draft, draft.times);
  if (!size) return null;
  const scene = pictureScene(view, draft, draft.times, windows);
  return { ...base, ...size, format: 'png', scene: JSON.stringify(sceneToJson(scene)) };
}
