/** A plane in a chosen size carries what its viewport shows: PET over CT, a mask, a measurement, texts, badges, hatching. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirstAsPlanes, surface } from './planes.ts';
import { coloursIn, compared } from './saved-pictures.ts';
import { canvasSize, savingOf } from './sized.ts';

const reason = skipReason('browser');
/** Two of its slices are not there: the planes across them are hatched at their sides. */
const gaps = Array.from({ length: 47 }, (_, n) => (n === 23 ? 27 : 9)).join();
const ct = ['--size', '96x96', '--spacing', '4.5,4.5,9', '--slices', '48', '--gaps', gaps] as const;
const pet = ['--size', '64x64', '--spacing', '7,7,9', '--slices', '50', '--contrast', 'pet'] as const;

describe.skipIf(reason !== null)(`planes in a chosen size${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-sized-'));
  const saving = () => savingOf(page);
  const dialog = () => saving().dialog();
  const asSeen = (name = /coronal\.png$/) => saving().asSeen(name);
  const sized = (fill: () => Promise<void>, name = /coronal\.png$/) => saving().sized(fill, name);
  const pixels = (plane: string) => canvasSize(page, `[data-plane="${plane}"]`);
  /** Colours laid over in one canvas or in two differ by a level; edges of lines by a few. */
  const expectSame = ({ most, mean }: { readonly most: number; readonly mean: number }) => {
    expect(mean).toBeLessThan(0.2);
    expect(most).toBeLessThan(24);
  };
  const choose = (what: string) => dialog().locator(what).click();

  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'ct'), ct);
    importPhantom(dataFolder, join(folder, 'pt'), pet);
    app = await launch('browser', {
      dataFolder,
      locale: 'en-US',
      viewport: { width: 1600, height: 900 },
    });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
    await page.locator('.fusion select').selectOption({ index: 1 });
    await surface(page, 'coronal').locator('canvas.fused[data-fused]').waitFor();
    const box = (await surface(page, 'coronal').boundingBox())!;
    // A layer painted by hand, and a length.
    await page.keyboard.press('KeyY');
    await page.locator('[data-mask-do="brush"]').click();
    await page.mouse.move(box.x + box.width * 0.44, box.y + box.height * 0.6);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.56, box.y + box.height * 0.62, { steps: 6 });
    await page.mouse.up();
    await surface(page, 'coronal').locator('canvas.mask-layer').waitFor();
    await page.keyboard.press('KeyL');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.35, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.press('Escape');
    // Nothing under the pointer: what it would say is no part of a picture.
    await page.mouse.move(800, 20);
    await page.locator('.vp-load').first().waitFor({ state: 'detached' });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is what the screen shows, pixel by pixel, where it has as many', async () => {
    for (const plane of ['coronal', 'axial'] as const) {
      await surface(page, plane).click({ position: { x: 40, y: 240 }, button: 'middle' });
      await page.mouse.move(800, 20);
      const name = new RegExp(`Se\\d+ ${plane}\\.png$`);
      const own = await sized(() => choose('[data-times="1"]'), name);
      const size = await pixels(plane);
      const now = async () => compared(page, await asSeen(name), own, size);
      // The screen may show a coarse picture for a moment.
      await expect.poll(async () => (await now()).most, { ...soon, interval: 300 }).toBeLessThan(24);
      const { sizes, most, mean } = await now();
      expect(sizes[1]).toEqual(size);
      expectSame({ most, mean });
    }
  });

  it('shows the same in other sizes, with finer texts and outlines as broad', async () => {
    await surface(page, 'coronal').click({ position: { x: 40, y: 240 }, button: 'middle' });
    await page.mouse.move(800, 20);
    const screen = await asSeen();
    const [width, height] = await pixels('coronal');
    const odd = 1733;
    for (const [fill, wide] of [
      [() => choose('[data-times="2"]'), 2 * width],
      [() => dialog().locator('[data-field=width]').fill(String(odd)), odd],
      // More pixels than the workers draw at once.
      [() => dialog().locator('[data-field=width]').fill('4000'), 4000],
    ] as const) {
      const own = await sized(fill);
      const { sizes, mean } = await compared(page, screen, own, [width, height]);
      expect(sizes[1]).toEqual([wide, Math.round((wide * height) / width)]);
      expect(mean).toBeLessThan(2.5);
    }
  });

  it('leaves out texts and marks that are not wanted, and never the badges, the colours or the hatching', async () => {
    await surface(page, 'coronal').click({ position: { x: 40, y: 240 }, button: 'middle' });
    await page.mouse.move(800, 20);
    const badge = (await surface(page, 'coronal').locator('[data-badge=demo]').count()) > 0;
    expect(badge).toBe(true);
    const own = await sized(async () => {
      await choose('[data-texts=none]');
      await dialog().getByRole('switch').click();
    });
    // As the screen shows it without texts and crosshair, but for the length.
    await page.keyboard.press('Space');
    await page.keyboard.press('Space');
    await page.keyboard.press('KeyX');
    await page.keyboard.press('Control+KeyZ');
    await surface(page, 'coronal').locator('[data-measurement]').waitFor({ state: 'detached' });
    // The screen may show a coarse picture for a moment.
    const size = await pixels('coronal');
    await expect
      .poll(async () => (await compared(page, await asSeen(), own, size)).mean, { ...soon, interval: 300 })
      .toBeLessThan(0.2);
    const shareOf = async (selector: string) => {
      const at = (await surface(page, 'coronal').locator(selector).first().boundingBox())!;
      const box = (await surface(page, 'coronal').boundingBox())!;
      return [
        (at.x - box.x) / box.width,
        (at.y - box.y) / box.height,
        at.width / box.width,
        at.height / box.height,
      ] as const;
    };
    expect((await coloursIn(page, own, await shareOf('[data-badge=demo]'))).bright).toBeGreaterThan(0.05);
    expect((await coloursIn(page, own, await shareOf('[data-badge=verdict]'))).bright).toBeGreaterThan(0.05);
    expect((await coloursIn(page, own, await shareOf('.colour-bar svg'))).coloured).toBeGreaterThan(0.3);
    expect((await coloursIn(page, own, [0.3, 0.3, 0.4, 0.4])).coloured).toBeGreaterThan(0.05);
    // Slices that are made up: yellow and black stripes at the left side of the picture, and none further in.
    const [, top, , tall] = await shareOf('[data-gap]');
    const { width = 1 } = (await surface(page, 'coronal').boundingBox()) ?? {};
    const strip = await coloursIn(page, own, [1 / width, top + tall * 0.2, 7 / width, tall * 0.6]);
    expect(strip.coloured).toBeGreaterThan(0.2);
    expect(strip.coloured).toBeLessThan(0.8);
    expect((await coloursIn(page, own, [16 / width, top, 8 / width, tall])).coloured).toBe(0);
    await page.keyboard.press('Space');
  });

  it('is not offered in sizes that cannot be drawn', async () => {
    await page.keyboard.press('Control+Alt+KeyS');
    await dialog().locator('[data-field=width]').fill('9000');
    expect(await dialog().locator('[data-save=picture]').isDisabled()).toBe(true);
    expect(await dialog().locator('[data-size]').innerText()).toContain('8192');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });
});
