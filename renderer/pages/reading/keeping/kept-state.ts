import type { LinePiece } from '../../../../core/analysis/types.ts';
import type { Measurement } from '../../../../core/measure/types.ts';
import { voiWindow } from '../../../../core/pixels/voi.ts';
import { type WindowState, windowOf } from '../../../viewport/windowing.ts';
import type { Bookmark } from '../bookmarks/bookmark.ts';
import { bookmarkOf, packBookmark } from '../bookmarks/kept-bookmarks.ts';
import { cprViewOf, packPiece, packVesselLine, pieceOf, vesselLineOf } from '../cpr/kept-vessel.ts';
import { type CprView, noVessels, type VesselLine, type VesselState } from '../cpr/vessel-state.ts';
import { maskItemOf } from '../masks/kept-masks.ts';
import { type MaskItem, type MaskState, noMasks } from '../masks/mask-state.ts';
import type { MprView } from '../mpr/mpr-view.ts';
import { bonesOf, packBones } from '../ribs/kept-bones.ts';
import { type RibsLook, startRibsLook } from '../ribs/ribs-look.ts';
import type { StudyBones } from '../ribs/study-bones.ts';
import { cellCount, layouts, modes } from '../session/layouts.ts';
import { panelIds, type ReadingState, type StackCell } from '../session/reading-state.ts';
import type { Snapshot } from '../session/snapshot.ts';
import { countOf, fieldsOf, flagOf, listOf, NotKept, oneOf, orNull, textOf } from './kept-checks.ts';
import { cellOf, measurementOf, mprViewOf, ribsLookOf } from './kept-parts.ts';

/** A study's reading as the host keeps it: what is shown, the measurements, and the steps of undo and redo. */
export interface KeptState {
  readonly now: Snapshot;
  readonly past: readonly Snapshot[];
  readonly future: readonly Snapshot[];
  readonly active: number;
  /** Series whose doubtful geometry the reader has accepted for measuring. */
  readonly accepted: readonly string[];
  /** The side panel; readings kept before it was have none. */
  readonly panels?: Pick<ReadingState, 'panel' | 'panelBefore'>;
}

const version = 1;
/** The host takes 1 MiB of a call, in which quotes count twice; oldest steps go first. */
const textMost = 600_000;

/** Objects that many steps share are written once and named by their place. */
class Pool<T extends object> {
  readonly items: T[] = [];
  private readonly places = new Map<T, number>();

  placeOf(item: T): number {
    const had = this.places.get(item);
    if (had !== undefined) return had;
    this.places.set(item, this.items.length);
    return this.items.push(item) - 1;
  }
}

/** A window as numbers: a table from the file (VOI LUT) is shown as sent when the study is next opened. */
const plainWindow = (window: WindowState | null): WindowState | null =>
  window?.voi.kind === 'lut' ? null : window;

const plainCell = ({ cine: _cine, ...cell }: StackCell) => ({ ...cell, window: plainWindow(cell.window) });

function plainMpr(view: MprView): MprView {
  if (view.window.voi.kind === 'window') return view;
  const { center, width } = windowOf(view.window.voi);
  return { ...view, window: { ...view.window, voi: voiWindow(center, width) } };
}

/** @throws nothing; the host refuses what is too large even without its steps */
export function writeKept(kept: KeptState): string {
  const { now, past, future, active, accepted, panels } = kept;
  const items = new Pool<Measurement>();
  const cells = new Pool<StackCell>();
  const views = new Pool<MprView>();
  const pieces = new Pool<LinePiece>();
  const lines = new Pool<VesselLine>();
  const cprs = new Pool<CprView>();
  const masks = new Pool<MaskItem>();
  const bones = new Pool<StudyBones>();
  const ribs = new Pool<RibsLook>();
  const bookmarks = new Pool<Bookmark>();
  const step = (s: Snapshot) => ({
    layout: s.layout.id,
    mode: s.mode,
    items: s.items.map((item) => items.placeOf(item)),
    cells: s.cells.map((cell) => cells.placeOf(cell)),
    mpr: s.mpr && views.placeOf(s.mpr),
    lines: s.vessel.lines.map((line) => lines.placeOf(line)),
    line: s.vessel.activeId,
    cpr: cprs.placeOf(s.vessel.view),
    masks: s.masks.layers.map((item) => masks.placeOf(item)),
    mask: s.masks.activeId,
    showsRemoved: s.masks.showsRemoved,
    bones: s.bones && bones.placeOf(s.bones),
    ribs: ribs.placeOf(s.ribsLook),
    bookmarks: s.bookmarks.map((one) => bookmarks.placeOf(one)),
    recalls: s.recalls,
    active: s.active,
    isMaximised: s.isMaximised,
  });
  const steps = { now: step(now), past: past.map(step), future: future.map(step) };
  const packedBookmarks = bookmarks.items.map((one) =>
    packBookmark(one, {
      cell: (cell) => cells.placeOf(cell),
      view: (view) => views.placeOf(view),
      cpr: (view) => cprs.placeOf(view),
      ribs: (look) => ribs.placeOf(look),
    }),
  );
  const packedLines = lines.items.map((line) => packVesselLine(line, (piece) => pieces.placeOf(piece)));
  const packedBones = bones.items.map((of) => packBones(of, (piece) => pieces.placeOf(piece)));
  const text = JSON.stringify({
    version,
    active,
    accepted,
    ...(panels && { panels }),
    ...steps,
    pools: {
      items: items.items,
      cells: cells.items.map(plainCell),
      views: views.items.map(plainMpr),
      lines: packedLines,
      pieces: pieces.items.map(packPiece),
      cprs: cprs.items,
      masks: masks.items,
      bones: packedBones,
      ribs: ribs.items,
      bookmarks: packedBookmarks,
    },
  });
  const less = text.length > textMost ? lighter(kept) : null;
  return less ? writeKept(less) : text;
}

/** The older half of the steps goes; null where there are none. */
export function withFewerSteps(kept: KeptState): KeptState | null {
  const { past, future } = kept;
  if (past.length + future.length === 0) return null;
  return {
    ...kept,
    past: past.slice(Math.ceil(past.length / 2)),
    future: future.slice(0, future.length >> 1),
  };
}

/** First steps go, last the pictures of the bookmarks; null where nothing of it is left. */
function lighter(kept: KeptState): KeptState | null {
  const fewer = withFewerSteps(kept);
  if (fewer) return fewer;
  const { now } = kept;
  if (now.bookmarks.every(({ thumb }) => thumb === '')) return null;
  const bookmarks = now.bookmarks.map((one): Bookmark => ({ ...one, thumb: '' }));
  return { ...kept, now: { ...now, bookmarks } };
}

interface Pools {
  readonly items: readonly (Measurement | null)[];
  readonly cells: readonly (StackCell | null)[];
  readonly views: readonly (MprView | null)[];
  readonly pieces: readonly (LinePiece | null)[];
  readonly lines: readonly (VesselLine | null)[];
  readonly cprs: readonly (CprView | null)[];
  readonly masks: readonly (MaskItem | null)[];
  readonly bones: readonly (StudyBones | null)[];
  readonly ribs: readonly (RibsLook | null)[];
  readonly bookmarks: readonly (Bookmark | null)[];
}

/** A part that does not pass its check is left out; the others stay. */
function checked<T>(check: (x: unknown) => T): (x: unknown) => T | null {
  return (x) => {
    try {
      return check(x);
    } catch (error) {
      if (error instanceof NotKept) return null;
      throw error;
    }
  };
}

function stepOf(x: unknown, pools: Pools): Snapshot {
  const s = fieldsOf(x);
  const layout = layouts.find(({ id }) => id === s['layout']);
  if (!layout) throw new NotKept('layout');
  const cells = listOf(s['cells'], countOf).map((n) => pools.cells[n]);
  if (cells.length !== cellCount(layout) || cells.some((cell) => !cell)) throw new NotKept('cells');
  const view = orNull(s['mpr'], countOf);
  const mpr = view === null ? null : (pools.views[view] ?? null);
  const mode = oneOf(s['mode'], modes);
  return {
    layout,
    mode: mpr ? mode : 'stack',
    items: listOf(s['items'], countOf).flatMap((n) => pools.items[n] ?? []),
    cells: cells as StackCell[],
    mpr,
    vessel: vesselOf(s, pools),
    masks: masksOf(s, pools),
    bones: keptBones(s['bones'] ?? null, pools),
    // Readings kept before there were bookmarks have none of these.
    ribsLook: pools.ribs[countOf(s['ribs'] ?? 0)] ?? startRibsLook,
    bookmarks: listOf(s['bookmarks'] ?? [], countOf).flatMap((n) => pools.bookmarks[n] ?? []),
    recalls: countOf(s['recalls'] ?? 0),
    active: countOf(s['active'] ?? 0),
    isMaximised: flagOf(s['isMaximised'] ?? false),
  };
}

/** Lines that do not pass their check are left out; readings kept before there were lines have none. */
function vesselOf(s: Readonly<Record<string, unknown>>, pools: Pools): VesselState {
  if (s['lines'] === undefined) return noVessels;
  const lines = listOf(s['lines'], countOf).flatMap((n) => pools.lines[n] ?? []);
  const activeId = orNull(s['line'], (id) => textOf(id));
  const view = pools.cprs[countOf(s['cpr'])] ?? noVessels.view;
  return {
    lines,
    activeId: lines.some(({ line }) => line.id === activeId) ? activeId : (lines.at(-1)?.line.id ?? null),
    view,
  };
}

/** Masks that do not pass their check are left out; readings kept before there were masks have none. */
function masksOf(s: Readonly<Record<string, unknown>>, pools: Pools): MaskState {
  if (s['masks'] === undefined) return noMasks;
  const layers = listOf(s['masks'], countOf).flatMap((n) => pools.masks[n] ?? []);
  const activeId = orNull(s['mask'], (id) => textOf(id));
  return {
    layers,
    activeId: layers.some(({ id }) => id === activeId) ? activeId : null,
    showsRemoved: flagOf(s['showsRemoved']),
  };
}

/** None where they do not pass their check, or were not sought. */
const keptBones = (x: unknown, pools: Pools): StudyBones | null => {
  const n = orNull(x, countOf);
  return n === null ? null : (pools.bones[n] ?? null);
};

function panelsOf(x: unknown): Pick<KeptState, 'panels'> {
  if (x === undefined) return {};
  const of = fieldsOf(x);
  const idOf = (id: unknown) => orNull(id, (name) => oneOf(name, panelIds));
  return { panels: { panel: idOf(of['panel']), panelBefore: idOf(of['panelBefore']) } };
}

/** What `writeKept` wrote; null where it cannot be made sense of. Steps are all there or none. */
export function readKept(text: string): KeptState | null {
  try {
    const kept = fieldsOf(JSON.parse(text));
    if (kept['version'] !== version) return null;
    const parts = fieldsOf(kept['pools']);
    const pieces = listOf(parts['pieces'] ?? [], checked(pieceOf));
    const read: Omit<Pools, 'bookmarks'> = {
      items: listOf(parts['items'], checked(measurementOf)),
      cells: listOf(parts['cells'], checked(cellOf)),
      views: listOf(parts['views'], checked(mprViewOf)),
      pieces,
      lines: listOf(
        parts['lines'] ?? [],
        checked((line) => vesselLineOf(line, pieces)),
      ),
      cprs: listOf(parts['cprs'] ?? [], checked(cprViewOf)),
      masks: listOf(parts['masks'] ?? [], checked(maskItemOf)),
      bones: listOf(
        parts['bones'] ?? [],
        checked((x) => bonesOf(x, pieces)),
      ),
      ribs: listOf(parts['ribs'] ?? [], checked(ribsLookOf)),
    };
    const pools: Pools = {
      ...read,
      bookmarks: listOf(
        parts['bookmarks'] ?? [],
        checked((x) => bookmarkOf(x, read)),
      ),
    };
    const isWhole = Object.values(pools).every((pool) => !pool.includes(null));
    const steps = (x: unknown): Snapshot[] => (isWhole ? listOf(x, (step) => stepOf(step, pools)) : []);
    return {
      now: stepOf(kept['now'], pools),
      past: steps(kept['past']),
      future: steps(kept['future']),
      active: countOf(kept['active']),
      accepted: listOf(kept['accepted'], (x) => textOf(x)),
      ...panelsOf(kept['panels']),
    };
  } catch (error) {
    if (error instanceof NotKept || error instanceof SyntaxError) return null;
    throw error;
  }
}
