import { useEffect, useState } from 'react';
import type { Frame } from '../../../../core/render/types.ts';
import { fitCamera } from '../../../../core/scene/camera.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useOwnLayers } from '../masks/preset-offer.tsx';
import { useMaskLayers, withLayers } from '../masks/use-mask-layers.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { keptThumbs, thumbSize } from './use-preset-thumbs.ts';
import { startLook, volumeScene } from './volume-look.ts';

export interface AirwaysThumb {
  /** Null = not drawn yet: what lies outside the airways has to be known, and left out just now. */
  readonly frame: Frame | null;
  readonly isFound: boolean;
}

/** What the preset of the airways shows, seen from the front: drawn once while they alone are seen, kept for as long as they are. */
export function useAirwaysThumb(session: ReadingSession, stack: OpenStack): AirwaysThumb {
  const outside = useOwnLayers(session).find(({ nameId }) => nameId === 'airwaysOutside');
  const isChosen = useReading(session, (s) => s.mpr?.presetId === 'airways' && !s.masks.showsRemoved);
  const renderer = useCpuRenderer(stack, stack.isWhole ? 1 : 0);
  const shown = useMaskLayers(session, stack, renderer);
  const geometry = stack.isWhole ? stack.volume()?.geometry : undefined;
  const [, setDrawn] = useState(0);
  const key = `airways ${outside?.voxelsId}`;
  const isAlone = isChosen && outside?.visible === true;
  useEffect(() => {
    if (!isAlone || !renderer || !geometry || !shown || keptThumbs(renderer).has(key)) return;
    // Labels without the airways' voxels, which are still fetched, would show the air around the patient.
    if (!session.masks.voxels.maskOf(key.slice('airways '.length))) return;
    let isStale = false;
    const camera = fitCamera(geometry, 'A', thumbSize.width / thumbSize.height);
    const scene = volumeScene({ geometry, camera, presetId: 'airways', shift: 0, look: startLook }, null);
    const options = { channel: 'thumb airways', quality: 'moving', values: false } as const;
    const draw = async (): Promise<void> => {
      const frame = await renderer.volume({ ...scene, ...withLayers(shown) }, thumbSize, options);
      if (!frame || isStale) return;
      keptThumbs(renderer).set(key, frame);
      setDrawn((n) => n + 1);
    };
    // A renderer that has ended answers with an error: its successor draws it.
    void draw().catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [session, isAlone, renderer, geometry, shown, key]);
  const frame = (outside && renderer && keptThumbs(renderer).get(key)) ?? null;
  return { frame, isFound: outside !== undefined };
}
