import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import type { Frame } from '../../../../core/render/types.ts';
import type { CurvedScene, SliceScene } from '../../../../core/scene/types.ts';
import { PicturePainter } from '../../../viewport/picture-painter.ts';
import { LatestPicture } from '../volume/latest-picture.ts';

function transpose<T extends Uint32Array | Uint8Array>(from: T, to: T, width: number, height: number): T {
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) to[column * height + row] = from[row * width + column]!;
  return to;
}

/** The same picture, and the labels of its masks, with rows and columns changed. */
export function transposed({ width, height, rgba, labels, coarse }: Frame): Frame {
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const turned = transpose(words, new Uint32Array(width * height), width, height);
  return {
    width: height,
    height: width,
    rgba: new Uint8ClampedArray(turned.buffer),
    values: null,
    ...(labels && { labels: transpose(labels, new Uint8Array(width * height), width, height) }),
    coarse,
  };
}

/** Keeps a canvas showing a curved picture or a section, as `useSlice` does a plane; `onFrame` gets what is seen. */
export function useCurved(
  canvas: RefObject<HTMLCanvasElement | null>,
  renderer: CpuRenderer | null,
  channel: string,
  scene: SliceScene | CurvedScene | null,
  isTransposed: boolean,
  version: number,
  onFrame?: (frame: Frame) => void,
): void {
  const painter = useRef<PicturePainter | null>(null);
  const latest = useRef(new LatestPicture());

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !scene) return;
    painter.current ??= new PicturePainter(element);
    if (isTransposed) painter.current.resize(scene.height, scene.width);
    else painter.current.resize(scene.width, scene.height);
  }, [canvas, scene, isTransposed]);

  useEffect(() => {
    if (!renderer || !scene || scene.width === 0 || scene.height === 0) return;
    const ask = (coarse: number): Promise<Frame | null> =>
      renderer.slice(scene, { channel, coarse, quality: 'moving', values: false });
    return latest.current.show(ask, (frame, number) => {
      const seen = isTransposed ? transposed(frame) : frame;
      painter.current?.paint(seen);
      onFrame?.(seen);
      const element = canvas.current;
      if (element) element.dataset['painted'] = `${version}.${number}`;
    });
  }, [canvas, renderer, channel, scene, isTransposed, version, onFrame]);
}
