import { type RefObject, useEffect, useRef } from 'react';
import type { CprLook } from '../../../../core/analysis/cpr/picture.ts';
import { layStrip, type RibSheet, stripScene } from '../../../../core/analysis/ribs/sheet.ts';
import type { CpuRenderer } from '../../../../core/render/coordinator.ts';
import { PicturePainter } from '../../../viewport/picture-painter.ts';

/** Opaque black. */
const ground = 0xff000000;

/** Keeps a canvas showing the rib sheet: its strips are drawn as one job and laid together. */
export function useRibSheet(
  canvas: RefObject<HTMLCanvasElement | null>,
  renderer: CpuRenderer | null,
  sheet: RibSheet | null,
  look: CprLook,
  version: number,
): void {
  const painter = useRef<PicturePainter | null>(null);
  const count = useRef(0);
  useEffect(() => {
    const element = canvas.current;
    if (!element || !renderer || !sheet) return;
    let isStale = false;
    const draw = async (): Promise<void> => {
      const frames = await Promise.all(
        sheet.strips.map((strip) =>
          renderer.slice(stripScene(strip, look), {
            channel: `rib ${strip.ribId}`,
            quality: 'moving',
            values: false,
          }),
        ),
      );
      if (isStale) return;
      const { width, height } = sheet;
      const pixels = new Uint32Array(width * height).fill(ground);
      for (const [n, frame] of frames.entries()) {
        const strip = sheet.strips[n];
        if (!frame || !strip || frame.coarse !== 1) continue;
        const drawn = new Uint32Array(frame.rgba.buffer, frame.rgba.byteOffset, frame.width * frame.height);
        layStrip(sheet, strip, drawn, pixels);
      }
      painter.current ??= new PicturePainter(element);
      painter.current.resize(width, height);
      painter.current.paint({
        ...{ width, height, values: null, coarse: 1 },
        rgba: new Uint8ClampedArray(pixels.buffer),
      });
      count.current += 1;
      element.dataset['painted'] = `${version}.${count.current}`;
    };
    // A renderer that has ended answers with an error; its successor draws the same sheet.
    void draw().catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [canvas, renderer, sheet, look, version]);
}
