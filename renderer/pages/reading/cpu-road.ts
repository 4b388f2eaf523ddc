import { useEffect, useSyncExternalStore } from 'react';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import { percentileCount } from '../../../core/render/statistics.ts';
import type { VolumeData } from '../../../core/render/types.ts';
import type { KernelLayout } from '../../../native/layout.ts';
import { createCpuRenderer } from '../../cpu/renderer.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import type { VolumeMemory } from '../../volumes/volume-memory.ts';

/** The volume as the CPU road takes it, with the range of the values that are there now. */
export function volumeDataOf(stack: OpenStack, volume: VolumeMemory): VolumeData<KernelLayout> {
  const { min = 0, max = 0 } = stack.range.range() ?? {};
  const percentiles = Float32Array.from(
    { length: percentileCount },
    (_, n) => stack.range.percentile((n / (percentileCount - 1)) * 100) ?? 0,
  );
  return {
    geometry: volume.geometry,
    scalarType: volume.scalarType,
    memory: volume.memory,
    layout: volume.layout,
    rescale: { slope: 1, intercept: 0 },
    ...(volume.scalarType === 'int16' && { noData: noDataInt16 }),
    min,
    max,
    percentiles,
  };
}

/**
 * The one renderer of a stack's volume. It is made when somebody first wants it, and replaced when the last slice has
 * arrived: while slices come in, the range of the values is not known, and only planes are drawn. Everybody who shows
 * the stack is told, so that nobody goes on asking a renderer that has ended.
 */
export class StackRenderer {
  private readonly stack: OpenStack;
  private readonly make: (stack: OpenStack, volume: VolumeMemory) => Promise<CpuRenderer>;
  private readonly listeners = new Set<() => void>();
  private renderer: CpuRenderer | null = null;
  private making: Promise<void> = Promise.resolve();
  private made: 'nothing' | 'filling' | 'whole' = 'nothing';
  private isClosed = false;

  constructor(
    stack: OpenStack,
    make: (stack: OpenStack, volume: VolumeMemory) => Promise<CpuRenderer> = makeRenderer,
  ) {
    this.stack = stack;
    this.make = make;
    // Whoever draws may look only now and then; the end must not be missed.
    const end = stack.loader.subscribe(() => {
      if (stack.isWhole && this.made === 'filling') this.want();
    });
    stack.onClose(() => {
      end();
      this.isClosed = true;
      this.replace(null);
    });
  }

  /** Null until there is one, and while it is replaced. */
  readonly now = (): CpuRenderer | null => this.renderer;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Makes what the stack has by now; nothing where that is there already. */
  want(): void {
    const { stack } = this;
    const isWhole = stack.isWhole;
    if (this.isClosed || this.made === 'whole' || (this.made === 'filling' && !isWhole)) return;
    const volume = stack.volume();
    if (!volume) return;
    this.made = isWhole ? 'whole' : 'filling';
    // Two renderers on one memory would draw into each other's pictures.
    this.making = this.making
      .then(() => {
        this.replace(null);
        return this.isClosed ? null : this.make(stack, volume);
      })
      .then((made) => {
        if (this.isClosed) made?.dispose();
        else this.replace(made);
      })
      .catch(() => undefined);
  }

  private replace(renderer: CpuRenderer | null): void {
    if (this.renderer === renderer) return;
    this.renderer?.dispose();
    this.renderer = renderer;
    for (const listener of this.listeners) listener();
  }
}

const makeRenderer = (stack: OpenStack, volume: VolumeMemory): Promise<CpuRenderer> =>
  createCpuRenderer({ volume: volumeDataOf(stack, volume) });

const kept = new WeakMap<OpenStack, StackRenderer>();

function rendererOf(stack: OpenStack): StackRenderer {
  const had = kept.get(stack);
  if (had) return had;
  const made = new StackRenderer(stack);
  kept.set(stack, made);
  return made;
}

/**
 * The CPU road's renderer of a stack's volume, one for all viewports; null until there is a volume, and while it is
 * replaced. `version` is the count of arrivals: a volume that is made at the end is seen by it.
 */
export function useCpuRenderer(stack: OpenStack, version: number): CpuRenderer | null {
  const road = rendererOf(stack);
  const renderer = useSyncExternalStore(road.subscribe, road.now);
  useEffect(() => {
    if (version >= 0) road.want();
  }, [road, version]);
  return renderer;
}

/** Makes the renderer of a volume that will soon be shown. */
export function prepareRenderer(stack: OpenStack): void {
  rendererOf(stack).want();
}
