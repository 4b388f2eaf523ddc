import { useEffect, useRef, useState } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { VolumeScene } from '../../../../core/scene/types.ts';
import type { GpuVolumeView } from '../../../vtk/volume-view.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/** Brings the masks of a scene to the graphics card; counts up when they are there, so that the picture is drawn again. */
export function useGpuLayers(
  session: ReadingSession,
  view: GpuVolumeView | null,
  renderer: CpuRenderer | null,
  layers: VolumeScene['layers'],
): number {
  const [version, setVersion] = useState(0);
  const hasLabels = useRef<GpuVolumeView | null>(null);
  useEffect(() => {
    if (!view || !renderer) return;
    let isStale = false;
    const count = (): void => setVersion((n) => n + 1);
    if (!layers) {
      if (hasLabels.current === view) {
        view.setLabels(null);
        hasLabels.current = null;
        count();
      }
      return;
    }
    // Only a box is sent where the card has the rest already.
    const isThere = hasLabels.current === view;
    const { changed = null } = session.state.maskWork.shown ?? {};
    void renderer.prepareLayers(layers).then((views) => {
      if (isStale || !views) return;
      if (isThere && changed) view.setLabels(views, changed);
      else view.setLabels(views);
      hasLabels.current = view;
      count();
    });
    return () => {
      isStale = true;
    };
  }, [session, view, renderer, layers]);
  return version;
}
