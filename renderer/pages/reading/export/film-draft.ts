import type { CallInput } from '../../../../core/contract/index.ts';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import type { FusionLayer } from '../../../../core/scene/fusion.ts';
import { sceneToJson } from '../../../../core/scene/scene-json.ts';
import type { TurntableAxis } from '../../../../core/scene/turntable.ts';
import { mostFrames } from '../../../../core/scene/turntable.ts';
import type { WindowSetting } from '../../../../core/scene/types.ts';
import type { TextAmount } from '../../../viewport/picture-texts.tsx';
import type { CanvasSize } from '../../../viewport/use-canvas-size.ts';
import type { PlaneRoom } from '../mpr/mpr-picture.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { volumeScene } from '../volume/volume-look.ts';

export const filmFormats = ['mp4', 'webm', 'avi', 'dcm'] as const;
export type FilmFormat = (typeof filmFormats)[number];
export const filmAxes: readonly TurntableAxis[] = ['head', 'left', 'anterior'];
/** Sizes at hand: how many times the pixels of the viewport along each side. */
export const pictureTimes = [1, 2, 4] as const;

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

/** Viewports whose pictures can be drawn anew: the host draws 3D, the page itself all others. */
export type PictureOf =
  | PlaneName
  | 'volume'
  | 'stack'
  | 'curved'
  | 'straight'
  | 'section'
  | 'sheet'
  | 'ribs'
  | 'spine';

/** Selects the surface of a viewport; a stack's is the active one. */
export const surfaceNamed = (of: Exclude<PictureOf, 'stack'>): string =>
  of === 'sheet' ? '[data-picture="sheet"]' : `[data-plane="${of}"]`;

/** A picture of one viewport that is about to be drawn. */
export interface PictureDraft {
  readonly kind: 'picture';
  readonly of: PictureOf;
  /** The viewport on screen. */
  readonly size: PlaneRoom;
  /** Pixels of the picture; its height follows. */
  readonly width: number;
  /** Over all but 3D: how many texts, and whether marks. Badges are always there. */
  readonly texts: TextAmount;
  readonly hasMarks: boolean;
}

export type ExportDraft = FilmDraft | PictureDraft;

/** Along the longer side of a film. */
const mostPixels = 4096;
/** The longest side that a picture may have. */
export const pictureMost = 8192;
const leastPixels = 16;
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

/** Pixels of a picture in the shape of its viewport; null where it would be no picture, or too large to be drawn. */
export function pictureSize(draft: Pick<PictureDraft, 'of' | 'size' | 'width'>) {
  const { size, width } = draft;
  const height = Math.round((width * size.height) / Math.max(1, size.width));
  const isDrawn =
    Number.isInteger(width) &&
    Math.min(width, height) >= leastPixels &&
    Math.max(width, height) <= pictureMost;
  return isDrawn ? { width, height } : null;
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

/** A second series as the host takes it. */
export interface FilmSecond {
  /** As pictures call it. */
  readonly name: string;
  readonly layer: FusionLayer;
  readonly named: NonNullable<CallInput<'series.film'>['fused']>;
}

/** The call that draws it; null where it cannot be drawn, and of planes, which the page draws. */
export function exportCall(
  view: MprView,
  draft: ExportDraft,
  groupId: string,
  /** For projections in 3D of values that are no HU; null = the preset's own. */
  window: WindowSetting | null,
  /** The second series of 3D. */
  second: FilmSecond | null = null,
  /** See `volumeScene`. */
  isBare = false,
): CallInput<'series.film'> | null {
  const base = { seriesKey: view.seriesKey, groupId, ...(second && { fused: second.named }) };
  const scene = { ...volumeScene(view, window, isBare), ...(second && { fusion: second.layer }) };
  if (draft.kind === 'film') {
    if (filmFaults(draft).size > 0) return null;
    const { kind: _, ...film } = draft;
    return { ...base, ...film, scene: JSON.stringify(sceneToJson(scene)) };
  }
  const size = pictureSize(draft);
  if (!size || draft.of !== 'volume') return null;
  return { ...base, ...size, format: 'png', scene: JSON.stringify(sceneToJson(scene)) };
}
