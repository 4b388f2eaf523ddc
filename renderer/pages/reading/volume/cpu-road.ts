import { useEffect, useSyncExternalStore } from 'react';
import { problem } from '../../../../core/base/problem.ts';
import { noDataInt16 } from '../../../../core/pixels/native-shorts.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { percentileCount } from '../../../../core/render/statistics.ts';
import type { VolumeData, VolumeStatistics } from '../../../../core/render/types.ts';
import type { KernelLayout } from '../../../../native/layout.ts';
import { showProblem } from '../../../app/messages.ts';
import { createCpuRenderer } from '../../../cpu/renderer.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { VolumeMemory } from '../../../volumes/volume-memory.ts';
import { struckRenderer } from './struck-renderer.ts';

/** The range of the values that are there now. */
function statisticsOf(stack: OpenStack): VolumeStatistics {
  const { min = 0, max = 0 } = stack.range.range() ?? {};
  const percentiles = Float32Array.from(
    { length: percentileCount },
    (_, n) => stack.range.percentile((n / (percentileCount - 1)) * 100) ?? 0,
  );
  return { min, max, percentiles };
}

/** The volume as the CPU road takes it, with the range of the values that are there now. */
export function volumeDataOf(stack: OpenStack, volume: VolumeMemory): VolumeData<KernelLayout> {
  return {
    geometry: volume.geometry,
    scalarType: volume.scalarType,
    memory: volume.memory,
    layout: volume.layout,
    rescale: { slope: 1, intercept: 0 },
    ...(volume.scalarType === 'int16' && { noData: noDataInt16 }),
    ...(stack.isColour && { isColour: true }),
    ...statisticsOf(stack),
  };
}

/** Threads that failed are followed by new ones so often: what failed may be drawn again and fail again. */
const successorsMost = 3;

type MakeRenderer = (
  stack: OpenStack,
  volume: VolumeMemory,
  onFailed: (error: Error) => void,
) => Promise<CpuRenderer>;

/**
 * The one renderer of a stack's volume. It is made when somebody first wants it, and told the range of the values when
 * the last slice has arrived: until then only planes are drawn. Its threads stay, and everybody who shows the stack gets
 * another object for them, so that all pictures are drawn again. Where a thread fails, new ones follow; where that goes
 * on, all pictures are crossed out: none of the last ones stays that could be read.
 */
export class StackRenderer {
  private readonly stack: OpenStack;
  private readonly make: MakeRenderer;
  private readonly listeners = new Set<() => void>();
  /** What is shown of them: planes keep to the slices that are there until all are. */
  private renderer: CpuRenderer | null = null;
  private threads: CpuRenderer | null = null;
  private making: Promise<void> = Promise.resolve();
  private made: 'nothing' | 'filling' | 'whole' = 'nothing';
  private isClosed = false;
  private failures = 0;
  private failure: string | null = null;

  constructor(stack: OpenStack, make: MakeRenderer = makeRenderer) {
    this.stack = stack;
    this.make = make;
    // Whoever draws may look only now and then; the end must not be missed.
    const end = stack.loader.subscribe(() => {
      if (stack.isWhole && this.made === 'filling') this.want();
    });
    stack.onClose(() => {
      end();
      this.isClosed = true;
      this.threads?.dispose();
      this.show(null);
    });
  }

  /** Null until there is one; another object once the volume is whole. */
  readonly now = (): CpuRenderer | null => this.renderer;

  /** What went wrong for good; null while pictures are drawn. */
  readonly failed = (): string | null => this.failure;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Makes what the stack has by now; nothing where that is there already. */
  want(): void {
    const { stack } = this;
    const isWhole = stack.isWhole;
    if (this.isClosed || this.made === 'whole' || (this.made === 'filling' && !isWhole)) return;
    const volume = isWhole && !stack.isColour ? stack.volume() : stack.planesVolume();
    if (!volume) return;
    this.made = isWhole ? 'whole' : 'filling';
    this.making = this.making
      .then(async () => {
        if (this.isClosed) return;
        if (this.threads) {
          this.threads.restate(statisticsOf(stack));
          this.show(this.threads);
          return;
        }
        const made = await this.make(stack, volume, (error) => this.fail(error));
        if (this.isClosed) {
          made.dispose();
          return;
        }
        this.threads = made;
        this.show(isWhole ? made : whileFilling(made, stack));
      })
      .catch((error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))));
  }

  private fail({ message }: Error): void {
    if (this.isClosed || this.failure !== null) return;
    this.threads?.dispose();
    this.threads = null;
    this.failures += 1;
    if (this.failures > successorsMost) {
      this.failure = message;
      this.made = 'whole';
      this.show(struckRenderer);
      showProblem(problem('DRAWING_FAILED', { detail: message }));
      return;
    }
    this.made = 'nothing';
    this.want();
  }

  private show(renderer: CpuRenderer | null): void {
    if (this.renderer === renderer) return;
    this.renderer = renderer;
    for (const listener of this.listeners) listener();
  }
}

/** The renderer of a volume that is being filled: it keeps planes to what is there, and all else to what means something. */
const whileFilling = (renderer: CpuRenderer, stack: OpenStack): CpuRenderer => ({
  slice(scene, options) {
    if (scene.kind === 'slice') return renderer.slice(scene, { ...options, filled: stack.filledSlices() });
    stack.volume();
    return renderer.slice(scene, options);
  },
  volume(scene, size, options) {
    stack.volume();
    return renderer.volume(scene, size, options);
  },
  invalidate: () => renderer.invalidate(),
  restate: (statistics) => renderer.restate(statistics),
  setLabels: (labels, changed) => renderer.setLabels(labels, changed),
  prepareLayers: (layers) => renderer.prepareLayers(layers),
  prepareBricks() {
    stack.volume();
    return renderer.prepareBricks();
  },
  dispose: () => renderer.dispose(),
});

const makeRenderer: MakeRenderer = (stack, volume, onFailed) =>
  createCpuRenderer({ volume: volumeDataOf(stack, volume), onFailed });

const kept = new WeakMap<OpenStack, StackRenderer>();

function rendererOf(stack: OpenStack): StackRenderer {
  const had = kept.get(stack);
  if (had) return had;
  const made = new StackRenderer(stack);
  kept.set(stack, made);
  return made;
}

/** Of no stack. */
const nothing: Pick<StackRenderer, 'subscribe' | 'now' | 'failed'> = {
  subscribe: () => () => undefined,
  now: () => null,
  failed: () => null,
};

/**
 * The CPU road's renderer of a stack's volume, one for all viewports; null until there is a volume, and another
 * object once it is whole. `version` is the count of arrivals: a volume that is made at the end is seen by it.
 */
export function useCpuRenderer(stack: OpenStack | undefined, version: number): CpuRenderer | null {
  const road = stack && rendererOf(stack);
  const { subscribe, now } = road ?? nothing;
  const renderer = useSyncExternalStore(subscribe, now);
  useEffect(() => {
    if (version >= 0) road?.want();
  }, [road, version]);
  return renderer;
}

/** Why no picture of a stack's volume is drawn any more; null while they are. */
export function useDrawingFailure(stack: OpenStack | undefined): string | null {
  const { subscribe, failed } = stack ? rendererOf(stack) : nothing;
  return useSyncExternalStore(subscribe, failed);
}

/** What draws a stack's volume now; null where nobody has shown it yet, and where it draws no more. */
export function rendererNow(stack: OpenStack): CpuRenderer | null {
  const road = rendererOf(stack);
  return road.failed() === null ? road.now() : null;
}

/** Makes the renderer of a volume that will soon be shown. */
export function prepareRenderer(stack: OpenStack): void {
  rendererOf(stack).want();
}
