/** From the list to a picture and back, on loops, PET and MR: what is counted, what is selected, what stays said. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, rowsOf } from './pages.ts';

const shared = sharedDataFolder();
const reason = skipReason('browser') ?? (shared === null ? sharedDataMissing : null);
const folders = ['xa-multiframe', 'pet-cps', 'mr-hitachi', 'mr-sag-siemens-hfs', 'mr-dwi-ge'];

describe.skipIf(reason !== null)(`from list to picture${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  beforeAll(async () => {
    app = await launch('browser', { locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(20_000);
    await page.getByRole('heading', { name: t('en', 'studies.empty') }).waitFor();
    for (const name of folders) await importPath(page, join(shared ?? '', 'series', name), 'import');
    await rowsOf(page)
      .nth(folders.length - 1)
      .waitFor();
  });
  afterAll(() => app?.close());

  const rowOf = (modality: string) =>
    rowsOf(page).filter({ has: page.locator('td.b', { hasText: new RegExp(`^${modality}$`) }) });

  it('counts the frames of a loop in list, preview and thumbnails, and says of how many objects', async () => {
    const loop = rowOf('XA');
    await loop.click();
    const words = t('en', 'studies.objectsFrames', { objects: 1, frames: 96 });
    const count = loop.locator(`[data-tip="${words}"]`);
    expect(await count.innerText()).toBe('96');
    const totals = t('en', 'studies.seriesObjects', { series: 1, objects: 1, frames: 96 });
    await page.locator('.pv').getByText(totals).waitFor();
    expect(await page.locator('.pv .ser .num').innerText()).toBe('96');
    await page.keyboard.press('Enter');
    const thumb = page.locator('.sth');
    await thumb.waitFor();
    expect(await thumb.locator('.z').innerText()).toBe('96');
    expect(await thumb.getAttribute('data-tip')).toContain(words);
    await page.keyboard.press('Alt+Digit1');
  });
});
