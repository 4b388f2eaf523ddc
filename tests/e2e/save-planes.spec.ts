/** Planes saved as a series on the real page (dialog, lines, job, thumbnail, stack), films and sized pictures. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');

describe.skipIf(reason !== null)(`Saving planes${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-planes-'));

  beforeAll(async () => {
    importPhantom(join(folder, 'data'), join(folder, 'in'), smallBody);
    app = await launch('browser', {
      dataFolder: join(folder, 'data'),
      locale: 'en-US',
      viewport: { width: 1600, height: 900 },
    });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirst(page);
    await page.keyboard.press('KeyM');
    await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
    await page.locator('[data-plane=coronal]').click({ position: { x: 30, y: 200 } });
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('puts a new series into the study, which can be opened', async () => {
    const tiles = await page.locator('.tl-thumbs [data-series]').count();
    await page.keyboard.press('Control+Shift+KeyS');
    const dialog = page.getByRole('dialog', { name: 'Save planes as a series' });
    await dialog.waitFor();
    const field = (name: string) => dialog.locator(`[data-field=${name}]`);
    // 128 rows of 3.4 mm in steps of the slices' 6 mm.
    expect(await field('count').inputValue()).toBe('73');
    expect(await field('name').inputValue()).toContain('MPR coronal');
    expect(await page.locator('[data-plane=axial] .batch').getAttribute('data-batch')).toMatch(/^[3-6]\d$/);
    expect(await page.locator('[data-plane=coronal] .batch').count()).toBe(0);
    await dialog.locator('[data-kind=radial]').click();
    await field('count').fill('0');
    expect(await dialog.locator('[data-save=planes]').isDisabled()).toBe(true);
    await field('count').fill('6');
    await expect.poll(() => page.locator('[data-plane=axial] .batch path').count(), soon).toBe(6);
    await field('width').fill('64');
    await field('height').fill('96');
    await field('spacing').fill('6');
    await field('name').fill('放射 radial');
    await dialog.locator('[data-save=planes]').click();
    await dialog.waitFor({ state: 'detached' });
    const message = page.getByText('New series in the study: 放射 radial');
    await message.waitFor();
    await expect.poll(() => page.locator('.tl-thumbs [data-series]').count(), soon).toBe(tiles + 1);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.locator('[data-viewport="0"] canvas[data-painted]').waitFor();
    await expect.poll(() => page.locator('[data-viewport="0"]').innerText(), soon).toContain('放射 radial');
    expect(await page.locator('[data-viewport="0"]').innerText()).toMatch(/\/ ?6/);
  });

  it('tells in the panel of the series on screen, not of planes that were left', async () => {
    const thumbs = page.locator('.tl-thumbs [data-series]');
    await thumbs.first().click();
    await page.locator('[data-viewport="0"] canvas[data-painted]').waitFor();
    await page.keyboard.press('KeyM');
    await page.locator('[data-plane=axial] canvas[data-painted]').waitFor();
    await page.getByRole('tab', { name: 'Tags' }).click();
    const place = page.locator('.tags-head .cap');
    const image = async () =>
      /Im (\d+)\//.exec(await page.locator('[data-plane=axial] .tx.br').innerText())?.[1];
    await expect.poll(() => place.innerText(), soon).toBe(`Data set of image ${await image()}`);
    await page.keyboard.press('KeyM');
    await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
    await thumbs.nth(1).click();
    await expect.poll(() => page.locator('[data-viewport="0"]').innerText(), soon).toContain('放射 radial');
    await expect.poll(() => page.locator('.tags-list').innerText(), soon).toContain('放射 radial');
    await page.getByRole('tab', { name: 'Measure' }).click();
  });

  it('goes by a click in the list to where a mark was drawn, from a stack and from planes', async () => {
    await page.locator('.tl-thumbs [data-series]').first().click();
    await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
    const draw = async (where: string) => {
      const box = (await page.locator(where).boundingBox())!;
      await page.keyboard.press('KeyL');
      await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.45);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.5, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.press('Escape');
    };
    const rows = page.locator('[data-measurement-row] .mi-name');
    const before = await rows.count();
    const painted = () => page.locator('[data-cell="0"] canvas').first().getAttribute('data-painted');
    const shown = await painted();
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(painted, soon).not.toBe(shown);
    const drawnOn = await painted();
    await draw('[data-cell="0"]');
    await expect.poll(() => rows.count(), soon).toBe(before + 1);
    await page.keyboard.press('KeyM');
    await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
    await draw('[data-plane=coronal]');
    await expect.poll(() => rows.count(), soon).toBe(before + 2);
    const mark = page.locator('[data-plane=coronal] .marks [data-measurement]');
    await expect.poll(() => mark.count(), soon).toBe(1);
    await page.locator('[data-plane=coronal]').hover();
    for (let n = 0; n < 4; n++) await page.mouse.wheel(0, 120);
    await expect.poll(() => mark.count(), soon).toBe(0);
    await rows.nth(before + 1).click();
    await expect.poll(() => mark.count(), soon).toBe(1);
    await page.keyboard.press('ArrowDown');
    await rows.nth(before).click();
    await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
    await expect.poll(painted, soon).toBe(drawnOn);
    await expect.poll(() => page.locator('[data-cell="0"] .marks [data-measurement]').count(), soon).toBe(1);
    await rows.nth(before + 1).click();
    await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
    await expect.poll(() => mark.count(), soon).toBe(1);
  });

  it('saves a film of the 3D view, and a picture in twice the pixels of the screen', async () => {
    await page.locator('.tl-thumbs [data-series]').first().click();
    await page.locator('[data-viewport="0"] canvas[data-painted]').waitFor();
    await page.keyboard.press('Shift+KeyM');
    await page.locator('[data-plane=volume] canvas[data-painted=rest]').waitFor();
    await page.keyboard.press('Control+Alt+KeyS');
    await page.locator('[data-times="2"]').click();
    const pictured = page.waitForEvent('download');
    await page.locator('[data-save=picture]').click();
    const picture = await pictured;
    expect(picture.suggestedFilename()).toMatch(/^Candela Se\d+ 3D\.png$/);
    const png = readFileSync(await picture.path());
    const box = await page.locator('[data-plane=volume]').boundingBox();
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      2 * Math.round(box?.width ?? 0),
      2 * Math.round(box?.height ?? 0),
    ]);
    await page.keyboard.press('Control+Shift+KeyM');
    const dialog = page.getByRole('dialog', { name: 'Save a film of the 3D view' });
    await dialog.locator('[data-field=width]').fill('101');
    expect(await dialog.locator('[data-save=film]').isDisabled()).toBe(true);
    await dialog.locator('[data-format=avi]').click();
    await dialog.locator('[data-field=height]').fill('80');
    await dialog.locator('[data-field=frames]').fill('5');
    const filmed = page.waitForEvent('download');
    await dialog.locator('[data-save=film]').click();
    const film = await filmed;
    expect(film.suggestedFilename()).toMatch(/^Candela Se\d+ 3D\.avi$/);
    expect(readFileSync(await film.path()).toString('latin1', 0, 4)).toBe('RIFF');
    await dialog.waitFor({ state: 'detached' });
    const tiles = await page.locator('.tl-thumbs [data-series]').count();
    await page.keyboard.press('Control+Shift+KeyM');
    await dialog.locator('[data-format=dcm]').click();
    await dialog.locator('[data-field=width]').fill('64');
    await dialog.locator('[data-field=frames]').fill('3');
    await dialog.locator('[data-save=film]').click();
    await expect.poll(() => page.locator('.tl-thumbs [data-series]').count(), soon).toBe(tiles + 1);
  });
});
