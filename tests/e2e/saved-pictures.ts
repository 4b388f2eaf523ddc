/** Saved pictures of the page, looked at in the page. */
import type { Page } from 'playwright-core';

/**
 * Two PNGs: their sizes, and how far their channels are apart, at most and in the mean; the second is first brought to
 * the size of the screen. A viewport may end within a pixel of the screen: its last ones do not count.
 */
export const compared = (page: Page, a: Buffer, b: Buffer, screen: readonly [number, number]) =>
  page.evaluate(
    async ({ one, other, screen: [across, along] }) => {
      const bitmapOf = (base64: string) =>
        createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
      const [first, second] = [await bitmapOf(one), await bitmapOf(other)];
      const [width, height] = [across - 1, along - 1];
      const pixelsOf = (bitmap: ImageBitmap, size: readonly [number, number]) => {
        const context = new OffscreenCanvas(...size).getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        context.drawImage(bitmap, 0, 0, ...size);
        return context.getImageData(0, 0, width, height).data;
      };
      const p = pixelsOf(first, [first.width, first.height]);
      const q = pixelsOf(second, [across, along]);
      let most = 0;
      let sum = 0;
      for (let n = 0; n < p.length; n += 1) {
        const apart = Math.abs(p[n]! - q[n]!);
        most = Math.max(most, apart);
        sum += apart;
      }
      return { sizes: [first, second].map((it) => [it.width, it.height]), most, mean: sum / p.length };
    },
    { one: a.toString('base64'), other: b.toString('base64'), screen },
  );

/** Shares of pixels within a box (shares of the sides) of kinds of colour. */
export const coloursIn = (page: Page, png: Buffer, box: readonly [number, number, number, number]) =>
  page.evaluate(
    async ({ base64, share: [x, y, width, height] }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(
        x * bitmap.width,
        y * bitmap.height,
        width * bitmap.width,
        height * bitmap.height,
      );
      const found = { coloured: 0, bright: 0 };
      for (let n = 0; n < data.length; n += 4) {
        const [r, g, b] = [data[n]!, data[n + 1]!, data[n + 2]!];
        if (Math.max(r, g, b) - Math.min(r, g, b) > 60) found.coloured += 4 / data.length;
        if (Math.max(r, g, b) > 150) found.bright += 4 / data.length;
      }
      return found;
    },
    { base64: png.toString('base64'), share: box },
  );
