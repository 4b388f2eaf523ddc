/** Saving pictures of viewports, as they are seen and in a chosen size, and comparing the two. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { soon } from './pages.ts';
import { compared } from './saved-pictures.ts';

type Size = readonly [number, number];

/** What a person does with the two ways of saving on a page. */
export interface Saving {
  /** The dialogue of sizes. */
  dialog(): ReturnType<Page['getByRole']>;
  /** The active viewport as it is seen; `name` is what its file is called. */
  asSeen(name: RegExp): Promise<Buffer>;
  /** The same drawn anew, with what `fill` chooses in the dialogue. */
  sized(fill: () => Promise<void>, name: RegExp): Promise<Buffer>;
  /** So many times the pixels of the screen. */
  times(n: number, name: RegExp, change?: () => Promise<void>): Promise<Buffer>;
  /** What is saved with as many pixels is the screen; with more, it is the screen made smaller. */
  expectTheScreen(name: RegExp, size: Size): Promise<void>;
}

/** Device pixels of a viewport's first canvas, and of a viewport in which pictures of their own size lie. */
export const canvasSize = (page: Page, of: string): Promise<Size> =>
  page
    .locator(`${of} canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height] as const);
export const boxSize = (page: Page, of: string): Promise<Size> =>
  page
    .locator(of)
    .evaluate(
      (box) =>
        [box.clientWidth, box.clientHeight].map((px) => Math.round(px * devicePixelRatio)) as unknown as Size,
    );

export function savingOf(page: Page): Saving {
  const dialog = () => page.getByRole('dialog', { name: 'Save a picture in a chosen size' });
  const saved = async (press: () => Promise<void>, name: RegExp): Promise<Buffer> => {
    const download = page.waitForEvent('download');
    await press();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(name);
    return readFileSync(await file.path());
  };
  const asSeen: Saving['asSeen'] = (name) => saved(() => page.keyboard.press('Control+KeyS'), name);
  const sized: Saving['sized'] = (fill, name) =>
    saved(async () => {
      await page.keyboard.press('Control+Alt+KeyS');
      await dialog().waitFor();
      await fill();
      await dialog().locator('[data-save=picture]').click();
    }, name);
  const times: Saving['times'] = (n, name, change = async () => undefined) =>
    sized(async () => {
      await dialog().locator(`[data-times="${n}"]`).click();
      await change();
    }, name);
  return {
    ...{ dialog, asSeen, sized, times },
    async expectTheScreen(name, size) {
      // Nothing under the pointer: what it would say is no part of a picture.
      await page.mouse.move(800, 20);
      const own = await times(1, name);
      let screen = own;
      // The screen may show a coarse picture for a moment.
      const apart = async (): Promise<number> => {
        screen = await asSeen(name);
        const { sizes, most } = await compared(page, screen, own, size);
        expect(sizes[1]).toEqual(size);
        return most;
      };
      await expect.poll(apart, { ...soon, interval: 300 }).toBeLessThan(24);
      expect((await compared(page, screen, own, size)).mean).toBeLessThan(0.2);
      const twice = await compared(page, screen, await times(2, name), size);
      expect(twice.sizes[1]).toEqual(size.map((n) => 2 * n));
      expect(twice.mean).toBeLessThan(2.5);
    },
  };
}
