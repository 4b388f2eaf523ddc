import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import type { SeriesRow } from '../../../../core/contract/studies.ts';
import type { VolumeGeometry } from '../../../../core/geometry/types.ts';
import { type AnnotationAction, annotate } from '../../../../core/measure/annotations.ts';
import { isInverted } from '../../../../core/pixels/voi.ts';
import { distinctPriors } from '../../../panels/series/priors.ts';
import { fitted } from '../../../viewport/view-transform.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import { sliceOfImage } from '../../../volumes/image-number.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { panelFor } from '../bookmarks/recalled.ts';
import { stacksAsKept } from '../keeping/as-kept.ts';
import type { KeptState } from '../keeping/kept-state.ts';
import { SessionMemory } from '../keeping/session-memory.ts';
import type { StudyMasks } from '../masks/study-masks.ts';
import { acquiredPlane } from '../mpr/mpr-picture.ts';
import { imageAt, onImage } from '../mpr/mpr-slices.ts';
import { isSameGrid, startMprView, viewStart } from '../mpr/mpr-view.ts';
import { hangingOrder, isPicture, listedSeries } from './hanging.ts';
import { layoutWindow } from './layout-window.ts';
import { cellsOf, cprCells, layoutFor, type Mode, ribsCells } from './layouts.ts';
import { type LinkInput, linkCells } from './link.ts';
import { thinRefusal } from './mode-refusal.ts';
import { withCompany } from './panel-memory.ts';
import {
  changeCell,
  planesCell,
  planesCellIndex,
  type ReadingState,
  type StackCell,
  startState,
  withLayout,
} from './reading-state.ts';
import { planesLeft, type SeriesServices, SessionSeries } from './session-series.ts';
import { startWindow } from './start-window.ts';

export interface SessionServices extends SeriesServices {
  /** `settings.reading` as it was when the study was opened: last layout, and presets by modality and body part. */
  readonly remembered: Readonly<Record<string, string>>;
  /** The same as it is now: planes and 3D of a study that was drawn ahead begin as those of the last one were left. */
  rememberedNow(): Readonly<Record<string, string>>;
  /** `isRefusal`: nothing went wrong, but its pictures cannot be shown so. */
  onProblem(problem: Problem, isRefusal?: boolean): void;
}

/** Reading of one study: its state, its open series, and what the page's parts may do to it. */
export class ReadingSession {
  readonly store: StoreApi<ReadingState>;
  private readonly services: SessionServices;
  private readonly series: SessionSeries;
  private readonly memory: SessionMemory;
  private isClosed = false;
  private started: Promise<void> = Promise.resolve();

  constructor(studyKey: string, services: SessionServices) {
    this.services = services;
    this.store = createStore<ReadingState>()(() => startState(studyKey));
    this.series = new SessionSeries(this.store, services);
    this.memory = new SessionMemory(this.store, services);
  }

  get state(): ReadingState {
    return this.store.getState();
  }

  set(part: Partial<ReadingState>): void {
    if (!this.isClosed) this.store.setState(withCompany(this.state, part));
  }

  /** Asks for the study, and shows it as it was left; its first series when it was never read. */
  async start(openWith: 'stack' | '3d' = 'stack'): Promise<void> {
    await this.prepare(openWith);
    if (!this.isClosed && !this.state.problem) this.take();
  }

  /** As `start`, before anybody reads it: what changes is nobody's doing until it is taken. */
  prepare(openWith: 'stack' | '3d' = 'stack'): Promise<void> {
    this.started = this.begin(openWith);
    return this.started;
  }

  take(): void {
    this.memory.isStarted = true;
  }

  private async begin(openWith: 'stack' | '3d'): Promise<void> {
    const { client } = this.services;
    const { studyKey } = this.state;
    const [answer, kept] = await Promise.all([client.call('studies.show', { studyKey }), this.memory.load()]);
    if (this.isClosed) return;
    if (!answer.ok) {
      this.set({ problem: answer.problem });
      return;
    }
    const { study, series, priors } = answer.value;
    this.set({ study, series: listedSeries(series), priors: distinctPriors(study, priors), problem: null });
    if (kept) this.set(stacksAsKept(this.state, kept));
    const isKept = this.state.cells.some((cell) => cell.seriesKey !== null);
    if (!isKept) this.hang(series);
    const { cells } = this.state;
    const shown = cells.flatMap(({ seriesKey }) => seriesKey ?? []);
    await this.series.openFor(shown, kept && planesLeft(kept, this.state.series), () => {
      for (const [n, cell] of cells.entries()) this.settleCell(n, isKept ? cell.k : undefined);
      if (kept) this.takeUp(kept);
    });
    if (this.isClosed) return;
    if (openWith === '3d') this.setMode('3d');
  }

  /** The study's rows again, after something was stored; what is open stays. */
  async refresh(): Promise<void> {
    await this.started;
    const answer = await this.services.client.call('studies.show', { studyKey: this.state.studyKey });
    if (answer.ok) this.set({ study: answer.value.study, series: listedSeries(answer.value.series) });
  }

  /** The series of a study that nobody has arranged, in the layout that was last used. */
  private hang(series: readonly SeriesRow[]): void {
    const pictures = series.filter(isPicture);
    const order = pictures.length > 0 ? hangingOrder(pictures) : series;
    const layout = layoutFor(this.services.remembered['layout'], order.length);
    if (layout) this.set(withLayout(this.state, layout));
    const cells = this.state.cells.map((cell, n): StackCell => {
      const row = order[n];
      return row ? { ...cell, seriesKey: row.seriesKey } : cell;
    });
    this.set({ cells });
  }

  /** Planes and 3D as they were left, where the volume is still the same; undo and redo. Their series is open. */
  private takeUp(kept: KeptState): void {
    const { now, active, ...steps } = kept;
    const { mpr, mode } = now;
    if (mpr && planesLeft(kept, this.state.series)) {
      const stack = this.series.volumeStack(mpr.seriesKey, mpr.group);
      const isSame = JSON.stringify(stack?.group.regular) === JSON.stringify(mpr.geometry);
      if (stack && isSame && !stack.modeRefusal(mode))
        this.set({ mpr, mode, panel: panelFor(mode, this.state.panel) });
    }
    const { mode: shown, cells } = this.state;
    const count = shown === 'stack' ? cells.length : cellsOf(shown).length;
    this.set({ active: Math.min(active, count - 1) });
    this.memory.restore(steps);
  }

  /** 3D of what is shown, as soon as it is there. */
  async showVolume(): Promise<void> {
    await this.started;
    if (this.state.mode !== '3d') this.setMode('3d');
  }

  /** A button went down or up: what changes in between is one step of undo; the presses of a double click are one. */
  hold(isHeld: boolean, again?: boolean): void {
    this.memory.hold(isHeld, again);
  }

  undo(): void {
    if (this.memory.undo()) this.reopen();
  }

  redo(): void {
    if (this.memory.redo()) this.reopen();
  }

  /** Another view of the study, as one step of undo; what it shows is open already. */
  recall(part: Partial<ReadingState>): void {
    this.set(part);
    this.reopen();
  }

  /** The grid of the volume that planes of a series show; null where there is none. */
  volumeGrid(seriesKey: string, group: number): VolumeGeometry | null {
    const stack = this.series.volumeStack(seriesKey, group);
    return stack && !stack.modeRefusal('mpr') ? (stack.group.regular ?? null) : null;
  }

  /** Opens what the cells show after a step back or forward. */
  private reopen(): void {
    for (const [n, { seriesKey }] of this.state.cells.entries()) {
      if (seriesKey) void this.open(seriesKey).then(() => this.settleCell(n, this.state.cells[n]?.k));
    }
  }

  /** Voxels of the masks. */
  get masks(): StudyMasks {
    return this.memory.masks;
  }

  /** Saves at once what is not saved yet; `isLast`: the page goes, whatever is under way. */
  flush(isLast = false): Promise<void> {
    return this.memory.flush(isLast);
  }

  /** The stack of a cell when it is open. */
  stackOf = (cell: StackCell | undefined): OpenStack | undefined => this.series.stackOf(cell);

  /** What planes and 3D would show of a cell's series. */
  volumeStackOf = (cell: StackCell | undefined): OpenStack | undefined =>
    this.series.volumeStack(cell?.seriesKey, cell?.group ?? 0);

  activeCell(): StackCell | undefined {
    return this.state.cells[this.state.mode === 'stack' ? this.state.active : planesCellIndex(this.state)];
  }

  /** The stack that MPR and 3D show. */
  mprStack(): OpenStack | undefined {
    const { mpr } = this.state;
    return this.series.volumeStack(mpr?.seriesKey, mpr?.group ?? 0);
  }

  /** The stack that is looked at: the active viewport's, or that of the planes. */
  shownStack(): OpenStack | undefined {
    return this.state.mode === 'stack' ? this.stackOf(this.activeCell()) : this.mprStack();
  }

  /** A phase of the series that the planes show; it opens when asked for. */
  phaseStack = (group: number): OpenStack | undefined =>
    this.series.volumeStack(this.state.mpr?.seriesKey, group);

  /** Another phase in the same planes; false where it is none of this place. */
  showPhase(group: number, seriesKey = this.state.mpr?.seriesKey): boolean {
    const { mpr, mode } = this.state;
    if (mode === 'stack' || !mpr || seriesKey !== mpr.seriesKey) return false;
    const stack = this.phaseStack(group);
    const geometry = stack?.group.regular;
    if (!stack || !geometry || stack.modeRefusal(mode) || !isSameGrid(geometry, mpr.geometry)) return false;
    if (group !== mpr.group) this.set({ mpr: { ...mpr, group, geometry } });
    return true;
  }

  open = (seriesKey: string): Promise<void> => this.series.open(seriesKey);

  /** Shows a series in a cell of the grid. */
  async show(index: number, seriesKey: string, group = 0): Promise<void> {
    if (this.state.mode !== 'stack') this.set({ mode: 'stack', mpr: null });
    const part = { seriesKey, group, k: 0, view: fitted, window: null, cine: null };
    this.set({ cells: changeCell(this.state, index, part), active: index });
    await this.open(seriesKey);
    this.settleCell(index);
  }

  /** Starts a cell at image `k`, else in the middle of its stack, where the anatomy is; loading begins there. */
  private settleCell(index: number, k?: number): void {
    const stack = this.stackOf(this.state.cells[index]);
    if (!stack) return;
    this.series.watch(stack);
    const isCine = (stack.info(0)?.instance.format?.frames ?? 1) > 1 && stack.group.acquired === null;
    this.goTo(index, k ?? sliceOfImage(stack, isCine ? 1 : Math.ceil(stack.count / 2)));
  }

  goTo(index: number, k: number): void {
    const stack = this.stackOf(this.state.cells[index]);
    if (!stack) return;
    const kept = Math.min(stack.count - 1, Math.max(0, k));
    stack.loader.focus(kept);
    if (this.state.cells[index]?.k !== kept) this.changeCell(index, { k: kept });
  }

  /** Changes a cell; the cells linked to it follow. */
  changeCell(index: number, part: Partial<StackCell>): void {
    const cells = changeCell(this.state, index, part);
    if (!this.state.isLinked || !this.memory.isStarted) this.set({ cells });
    else this.link(cells, index, { k: 'k' in part, view: 'view' in part, window: 'window' in part });
  }

  private link(cells: readonly StackCell[], index: number, changed: LinkInput['changed']): void {
    const linked = linkCells({ cells, index, changed, stackOf: (cell) => this.stackOf(cell) });
    this.set(changed.k ? linked : { cells: linked.cells });
  }

  /** Linked scrolling on or off; when it comes on the others move to where the active one is. */
  toggleLink(): void {
    const { isLinked, cells, active } = this.state;
    this.set({ isLinked: !isLinked, beyond: [] });
    if (!isLinked) this.link(cells, active, { k: true, view: false, window: false });
  }

  /** The window a cell shows now. */
  windowOf(cell: StackCell): WindowState | undefined {
    if (cell.window) return cell.window;
    const stack = this.stackOf(cell);
    const info = stack?.info(cell.k);
    return stack && info ? startWindow(stack, info, this.services.remembered) : undefined;
  }

  /** True where the file says that low values are bright. */
  isFileInverted(stack: OpenStack, k: number): boolean {
    const info = stack.info(k);
    return info?.instance.format
      ? isInverted(info.instance.format.photometricInterpretation, info.attributes)
      : false;
  }

  setMode(mode: Mode): void {
    if (mode === 'stack') {
      const index = planesCellIndex(this.state);
      this.showCrosshair(index);
      this.set({ mode, active: index, isMaximised: false });
      return;
    }
    const isFromStack = this.state.mode === 'stack';
    const cell = isFromStack ? this.state.cells[this.state.active] : planesCell(this.state);
    const stack = this.volumeStackOf(cell);
    const geometry = stack?.group.regular;
    if (!cell?.seriesKey || !stack) return;
    const refusal = stack.modeRefusal(mode) ?? thinRefusal(mode, geometry);
    if (refusal || !geometry) {
      const factor = stack.neededReduction();
      if (factor !== null) this.set({ offering: { seriesKey: cell.seriesKey, factor, stack, mode } });
      // A key that does nothing must say why, as the button does.
      else this.services.onProblem(refusal ?? problem('VOLUME_NONE'), true);
      return;
    }
    const { mpr } = this.state;
    // The planes stand still where another phase of the same place is shown.
    const isSame = mpr && mpr.seriesKey === cell.seriesKey && isSameGrid(mpr.geometry, geometry);
    const info = stack.info(cell.k);
    const shown = isSame ? mpr.window : this.windowOf(cell)!;
    const window = info ? layoutWindow(mode, this.state.vessel, shown, stack, info) : shown;
    const modality = stack.plan.common.Modality ?? '';
    const start = viewStart(mpr, this.services.rememberedNow());
    const view = isSame
      ? { ...mpr, group: cell.group, geometry, window }
      : startMprView(cell.seriesKey, cell.group, geometry, window, modality, start);
    const shownStack = isFromStack && this.stackOf(cell);
    this.set({
      mode,
      // What was looked at stays on screen.
      mpr: shownStack ? { ...view, state: onImage(view, shownStack, cell.k) } : view,
      active:
        mode === 'ribs'
          ? ribsCells.indexOf('ribs')
          : cprCells.indexOf(
              mode === '3d' ? 'volume' : mode === 'cpr' ? 'straight' : acquiredPlane(geometry),
            ),
      isMaximised: false,
      ...(mode === 'ribs' && { panel: panelFor(mode, this.state.panel) }),
    });
    stack.loader.focus(cell.k);
  }

  /** The stack goes to the image that the crosshair lies in: what was looked at stays on screen. */
  private showCrosshair(index: number): void {
    const cell = this.state.cells[index];
    const stack = this.stackOf(cell);
    const { mpr } = this.state;
    if (!stack || !mpr || mpr.seriesKey !== cell?.seriesKey) return;
    const k = imageAt(stack, mpr.state.centre);
    if (k !== null) this.goTo(index, k);
  }

  /** The reader agrees to the reduced reading that is offered, or not. */
  answerOffer(isTaken: boolean): void {
    const { offering } = this.state;
    this.set({ offering: null });
    if (!offering || !isTaken) return;
    this.series.reduce(offering.seriesKey, offering.factor);
    this.setMode(offering.mode);
  }

  /** The next or previous stack in the active viewport: the groups of its series, then its neighbours. */
  stepSeries(by: 1 | -1): void {
    const { active, cells, series, mode } = this.state;
    const cell = cells[active];
    if (mode !== 'stack' || !cell) return;
    const group = cell.group + by;
    if (cell.seriesKey && group >= 0 && group < this.series.groupCount(cell.seriesKey)) {
      void this.show(active, cell.seriesKey, group);
      return;
    }
    const next = series[series.findIndex((row) => row.seriesKey === cell.seriesKey) + by];
    if (next) void this.show(active, next.seriesKey);
  }

  /** Gives empty viewports the series that are not shown yet. */
  fillCells(): void {
    const { series } = this.state;
    const shown = hangingOrder(series.filter(isPicture));
    for (const [index, cell] of this.state.cells.entries()) {
      if (cell.seriesKey) continue;
      const used = new Set(this.state.cells.map((c) => c.seriesKey));
      const free = shown.find((row) => !used.has(row.seriesKey));
      if (!free) return;
      const { active } = this.state;
      void this.show(index, free.seriesKey);
      this.set({ active });
    }
  }

  annotate(action: AnnotationAction): void {
    this.set({ annotations: annotate(this.state.annotations, action) });
  }

  close(): void {
    void this.flush();
    this.isClosed = true;
    this.series.close();
  }
}
