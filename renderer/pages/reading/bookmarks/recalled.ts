import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import type { VesselState } from '../cpr/vessel-state.ts';
import type { MaskItem, MaskState } from '../masks/mask-state.ts';
import { isSameGrid, type MprView } from '../mpr/mpr-view.ts';
import { emptyCell, type PanelId, type ReadingState, type StackCell } from '../session/reading-state.ts';
import type { MaskSight, ViewScene, VolumeSight } from './view-scene.ts';

/** What of a view is no longer there. */
export type Loss =
  | { readonly kind: 'series'; readonly n: number }
  | { readonly kind: 'volume' }
  | { readonly kind: 'line' }
  | { readonly kind: 'masks'; readonly n: number };

export interface Recalled {
  /** Null where nothing of the view is left: the screen stays as it is. */
  readonly part: Partial<ReadingState> | null;
  readonly lost: readonly Loss[];
}

/** The series that a view shows. */
export const seriesOfScene = ({ cells, volume }: ViewScene): readonly string[] => [
  ...new Set(
    [...cells.map(({ seriesKey }) => seriesKey), volume?.mpr.seriesKey, volume?.mpr.fusion?.seriesKey].filter(
      (key) => typeof key === 'string',
    ),
  ),
];

/** Along a vessel its panel is of use, over the ribs it only hides them. */
export function panelFor(mode: ViewScene['mode'], panel: PanelId | null): PanelId | null {
  if (mode === 'cpr' && panel !== null) return 'vessel';
  return mode === 'ribs' && panel === 'vessel' ? null : panel;
}

function seenMask(item: MaskItem, sight: MaskSight | undefined): MaskItem {
  // What came later was not in the view.
  const look = sight ?? { visible: false };
  const isSame = Object.entries(look).every(([key, value]) => item[key as keyof MaskItem] === value);
  return isSame ? item : { ...item, ...look };
}

function seenMasks(now: MaskState, { masks, showsRemoved, mpr }: VolumeSight): MaskState {
  const sights = new Map(masks.map((sight) => [sight.id, sight]));
  const layers = now.layers.map((item) =>
    item.seriesKey === mpr.seriesKey ? seenMask(item, sights.get(item.id)) : item,
  );
  const isSame = layers.every((item, n) => item === now.layers[n]) && showsRemoved === now.showsRemoved;
  return isSame ? now : { ...now, layers, showsRemoved };
}

/** Lines and contours of now, seen as then. */
function seenVessel(now: VesselState, { lineId, cpr }: VolumeSight): VesselState {
  const isThere = lineId === null || now.lines.some(({ line }) => line.id === lineId);
  return { ...now, activeId: isThere ? lineId : now.activeId, view: cpr };
}

function volumePart(
  state: ReadingState,
  sight: VolumeSight,
  geometry: VolumeGeometry,
  known: ReadonlySet<string>,
): Pick<ReadingState, 'mpr' | 'vessel' | 'masks' | 'ribsLook'> {
  const { fusion } = sight.mpr;
  const mpr: MprView = {
    ...sight.mpr,
    geometry,
    fusion: fusion && known.has(fusion.seriesKey) ? fusion : null,
  };
  const [vessel, masks] = [seenVessel(state.vessel, sight), seenMasks(state.masks, sight)];
  return { mpr, vessel, masks, ribsLook: sight.ribs };
}

/** What the view shows of lines and masks and is no longer there. */
function lossesOf(state: ReadingState, mode: ViewScene['mode'], sight: VolumeSight): readonly Loss[] {
  const isLineGone =
    sight.lineId !== null &&
    mode === 'cpr' &&
    state.vessel.lines.every(({ line }) => line.id !== sight.lineId);
  const masks = sight.masks.filter(
    ({ id, visible }) => visible && state.masks.layers.every((item) => item.id !== id),
  );
  return [
    ...(isLineGone ? [{ kind: 'line' } as const] : []),
    ...(masks.length > 0 ? [{ kind: 'masks', n: masks.length } as const] : []),
  ];
}

/**
 * A view on the study as it is now: only how things are seen changes, never what was measured or drawn. `volumeOf`
 * answers the grid of a series' volume as it is now, null where there is none.
 */
export function recalled(
  state: ReadingState,
  scene: ViewScene,
  volumeOf: (mpr: MprView) => VolumeGeometry | null,
): Recalled {
  const known = new Set(state.series.map(({ seriesKey }) => seriesKey));
  const gone = seriesOfScene(scene).filter((key) => !known.has(key));
  const cells = scene.cells.map(
    (cell): StackCell => (cell.seriesKey !== null && known.has(cell.seriesKey) ? cell : emptyCell),
  );
  const { volume } = scene;
  const isKnown = volume !== null && known.has(volume.mpr.seriesKey);
  const now = isKnown ? volumeOf(volume.mpr) : null;
  const geometry = volume && now && isSameGrid(now, volume.mpr.geometry) ? now : null;
  const sight = geometry ? volume : null;
  const lost: readonly Loss[] = [
    ...(gone.length > 0 ? [{ kind: 'series', n: gone.length } as const] : []),
    ...(isKnown && !geometry ? [{ kind: 'volume' } as const] : []),
    ...(sight ? lossesOf(state, scene.mode, sight) : []),
  ];
  const first = cells.findIndex(({ seriesKey }) => seriesKey !== null);
  if (!sight && first < 0) return { part: null, lost };
  const isWhole = scene.mode === 'stack' || sight !== null;
  const mode = isWhole ? scene.mode : 'stack';
  return {
    part: {
      layout: scene.layout,
      mode,
      cells,
      active: isWhole ? scene.active : first,
      isMaximised: isWhole && scene.isMaximised,
      ...(sight && geometry && volumePart(state, sight, geometry, known)),
      ...{ beyond: [], phaseRate: null, probe: null },
      panel: panelFor(mode, state.panel),
      recalls: state.recalls + 1,
    },
    lost,
  };
}
