import type { Problem } from '../../core/base/problem.ts';
import { problem } from '../../core/base/problem.ts';
import { valueUnit } from '../../core/measure/unit.ts';
import { resampleToRegular } from '../../core/volume/resample.ts';
import type { SeriesPlan, VolumeGroup } from '../../core/volume/types.ts';
import type { FrameDecoder } from './decoder.ts';
import { type FrameInfo, frameInfo } from './frame-attributes.ts';
import { type FrameSource, StackLoader } from './stack-loader.ts';
import { RangeKeeper } from './value-range.ts';
import {
  acquiredTarget,
  allocateSlices,
  allocateVolume,
  isNoData,
  sliceTarget,
  type VolumeMemory,
} from './volume-memory.ts';

export interface StackServices {
  readonly source: FrameSource;
  readonly decoder: FrameDecoder;
  readonly workerCount: number;
  /** Memory for frames that do not live in a volume. */
  readonly frameCapBytes: number;
}

/** One group of a plan, open for reading: its frames, the range of its values, and its volume where it has one. */
export class OpenStack {
  readonly plan: SeriesPlan;
  readonly group: VolumeGroup;
  readonly groupIndex: number;
  readonly loader: StackLoader;
  readonly range = new RangeKeeper();
  /** Unit of the values under the pointer. */
  readonly unit: string;
  private readonly acquired: Int16Array | Float32Array | null = null;
  private readonly workerCount: number;
  private regular: VolumeMemory | null = null;
  private isResampled = false;
  private refusal: Problem | null = null;
  private readonly seen = new Set<number>();
  private readonly endings: (() => void)[] = [];

  constructor(plan: SeriesPlan, groupIndex: number, services: StackServices) {
    const group = plan.groups[groupIndex]!;
    this.plan = plan;
    this.group = group;
    this.groupIndex = groupIndex;
    this.workerCount = services.workerCount;
    this.unit = valueUnit(this.info(Math.floor(group.frames.length / 2))?.attributes ?? plan.common);
    const { acquired, scalarType, verdict } = group;
    if (acquired && scalarType !== 'rgb8' && verdict.kind !== 'none') {
      if (this.isDirect()) this.regular = allocateVolume(acquired, scalarType, services.workerCount);
      else this.acquired = allocateSlices(acquired.size, scalarType);
      if (!this.regular && !this.acquired) this.refusal = problem('VOLUME_TOO_LARGE');
    }
    this.loader = new StackLoader({
      plan,
      group,
      source: services.source,
      decoder: services.decoder,
      targetOf: (k) => this.targetOf(k),
      isPinned: this.regular !== null || this.acquired !== null,
      capBytes: services.frameCapBytes,
    });
    this.loader.subscribe((k) => this.learn(k));
  }

  get count(): number {
    return this.group.frames.length;
  }

  info(k: number): FrameInfo | undefined {
    const index = this.group.frames[k];
    return index === undefined ? undefined : frameInfo(this.plan, index);
  }

  /** Why MPR and 3D are off; null when they are on. */
  volumeRefusal(): Problem | null {
    if (this.refusal) return this.refusal;
    const { verdict, regular, scalarType } = this.group;
    if (verdict.kind === 'none' || !regular) return verdict.reasons[0] ?? problem('VOLUME_NONE');
    return scalarType === 'rgb8' ? problem('VOLUME_NONE') : null;
  }

  /**
   * The regular volume: filling up while slices arrive where they go straight into it, else made when all are
   * there. Null when not yet, or never (`volumeRefusal`).
   */
  volume(): VolumeMemory | null {
    if (this.regular && (this.isDirect() || this.isResampled)) return this.regular;
    const { regular, scalarType, acquired } = this.group;
    if (!this.acquired || !regular || !acquired || scalarType === 'rgb8' || !this.loader.isDone) return null;
    this.regular = allocateVolume(regular, scalarType, this.workerCount);
    if (!this.regular) {
      this.refusal = problem('VOLUME_TOO_LARGE');
      return null;
    }
    const outside = scalarType === 'int16' ? -32768 : Number.NaN;
    const m = acquired.patientFromIndex;
    const columnMm = Math.hypot(m[0]!, m[4]!, m[8]!);
    const rowMm = Math.hypot(m[1]!, m[5]!, m[9]!);
    resampleToRegular(this.group, this.acquired, this.regular.voxels, outside, [rowMm, columnMm]);
    this.isResampled = true;
    return this.regular;
  }

  /** What must end with the stack (renderers that use its memory). */
  onClose(end: () => void): void {
    this.endings.push(end);
  }

  close(): void {
    this.loader.close();
    for (const end of this.endings.splice(0)) end();
  }

  private isDirect(): boolean {
    return this.group.resampleK === undefined && this.group.shearMm === undefined;
  }

  private targetOf(k: number) {
    const { acquired } = this.group;
    if (this.regular && this.isDirect()) return sliceTarget(this.regular, k);
    return this.acquired && acquired ? acquiredTarget(this.acquired, acquired.size, k) : null;
  }

  private learn(k: number): void {
    const state = this.loader.store.state(k);
    if (state.kind !== 'ready' || state.image.kind !== 'mono' || this.seen.has(k)) return;
    this.seen.add(k);
    const { values } = state.image;
    this.range.add(values, isNoData(values instanceof Int16Array ? 'int16' : 'float32'));
  }
}
