import type { Problem } from '../../core/base/problem.ts';
import { problem } from '../../core/base/problem.ts';
import { valueUnit } from '../../core/dicom/value-unit.ts';
import { spacingMm } from '../../core/geometry/matrices.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import type { FilledSlices } from '../../core/render/slice.ts';
import { largestReduction, reducedGroup } from '../../core/volume/reduce.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import { bytesPerVoxel } from '../../native/layout.ts';
import { ArrivalClock } from './arrival-clock.ts';
import { ColourVolume } from './colour-volume.ts';
import { type FrameInfo, frameInfo } from './frame-attributes.ts';
import type { DecodeTarget } from './frame-image.ts';
import type { FrameLoader } from './frame-loader.ts';
import { directVolume, fillsDirectly } from './memory-ahead.ts';
import { resampleInWorker } from './resampling.ts';
import { blankFailed, blankRaw } from './slice-claims.ts';
import { StackLoader } from './stack-loader.ts';
import { RangeKeeper } from './value-range.ts';
import {
  acquiredTarget,
  allocateSlices,
  allocateVolume,
  blankSlice,
  fittingLayout,
  type MemoryLimits,
  sliceTarget,
  type VolumeMemory,
} from './volume-memory.ts';

export interface StackServices extends MemoryLimits {
  readonly frames: FrameLoader;
  /** Memory for frames that do not live in a volume. */
  readonly frameCapBytes: number;
}

/** One group of a plan, open for reading: its frames, the range of its values, and its volume where it has one. */
export class OpenStack {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly groupIndex: number;
  readonly loader: StackLoader;
  /** When to show what has arrived. */
  readonly arrivals = new ArrivalClock(() => this.arrived);
  readonly range = new RangeKeeper(() => this.loader.isDone);
  /** Images that did not decode or are in doubt, by their place in the stack: a volume holds nothing there, or less. */
  readonly faults = new Map<number, Problem>();
  /** Unit of the values under the pointer. */
  readonly unit: string;
  private readonly acquired: Int16Array | Float32Array | null = null;
  /** Of a stack in colour with geometry: what its planes are drawn of. */
  private readonly colours: ColourVolume | null = null;
  /** Pixels averaged each way within slices, so that the volume fits into memory; 1 = none. */
  readonly reduction: number;
  private readonly limits: MemoryLimits;
  private regular: VolumeMemory | null = null;
  private resampling: 'none' | 'running' | 'whole' = 'none';
  /** Acquired slices that were there when resampling last began. */
  private resampledFrom = 0;
  /** Somebody looks at the volume: it is resampled as slices arrive. */
  private isWanted = false;
  private refusal: Problem | null = null;
  private readonly seen = new Set<number>();
  private isMarked = false;
  private readonly endings: (() => void)[] = [];

  constructor(plan: SeriesPlan, groupIndex: number, services: StackServices, reduction = 1) {
    const whole = plan.groups[groupIndex]!;
    const group = reduction > 1 ? reducedGroup(whole, reduction) : whole;
    this.reduction = reduction;
    this.plan = plan;
    this.group = group;
    this.groupIndex = groupIndex;
    this.limits = services;
    this.unit = valueUnit(this.info(Math.floor(group.frames.length / 2))?.attributes ?? plan.common);
    const { acquired, regular, scalarType, verdict } = group;
    if (acquired && regular && scalarType !== 'rgb8' && verdict.kind !== 'none') {
      if (fillsDirectly(group)) this.regular = directVolume(group, services);
      else if (fittingLayout(regular, scalarType, services))
        this.acquired = allocateSlices(acquired.size, scalarType);
      if (!this.regular && !this.acquired) this.refusal = tooLarge(group);
    }
    if (regular && scalarType === 'rgb8' && verdict.kind !== 'none')
      this.colours = new ColourVolume(group, services);
    this.loader = new StackLoader({
      plan,
      group,
      frames: services.frames,
      workerCount: services.workerCount,
      targetOf: (k) => this.targetOf(k),
      isPinned: this.regular !== null || this.acquired !== null,
      capBytes: services.frameCapBytes,
    });
    this.loader.subscribe((k) => {
      this.learn(k);
      this.resampleWhenDue();
      this.takeColours(k);
      this.markReady();
      this.arrivals.note();
    });
  }

  get count(): number {
    return this.group.frames.length;
  }

  info(k: number): FrameInfo | undefined {
    const index = this.group.frames[k];
    return index === undefined ? undefined : frameInfo(this.plan, index);
  }

  /** True where frames bring colours: no window applies, and only planes are made of them. */
  get isColour(): boolean {
    return this.group.scalarType === 'rgb8';
  }

  /** Why a mode of the page is off; null when it is on. Of colours there are planes only. */
  modeRefusal(mode: string): Problem | null {
    return this.colours && mode === 'mpr' ? this.colours.refusal : this.volumeRefusal();
  }

  /** Why 3D, and all else that needs values, is off; null when it is on. */
  volumeRefusal(): Problem | null {
    if (this.refusal) return this.refusal;
    const { verdict, regular, scalarType } = this.group;
    if (verdict.kind === 'none' || !regular) return verdict.reasons[0] ?? problem('VOLUME_NONE');
    return scalarType === 'rgb8' ? problem('VOLUME_COLOUR') : null;
  }

  /** How far the pixels must be averaged for the volume to fit; null where size is not what keeps it off. */
  neededReduction(): number | null {
    if (this.refusal?.code !== 'VOLUME_TOO_LARGE') return null;
    const { scalarType } = this.group;
    const whole = this.plan.groups[this.groupIndex]!;
    if (scalarType === 'rgb8') return null;
    for (let factor = this.reduction + 1; factor <= largestReduction; factor++) {
      const { acquired, regular } = reducedGroup(whole, factor);
      if (!acquired || !regular || Math.min(...acquired.size) < 1) return null;
      if ([acquired, regular].every((grid) => fittingLayout(grid, scalarType, this.limits))) return factor;
    }
    return null;
  }

  /**
   * The regular volume, filling up while slices arrive: they go straight into it, or it is resampled from those that
   * are there now and then. Null when not yet, or never (`volumeRefusal`).
   */
  volume(): VolumeMemory | null {
    const volume = this.volumeToFill();
    if (volume && this.isDirect()) blankRaw(volume.claims, (k) => blankSlice(volume, k));
    return volume;
  }

  /**
   * As `volume`, for planes that keep to `filledSlices`: making 200 MB "no data" takes 0.1 s, which the first picture
   * does not wait for.
   */
  volumeToFill(): VolumeMemory | null {
    this.loader.release();
    if (this.isDirect()) return this.regular;
    this.isWanted = true;
    this.resampleWhenDue();
    return this.regular;
  }

  /** What planes are drawn of: the volume to fill, or the channels of colours. */
  planesVolume(): VolumeMemory | null {
    if (!this.colours) return this.volumeToFill();
    this.loader.release();
    const { store } = this.loader;
    this.colours.want(Array.from({ length: store.count }, (_, k) => store.state(k)));
    this.takeColours(this.loader.focused);
    return this.colours.volume;
  }

  /** First and last slice that planes may show now (first > last: none): what lies beyond means nothing yet. Null: all. */
  filledSlices(): FilledSlices | null {
    if (!(this.regular || this.colours) || !this.isDirect() || this.loader.isDone) return null;
    const { focused, store } = this.loader;
    const isThere = (k: number): boolean => k >= 0 && k < this.count && store.state(k).kind !== 'waiting';
    // Frames arrive from the one that is looked at outward.
    let [first, last] = [focused + 1, focused];
    while (isThere(last + 1)) last += 1;
    while (isThere(first - 1)) first -= 1;
    if (!isThere(focused)) [first, last] = [focused + 1, focused];
    return [first, last];
  }

  /** True when every voxel that there will be is there. */
  get isWhole(): boolean {
    if (this.colours) return this.loader.isDone && this.colours.isMade;
    return this.isDirect() ? this.loader.isDone : this.resampling === 'whole';
  }

  /** True when all that there will be of these slices of the volume is there. */
  holdsSlices(first: number, last: number): boolean {
    if (this.isWhole) return true;
    if (!this.isDirect() || this.colours) return false;
    for (let k = first; k <= last; k += 1) if (this.loader.store.state(k).kind === 'waiting') return false;
    return true;
  }

  /** Share of what there will be; 1 only when it is whole. */
  private get arrived(): number {
    const { settled, count } = this.loader.store;
    return this.isWhole ? 1 : Math.min(0.99, settled / count);
  }

  private takeColours(k: number): void {
    const { colours, loader } = this;
    colours?.take(k, loader.store.state(k));
    const giveUp = colours && loader.isDone && colours.finish(() => loader.announce());
    if (giveUp) this.onClose(giveUp);
  }

  /** At the end, and before that each time a good part more has arrived. */
  private resampleWhenDue(): void {
    if (!this.isWanted || !this.acquired || this.resampling !== 'none') return;
    const { settled, count } = this.loader.store;
    const isLast = this.loader.isDone;
    if (isLast || settled - this.resampledFrom >= Math.max(8, count / 3)) this.resample(isLast);
  }

  private resample(isLast: boolean): void {
    const { regular, scalarType, acquired } = this.group;
    if (!this.acquired || !regular || !acquired || scalarType === 'rgb8') return;
    const made = this.regular ?? allocateVolume(regular, scalarType, this.limits);
    if (!made) {
      this.refusal = tooLarge(this.group);
      return;
    }
    const [columnMm, rowMm] = spacingMm(acquired.patientFromIndex);
    const outside = scalarType === 'int16' ? noDataInt16 : Number.NaN;
    this.resampling = 'running';
    this.resampledFrom = this.loader.store.settled;
    const message = {
      group: this.group,
      acquired: this.acquired,
      out: made.voxels,
      outside,
      spacingMm: [rowMm, columnMm],
    } as const;
    const giveUp = resampleInWorker(message, (isMade) => {
      if (isMade) this.regular = made;
      else this.refusal = problem('INTERNAL');
      this.resampling = isLast || !isMade ? 'whole' : 'none';
      this.loader.announce();
    });
    this.onClose(giveUp);
  }

  /** What must end with the stack (renderers that use its memory). */
  onClose(end: () => void): void {
    this.endings.push(end);
  }

  close(): void {
    this.loader.close();
    this.arrivals.end();
    for (const end of this.endings.splice(0)) end();
  }

  private isDirect(): boolean {
    return fillsDirectly(this.group);
  }

  private targetOf(k: number) {
    const { acquired } = this.group;
    if (this.regular && this.isDirect()) return this.reducing(sliceTarget(this.regular, k));
    return this.acquired && acquired ? this.reducing(acquiredTarget(this.acquired, acquired.size, k)) : null;
  }

  private reducing(target: DecodeTarget): DecodeTarget {
    return this.reduction > 1 ? { ...target, reduction: this.reduction } : target;
  }

  /** Once, for `candela bench open`: every slice is there and MPR can be drawn. */
  private markReady(): void {
    if (this.isMarked || !this.isWhole || !this.regular) return;
    this.isMarked = true;
    performance.mark('candela:volume-ready');
  }

  private learn(k: number): void {
    const state = this.loader.store.state(k);
    const { regular } = this;
    const fault = state.kind === 'ready' ? state.image.problem : state.kind === 'failed' && state.problem;
    if (fault) this.faults.set(k, fault);
    else if (state.kind === 'ready') this.faults.delete(k);
    if (state.kind === 'failed' && regular && this.isDirect())
      blankFailed(regular.claims, k, (slice) => blankSlice(regular, slice));
    if (state.kind !== 'ready' || state.image.kind !== 'mono' || this.seen.has(k)) return;
    this.seen.add(k);
    this.range.add(state.image.range);
  }
}

/** With the bytes that its voxels would take. */
function tooLarge({ acquired, regular, scalarType }: VolumeGroup): Problem {
  const counts = [acquired, regular].map((grid) => (grid ? grid.size[0] * grid.size[1] * grid.size[2] : 0));
  const bytes = Math.max(...counts) * bytesPerVoxel(scalarType === 'float32' ? 'float32' : 'int16');
  return problem('VOLUME_TOO_LARGE', { megabytes: Math.ceil(bytes / 2 ** 20) });
}
