import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { SliceScene } from '../../../../core/scene/types.ts';
import { PicturePainter } from '../../../viewport/picture-painter.ts';
import { LatestPicture } from '../volume/latest-picture.ts';

let drawing = 0;

/** True while planes are being drawn: whoever plays waits for them. */
export const isDrawingSlices = (): boolean => drawing > 0;

/**
 * Keeps a canvas showing a scene. `version` counts changes of the voxels themselves; `onFrame` is told what was
 * painted.
 */
export function useSlice(
  canvas: RefObject<HTMLCanvasElement | null>,
  renderer: CpuRenderer | null,
  channel: string,
  scene: SliceScene | null,
  version: number,
  onFrame?: (frame: Frame) => void,
): void {
  const painter = useRef<PicturePainter | null>(null);
  const latest = useRef(new LatestPicture());

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !scene) return;
    painter.current ??= new PicturePainter(element);
    painter.current.resize(scene.width, scene.height);
  }, [canvas, scene]);

  useEffect(() => {
    if (!renderer || !scene || scene.width === 0 || scene.height === 0) return;
    // Planes go before a 3D picture at rest, which takes its time.
    const ask = (coarse: number): Promise<Frame | null> => {
      drawing += 1;
      return renderer.slice(scene, { channel, coarse, quality: 'moving', values: false }).finally(() => {
        drawing -= 1;
      });
    };
    return latest.current.show(ask, (frame, number) => {
      painter.current?.paint(frame);
      onFrame?.(frame);
      const element = canvas.current;
      if (element) element.dataset['painted'] = `${version}.${number}`;
    });
  }, [canvas, renderer, channel, scene, version, onFrame]);
}
