import { useEffect, useState } from 'react';
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

interface Kept {
  readonly renderer: Promise<CpuRenderer | null>;
  /** The renderer once it is made: a phase that is shown again is drawn at once. */
  made: CpuRenderer | null;
  /** Made when every slice was there: its statistics hold. */
  readonly isFinal: boolean;
}

const kept = new WeakMap<OpenStack, Kept>();

function rendererOf(stack: OpenStack): Kept | null {
  const had = kept.get(stack);
  const isFinal = stack.isWhole;
  if (had && (had.isFinal || !isFinal)) return had;
  const volume = stack.volume();
  if (!volume) return null;
  // The range of a filling volume is not known: its renderer draws planes only and is replaced at the end.
  const old = had?.renderer;
  const renderer = Promise.resolve(old)
    .then((before) => before?.dispose())
    .then(() => createCpuRenderer({ volume: volumeDataOf(stack, volume) }));
  const entry: Kept = { renderer: renderer.catch(() => null), made: null, isFinal };
  kept.set(stack, entry);
  void entry.renderer.then((made) => {
    entry.made = made;
  });
  stack.onClose(() => void entry.renderer.then((r) => r?.dispose()));
  return entry;
}

/**
 * The CPU road's renderer of a stack's volume, one for all viewports; null until there is a volume. `version` is
 * the count of arrivals: a volume that is made at the end, and a renderer that is replaced then, are seen by it.
 */
export function useCpuRenderer(stack: OpenStack, version: number): CpuRenderer | null {
  const [got, setGot] = useState<{ readonly stack: OpenStack; readonly renderer: CpuRenderer | null }>();
  const now = got?.stack === stack ? got.renderer : null;
  const phase = stack.isWhole ? 'whole' : now === null ? `waiting ${version}` : 'filling';
  useEffect(() => {
    let isStale = false;
    if (phase !== '') {
      void rendererOf(stack)?.renderer.then((renderer) => {
        if (!isStale) setGot({ stack, renderer });
      });
    }
    return () => {
      isStale = true;
    };
  }, [stack, phase]);
  return now ?? kept.get(stack)?.made ?? null;
}

/** Makes the renderer of a volume that will soon be shown. */
export function prepareRenderer(stack: OpenStack): void {
  rendererOf(stack);
}
