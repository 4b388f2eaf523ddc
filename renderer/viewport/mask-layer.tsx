import { useLayoutEffect, useRef } from 'react';
import { type LabelLook, labelPicture, usualLook } from '../../core/render/label-picture.ts';
import type { Frame } from '../../core/render/types.ts';
import type { SceneLayer } from '../../core/scene/layers.ts';
import './layers.css';

interface MaskLayerProps {
  /** The plane's picture, drawn from a scene with these layers: its labels come with it. */
  readonly frame: Pick<Frame, 'width' | 'height' | 'labels'> | null;
  readonly layers: readonly SceneLayer[];
  readonly look?: LabelLook;
}

/** Shown masks over a plane: their fill and a crisp outline, in the pixels of the picture below. */
export function MaskLayer({ frame, layers, look = usualLook }: MaskLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isShown = frame?.labels !== undefined && layers.some(({ role }) => role === 'shown');
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || !isShown || !frame?.labels) return;
    const { labels, width, height } = frame;
    if (element.width !== width || element.height !== height) {
      element.width = width;
      element.height = height;
    }
    const picture = new ImageData(labelPicture(labels, width, height, layers, look), width, height);
    element.getContext('2d')?.putImageData(picture, 0, 0);
  }, [frame, layers, look, isShown]);
  return isShown ? <canvas ref={canvas} className="mask-layer" /> : null;
}
