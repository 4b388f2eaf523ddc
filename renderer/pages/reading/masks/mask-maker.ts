import { copyMask, emptyMask, maskProblem, maskVolume } from '../../../../core/analysis/mask/mask.ts';
import type { Cut, PictureView } from '../../../../core/analysis/mask/scissors.ts';
import type { ValueRange } from '../../../../core/analysis/mask/threshold.ts';
import type { VoxelMask } from '../../../../core/analysis/types.ts';
import { type Problem, problem } from '../../../../core/base/problem.ts';
import type { Result } from '../../../../core/base/result.ts';
import { indexFromPatientPoint, invert } from '../../../../core/geometry/matrices.ts';
import type { IndexPoint, PatientPoint, Plane, Vec3 } from '../../../../core/geometry/types.ts';
import { vesselName } from '../../../../core/terms/vessel.ts';
import type { AnalysisClient, InputOf, OperationName, OutputOf } from '../../../analysis/client.ts';
import type { GrownMask, JoinMask, MadeMask, ReshapeInput } from '../../../analysis/mask-operations.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { analysisOf } from '../cpr/line-client.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { layersOf, maskBoard } from './mask-board.ts';
import { maskDo, setMaskWork } from './mask-set.ts';
import { activeMask, colourFor, type MaskContent, type MaskItem } from './mask-state.ts';
import type { FindWhat, MaskTask } from './mask-work.ts';
import { StrokePainter } from './paint-stroke.ts';

interface Open {
  readonly stack: OpenStack;
  readonly client: AnalysisClient;
  readonly size: Vec3;
}

const shownOpacity = 0.5;
const fadedMost = 250;
/** Parts of a vessel's usual section that its lumen certainly fills. */
const lumenShare = 1 / 8;

/** What a hand does to masks: buttons, clicks and strokes become layers; voxels come from the worker. */
export class MaskMaker {
  private readonly session: ReadingSession;
  private stop: AbortController | null = null;

  constructor(session: ReadingSession) {
    this.session = session;
  }

  /** Table, bones, lungs, airways: found by themselves. What was found before is switched on again. */
  async find(what: FindWhat, isOutside = false): Promise<void> {
    const nameId = isOutside ? `${what}Outside` : what;
    const isRemoved = what === 'table' || what === 'bones' || isOutside;
    const had = this.layers().find((item) => item.nameId === nameId);
    if (had) {
      maskDo(this.session, { kind: 'look', id: had.id, look: { visible: !had.visible } });
      return;
    }
    const modality = this.session.mprStack()?.plan.common.Modality ?? '';
    if (modality !== 'CT') return this.fail(problem('MASK_NEEDS_CT', { modality }));
    const protect = what === 'bones' ? this.protectedLines() : [];
    const made = await this.run(what, 'findMask', { what, protect, isInverted: isOutside });
    if (made) this.add(made, nameId, isRemoved ? 'removed' : 'shown');
  }

  /** The values of a range, as they would be; the newest range counts. */
  async preview(range: ValueRange): Promise<void> {
    const { threshold } = this.session.state.maskWork;
    setMaskWork(this.session, { threshold: { ...range, found: threshold?.found ?? null } });
    const made = await this.run('threshold', 'threshold', range);
    // The card says by itself that there is nothing.
    if (this.session.state.maskWork.problem?.code === 'MASK_EMPTY') this.fail(null);
    const now = this.session.state.maskWork.threshold;
    if (!now || now.low !== range.low || now.high !== range.high) return;
    const found = made && { mask: made.mask, runs: made.runs, volumeMl: made.volume.volumeMl };
    setMaskWork(this.session, { threshold: { ...now, found: found ?? null } });
  }

  /** Makes the previewed range a layer. */
  takeThreshold(): void {
    const found = this.session.state.maskWork.threshold?.found;
    const geometry = this.session.mprStack()?.group.regular;
    setMaskWork(this.session, { threshold: null });
    const volume = found && geometry && maskVolume(found.mask, geometry);
    if (found && volume?.ok)
      this.add({ mask: found.mask, runs: found.runs, volume: volume.value }, 'threshold', 'shown');
  }

  closeThreshold(): void {
    this.stop?.abort();
    setMaskWork(this.session, { threshold: null, busy: null });
  }

  /** A region from a click; null tolerance = until it would leak. */
  async grow(at: PatientPoint, tolerance: number | null = null): Promise<void> {
    const point = this.indexOf(at);
    const grown = point && (await this.run('grow', 'grow', { point, tolerance }));
    if (!grown || !point) return;
    const layerId = this.add(grown, 'region', 'shown');
    this.noteGrown(layerId, point, grown);
  }

  /** The last region again, with another tolerance, in the same layer. */
  async regrow(tolerance: number): Promise<void> {
    const { grown } = this.session.state.maskWork;
    if (!grown || !(tolerance >= 0 && tolerance <= fadedMost)) return;
    const made = await this.run('grow', 'grow', { point: grown.point, tolerance });
    if (!made) return;
    const item = this.layers().find(({ id }) => id === grown.layerId);
    const layerId = item ? this.replace(item, made) : this.add(made, 'region', 'shown');
    this.noteGrown(layerId, grown.point, made);
  }

  private noteGrown(layerId: string, point: IndexPoint, made: GrownMask): void {
    const { seed, tolerance, hasLeaked } = made;
    setMaskWork(this.session, { grown: { layerId, point, seed, tolerance, hasLeaked } });
  }

  /** Voxels under an outline: taken from the chosen layer, else from what is seen. */
  async cut(view: PictureView, cut: Cut): Promise<void> {
    const target = this.target();
    const voxels = target && this.voxelsOf(target);
    if (target && voxels) {
      const join: JoinMask = { mask: voxels, operation: 'without' };
      const made = await this.run('cut', 'scissors', { view, cut, join });
      if (made) this.replace(target, made);
      return;
    }
    const had = this.layers().find(({ nameId }) => nameId === 'cut');
    const join = this.joinOf(had);
    const made = await this.run('cut', 'scissors', { view, cut, ...(join && { join }) });
    if (made && had && join) this.replace(had, made, { visible: true });
    else if (made) this.add(made, 'cut', 'removed');
  }

  /** The connected part at a point alone, or gone: of the chosen layer, else of what is seen (`range`). */
  async part(at: PatientPoint, how: 'keep' | 'drop', range: ValueRange): Promise<void> {
    const point = this.indexOf(at);
    if (!point) return;
    const target = this.target();
    const mask = target && this.voxelsOf(target);
    if (target && mask) {
      const made = await this.run('part', 'part', { point, how, range, mask });
      if (made) this.replace(target, made);
      return;
    }
    const had = this.layers().find(({ nameId }) => nameId === 'parts');
    const join = this.joinOf(had);
    const hidden = this.removedVoxels();
    const input = { point, how, range, ...(hidden && { hidden }), ...(join && { join }) };
    const made = await this.run('part', 'part', input);
    if (made && had && join) this.replace(had, made, { visible: true });
    else if (made) this.add(made, 'parts', 'removed');
  }

  /** Grows, shrinks, fills … the chosen layer. */
  async reshape(how: ReshapeInput['how'], amount: number): Promise<void> {
    const target = this.target();
    const mask = target && this.voxelsOf(target);
    if (!target || !mask) return;
    const made = await this.run('reshape', 'reshape', { mask, how, amount });
    if (made) this.replace(target, made);
  }

  /** The voxels of a layer join those of the chosen one. */
  async merge(fromId: string): Promise<void> {
    const into = this.target();
    const from = this.layers().find(({ id }) => id === fromId);
    const mask = into && this.voxelsOf(into);
    const other = from && this.voxelsOf(from);
    if (!into || !mask || !other || into.id === fromId) return;
    const made = await this.run('merge', 'combine', { mask, other, operation: 'or' });
    if (!made) return;
    const content = this.contentOf(made, into.voxelsId);
    maskDo(this.session, { kind: 'merge', into: into.id, from: fromId, content });
  }

  /** A stroke of brush or eraser; null where there is nothing to erase from, or no volume. */
  stroke(isEraser: boolean, plane: Plane | null): MaskStroke | null {
    const geometry = this.session.mprStack()?.group.regular;
    const target = this.target();
    const before = target && this.voxelsOf(target);
    if (!geometry || (target && !before) || (isEraser && !before)) return null;
    const mask = before ? copyMask(before) : emptyMask(geometry.size);
    const { brush } = this.session.state.maskWork;
    const disc = plane && brush.isDisc ? { plane } : {};
    const painter = new StrokePainter(geometry, mask.bits, { radiusMm: brush.radiusMm, isEraser, ...disc });
    const colour = target?.colour ?? colourFor(this.session.state.masks, null);
    const board = maskBoard(this.session);
    board.setDraft({ layerId: target?.id ?? null, mask, colour });
    let isChanged = false;
    return {
      to(point) {
        const box = painter.to(point);
        if (!box) return;
        isChanged = true;
        board.paint(box);
      },
      end: (isKept) => {
        const volume = maskVolume(mask, geometry);
        const isThere = isKept && isChanged && volume.ok;
        board.endDraft(() => {
          if (!isThere) return;
          if (volume.value.voxels === 0) this.fail(problem('MASK_EMPTY'));
          else if (target) this.replace(target, { mask, volume: volume.value });
          else this.add({ mask, volume: volume.value, colour }, 'painting', 'shown');
        });
      },
    };
  }

  /** Adds masks that came as a Segmentation object. */
  addRead(
    found: readonly (Pick<MadeMask, 'mask' | 'runs' | 'volume'> & {
      readonly nameId: string | null;
      readonly customName: string;
      readonly colour?: Vec3;
    })[],
  ): void {
    const items = found.flatMap((one) => {
      const item = this.itemOf(one, one.nameId, 'shown', one.customName);
      return item ? [item] : [];
    });
    maskDo(this.session, { kind: 'add', items });
  }

  cancel(): void {
    this.stop?.abort();
    setMaskWork(this.session, { busy: null });
  }

  fail(why: Problem | null): void {
    setMaskWork(this.session, { problem: why });
  }

  /** One piece of work; another that was running ends. Null where it was stopped or failed (which is told). */
  async run<N extends OperationName>(
    what: MaskTask,
    name: N,
    input: InputOf<N>,
  ): Promise<OutputOf<N> | null> {
    this.stop?.abort();
    const open = this.open();
    if (!open) return null;
    const stop = new AbortController();
    this.stop = stop;
    setMaskWork(this.session, { busy: { what, done: 0 }, problem: null });
    const result: Result<OutputOf<N>> | null = await open.client.run(name, input, {
      signal: stop.signal,
      onProgress: (done) => {
        if (!stop.signal.aborted) setMaskWork(this.session, { busy: { what, done } });
      },
    });
    if (stop.signal.aborted) return null;
    setMaskWork(this.session, { busy: null });
    // Another volume has come on screen: what was found is not its own.
    if (this.session.mprStack() !== open.stack) return null;
    if (result && !result.ok) {
      if (result.problem.code !== 'CANCELLED') this.fail(result.problem);
      return null;
    }
    return result ? result.value : null;
  }

  private open(): Open | null {
    const stack = this.session.mprStack();
    const size = stack?.group.regular?.size;
    const client = stack && analysisOf(stack);
    return stack && size && client && stack.isWhole ? { stack, client, size } : null;
  }

  /** Layers of the volume on screen. */
  private layers(): readonly MaskItem[] {
    const stack = this.session.mprStack();
    return stack ? layersOf(this.session.state.masks, stack.plan.seriesKey, stack.group.id) : [];
  }

  /** The chosen layer of this volume; null = what is seen. */
  private target(): MaskItem | null {
    const item = activeMask(this.session.state.masks);
    return item && this.layers().includes(item) ? item : null;
  }

  /** Null where they are lost or of another volume, which is told. */
  private voxelsOf(item: MaskItem): VoxelMask | null {
    const size = this.session.mprStack()?.group.regular?.size;
    const mask = this.session.masks.voxels.maskOf(item.voxelsId);
    if (!mask || !size) {
      this.fail(problem('MASK_DAMAGED'));
      return null;
    }
    const unlike = maskProblem(mask, size);
    if (unlike) this.fail(unlike);
    return unlike ? null : mask;
  }

  private joinOf(had: MaskItem | undefined): JoinMask | null {
    const mask = had && this.voxelsOf(had);
    return mask ? { mask, operation: 'or' } : null;
  }

  /** All that is left out of 3D now; undefined where nothing is. */
  private removedVoxels(): VoxelMask | undefined {
    const removed = this.layers().filter(({ role, visible }) => role === 'removed' && visible);
    let all: VoxelMask | undefined;
    for (const item of removed) {
      const mask = this.session.masks.voxels.maskOf(item.voxelsId);
      if (!mask) continue;
      if (!all) all = copyMask(mask);
      else for (let n = 0; n < all.bits.length; n += 1) all.bits[n]! |= mask.bits[n]!;
    }
    return all;
  }

  /** Lines that somebody drew along vessels of this volume: what they run in must stay. */
  private protectedLines() {
    const { vessel, mpr } = this.session.state;
    return vessel.lines
      .filter(({ line }) => line.kind === 'vessel' && line.seriesKey === mpr?.seriesKey)
      .map(({ line, sectionMm }) => ({
        pointsMm: line.pieces.flatMap(({ pointsMm }) => pointsMm),
        radiusMm: (vesselName(line.nameId)?.sectionMm ?? sectionMm) * lumenShare,
      }))
      .filter(({ pointsMm }) => pointsMm.length > 0);
  }

  private indexOf(at: PatientPoint): IndexPoint | null {
    const geometry = this.session.mprStack()?.group.regular;
    const inverse = geometry && invert(geometry.patientFromIndex);
    return inverse ? indexFromPatientPoint(inverse, at) : null;
  }

  private contentOf(
    made: Pick<MadeMask, 'mask' | 'volume'> & { readonly runs?: Uint8Array },
    base?: string,
  ): MaskContent {
    const { mask, volume, runs } = made;
    const voxelsId = this.session.masks.voxels.add(mask, base, runs);
    return { voxelsId, volumeMl: volume.volumeMl, touchesBorder: volume.touchesBorder };
  }

  private itemOf(
    made: Parameters<MaskMaker['contentOf']>[0] & { readonly colour?: Vec3 },
    nameId: string | null,
    role: MaskItem['role'],
    customName = '',
  ): MaskItem | null {
    const stack = this.session.mprStack();
    if (!stack) return null;
    return {
      id: crypto.randomUUID(),
      nameId,
      customName,
      seriesKey: stack.plan.seriesKey,
      groupId: stack.group.id,
      role,
      colour: made.colour ?? colourFor(this.session.state.masks, nameId),
      opacity: shownOpacity,
      visible: true,
      size: made.mask.size,
      ...this.contentOf(made),
    };
  }

  /** Answers the layer's id. */
  private add(made: Parameters<MaskMaker['itemOf']>[0], nameId: string, role: MaskItem['role']): string {
    const item = this.itemOf(made, nameId, role);
    // More strokes and refinements of what a hand has made go on in it.
    const isChosen = nameId === 'painting' || nameId === 'region' || nameId === 'threshold';
    if (item) maskDo(this.session, { kind: 'add', items: [item], isChosen });
    return item?.id ?? '';
  }

  private replace(
    item: MaskItem,
    made: Parameters<MaskMaker['contentOf']>[0],
    look: { readonly visible?: boolean } = {},
  ): string {
    const content = this.contentOf(made, item.voxelsId);
    maskDo(this.session, { kind: 'voxels', id: item.id, content });
    if (look.visible && !item.visible) maskDo(this.session, { kind: 'look', id: item.id, look });
    return item.id;
  }
}

/** A running stroke. */
export interface MaskStroke {
  to(point: PatientPoint): void;
  /** `isKept` false: everything as before. */
  end(isKept: boolean): void;
}

const kept = new WeakMap<ReadingSession, MaskMaker>();

export function maskMaker(session: ReadingSession): MaskMaker {
  const had = kept.get(session);
  if (had) return had;
  const made = new MaskMaker(session);
  kept.set(session, made);
  return made;
}
