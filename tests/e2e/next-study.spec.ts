/** A list read from the top by one key: next, next, last, back; one tab, each marked as read, unread ones only. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, rowsOf, soon } from './pages.ts';

const shared = sharedDataFolder();
const reason = skipReason('browser') ?? (shared === null ? sharedDataMissing : null);

describe.skipIf(reason !== null)(`next study${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  beforeAll(async () => {
    app = await launch('browser', { locale: 'en-US' });
    page = app.page;
    await page.getByRole('heading', { name: t('en', 'studies.empty') }).waitFor();
    for (const name of ['mr-hitachi', 'mr-sag-siemens-hfs', 'mr-dwi-ge'])
      await importPath(page, join(shared ?? '', 'series', name), 'import');
    await rowsOf(page).nth(2).waitFor();
  });
  afterAll(() => app?.close());

  it('reads the list of unread studies from the first to the last and back', async () => {
    await page.getByRole('button', { name: t('en', 'studies.unreadOnly'), exact: true }).click();
    await expect.poll(() => rowsOf(page).count(), soon).toBe(3);
    const names = await rowsOf(page).locator('.nm').allInnerTexts();
    const ahead = new Set<string>();
    page.on('request', (request) => {
      const asked = request.url().endsWith('/call/series.plan') ? (request.postData() ?? '') : '';
      if (asked.includes('"ahead"')) ahead.add(asked);
    });
    await rowsOf(page).first().click();
    // The list asks for the study that is chosen.
    await page.waitForTimeout(1000);
    const known = ahead.size;
    await rowsOf(page).first().dblclick();
    // While it is read the next one is asked for, before anybody wants it.
    await page.locator('.surface canvas[data-painted]').first().waitFor();
    await expect.poll(() => ahead.size, soon).toBeGreaterThan(known);
    const shown = async (): Promise<string> => {
      await page.locator('.surface canvas[data-painted]').first().waitFor();
      return page.locator('.tx.tl').first().innerText();
    };
    const tab = page.locator('.bar .tabs .tab');
    const seen = [await shown()];
    for (let n = 1; n < 3; n += 1) {
      await page.keyboard.press('KeyN');
      await expect.poll(shown, soon).not.toBe(seen.at(-1));
      seen.push(await shown());
      await expect.poll(() => tab.count(), soon).toBe(1);
    }
    for (const [n, name] of names.entries()) expect(seen[n]).toContain(name.trim().split(' ')[0]);
    await page.keyboard.press('KeyN');
    await page.getByText(t('en', 'command.noNextStudy')).waitFor();
    await page.keyboard.press('Shift+KeyN');
    await expect.poll(shown, soon).toBe(seen[1]);
    // A hand that stays on the keys: the menu of the picture, and the end of the study.
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+KeyW');
    await expect.poll(() => tab.count(), soon).toBe(0);
    await page.keyboard.press('Alt+Digit1');
    // All three were read.
    await page.getByText(t('en', 'studies.noMatch'), { exact: false }).first().waitFor();
  });

  it('goes from region to region of the list by F6, out of the search too, to a list that answers keys', async () => {
    await page.getByRole('button', { name: t('en', 'studies.unreadOnly'), exact: true }).click();
    await rowsOf(page).nth(2).waitFor();
    await page.keyboard.press('Control+KeyF');
    const region = () =>
      page.evaluate(() =>
        ['.bar', '.src', '.search', '.grid', '.pv', '.strip'].find((one) =>
          document.activeElement?.closest(one),
        ),
      );
    expect(await region()).toBe('.search');
    await page.keyboard.press('Shift+F6');
    expect(await region()).toBe('.src');
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    expect(await region()).toBe('.grid');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('tr[aria-selected=true]').count(), soon).toBe(1);
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F6');
    expect(await region()).toBe('.pv');
  });
});
