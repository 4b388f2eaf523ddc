import { createStore, type StoreApi } from 'zustand/vanilla';
import { relabelFrom } from '../../../../core/analysis/ribs/edit-bones.ts';
import { type BoneAnchor, type LabelledBones, labelFrom } from '../../../../core/analysis/ribs/labels.ts';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { showProblem } from '../../../app/messages.ts';
import { draggedWindow } from '../../../viewport/windowing.ts';
import { analysisOf } from '../cpr/line-client.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { type RibsLook, ribSlabsMm } from './ribs-look.ts';
import { isNamed, roundBones, type StudyBones, unnamedBones } from './study-bones.ts';

/** What goes on with the bones just now; neither undone nor kept. */
export interface BoneWork {
  readonly busy: { readonly what: 'find' | 'add'; readonly done: number } | null;
  /** Why the last search found nothing. */
  readonly problem: Problem | null;
  /** Places clicked for a missed rib; null = none is being added. */
  readonly adding: readonly PatientPoint[] | null;
}

const noWork: BoneWork = {
  busy: null,
  problem: null,
  adding: null,
};

/** Finds spine and ribs, and keeps what the reader says of them. One a session. */
export class BoneMaker {
  readonly work: StoreApi<BoneWork> = createStore<BoneWork>()(() => noWork);
  private readonly session: ReadingSession;
  private stopping: AbortController | null = null;
  private hadCrosshair = true;

  constructor(session: ReadingSession) {
    this.session = session;
  }

  /** The bones of the volume on screen; null where none were sought in it. */
  get shown(): StudyBones | null {
    return shownBones(this.session.state);
  }

  /** Seeks spine and ribs in the volume on screen; what was found before is replaced, which can be undone. */
  async find(): Promise<void> {
    const stack = this.session.mprStack();
    const client = stack?.isWhole ? analysisOf(stack) : null;
    if (!stack || !client) return;
    const signal = this.begin('find');
    const onProgress = (done: number): void => this.tell('find', done, signal);
    const result = await client.run('bones', null, { signal, onProgress });
    if (signal.aborted) return;
    this.settle(result && !result.ok ? result.problem : null);
    if (result?.ok) {
      this.session.set({ bones: unnamedBones(stack.plan.seriesKey, stack.groupIndex, result.value) });
    }
  }

  /** Begins to add a rib: the next two places that are clicked are its ends. */
  startAdding(): void {
    this.work.setState({ adding: [], problem: null });
    // A press on one of its lines would move that line only.
    this.hadCrosshair = this.session.state.hasCrosshair;
    this.session.set({ tool: 'crosshair', hasCrosshair: false });
  }

  /** A place clicked in a plane. */
  async click(pointMm: PatientPoint): Promise<void> {
    const { adding, busy } = this.work.getState();
    if (!adding || busy) return;
    const [first] = adding;
    if (!first) {
      this.work.setState({ adding: [pointMm] });
      return;
    }
    const had = this.shown;
    const stack = this.session.mprStack();
    const client = stack && analysisOf(stack);
    if (!had || !client) return;
    const signal = this.begin('add');
    const onProgress = (done: number): void => this.tell('add', done, signal);
    const input = { bones: had.bones, ends: [first, pointMm] as const };
    const result = await client.run('missedRib', input, { signal, onProgress });
    if (signal.aborted) return;
    this.settle(result && !result.ok ? result.problem : null);
    this.endAdding();
    if (result?.ok) this.change(() => result.value);
  }

  /** Gives up what is sought or added. */
  stop(): void {
    this.stopping?.abort();
    this.stopping = null;
    this.work.setState({ busy: null });
    this.endAdding();
  }

  /** The next thicker (1) or thinner (−1) slab of the sheet. */
  slabBy(by: 1 | -1): void {
    const { slabMm: now } = this.session.state.ribsLook;
    const next = by > 0 ? ribSlabsMm.find((mm) => mm > now) : ribSlabsMm.findLast((mm) => mm < now);
    if (next !== undefined) this.setLook({ slabMm: next });
  }

  /** Sheet and spine brighter, darker, softer or harder, as the planes by the same drag. */
  windowBy(dx: number, dy: number): void {
    const drag = { dx, dy, isFast: false, isFine: false, isInverted: false, isWhole: true };
    this.setLook({ window: draggedWindow(this.session.state.ribsLook.window, drag) });
  }

  setLook(part: Partial<RibsLook>): void {
    this.session.set({ ribsLook: { ...this.session.state.ribsLook, ...part } });
  }

  /** Counts all bones from the one that the reader names. */
  name(anchor: BoneAnchor): void {
    const had = this.shown;
    if (!had) return;
    const named = isNamed(had.bones) ? relabelFrom(had.bones, anchor) : labelFrom(had.bones, anchor);
    if (named.ok) this.change(() => named.value);
    else showProblem(named.problem);
  }

  /** One step of undo. */
  change(how: (bones: LabelledBones) => LabelledBones): void {
    const had = this.shown;
    const next = had && how(had.bones);
    if (next && next !== had.bones) this.session.set({ bones: { ...had, bones: roundBones(next) } });
  }

  private endAdding(): void {
    if (this.work.getState().adding === null) return;
    this.work.setState({ adding: null });
    this.session.set({ hasCrosshair: this.hadCrosshair });
  }

  private begin(what: 'find' | 'add'): AbortSignal {
    this.stopping?.abort();
    this.stopping = new AbortController();
    this.work.setState({ busy: { what, done: 0 }, problem: null });
    return this.stopping.signal;
  }

  private tell(what: 'find' | 'add', done: number, signal: AbortSignal): void {
    if (!signal.aborted) this.work.setState({ busy: { what, done } });
  }

  private settle(why: Problem | null): void {
    this.work.setState({ busy: null, problem: why });
    if (why && why.code !== problem('CANCELLED').code) showProblem(why);
  }
}

/** Bones that belong to the planes on screen. */
export const shownBones = ({
  bones,
  mpr,
}: Pick<ReadingSession['state'], 'bones' | 'mpr'>): StudyBones | null =>
  bones && bones.seriesKey === mpr?.seriesKey ? bones : null;

const makers = new WeakMap<ReadingSession, BoneMaker>();

/** The session's one bone maker. */
export function boneMaker(session: ReadingSession): BoneMaker {
  const had = makers.get(session);
  if (had) return had;
  const made = new BoneMaker(session);
  makers.set(session, made);
  return made;
}
