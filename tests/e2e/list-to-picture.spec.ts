/** From the list to a picture and back, on loops, PET and MR: what is counted, what is selected, what stays said. */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import { t } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, rowsOf, soon } from './pages.ts';

const shared = sharedDataFolder();
const reason = skipReason('browser') ?? (shared === null ? sharedDataMissing : null);
const folders = ['xa-multiframe', 'pet-cps', 'mr-hitachi', 'mr-sag-siemens-hfs', 'mr-dwi-ge'];

describe.skipIf(reason !== null)(`from list to picture${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  beforeAll(async () => {
    app = await launch('browser', { locale: 'en-US' });
    page = app.page;
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

  it('plays a loop, and says how many pictures a second it really shows where they are fewer', async () => {
    await rowOf('XA').dblclick();
    await page.locator('.surface canvas[data-painted]').waitFor();
    const slow = await page.context().newCDPSession(page);
    await slow.send('Emulation.setCPUThrottlingRate', { rate: 12 });
    await page.keyboard.press('KeyC');
    const shown = page.locator('[data-cine-shown]');
    await shown.waitFor();
    // Both at one moment: the rate goes on changing.
    const [told, text] = await shown.evaluate((element) => [
      Number(element.getAttribute('data-cine-shown')),
      element.textContent ?? '',
    ]);
    expect(told).toBeLessThan(Number.parseInt(text, 10));
    expect(text).toContain(`shows ${told}`);
    await slow.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    for (let n = 0; n < 12; n += 1) await page.keyboard.press('BracketLeft');
    await shown.waitFor({ state: 'detached' });
    await page.keyboard.press('KeyC');
    await page.keyboard.press('Alt+Digit1');
  });

  it('plays to and fro where that is chosen, and remembers it', async () => {
    await rowOf('XA').dblclick();
    await page.locator('.surface canvas[data-painted]').waitFor();
    const shown = async (): Promise<number> => {
      const text = await page.locator('.surface .tx.br').innerText();
      return Number(/Im\s+(\d+)\s*\/\s*96/.exec(text)?.[1]);
    };
    const playFromEnd = async (): Promise<number> => {
      await page.keyboard.press('End');
      await expect.poll(shown, soon).toBe(96);
      // Seen in the page itself: a busy machine would tell a test of a much later image.
      await page.evaluate(() => {
        delete document.body.dataset['next'];
        const watch = new MutationObserver(() => {
          const text = document.querySelector('.surface .tx.br')?.textContent ?? '';
          const image = /Im\s*(\d+)\s*\/\s*96/.exec(text)?.[1];
          if (image === undefined || image === '96') return;
          watch.disconnect();
          document.body.dataset['next'] = image;
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      await page.keyboard.press('KeyC');
      const next = () => page.evaluate(() => document.body.dataset['next']);
      await expect.poll(next, soon).toBeDefined();
      await page.keyboard.press('KeyC');
      return Number(await next());
    };
    // In a loop the first images follow the last, to and fro those before it.
    expect(await playFromEnd()).toBeLessThan(48);
    await page.keyboard.press('Backslash');
    expect(await playFromEnd()).toBeGreaterThan(48);
    await page.keyboard.press('KeyC');
    await page.getByRole('button', { name: /^Cine speed/ }).click();
    expect(await page.getByRole('menuitemradio', { checked: true }).allInnerTexts()).toContain(
      'Back and forth',
    );
    await page.getByRole('menuitemradio', { name: 'Loop' }).click();
    await page.keyboard.press('KeyC');
    expect(await playFromEnd()).toBeLessThan(48);
    await page.keyboard.press('Alt+Digit1');
  });

  it('shows thumbnails of PET black on white, as the picture opens', async () => {
    await rowOf('PT').click();
    const tile = page.locator('.pv .tile img').first();
    await tile.waitFor();
    expect(await cornerAndDarkest(tile)).toEqual(white);
    await page.keyboard.press('Enter');
    await page.locator('.surface canvas[data-painted]').waitFor();
    const thumb = page.locator('.sth img');
    await thumb.waitFor();
    expect(await cornerAndDarkest(thumb)).toEqual(white);
    expect(await cornerAndDarkest(page.locator('.surface canvas[data-painted]'), 0.3)).toEqual(white);
    await page.keyboard.press('Alt+Digit1');
  });

  it('does not leave what was said of a study over the next one', async () => {
    await rowOf('PT').dblclick();
    await page.locator('.surface canvas[data-painted]').waitFor();
    await page.keyboard.press('Control+Alt+KeyS');
    const download = page.waitForEvent('download');
    await page
      .getByRole('dialog', { name: 'Save a picture in a chosen size' })
      .locator('[data-save=picture]')
      .click();
    const name = (await download).suggestedFilename();
    const said = page.locator('.msg', { hasText: t('en', readingTerms['reading.filmReady'], { name }) });
    await said.waitFor();
    await page.keyboard.press('Shift+KeyN');
    await said.waitFor({ state: 'detached' });
    await page.locator('.surface canvas[data-painted]').waitFor();
    await page.keyboard.press('Alt+Digit1');
  });

  it('selects the next unread study after one was read, and opens that with Enter', async () => {
    await page.getByRole('button', { name: t('en', 'studies.unreadOnly'), exact: true }).click();
    await expect.poll(() => rowsOf(page).count(), soon).toBeLessThan(folders.length);
    const listed = await rowsOf(page).locator('.nm').allInnerTexts();
    expect(listed.length).toBeGreaterThan(2);
    await rowsOf(page).first().dblclick();
    await page.locator('.surface canvas[data-painted]').waitFor();
    await page.keyboard.press('KeyN');
    await expect.poll(() => page.locator('.tab.on').innerText(), soon).toContain(listed[1]!.split('\n')[0]);
    await page.keyboard.press('Alt+Digit1');
    const left = listed.slice(2);
    await expect.poll(() => rowsOf(page).locator('.nm').allInnerTexts(), soon).toEqual(left);
    await expect.poll(() => page.locator('tr.sel .nm').allInnerTexts(), soon).toEqual(left.slice(0, 1));
    await expect.poll(() => page.locator('.pv .big').innerText(), soon).toContain(left[0]!.split('\n')[0]);
  });
});

const white = { corner: 'light', darkest: 'dark' };
/** Of a picture or a canvas: the grey in its upper left quarter's corner (`at` of its width) and the darkest grey. */
const cornerAndDarkest = (picture: Locator, at = 0.02): Promise<typeof white> =>
  picture.evaluate(async (element, part) => {
    const source = element as HTMLImageElement | HTMLCanvasElement;
    if (source instanceof HTMLImageElement) await source.decode();
    const [width, height] =
      source instanceof HTMLImageElement
        ? [source.naturalWidth, source.naturalHeight]
        : [source.width, source.height];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.drawImage(source, 0, 0);
    const [corner = 0] = context.getImageData(Math.round(width * part), Math.round(height * 0.02), 1, 1).data;
    const { data } = context.getImageData(width * 0.3, height * 0.1, width * 0.4, height * 0.8);
    let darkest = 255;
    for (let n = 0; n < data.length; n += 4) darkest = Math.min(darkest, data[n]!);
    return { corner: corner > 200 ? 'light' : 'dark', darkest: darkest < 120 ? 'dark' : 'light' };
  }, at);
