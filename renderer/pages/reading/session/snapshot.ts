import { keptSelection } from '../../../../core/measure/annotations.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import type { Bookmark } from '../bookmarks/bookmark.ts';
import { changeOfVessel, type VesselState, withVesselStep } from '../cpr/vessel-state.ts';
import { changeOfMasks, type MaskState, withMaskStep } from '../masks/mask-state.ts';
import { isSameGrid, type MprView } from '../mpr/mpr-view.ts';
import type { RibsLook } from '../ribs/ribs-look.ts';
import type { StudyBones } from '../ribs/study-bones.ts';
import { isFitted } from '../volume/fitted-camera.ts';
import type { VolumeLook } from '../volume/volume-look.ts';
import { cellsOf, type Layout, type Mode } from './layouts.ts';
import { emptyCell, type ReadingState, type StackCell } from './reading-state.ts';

/** What of a study's reading can be undone and is kept over a restart. Parts that did not change are the same objects. */
export interface Snapshot {
  readonly items: readonly Measurement[];
  readonly layout: Layout;
  readonly mode: Mode;
  readonly cells: readonly StackCell[];
  readonly mpr: MprView | null;
  readonly vessel: VesselState;
  readonly masks: MaskState;
  readonly bones: StudyBones | null;
  readonly ribsLook: RibsLook;
  readonly bookmarks: readonly Bookmark[];
  readonly recalls: number;
  /** These two come back only where a recalled bookmark is taken back. */
  readonly active: number;
  readonly isMaximised: boolean;
}

export const snapshotOf = ({
  annotations,
  layout,
  mode,
  cells,
  mpr,
  vessel,
  masks,
  bones,
  ribsLook,
  bookmarks,
  recalls,
  active,
  isMaximised,
}: ReadingState): Snapshot => ({
  items: annotations.items,
  layout,
  mode,
  cells,
  mpr,
  vessel,
  masks,
  bones,
  ribsLook,
  bookmarks,
  recalls,
  active,
  isMaximised,
});

/** A change by hand. Running changes (zoom, pan, slab …) of one kind that follow each other closely are one step. */
export interface Change {
  readonly what: string;
  readonly isRunning: boolean;
}

const once = (what: string): Change => ({ what, isRunning: false });
const running = (what: string): Change => ({ what, isRunning: true });

const isSameStack = (
  a: Pick<StackCell, 'seriesKey' | 'group'>,
  b: Pick<StackCell, 'seriesKey' | 'group'>,
): boolean => a.seriesKey === b.seriesKey && a.group === b.group;

/** A mark that was begun and refused leaves the others as they were. */
const isSameItems = (a: Snapshot['items'], b: Snapshot['items']): boolean =>
  a === b || (a.length === b.length && a.every((item, n) => item === b[n]));

/** What a reader changed between two states; null when nothing that counts (scrolling does not). */
export function changeBetween(a: Snapshot, b: Snapshot): Change | null {
  if (a.recalls !== b.recalls) return once('recall');
  if (a.bookmarks !== b.bookmarks) return once('bookmarks');
  const isOtherGrid = a.layout.id !== b.layout.id || a.mode !== b.mode || a.cells.length !== b.cells.length;
  if (isOtherGrid || a.cells.some((cell, n) => !isSameStack(cell, b.cells[n]!))) return once('layout');
  if (!isSameItems(a.items, b.items)) return once('items');
  const ofVessel = changeOfVessel(a.vessel, b.vessel);
  if (ofVessel) return ofVessel;
  const ofMasks = changeOfMasks(a.masks, b.masks);
  if (ofMasks) return ofMasks;
  if (a.bones !== b.bones) return once('bones');
  if (a.ribsLook !== b.ribsLook) return running('ribs look');
  return changeOfCells(a.cells, b.cells) ?? (b.mode === 'stack' ? null : changeOfMpr(a.mpr, b.mpr));
}

function changeOfCells(a: readonly StackCell[], b: readonly StackCell[]): Change | null {
  for (const [n, cell] of a.entries()) {
    const other = b[n]!;
    if (cell.window !== other.window) return once(`window ${n}`);
    if (cell.view === other.view) continue;
    const isTurned = cell.view.turn.some((x, axis) => x !== other.view.turn[axis]);
    return isTurned ? once(`turn ${n}`) : running(`view ${n}`);
  }
  return null;
}

function changeOfMpr(a: MprView | null, b: MprView | null): Change | null {
  if (a === b) return null;
  // Playing phases of one set is no change: the planes stand still.
  if (!a || !b || a.seriesKey !== b.seriesKey || !isSameGrid(a.geometry, b.geometry)) return once('layout');
  if (a.window !== b.window) return once('window');
  if (a.presetId !== b.presetId) return once('preset');
  if (a.shift !== b.shift) return running('shift');
  if (a.look !== b.look) return changeOfLook(a.look, b.look);
  if (a.camera !== b.camera) {
    const isReset = isFitted(b.camera);
    // A camera that follows its viewport was moved by no hand.
    if (!isReset || !isFitted(a.camera)) return isReset ? once('camera') : running('camera');
  }
  if (a.planes !== b.planes) return running('planes');
  if (a.interpolation !== b.interpolation) return once('interpolation');
  if (a.fusion?.seriesKey !== b.fusion?.seriesKey) return once('fused series');
  if (a.fusion !== b.fusion) return running('fusion');
  if (a.isFree !== b.isFree || a.isSlabApart !== b.isSlabApart) return once('planes');
  if (a.state.planes !== b.state.planes) return running('slab');
  return a.placed === b.placed ? null : running('crosshair');
}

function changeOfLook(a: VolumeLook, b: VolumeLook): Change {
  if (a.background !== b.background || (a.clip === null) !== (b.clip === null)) return once('look');
  if (a.depthCue !== b.depthCue || (a.cut === null) !== (b.cut === null)) return once('look');
  if (a.cut !== b.cut) return running('cut');
  if (a.windowWidth !== b.windowWidth) return running('window');
  return running(a.clip === b.clip ? 'transfer' : 'clip');
}

/** Of planes that stay: the phase on screen, and the crosshair unless a hand has put it elsewhere. */
function withPhase(mpr: MprView, now: MprView | null): MprView {
  if (!now || now.seriesKey !== mpr.seriesKey || !isSameGrid(now.geometry, mpr.geometry)) return mpr;
  const centre = now.placed === mpr.placed ? now.state.centre : mpr.state.centre;
  return { ...mpr, group: now.group, geometry: now.geometry, state: { ...mpr.state, centre } };
}

/**
 * The state with a snapshot's parts. The image on screen and the crosshair stay, where the same stack is shown: unless
 * a bookmark was recalled in between, which had moved them.
 */
export function withSnapshot(
  state: ReadingState,
  { cells, mpr, vessel, masks, ...rest }: Snapshot,
): Partial<ReadingState> {
  const { layout, mode, items, bones, ribsLook, bookmarks, recalls } = rest;
  const isWhole = recalls !== state.recalls;
  const known = new Set(state.series.map((row) => row.seriesKey));
  const shown = cells.map((cell, n): StackCell => {
    const now = state.cells[n];
    if (cell.seriesKey === null || !known.has(cell.seriesKey)) return emptyCell;
    return !isWhole && now && isSameStack(now, cell)
      ? { ...cell, k: now.k, cine: now.cine }
      : { ...cell, cine: null };
  });
  const isOtherGrid = layout.id !== state.layout.id || mode !== state.mode;
  const count = mode === 'stack' ? shown.length : cellsOf(mode).length;
  return {
    layout,
    mode,
    cells: shown,
    mpr: mpr && (isWhole ? mpr : withPhase(mpr, state.mpr)),
    vessel: isWhole ? vessel : withVesselStep(vessel, state.vessel),
    masks: isWhole ? masks : withMaskStep(masks, state.masks),
    ...{ bones, ribsLook, bookmarks, recalls },
    annotations: { items, selectedId: keptSelection(items, state.annotations.selectedId) },
    active: Math.min((isWhole ? rest : state).active, count - 1),
    isMaximised: isWhole ? rest.isMaximised : state.isMaximised && !isOtherGrid,
  };
}
