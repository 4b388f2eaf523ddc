/** At 1366 × 768 the open panel hides none of the pictures: no letter, verdict or name lies under it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirstAsPlanes } from './planes.ts';

const reason = skipReason('browser');

/** What of the viewports another element of the page lies over. */
const hidden = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.vp .ed, .vp .bd, .vp .tx .n')].flatMap((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return [];
      const over = document.elementsFromPoint(left + width / 2, top + height / 2)[0];
      const isSeen = over?.closest('.vp') === element.closest('.vp');
      return isSeen ? [] : [`${element.className} ${element.textContent}`];
    }),
  );

/** Badges that a viewport's edge cuts or that take more than a line, and scale bars that lie on texts. */
const badgesAstray = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.vp')].flatMap((viewport) => {
      const frame = viewport.getBoundingClientRect();
      const badges = [...viewport.querySelectorAll<HTMLElement>('.bd')].filter((badge) => {
        const { left, right, height } = badge.getBoundingClientRect();
        const words = document.createRange();
        words.selectNodeContents(badge);
        const isCut = words.getBoundingClientRect().right > right;
        return left < frame.left || right > frame.right || height > 24 || isCut;
      });
      const [bar, text] = ['.ruler span', '.tx.bl'].map((part) =>
        viewport.querySelector(part)?.getBoundingClientRect(),
      );
      const isOver =
        bar &&
        text &&
        bar.width > 0 &&
        bar.bottom > text.top &&
        bar.left < text.right &&
        bar.right > text.left;
      return [...badges.map((badge) => badge.innerText), ...(isOver ? ['scale bar'] : [])];
    }),
  );

/** Tools of the bar that something lies over, or that the bar's end cuts. */
const coveredTools = (page: Page): Promise<readonly (string | null)[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.tools .tb')].flatMap((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      if (width === 0) return [];
      const over = [left + 2, left + width - 2].map((x) => document.elementFromPoint(x, top + height / 2));
      return over.every((element) => button.contains(element)) ? [] : [button.ariaLabel];
    }),
  );

describe.skipIf(reason !== null)(`a small screen${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-small-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'in'), smallBody);
    app = await launch('browser', { dataFolder, locale: 'en-US', viewport: { width: 1366, height: 768 } });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each([
    ['KeyM', 'planes'],
    ['Shift+KeyM', '3D'],
    ['Shift+KeyC', 'along a vessel'],
    ['Shift+KeyH', 'ribs'],
    ['KeyM', 'planes again'],
  ])('shows all planes beside the panel (%s: %s), and takes the room back when it goes', async (key) => {
    if (key !== 'KeyM' || (await page.locator('[data-plane=sagittal]').count()) === 0)
      await page.keyboard.press(key);
    const width = async (): Promise<number> => (await page.locator('.vps').boundingBox())?.width ?? 0;
    const whole = await width();
    await page.keyboard.press('KeyY');
    await page.locator('.side').waitFor();
    await expect.poll(() => hidden(page), soon).toEqual([]);
    await expect.poll(() => badgesAstray(page), soon).toEqual([]);
    expect(await width()).toBeCloseTo(whole - 300, -1);
    await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
    await page.getByRole('button', { name: 'Panel', exact: true }).click();
    await page.locator('.side').waitFor({ state: 'detached' });
    await expect.poll(width, soon).toBe(whole);
  });

  it('shows the badges and letters of a stack beside the panel', async () => {
    await page.keyboard.press('KeyM');
    await page.locator('.surface:not([data-plane]) canvas[data-painted]').waitFor();
    await page.getByRole('button', { name: 'Panel', exact: true }).click();
    await page.locator('.side').waitFor();
    expect(await page.locator('.vp .bd').count()).toBeGreaterThan(0);
    await expect.poll(() => hidden(page), soon).toEqual([]);
    await page.getByRole('button', { name: 'Panel', exact: true }).click();
  });

  it('has all tools in sight, turning and flipping too, in both languages', async () => {
    await page.keyboard.press('Shift+Digit2');
    await page.locator('.surface:not([data-plane]) canvas[data-painted]').first().waitFor();
    await page.keyboard.press('KeyC');
    await page.getByRole('button', { name: /^Cine speed/ }).waitFor();
    for (const language of ['zh-CN', 'en']) {
      await page.locator('.lang').click();
      await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
      expect(await coveredTools(page)).toEqual([]);
      // Tools of the left button share one.
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.locator('.tb.folded').click();
      await page.getByRole('menuitemradio', { name: language === 'en' ? /^Pan/ : /^平移/ }).click();
      await page.locator('.tool-pan').first().waitFor();
      expect(await coveredTools(page)).toEqual([]);
      await page.setViewportSize({ width: 1366, height: 768 });
    }
    await page.keyboard.press('KeyC');
    await page.keyboard.press('Shift+Digit1');
    await page.getByRole('button', { name: 'Turn, flip, invert' }).click();
    await page.getByRole('menuitem', { name: /^Flip left and right/ }).click();
    await page.locator('.vp .bd', { hasText: 'FLIPPED' }).waitFor();
    await page.keyboard.press('KeyH');
  });

  it('tells what happened beside the pictures, not over them', async () => {
    // Copied, or not allowed to: either is told.
    await page.keyboard.press('Control+KeyC');
    const told = page.locator('.strip .messages .msg');
    await told.waitFor();
    expect(await hidden(page)).toEqual([]);
    await told.getByRole('button', { name: 'Dismiss' }).click();
    await told.waitFor({ state: 'detached' });
  });

  it('closes the preview of the list by Esc, and keeps the focus where a hand finds it', async () => {
    await page.keyboard.press('Alt+Digit1');
    const button = page.getByRole('button', { name: 'Show or hide the preview', exact: true });
    await button.click();
    await page.locator('.pv').getByRole('button').first().focus();
    await page.keyboard.press('Escape');
    await page.locator('.pv').waitFor({ state: 'detached' });
    await expect
      .poll(() => button.evaluate((element) => element === document.activeElement), soon)
      .toBe(true);
    await page.keyboard.press('Alt+Digit2');
    await page.locator('.surface canvas[data-painted]').first().waitFor();
  });

  it('cuts no number in the lower corners of small planes, in both languages', async () => {
    await page.keyboard.press('KeyM');
    await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
    for (let n = 0; n < 6; n += 1) await page.keyboard.press('BracketRight');
    await page.keyboard.press('Shift+KeyM');
    await page.keyboard.press('KeyY');
    for (const language of ['zh-CN', 'en']) {
      await page.locator('.lang').click();
      await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
      await expect.poll(() => page.locator('[data-plane=axial] .tx.bl').innerText(), soon).toMatch(/40\s+mm/);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.tx.bl, .tx.br')]
          .filter((corner) => corner.scrollWidth > corner.clientWidth)
          .map((corner) => corner.innerText),
      );
      expect(cut).toEqual([]);
      await expect.poll(() => badgesAstray(page), soon).toEqual([]);
    }
  });

  it.each([1024, 1280, 1366, 1501, 1600, 1920])(
    'has all tools in sight in 3D beside the panel, %i wide',
    async (width) => {
      await page.setViewportSize({ width, height: 768 });
      await page.locator('.side').waitFor();
      expect(await coveredTools(page)).toEqual([]);
    },
  );

  it('shows badges whole in the narrow planes beside a vessel, in a large window', async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.keyboard.press('Shift+KeyC');
    await page.locator('[data-plane=coronal] .bd', { hasText: 'Interpolated' }).waitFor();
    await expect.poll(() => badgesAstray(page), soon).toEqual([]);
  });
});
