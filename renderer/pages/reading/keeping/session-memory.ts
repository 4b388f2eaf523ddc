import type { StoreApi } from 'zustand/vanilla';
import type { Problem } from '../../../../core/base/problem.ts';
import type { Client } from '../../../app/transport/client.ts';
import { StudyMasks } from '../masks/study-masks.ts';
import { History } from '../session/history.ts';
import type { ReadingState } from '../session/reading-state.ts';
import { type Snapshot, snapshotOf, withSnapshot } from '../session/snapshot.ts';
import { Keeper } from './keeper.ts';
import type { KeptState } from './kept-state.ts';

/** Where a reader is: the image of each viewport, the crosshair, the phase, the active viewport, the panel. What plays is nowhere. */
export function isElsewhere(now: ReadingState, before: ReadingState): boolean {
  if (now.active !== before.active || now.isMaximised !== before.isMaximised) return true;
  if (now.panel !== before.panel) return true;
  const isOtherImage = now.cells.some(({ k, cine }, n) => {
    const was = before.cells[n];
    return cine === null && (k !== was?.k || was.cine !== null);
  });
  if (isOtherImage) return true;
  const isOtherPhase = now.mpr?.group !== before.mpr?.group && now.phaseRate === null;
  return isOtherPhase || now.mpr?.state.centre !== before.mpr?.state.centre;
}

/** What a reader changed: undo and redo, and keeping it over a restart. */
export class SessionMemory {
  private readonly store: StoreApi<ReadingState>;
  private readonly history = new History(() => performance.now());
  private readonly keeper: Keeper;
  /** Voxels of the masks: kept before a state that names them. */
  readonly masks: StudyMasks;
  /** True once the study is on screen: what changes then is a reader's doing. */
  isStarted = false;

  constructor(
    store: StoreApi<ReadingState>,
    services: { readonly client: Pick<Client, 'call' | 'fetchBytes'>; onProblem(problem: Problem): void },
  ) {
    this.store = store;
    const { client, onProblem } = services;
    const { studyKey } = store.getState();
    this.masks = new StudyMasks(client, studyKey);
    this.keeper = new Keeper({
      client,
      studyKey,
      state: () => this.keptState(),
      beforeSave: (kept) => this.masks.saveFor(kept),
      afterSave: (kept) => this.masks.tidy(kept),
      onProblem,
    });
    store.subscribe((now, before) => this.noteChange(now, before));
  }

  /** What was kept; null when there is nothing. */
  async load(): Promise<KeptState | null> {
    const kept = await this.keeper.load();
    return kept && this.masks.begin(kept);
  }

  /** Takes up the steps that were kept. */
  restore({ past, future }: Pick<KeptState, 'past' | 'future'>): void {
    this.history.restore(past, future);
    this.tell();
  }

  /** Saves at once what is not saved yet; `isLast`: the page goes, and its last state is sent whatever is under way. */
  async flush(isLast: boolean): Promise<void> {
    if (isLast) this.keeper.leave();
    else await this.keeper.flush();
  }

  /** A button went down or up: what changes in between is one step of undo; the presses of a double click are one. */
  hold(isHeld: boolean, again?: boolean): void {
    this.history.hold(isHeld, again);
  }

  /** Goes a step back; false when there is none. */
  undo(): boolean {
    return this.goTo(this.history.undo(snapshotOf(this.store.getState())));
  }

  redo(): boolean {
    return this.goTo(this.history.redo(snapshotOf(this.store.getState())));
  }

  private goTo(snapshot: Snapshot | null): boolean {
    if (!snapshot) return false;
    this.isStarted = false;
    this.store.setState(withSnapshot(this.store.getState(), snapshot));
    this.isStarted = true;
    this.tell();
    this.keeper.changed();
    return true;
  }

  private noteChange(now: ReadingState, before: ReadingState): void {
    if (!this.isStarted) return;
    const isChanged = this.history.note(snapshotOf(before), snapshotOf(now));
    if (isChanged) this.tell();
    const isKept =
      now.accepted !== before.accepted || now.vessel !== before.vessel || now.masks !== before.masks;
    if (isChanged || isKept) this.keeper.changed();
    else if (isElsewhere(now, before)) this.keeper.moved();
  }

  private tell(): void {
    const state = this.store.getState();
    const canUndo = this.history.past.length > 0;
    const canRedo = this.history.future.length > 0;
    if (canUndo !== state.canUndo || canRedo !== state.canRedo) this.store.setState({ canUndo, canRedo });
  }

  private keptState(): KeptState {
    const { past, future } = this.history;
    const state = this.store.getState();
    const { active, accepted, panel, panelBefore } = state;
    return { now: snapshotOf(state), past, future, active, accepted, panels: { panel, panelBefore } };
  }
}
