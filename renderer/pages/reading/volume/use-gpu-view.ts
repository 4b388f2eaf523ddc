import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { noDataInt16 } from '../../../../core/pixels/native-shorts.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import type { GpuVolumeView } from '../../../vtk/volume-view.ts';
import { volumeDataOf } from './cpu-road.ts';
import { giveUpGpu } from './volume-road.ts';

export interface GpuRoadView {
  /** Null until it is there. */
  readonly view: GpuVolumeView | null;
  /** A picture at rest has been drawn: the card can do it. */
  proven(): void;
  /** The card went away, or refused: what draws next is another view, or the CPU. */
  failed(): void;
}

/**
 * The GPU road's view in an element while `isOn`. vtk.js is loaded when first needed. Some drivers take a browser's
 * first context away as soon as it is used (seen with Vulkan): one that fails before its first picture at rest is made
 * again, once.
 */
export function useGpuView(
  holder: RefObject<HTMLElement | null>,
  stack: OpenStack,
  isOn: boolean,
): GpuRoadView {
  const [view, setView] = useState<GpuVolumeView | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isProven = useRef(false);
  const proven = useCallback((): void => {
    isProven.current = true;
  }, []);
  const failed = useCallback((): void => {
    if (isProven.current || attempt > 0) giveUpGpu();
    else setAttempt(1);
  }, [attempt]);
  useEffect(() => {
    const container = holder.current;
    const volume = isOn ? stack.volume() : null;
    if (!container || !volume) return;
    let made: GpuVolumeView | null = null;
    let isStale = false;
    const fail = (): void => {
      if (!isStale) failed();
    };
    const open = async (): Promise<void> => {
      const { GpuVolumeView: View } = await import('../../../vtk/volume-view.ts');
      if (isStale) return;
      const { percentiles, min, max } = volumeDataOf(stack, volume);
      const { geometry, voxels } = volume;
      const source = { geometry, voxels, noData: noDataInt16, least: min, most: max, percentiles };
      made = new View(container, source, { onLost: fail });
      setView(made);
    };
    // Whatever the driver refuses, the CPU road draws.
    void open().catch(fail);
    return () => {
      isStale = true;
      made?.dispose();
      setView(null);
    };
  }, [holder, stack, isOn, failed]);
  return { view, proven, failed };
}

/** Tells the card what its rays may leave out; the pictures stay the same. */
export function useGpuBricks(view: GpuVolumeView | null, renderer: CpuRenderer | null): void {
  useEffect(() => {
    if (!view || !renderer) return;
    let isStale = false;
    const tell = (pairs: Float32Array | null): void => {
      if (pairs && !isStale) view.setBricks(pairs);
    };
    void renderer.prepareBricks().then(tell, () => undefined);
    return () => {
      isStale = true;
    };
  }, [view, renderer]);
}
