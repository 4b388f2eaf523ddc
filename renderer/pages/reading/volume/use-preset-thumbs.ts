import { useEffect, useMemo, useState } from 'react';
import type { OwnPreset } from '../../../../core/contract/own-presets.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import { fitCamera } from '../../../../core/scene/camera.ts';
import type { VolumePreset } from '../../../../core/scene/presets.ts';
import type { TransferFunction } from '../../../../core/scene/types.ts';
import type { WindowState } from '../../../viewport/windowing.ts';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { useCpuRenderer } from './cpu-road.ts';
import { startLook, volumeScene } from './volume-look.ts';
import { windowIn3d } from './window-in-3d.ts';

/** Device pixels of a thumbnail. */
export const thumbSize = { width: 144, height: 108 };
const none: ReadonlyMap<string, Frame> = new Map();

/** Of each volume, the pictures of its presets: drawn once. */
const kept = new WeakMap<CpuRenderer, Map<string, Frame>>();

export function keptThumbs(renderer: CpuRenderer): Map<string, Frame> {
  const thumbs = kept.get(renderer) ?? new Map<string, Frame>();
  kept.set(renderer, thumbs);
  return thumbs;
}

/** One after the other, so that a picture that somebody waits for comes between. Stops when `isStale`. */
async function drawThumbs(
  renderer: CpuRenderer,
  scenes: ReadonlyMap<string, ReturnType<typeof volumeScene>>,
  isStale: () => boolean,
  show: (thumbs: ReadonlyMap<string, Frame>) => void,
): Promise<void> {
  const thumbs = keptThumbs(renderer);
  for (const [id, scene] of scenes) {
    if (isStale()) return;
    if (!thumbs.has(id)) {
      const options = { channel: `thumb ${id}`, quality: 'moving', values: false } as const;
      const frame = await renderer.volume(scene, thumbSize, options);
      if (frame) thumbs.set(id, frame);
    }
    if (!isStale()) show(new Map(thumbs));
  }
}

/**
 * What each preset, the reader's own too, shows of the volume without masks, seen from the front, by the id of the preset; those that are drawn so far.
 * `planeWindow`: what projections whose values are no HU go by.
 */
export function usePresetThumbs(
  stack: OpenStack,
  presets: readonly VolumePreset[],
  own: readonly OwnPreset[],
  planeWindow: WindowState,
): ReadonlyMap<string, Frame> {
  const [got, setGot] = useState<{ readonly of: CpuRenderer; readonly thumbs: ReadonlyMap<string, Frame> }>();
  const renderer = useCpuRenderer(stack, stack.isWhole ? 1 : 0);
  const geometry = stack.isWhole ? stack.volume()?.geometry : undefined;
  const scenes = useMemo(() => {
    if (!geometry) return null;
    const camera = fitCamera(geometry, 'A', thumbSize.width / thumbSize.height);
    // Without its mask the airways' preset would show the air around the patient.
    const sceneOf = (presetId: string, shift: number, transfer: TransferFunction | null) =>
      volumeScene(
        { geometry, camera, presetId, shift, look: { ...startLook, transfer } },
        windowIn3d(stack, planeWindow, presetId, false),
        true,
      );
    return new Map([
      ...presets.map(({ id }) => [id, sceneOf(id, 0, null)] as const),
      ...own.map(({ id, presetId, shift, transfer }) => [id, sceneOf(presetId, shift, transfer)] as const),
    ]);
  }, [geometry, presets, own, planeWindow, stack]);
  useEffect(() => {
    if (!renderer || !scenes) return;
    let isStale = false;
    const show = (thumbs: ReadonlyMap<string, Frame>): void => setGot({ of: renderer, thumbs });
    // A renderer that has ended answers with an error: its successor draws them.
    void drawThumbs(renderer, scenes, () => isStale, show).catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [renderer, scenes]);
  return got && got.of === renderer ? got.thumbs : none;
}
