import { type Problem, problem } from '../../core/base/problem.ts';
import { spacingMm } from '../../core/geometry/matrices.ts';
import type { VolumeGeometry } from '../../core/geometry/types.ts';
import { noDataInt16 } from '../../core/pixels/native-shorts.ts';
import { channelOf, colourSize } from '../../core/render/colour-slice.ts';
import type { VolumeGroup } from '../../core/volume/types.ts';
import type { FrameState } from './frame-image.ts';
import { resampleInWorker } from './resampling.ts';
import { allocateSlices, allocateVolume, type MemoryLimits, type VolumeMemory } from './volume-memory.ts';

type Resample = typeof resampleInWorker;

const channels = [0, 1, 2] as const;

/** Of a pixel of a decoded frame. */
const rgbaBytes = 4;

/**
 * Red, green and blue of a colour stack as three volumes in one memory, for planes. Frames are decoded as for the stack,
 * and copied here once somebody looks at planes; uneven and tilted ones are resampled when the last has come.
 */
export class ColourVolume {
  private readonly group: VolumeGroup;
  private readonly limits: MemoryLimits;
  private readonly resample: Resample;
  private readonly taken = new Set<number>();
  private memory: VolumeMemory | null = null;
  private acquired: Int16Array | null = null;
  private isWanted = false;
  private resampled: 'no' | 'running' | 'done' = 'no';
  /** Why there are no planes. */
  refusal: Problem | null;

  /** @param frameCapBytes most that decoded frames may take: planes need all of them to come */
  constructor(
    group: VolumeGroup,
    limits: MemoryLimits & { readonly frameCapBytes: number },
    resample: Resample = resampleInWorker,
  ) {
    this.group = group;
    this.limits = limits;
    this.resample = resample;
    const frameBytes = rgbaBytes * voxelsOf(group.acquired);
    this.refusal = frameBytes > limits.frameCapBytes ? this.tooLarge() : null;
  }

  /** What planes are drawn of; null until there is something, or never (`refusal`). */
  get volume(): VolumeMemory | null {
    return this.isMade ? this.memory : null;
  }

  /** True once resampling is over, where there is some. */
  get isMade(): boolean {
    return !this.isUneven || this.resampled === 'done';
  }

  /** Makes the memory and takes what is there by now. */
  want(states: readonly FrameState[]): void {
    const { acquired, regular } = this.group;
    if (this.isWanted || this.refusal || !acquired || !regular) return;
    this.isWanted = true;
    const laidOut = { ...regular, size: colourSize(regular.size) };
    const made = allocateVolume(laidOut, 'int16', this.limits);
    this.memory = made && { ...made, geometry: regular };
    made?.voxels.fill(noDataInt16);
    if (this.isUneven && made)
      this.acquired = allocateSlices(colourSize(acquired.size), 'int16') as Int16Array;
    if (!made || (this.isUneven && !this.acquired)) {
      this.refusal = this.tooLarge();
      return;
    }
    for (const [k, state] of states.entries()) this.take(k, state);
  }

  /** A frame's state has changed; one that failed leaves no data. */
  take(k: number, state: FrameState): void {
    const { acquired } = this.group;
    const into = this.acquired ?? this.memory?.voxels;
    if (!this.isWanted || !acquired || !into || state.kind === 'waiting') return;
    const image = state.kind === 'ready' && state.image.kind === 'colour' ? state.image : null;
    if (image && this.taken.has(k)) return;
    const pixels = acquired.size[0] * acquired.size[1];
    const isWhole = image !== null && image.rgba.length === 4 * pixels;
    for (const channel of channels) {
      const slice = channelOf(into, acquired.size, channel).subarray(k * pixels, (k + 1) * pixels);
      if (!isWhole) slice.fill(noDataInt16);
      else for (let n = 0; n < pixels; n += 1) slice[n] = image.rgba[4 * n + channel]!;
    }
    if (isWhole) this.taken.add(k);
  }

  /** All frames are there: resamples where that is needed. Answers the function that gives it up. */
  finish(onDone: () => void): (() => void) | null {
    const { acquired, regular } = this.group;
    if (!this.acquired || !this.memory || !acquired || !regular || this.resampled !== 'no') return null;
    this.resampled = 'running';
    const [columnMm, rowMm] = spacingMm(acquired.patientFromIndex);
    const [from, to] = [this.acquired, this.memory.voxels];
    let giveUp: () => void = () => undefined;
    const next = (channel: number): void => {
      if (channel === channels.length) {
        this.resampled = 'done';
        onDone();
        return;
      }
      const message = {
        group: this.group,
        acquired: channelOf(from, acquired.size, channel),
        out: channelOf(to, regular.size, channel),
        outside: noDataInt16,
        spacingMm: [rowMm, columnMm],
      } as const;
      giveUp = this.resample(message, (isMade) => {
        if (isMade) next(channel + 1);
        else {
          this.refusal = problem('INTERNAL');
          this.resampled = 'done';
          onDone();
        }
      });
    };
    next(0);
    return () => giveUp();
  }

  private get isUneven(): boolean {
    return this.group.resampleK !== undefined || this.group.shearMm !== undefined;
  }

  private tooLarge(): Problem {
    const megabytes = Math.ceil((rgbaBytes * voxelsOf(this.group.acquired)) / 2 ** 20);
    return problem('COLOUR_TOO_LARGE', { megabytes });
  }
}

const voxelsOf = (grid: VolumeGeometry | null): number =>
  grid ? grid.size[0] * grid.size[1] * grid.size[2] : 0;
