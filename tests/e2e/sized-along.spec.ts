/** An image of a stack and the pictures along a vessel in a chosen size carry what their viewports show. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { clickPoint, iliacAt, openFirst, surface } from './planes.ts';
import { coloursIn } from './saved-pictures.ts';
import { boxSize, canvasSize, savingOf } from './sized.ts';

const reason = skipReason('browser');
/** The end of the aorta and the left iliac artery. */
const iliacBlock = [
  '--center',
  '10,5,-165',
  '--size',
  '160x160',
  '--spacing',
  '0.9,0.9,1.5',
  '--slices',
  '80',
];

describe.skipIf(reason !== null)(
  `stacks and CPR in a chosen size${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let app: LaunchedApp;
    let page: Page;
    const folder = mkdtempSync(join(tmpdir(), 'candela-sized-along-'));
    const saving = () => savingOf(page);
    const dialog = () => saving().dialog();
    const sized = (times: number, name: RegExp, change?: () => Promise<void>) =>
      saving().times(times, name, change);
    const expectTheScreen = async (of: string, name: RegExp) =>
      saving().expectTheScreen(name, await canvasSize(page, of));

    beforeAll(async () => {
      const dataFolder = join(folder, 'data');
      importPhantom(dataFolder, join(folder, 'in'), iliacBlock);
      app = await launch('browser', { dataFolder, locale: 'en-US', viewport: { width: 1600, height: 900 } });
      page = app.page;
      page.setDefaultTimeout(soon.timeout);
      await openFirst(page);
      await page.locator('.vp-load').first().waitFor({ state: 'detached' });
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('draws an image of a stack anew, zoomed and turned, with its length and scale', async () => {
      const box = (await page.locator('.surface').boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.keyboard.press('KeyL');
      await page.mouse.move(x - 120, y - 60);
      await page.mouse.down();
      await page.mouse.move(x + 90, y + 30, { steps: 6 });
      await page.mouse.up();
      await page.keyboard.press('Escape');
      await expectTheScreen('.surface', /^Candela Se2 Im\d+\.png$/);
      await page.keyboard.press('KeyR');
      await page.mouse.move(x, y);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -300);
      await page.keyboard.up('Control');
      await expectTheScreen('.surface', /^Candela Se2 Im\d+\.png$/);
    });

    it('leaves out texts and marks of it that are not wanted, never its badges', async () => {
      // The corners beside the picture are black.
      await page.keyboard.press('Shift+KeyF');
      const bare = await sized(1, /Im\d+\.png$/, async () => {
        await dialog().locator('[data-texts=none]').click();
        await dialog().getByRole('switch').click();
      });
      const box = (await page.locator('.surface').boundingBox())!;
      const share = async (selector: string) => {
        const at = (await page.locator(selector).first().boundingBox())!;
        return [
          (at.x - box.x) / box.width,
          (at.y - box.y) / box.height,
          at.width / box.width,
          at.height / box.height,
        ] as const;
      };
      const [name, length] = [await share('.tx.tl'), await share('[data-measurement]')];
      // As the screen lies without texts.
      await page.keyboard.press('Space');
      await page.keyboard.press('Space');
      const badge = await share('[data-badge=demo]');
      await page.keyboard.press('Space');
      const whole = await sized(1, /Im\d+\.png$/);
      expect((await coloursIn(page, bare, badge)).bright).toBeGreaterThan(0.05);
      expect((await coloursIn(page, bare, name)).bright).toBe(0);
      expect((await coloursIn(page, whole, name)).bright).toBeGreaterThan(0.01);
      expect((await coloursIn(page, bare, length)).coloured).toBe(0);
      expect((await coloursIn(page, whole, length)).coloured).toBeGreaterThan(0.001);
    });

    it('draws the pictures along a vessel anew', async () => {
      await page.keyboard.press('KeyM');
      await surface(page, 'sagittal').locator('canvas[data-painted]').waitFor();
      await page.keyboard.press('Shift+KeyC');
      await clickPoint(page, iliacAt(14));
      await page.locator('.cpr-start', { hasText: 'Now click its end' }).waitFor();
      await clickPoint(page, iliacAt(72));
      await surface(page, 'section').locator('[data-contour]').waitFor();
      // Alone in a file each says that it is made up, how far its millimetres can be trusted, and its scale.
      expect(await surface(page, 'straight').locator('[data-badge=demo]').count()).toBe(1);
      expect(await surface(page, 'straight').locator('[data-badge=verdict]').count()).toBe(1);
      expect(await surface(page, 'straight').locator('.ruler').innerText()).toMatch(/^\d+ (mm|cm)$/);
      for (const name of ['straight', 'curved', 'section']) {
        await surface(page, name).locator('canvas[data-painted]').waitFor();
        await surface(page, name).click({ position: { x: 60, y: 60 }, button: 'middle' });
        await expectTheScreen(`[data-plane=${name}]`, new RegExp(`^Candela Se2 ${name}\\.png$`));
      }
      await page.keyboard.press('Shift+KeyV');
      await page.locator('[data-plane=curved][data-picture=stretched] canvas[data-painted]').waitFor();
      await surface(page, 'curved').click({ position: { x: 60, y: 60 }, button: 'middle' });
      await expectTheScreen('[data-plane=curved]', /^Candela Se2 curved\.png$/);
    });

    it('draws all lines on their sheet anew', async () => {
      // A second line, along a part of the same vessel.
      await page.locator('[data-line-new]').click();
      await clickPoint(page, iliacAt(30));
      await clickPoint(page, iliacAt(60));
      await expect.poll(() => page.locator('[data-line-row]').count(), soon).toBe(2);
      await page.locator('[data-cpr="sheet"]').click();
      await page.locator('.sheet-row canvas[data-painted]').nth(1).waitFor();
      // Both are measured: their names say how tight they are.
      await page.locator('.sheet-name', { hasText: '%DS' }).nth(1).waitFor();
      await page.locator('[data-picture=sheet]').click({ position: { x: 60, y: 20 }, button: 'middle' });
      await saving().expectTheScreen(/^Candela Se2 sheet\.png$/, await boxSize(page, '[data-picture=sheet]'));
    });
  },
);
