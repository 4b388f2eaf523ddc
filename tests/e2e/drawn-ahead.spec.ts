/** The page of the study that is selected is drawn, and its images fetched, before anybody opens it: unseen, out of reach, and shown only while it is right. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, rowsOf, soon } from './pages.ts';

const shared = sharedDataFolder();
const reason = skipReason('browser') ?? (shared === null ? sharedDataMissing : null);

describe.skipIf(reason !== null)(`a page drawn ahead${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const drawn = () => page.locator('.slot.ahead canvas[data-painted]').first().waitFor({ state: 'attached' });
  const painted = (of: Page) => of.locator('.slot:not(.ahead) canvas[data-painted]').first();
  const image = (of: Page) => painted(of).getAttribute('data-painted');

  beforeAll(async () => {
    app = await launch('browser', { locale: 'en-US' });
    page = app.page;
    await page.getByRole('heading', { name: t('en', 'studies.empty') }).waitFor();
    for (const name of ['mr-hitachi', 'mr-sag-siemens-hfs'])
      await importPath(page, join(shared ?? '', 'series', name), 'import');
    await rowsOf(page).nth(1).waitFor();
  });
  afterAll(() => app?.close());

  it('is out of reach of eyes, keys and screen readers, and has its frames; opened, it is the page', async () => {
    const asked: string[] = [];
    app.context.on('request', (request) => {
      const frames = /\/pixels\/.*frames=(\S+)/.exec(request.url())?.[1];
      if (frames) asked.push(frames);
    });
    await rowsOf(page).first().click();
    await drawn();
    // The one that is shown first comes first, and alone.
    await expect.poll(() => asked.length, soon).toBeGreaterThan(1);
    expect(asked[0]).toMatch(/^\d+$/);
    expect(await page.locator('.slot .surface').first().isVisible()).toBe(false);
    expect(await page.getByRole('toolbar').count()).toBe(0);
    // Its key of planes is a letter to search for here.
    const search = page.getByRole('searchbox');
    await page.keyboard.press('m');
    await expect.poll(() => search.inputValue(), soon).toBe('m');
    await search.fill('');
    await rowsOf(page).nth(1).waitFor();
    await rowsOf(page).first().click();
    await drawn();
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('.slot') === null)).toBe(true);
    }
    expect(await page.locator('.win').getAttribute('data-page')).toBe('studies');

    const before = await page.locator('.slot canvas[data-painted]').first().getAttribute('data-painted');
    const isStill = async (): Promise<boolean> => {
      const before = asked.length;
      await page.waitForTimeout(500);
      return asked.length === before;
    };
    await expect.poll(isStill, soon).toBe(true);
    asked.length = 0;
    await rowsOf(page).first().dblclick();
    await painted(page).waitFor();
    expect(await image(page)).toBe(before);
    expect(asked).toEqual([]);
    await expect.poll(() => page.locator('.slot.ahead').count(), soon).toBe(0);
    expect(await page.getByRole('toolbar').count()).toBe(1);
  });

  it('is that of the row that the pointer rests on', async () => {
    await page.keyboard.press('Alt+Digit1');
    // Selected is one that is open already.
    await rowsOf(page).first().click();
    await page.waitForTimeout(1000);
    expect(await page.locator('.slot canvas').count()).toBe(0);
    await rowsOf(page).nth(1).hover();
    await drawn();
  });

  it('is not shown where another window has read the study meanwhile: what that left is', async () => {
    const opens = app.context.waitForEvent('page');
    await page.keyboard.press('Alt+Digit1');
    await page.evaluate(() => void open('/'));
    const other = await opens;
    await rowsOf(other).nth(1).dblclick();
    await painted(other).waitFor();
    await app.untilKept();

    // As that window left it until now.
    await rowsOf(page).first().click();
    await rowsOf(page).nth(1).click();
    await drawn();
    const first = await page.locator('.slot canvas[data-painted]').first().getAttribute('data-painted');
    expect(first).toBe(await image(other));
    for (let n = 0; n < 3; n += 1) await other.keyboard.press('ArrowDown');
    await expect.poll(() => image(other), soon).not.toBe(first);
    await app.untilKept();

    await rowsOf(page).nth(1).dblclick();
    await painted(page).waitFor();
    await expect.poll(() => image(page), soon).toBe(await image(other));
  });

  it('has the keys that are pressed while it is on its way', async () => {
    await page.keyboard.press('Alt+Digit1');
    await page.locator('.bar .tabs .tab').first().getByRole('button').last().click();
    await rowsOf(page).first().click();
    await drawn();
    await page.keyboard.press('Enter');
    await page.keyboard.press('KeyM');
    await page.locator('.slot:not(.ahead) [data-plane=coronal]').waitFor();
  });
});
