import type { Problem } from '../../../../core/base/problem.ts';
import type { SeriesRow, StudyRow } from '../../../../core/contract/studies.ts';
import { type Annotations, noAnnotations } from '../../../../core/measure/annotations.ts';
import type { ToolId } from '../../../tools/tool.ts';
import { fitted, type StackView } from '../../../viewport/view-transform.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { OpenSeries } from '../../../volumes/open-series.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { Bookmark } from '../bookmarks/bookmark.ts';
import { noVessels, type VesselState } from '../cpr/vessel-state.ts';
import { noVesselWork, type VesselWork } from '../cpr/vessel-work.ts';
import type { ExportDraft } from '../export/film-draft.ts';
import { type MaskState, noMasks } from '../masks/mask-state.ts';
import { type MaskWork, noMaskWork } from '../masks/mask-work.ts';
import type { BatchDraft } from '../mpr/batch-draft.ts';
import type { PlaneRooms } from '../mpr/mpr-picture.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { type RibsLook, startRibsLook } from '../ribs/ribs-look.ts';
import type { StudyBones } from '../ribs/study-bones.ts';
import { cellCount, type Layout, layouts, type Mode } from './layouts.ts';

/** One viewport of the stack grid. */
export interface StackCell {
  readonly seriesKey: string | null;
  readonly group: number;
  /** Image on screen, from 0, in spatial order. */
  readonly k: number;
  readonly view: StackView;
  /** Null = as the stack is first shown. */
  readonly window: WindowState | null;
  /** Frames per second while playing; null = still. */
  readonly cine: number | null;
}

export type SeriesStatus =
  | { readonly kind: 'opening' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'open'; readonly series: OpenSeries };

export const panelIds = ['measure', 'tags', 'volume', 'vessel', 'segment'] as const;
export type PanelId = (typeof panelIds)[number];

/** The value under the pointer, for the text and the panel. */
export interface Probe {
  readonly cell: number;
  readonly text: string;
  readonly value: string;
  /** LPS mm as they are told, where geometry is known. */
  readonly place: readonly string[] | null;
  readonly voxel: readonly number[];
}

export interface PhasesLoaded {
  readonly seriesKey: string;
  readonly ready: readonly number[];
  readonly fitting: number;
}

export interface ReadingState {
  readonly studyKey: string;
  readonly study: StudyRow | null;
  readonly series: readonly SeriesRow[];
  readonly priors: readonly StudyRow[];
  readonly problem: Problem | null;
  readonly opened: Readonly<Record<string, SeriesStatus>>;
  readonly mode: Mode;
  readonly layout: Layout;
  readonly cells: readonly StackCell[];
  readonly active: number;
  readonly isMaximised: boolean;
  readonly tool: ToolId;
  readonly annotations: Annotations;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly mpr: MprView | null;
  /** Viewports of the planes that are on screen. */
  readonly planeRooms: PlaneRooms;
  /** Centrelines and how they are looked at. */
  readonly vessel: VesselState;
  /** What goes on with them just now. */
  readonly vesselWork: VesselWork;
  /** Masks as layers. */
  readonly masks: MaskState;
  /** What goes on with them just now. */
  readonly maskWork: MaskWork;
  /** Spine and ribs with their names; null until they are sought. */
  readonly bones: StudyBones | null;
  readonly ribsLook: RibsLook;
  /** Views to come back to, in the reader's order. */
  readonly bookmarks: readonly Bookmark[];
  /** Counts where a bookmark was recalled: a step back then restores places too. */
  readonly recalls: number;
  /** The bookmark that was kept or recalled last. */
  readonly bookmarkId: string | null;
  /** The list of bookmarks while it is open, and the one whose words are being changed. */
  readonly bookmarkList: { readonly editingId: string | null } | null;
  /** Phases a second while a 4D set plays in the planes; null = still. */
  readonly phaseRate: number | null;
  /** Pictures a second that the active viewport's cine, or phases that play, really show where they are fewer than asked for. */
  readonly cineShown: number | null;
  /** Volumes of the 4D set on screen: groups that are loaded, and how many fit into memory. */
  readonly phases: PhasesLoaded | null;
  /** Crosshair in planes, reference lines in stacks. */
  readonly hasCrosshair: boolean;
  /** Viewports of one frame of reference scroll, zoom and window together. */
  readonly isLinked: boolean;
  /** Viewports without an image at the place that the linked one shows. */
  readonly beyond: readonly number[];
  readonly panel: PanelId | null;
  /** What was open before the CPR layout brought its own panel; null = nothing to go back to. */
  readonly panelBefore: PanelId | null;
  readonly probe: Probe | null;
  /** Series whose doubtful geometry the reader has accepted for measuring. */
  readonly accepted: readonly string[];
  /** A question that waits: measure in this series although its verdict is doubtful? */
  readonly asking: { readonly seriesKey: string; readonly verdict: string; proceed(): void } | null;
  /** A question that waits: read a volume that does not fit into memory with averaged pixels? */
  readonly offering: ReductionOffer | null;
  /** Planes that are about to be saved as a series. */
  readonly batch: BatchDraft | null;
  /** A film or picture that is about to be drawn. */
  readonly film: ExportDraft | null;
  /** Counts up (at most 10 times a second) while frames arrive. */
  readonly arrivals: number;
}

/** Planes or 3D of a stack whose volume fits into memory with `factor` × `factor` pixels averaged. */
export interface ReductionOffer {
  readonly seriesKey: string;
  readonly factor: number;
  readonly stack: OpenStack;
  readonly mode: Mode;
}

export const emptyCell: StackCell = {
  seriesKey: null,
  group: 0,
  k: 0,
  view: fitted,
  window: null,
  cine: null,
};

export const startState = (studyKey: string): ReadingState => ({
  studyKey,
  study: null,
  series: [],
  priors: [],
  problem: null,
  opened: {},
  mode: 'stack',
  layout: layouts[0]!,
  cells: [emptyCell],
  active: 0,
  isMaximised: false,
  tool: 'window',
  annotations: noAnnotations,
  canUndo: false,
  canRedo: false,
  mpr: null,
  planeRooms: {},
  vessel: noVessels,
  vesselWork: noVesselWork,
  masks: noMasks,
  maskWork: noMaskWork,
  bones: null,
  ribsLook: startRibsLook,
  bookmarks: [],
  recalls: 0,
  bookmarkId: null,
  bookmarkList: null,
  phaseRate: null,
  cineShown: null,
  phases: null,
  hasCrosshair: true,
  isLinked: false,
  beyond: [],
  panel: 'measure',
  panelBefore: null,
  probe: null,
  accepted: [],
  asking: null,
  batch: null,
  film: null,
  offering: null,
  arrivals: 0,
});

/** Something is under way that closing would break off: a line, an outline, a search, a film to be drawn. */
export const hasBegun = ({ vesselWork, maskWork, batch, film, asking }: ReadingState): boolean =>
  [
    vesselWork.isDrawing || vesselWork.pending !== null || vesselWork.busy !== null,
    maskWork.busy !== null || maskWork.threshold !== null || maskWork.outline !== null,
    batch !== null || film !== null || asking !== null,
  ].some(Boolean);

/** The same cells in another grid: those that fit stay, new ones are empty, the active one stays in sight. */
export function withLayout(state: ReadingState, layout: Layout): Partial<ReadingState> {
  const count = cellCount(layout);
  const active = state.mode === 'stack' ? state.active : 0;
  const cells = Array.from({ length: count }, (_, n) => state.cells[n] ?? emptyCell);
  const shown = state.cells[active];
  if (active >= count && shown) cells[count - 1] = shown;
  return {
    layout,
    cells,
    mode: 'stack',
    isMaximised: false,
    beyond: [],
    active: Math.min(active, count - 1),
  };
}

export const changeCell = (
  state: ReadingState,
  index: number,
  part: Partial<StackCell>,
): readonly StackCell[] => state.cells.map((cell, n) => (n === index ? { ...cell, ...part } : cell));

/** The cell of the series that the planes show; the first where none shows it. */
export function planesCellIndex({ mpr, cells }: Pick<ReadingState, 'mpr' | 'cells'>): number {
  const ofSeries = cells.findIndex((cell) => cell.seriesKey === mpr?.seriesKey);
  const found = cells.findIndex((cell) => cell.seriesKey === mpr?.seriesKey && cell.group === mpr?.group);
  return Math.max(0, found < 0 ? ofSeries : found);
}

/** What that cell holds; of a series that is in no cell, as one that PET changed places with, what it would hold. */
export function planesCell(state: Pick<ReadingState, 'mpr' | 'cells'>): StackCell | undefined {
  const { mpr } = state;
  const cell = state.cells[planesCellIndex(state)];
  if (!mpr || cell?.seriesKey === mpr.seriesKey) return cell;
  return { ...emptyCell, seriesKey: mpr.seriesKey, group: mpr.group };
}
