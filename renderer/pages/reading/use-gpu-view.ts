import { type RefObject, useEffect, useState } from 'react';
import { noDataInt16 } from '../../../core/pixels/native-shorts.ts';
import type { CpuRenderer } from '../../../core/render/coordinator.ts';
import type { OpenStack } from '../../volumes/open-stack.ts';
import type { GpuVolumeView } from '../../vtk/volume-view.ts';
import { volumeDataOf } from './cpu-road.ts';
import { giveUpGpu } from './volume-road.ts';

/** The GPU road's view in an element while `isOn`; null until it is there. vtk.js is loaded when first needed. */
export function useGpuView(
  holder: RefObject<HTMLElement | null>,
  stack: OpenStack,
  isOn: boolean,
): GpuVolumeView | null {
  const [view, setView] = useState<GpuVolumeView | null>(null);
  useEffect(() => {
    const container = holder.current;
    const volume = isOn ? stack.volume() : null;
    if (!container || !volume) return;
    let made: GpuVolumeView | null = null;
    let isStale = false;
    const open = async (): Promise<void> => {
      const { GpuVolumeView: View } = await import('../../vtk/volume-view.ts');
      if (isStale) return;
      const { percentiles, min, max } = volumeDataOf(stack, volume);
      const { geometry, voxels } = volume;
      const source = { geometry, voxels, noData: noDataInt16, least: min, most: max, percentiles };
      made = new View(container, source, { onLost: giveUpGpu });
      setView(made);
    };
    // Whatever the driver refuses, the CPU road draws.
    void open().catch(giveUpGpu);
    return () => {
      isStale = true;
      made?.dispose();
      setView(null);
    };
  }, [holder, stack, isOn]);
  return view;
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
