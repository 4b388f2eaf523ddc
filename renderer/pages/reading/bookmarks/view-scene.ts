import type { WindowState } from '../../../viewport/windowing.ts';
import type { CprView } from '../cpr/vessel-state.ts';
import type { MaskItem } from '../masks/mask-state.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import type { RibsLook } from '../ribs/ribs-look.ts';
import type { Layout, Mode } from '../session/layouts.ts';
import type { ReadingState, StackCell } from '../session/reading-state.ts';

/** How a mask is seen; its voxels and its name are data. */
export type MaskSight = Pick<MaskItem, 'id' | 'visible' | 'colour' | 'opacity' | 'role'>;

/** Planes, 3D, the pictures along a line and the ribs. */
export interface VolumeSight {
  readonly mpr: MprView;
  /** The line that was looked along. */
  readonly lineId: string | null;
  readonly cpr: CprView;
  readonly masks: readonly MaskSight[];
  readonly showsRemoved: boolean;
  readonly ribs: RibsLook;
}

/**
 * Everything that decides what is on screen, and nothing that a reader made: plain data. Measurements, lines, contours
 * and voxels are shown as they are when the scene is shown.
 */
export interface ViewScene {
  readonly layout: Layout;
  readonly mode: Mode;
  readonly cells: readonly StackCell[];
  /** The active place of the layout. */
  readonly active: number;
  readonly isMaximised: boolean;
  /** Null in a grid of stacks. */
  readonly volume: VolumeSight | null;
}

const sightOf = ({ id, visible, colour, opacity, role }: MaskItem): MaskSight => ({
  ...{ id, visible, colour, opacity, role },
});

/**
 * What is on screen now; null where nothing is. `windowOf` answers the window that a cell shows: one that follows the
 * file or the reader's habits is written out, since both may be others when the scene is shown again.
 */
export function sceneOf(
  state: ReadingState,
  windowOf: (cell: StackCell) => WindowState | undefined,
): ViewScene | null {
  const { layout, mode, active, isMaximised, mpr, vessel, masks, ribsLook } = state;
  const cells = state.cells.map(
    (cell): StackCell => ({
      ...cell,
      window: windowOf(cell) ?? null,
      cine: null,
    }),
  );
  const volume: VolumeSight | null =
    mode === 'stack' || !mpr
      ? null
      : {
          mpr,
          lineId: vessel.activeId,
          cpr: vessel.view,
          masks: masks.layers.filter(({ seriesKey }) => seriesKey === mpr.seriesKey).map(sightOf),
          showsRemoved: masks.showsRemoved,
          ribs: ribsLook,
        };
  if (cells.every(({ seriesKey }) => seriesKey === null) && !volume) return null;
  return { layout, mode: volume ? mode : 'stack', cells, active, isMaximised, volume };
}

/** True where both show the same. */
export const isSameScene = (a: ViewScene, b: ViewScene): boolean => JSON.stringify(a) === JSON.stringify(b);
