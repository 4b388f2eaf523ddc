import { useLayoutEffect, useRef } from 'react';
import type { Frame } from '../../../core/render/types.ts';
import { paintFrame } from '../../cpu/paint-frame.ts';

/** A small finished picture. */
export function PresetThumb({ frame }: { readonly frame: Frame }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (context) paintFrame(context, frame);
  }, [frame]);
  return <canvas ref={canvas} width={frame.width} height={frame.height} />;
}
