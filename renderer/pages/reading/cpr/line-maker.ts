import {
  deleteControl,
  type EditedLine,
  insertOnLine,
  moveControl,
  reverseLine,
  withDrawnPieces,
  withPiece,
} from '../../../../core/analysis/curve/edit.ts';
import { nearestPlace } from '../../../../core/analysis/curve/line-places.ts';
import type { Centreline, ControlPoint, LineKind } from '../../../../core/analysis/types.ts';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import type { PatientPoint } from '../../../../core/geometry/types.ts';
import { dismissMessage, showProblem } from '../../../app/messages.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { analysisOf } from './line-client.ts';
import { cursorAt } from './line-cursor.ts';
import { bent, lumenRadiusMm, newLine, placed, withParent } from './line-rules.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import {
  activeLine,
  reduceVessel,
  roundLine,
  type VesselAction,
  type VesselLine,
  type VesselState,
  withArch,
} from './vessel-state.ts';
import type { VesselWork } from './vessel-work.ts';

export const setWork = (session: ReadingSession, part: Partial<VesselWork>): void =>
  session.set({ vesselWork: { ...session.state.vesselWork, ...part } });

/** A change of the lines, and the cursor kept on them. */
export const vesselDo = (session: ReadingSession, action: VesselAction): void =>
  session.set({ vessel: reduceVessel(session.state.vessel, action) });

export interface BeforeClicks {
  readonly lines: VesselState['lines'];
  readonly work: VesselWork;
}

export interface ClickOptions {
  /** Stays where it was clicked: no snapping to the lumen. */
  readonly isFree: boolean;
}

/** What a hand does to centrelines: clicks and drags become points; paths between them come from the worker. */
export class LineMaker {
  private readonly session: ReadingSession;
  private stop: AbortController | null = null;
  private clicks: Promise<void> = Promise.resolve();
  /** Clicks of an earlier one are given up. */
  private round = 0;
  /** Messages about the last try: they go when the next one begins. */
  private said: readonly number[] = [];

  constructor(session: ReadingSession) {
    this.session = session;
  }

  /** A click with the tool: the start of a line, its end, or a place that it strayed from. One after the other. */
  click(pointMm: PatientPoint, options: ClickOptions): void {
    const { round } = this;
    this.clicks = this.clicks
      .then(() => (round === this.round ? this.add(pointMm, options) : undefined))
      .catch(() => this.settle(problem('INTERNAL')));
  }

  /** They were those of a double click, which sets nothing: the lines, and what the tool was about, are as before them. */
  takeBackClicks({ lines, work }: BeforeClicks): void {
    const { session } = this;
    this.round += 1;
    this.end();
    this.forget();
    for (let n = 0; n < 2 && session.state.vessel.lines !== lines; n++) session.undo();
    const { isDrawing, selected, nextNameId, problem: why } = work;
    setWork(session, { isDrawing, selected, nextNameId, problem: why });
  }

  /** A point on the line itself, taken by the hand; its index, −1 where there is none. */
  takeOn(near: PatientPoint): number {
    const item = activeLine(this.session.state.vessel);
    if (!item) return -1;
    const { line, index } = insertOnLine(item.line, near);
    if (index >= 0) setWork(this.session, { draft: { ...item, line }, selected: index });
    return index;
  }

  /** A point under the hand: the line bends with it until the hand lets go. */
  drag(index: number, pointMm: PatientPoint): void {
    const { vessel, vesselWork } = this.session.state;
    const item = vesselWork.draft ?? activeLine(vessel);
    const control = item?.line.controls[index];
    if (!item || !control) return;
    const line = bent(item.line, index, { pointMm, snapped: false });
    setWork(this.session, { draft: { ...item, line }, selected: index });
  }

  /** The hand lets go: the point snaps, and its pieces are found anew. */
  async drop(index: number, { isFree }: ClickOptions): Promise<void> {
    const { draft } = this.session.state.vesselWork;
    const control = draft?.line.controls[index];
    if (!draft || !control) return;
    const signal = this.begin();
    const snapped = await this.snapped(control.pointMm, draft.line.kind, index + 1, isFree, signal);
    if (snapped) await this.finish(draft, moveControl(draft.line, index, snapped), signal);
    if (!signal.aborted) this.settle(null);
  }

  /** Puts back what the hand held. */
  letGo(): void {
    setWork(this.session, { draft: null });
  }

  async deletePoint(index: number): Promise<void> {
    const item = activeLine(this.session.state.vessel);
    if (!item) return;
    if (item.line.controls.length < 2) {
      vesselDo(this.session, { kind: 'remove', lineId: item.line.id });
      setWork(this.session, { selected: null });
      return;
    }
    const signal = this.begin();
    await this.finish(item, deleteControl(item.line, index), signal);
    if (!signal.aborted) this.settle(null);
  }

  reverse(): void {
    const item = activeLine(this.session.state.vessel);
    if (!item) return;
    const lengthMm = sampledOf(item.line).lengthMm;
    const flip = (mm: number): number => lengthMm - mm;
    const lesion = item.lesion && {
      fromMm: flip(item.lesion.toMm),
      toMm: flip(item.lesion.fromMm),
      proximalMm: item.lesion.distalMm === null ? null : flip(item.lesion.distalMm),
      distalMm: item.lesion.proximalMm === null ? null : flip(item.lesion.proximalMm),
    };
    // Contours belong to the frames of the course they were drawn in.
    this.commit({ ...item, line: reverseLine(item.line).line, lesion, edited: [] });
  }

  /** Every piece again, along the lumen. */
  async refind(): Promise<void> {
    const item = activeLine(this.session.state.vessel);
    if (!item) return;
    const signal = this.begin();
    const stale = item.line.pieces.map((_, n) => n);
    await this.finish(item, { line: item.line, stale }, signal, true);
    if (!signal.aborted) this.settle(null);
  }

  /** Onwards from the one point there is, both ways, until the lumen ends or opens into something wide. */
  async grow(): Promise<void> {
    const item = activeLine(this.session.state.vessel);
    const from = item?.line.controls[0];
    const stack = this.session.mprStack();
    const client = stack && analysisOf(stack);
    if (!item || !from || !client) return;
    const signal = this.begin();
    const onProgress = (done: number): void => setWork(this.session, { busy: { what: 'path', done } });
    const { kind, verdict } = item.line;
    const result = await client.run(
      'growLine',
      { from: from.pointMm, kind, verdict },
      { signal, onProgress },
    );
    if (result?.ok) this.commit({ ...item, line: { ...item.line, ...result.value }, edited: [] });
    else if (result) this.tell(result.problem);
    if (!signal.aborted) this.settle(null);
  }

  /** A line of its own from the next click on. */
  startNew(): void {
    this.forget();
    setWork(this.session, { isDrawing: false, selected: null, problem: null, nextNameId: null });
    this.session.set({ tool: 'centreline', vessel: { ...this.session.state.vessel, activeId: null } });
  }

  /** Ends the line that is being drawn, and gives up what is being sought. */
  end(): void {
    this.stop?.abort();
    this.stop = null;
    setWork(this.session, { isDrawing: false, selected: null, draft: null, pending: null, busy: null });
  }

  private begin(): AbortSignal {
    this.stop?.abort();
    this.stop = new AbortController();
    this.forget();
    setWork(this.session, { busy: { what: 'path', done: 0 }, problem: null });
    return this.stop.signal;
  }

  private settle(why: Problem | null): void {
    setWork(this.session, { busy: null, pending: null, draft: null, ...(why && { problem: why }) });
    if (why) this.say(why);
  }

  private say(why: Problem): void {
    this.said = [...this.said, showProblem(why)];
  }

  private forget(): void {
    for (const id of this.said) dismissMessage(id);
    this.said = [];
  }

  private async add(pointMm: PatientPoint, { isFree }: ClickOptions): Promise<void> {
    const { session } = this;
    const stack = session.mprStack();
    if (!stack) return;
    const { vessel, vesselWork } = session.state;
    const active = activeLine(vessel);
    const goesOn = active !== null && (vesselWork.isDrawing || active.line.controls.length < 2);
    const item = goesOn ? active : newLine(stack, vesselWork.nextNameId);
    const signal = this.begin();
    setWork(session, { pending: pointMm });
    const control = await this.snapped(
      pointMm,
      item.line.kind,
      item.line.controls.length + 1,
      isFree,
      signal,
    );
    if (control) await this.finish(item, placed(item.line, control), signal, false, control.pointMm);
    if (control && !goesOn) setWork(session, { nextNameId: null });
    if (!signal.aborted) this.settle(null);
  }

  /** The point at the lumen's middle; as it is where it is free, or where there is no lumen to be seen. */
  private async snapped(
    pointMm: PatientPoint,
    kind: LineKind,
    n: number,
    isFree: boolean,
    signal: AbortSignal,
  ): Promise<ControlPoint | null> {
    const free: ControlPoint = { pointMm, snapped: false };
    const stack = this.session.mprStack();
    const client = stack && analysisOf(stack);
    if (isFree || !client || this.session.state.vesselWork.isByHand) return free;
    const result = await client.run('snap', { pointMm, kind, n }, { signal });
    if (!result) return null;
    if (result.ok) return result.value;
    this.tell(result.problem);
    return null;
  }

  /** Finds or draws the pieces that an edit left open, and commits. */
  private async finish(
    item: VesselLine,
    edited: EditedLine,
    signal: AbortSignal,
    isFound = false,
    newAt: PatientPoint | null = null,
  ): Promise<void> {
    const line = roundLine(edited.line);
    const isByHand = this.session.state.vesselWork.isByHand && !isFound;
    const whole = isByHand
      ? withDrawnPieces({ line, stale: edited.stale })
      : await this.found(line, edited.stale, signal);
    if (!whole || signal.aborted) return;
    const isSameCourse = whole.pieces === item.line.pieces;
    this.commit({ ...item, line: whole, edited: isSameCourse ? item.edited : [] }, newAt);
  }

  private async found(
    line: Centreline,
    stale: readonly number[],
    signal: AbortSignal,
  ): Promise<Centreline | null> {
    if (stale.length === 0) return line;
    const stack = this.session.mprStack();
    const client = stack && analysisOf(stack);
    if (!client) return null;
    const links = stale.map((n) => ({
      from: line.controls[n]!.pointMm,
      to: line.controls[n + 1]!.pointMm,
      n: n + 1,
    }));
    const onProgress = (done: number): void => setWork(this.session, { busy: { what: 'path', done } });
    const result = await client.run(
      'paths',
      { links, kind: line.kind, verdict: line.verdict, isHu: stack.unit === 'HU' },
      { signal, onProgress },
    );
    if (!result) return null;
    if (!result.ok) {
      this.tell(result.problem);
      return null;
    }
    const { pieces, problem: doubt } = result.value;
    if (doubt) this.say(doubt);
    return pieces.reduce((made, piece, k) => withPiece(made, stale[k]!, piece), line);
  }

  private tell(why: Problem): void {
    setWork(this.session, { problem: why });
    this.say(why);
  }

  /** While points are set the planes stay where they were clicked; CPR looks at a first course from its middle. */
  private cursorAfter(item: VesselLine, newAt: PatientPoint | null): number | null {
    const { mode, vessel } = this.session.state;
    const had = vessel.lines.find(({ line }) => line.id === item.line.id);
    const isFirst = item.line.pieces.length > 0 && (had?.line.pieces.length ?? 0) === 0;
    if (isFirst && mode === 'cpr') return sampledOf(item.line).lengthMm / 2;
    if (!newAt || !isDrawable(item.line)) return null;
    return nearestPlace(sampledOf(item.line), newAt)?.atMm ?? null;
  }

  /** One step of undo; the cursor stays on the line. */
  private commit(drawn: VesselLine, newAt: PatientPoint | null = null): void {
    const { session } = this;
    const item = withArch(drawn);
    const vessel = reduceVessel(session.state.vessel, {
      kind: 'put',
      line: withParent(session.state.vessel.lines, item, (line, atMm) =>
        lumenRadiusMm(session.state.vesselWork.measured[line.id], line, atMm),
      ),
    });
    const vesselWork: VesselWork = {
      ...session.state.vesselWork,
      draft: null,
      pending: null,
      problem: null,
      ...(newAt && { isDrawing: true }),
    };
    const atMm = this.cursorAfter(item, newAt) ?? vessel.view.cursorMm;
    const linked = cursorAt({ ...session.state, vessel, vesselWork }, atMm);
    session.set({ vessel, vesselWork, ...(linked && { mpr: linked.mpr, vessel: linked.vessel }) });
  }
}

const makers = new WeakMap<ReadingSession, LineMaker>();

/** The session's one line maker. */
export function lineMaker(session: ReadingSession): LineMaker {
  const had = makers.get(session);
  if (had) return had;
  const made = new LineMaker(session);
  makers.set(session, made);
  return made;
}
