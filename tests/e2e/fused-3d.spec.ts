/** PET over the 3D picture of CT: with the planes, by both roads, by itself, turned, undone and kept. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { shareWithin } from '../fixtures/ssim.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirstAsPlanes, surface } from './planes.ts';

const reason = skipReason('browser');

/** Changes the host's settings; the page follows by the event stream. */
const setSettings = (page: Page, changes: unknown): Promise<void> =>
  page.evaluate(async (body) => {
    const headers = { 'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '' };
    await fetch('/call/settings.set', { method: 'POST', headers, body });
  }, JSON.stringify({ changes }));

/** Shares of the second series' pixels that are clear and strongly coloured, and the middle of the latter from the heart up. */
const colours = (page: Page) =>
  surface(page, 'volume')
    .locator('canvas.fused[data-painted=rest]')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      let [clear, strong, above, x] = [0, 0, 0, 0];
      for (let n = 0; n < data.length / 4; n += 1) {
        if (data[4 * n + 3] === 0) clear += 1;
        if (data[4 * n + 3]! > 100) strong += 1;
        if (data[4 * n + 3]! > 60 && n < 0.55 * width * height) {
          above += 1;
          x += n % width;
        }
      }
      return { clear: clear / (width * height), strong: strong / (width * height), x: x / above / width };
    });

/** The second series' pixels as they lie over black. */
async function pixelsAtRest(page: Page): Promise<Uint8ClampedArray> {
  const base64 = await surface(page, 'volume')
    .locator('canvas.fused[data-painted=rest]')
    .evaluate((canvas: HTMLCanvasElement) => {
      const flat = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      flat.fillRect(0, 0, canvas.width, canvas.height);
      flat.drawImage(canvas, 0, 0);
      const { data } = flat.getImageData(0, 0, canvas.width, canvas.height);
      let text = '';
      for (let n = 0; n < data.length; n += 4096) text += String.fromCharCode(...data.subarray(n, n + 4096));
      return btoa(text);
    });
  return new Uint8ClampedArray(Buffer.from(base64, 'base64'));
}

describe.skipIf(reason !== null)(`PET over 3D of CT${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-fused-3d-'));
  const volume = () => surface(page, 'volume');
  const fused = () => volume().locator('canvas.fused');
  const atRest = () => volume().locator('canvas.fused[data-painted=rest]').waitFor({ timeout: 90_000 });
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'ct'), [
      '--size',
      '96x96',
      '--spacing',
      '4.5,4.5,9',
      '--slices',
      '50',
    ]);
    const pet = ['--size', '64x64', '--spacing', '7,7,9', '--slices', '50', '--contrast', 'pet'];
    importPhantom(dataFolder, join(folder, 'pt'), pet);
    const viewport = { width: 1600, height: 900 };
    app = await launch('browser', { dataFolder, locale: 'en-US', viewport });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
    // A machine with a card would draw by it.
    await setSettings(page, { renderer: 'cpu' });
    await page.locator('.fusion select').selectOption({ index: 1 });
    await atRest();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('lies over it with the planes, and the picture names both series', async () => {
    expect(await volume().getAttribute('data-road')).toBe('cpu');
    const { clear, strong } = await colours(page);
    expect(clear).toBeGreaterThan(0.2);
    expect(strong).toBeGreaterThan(0.005);
    expect(await volume().locator('.tx.bl').innerText()).toMatch(/fused with Se \d+ PT · MIP · 60\s%/);
    expect(await volume().locator('[data-badge=fused]').innerText()).toMatch(/Fused Se \d+ PT: exact/);
    expect(await volume().locator('.colour-bar').innerText()).toMatch(/Bq\/ml/);
    await setSettings(page, { pictureTexts: 'none' });
    await expect.poll(() => volume().locator('.tx.bl').count(), soon).toBe(0);
    for (const name of ['axial', 'volume'])
      expect(await surface(page, name).locator('[data-badge=fused]').innerText()).toContain('PT');
    await setSettings(page, { pictureTexts: 'all' });
  });

  it('is seen by the same camera: from behind it lies the other way round', async () => {
    const front = await colours(page);
    await volume().locator('[data-view=P]').click();
    await expect.poll(async () => (await colours(page)).x, soon).toBeCloseTo(1 - front.x, 2);
    await volume().locator('[data-view=A]').click();
    await expect.poll(async () => (await colours(page)).x, soon).toBeCloseTo(front.x, 2);
    // The heart is on the patient's left, which is on the picture's right.
    expect(front.x).toBeGreaterThan(0.51);
  });

  it('is the same over the picture of the other road', async () => {
    const before = await pixelsAtRest(page);
    await setSettings(page, { renderer: 'gpu' });
    await page
      .locator('[data-plane=volume][data-road=gpu] .gpu[data-painted=rest]')
      .waitFor({ timeout: 90_000 });
    // How a canvas rounds colours times their share is the browser's affair.
    await expect
      .poll(async () => shareWithin(before, await pixelsAtRest(page), 3), soon)
      .toBeGreaterThan(0.999);
    await setSettings(page, { renderer: 'cpu' });
    await page.locator('[data-plane=volume][data-road=cpu] > canvas[data-painted=rest]').first().waitFor();
  });

  it('stays when 3D is shown large, changes with its control there, and is undone', async () => {
    await page.keyboard.press('Shift+KeyM');
    await page.getByRole('tab', { name: '3D', exact: true }).click();
    await atRest();
    // Beside it three small planes are left: no badge loses the end of its words.
    await page.setViewportSize({ width: 1280, height: 720 });
    const badges = page.locator('.vp .bd');
    expect(await badges.filter({ hasText: 'Fused' }).count()).toBe(4);
    const cut = () =>
      badges.evaluateAll((all) =>
        all.flatMap((one) => (one.scrollWidth > one.clientWidth ? [one.textContent] : [])),
      );
    await expect.poll(cut, soon).toEqual([]);
    await page.setViewportSize({ width: 1600, height: 900 });
    await atRest();
    const before = await colours(page);
    const opacity = page.locator('.fusion input[type=range]').first();
    await opacity.fill('20');
    await expect.poll(() => volume().locator('.tx.bl').innerText(), soon).toMatch(/MIP · 20\s%/);
    await expect.poll(async () => (await colours(page)).strong, soon).toBeLessThan(before.strong / 2);
    const { clear } = await colours(page);
    await page.getByRole('slider', { name: 'From' }).fill('10');
    await expect.poll(async () => (await colours(page)).clear, soon).toBeGreaterThan(clear + 0.05);
    await page.getByRole('slider', { name: 'From' }).fill('0');
    await page.locator('.fusion select').selectOption('');
    await fused().waitFor({ state: 'detached' });
    expect(await volume().locator('.colour-bar, [data-badge=fused]').count()).toBe(0);
    await page.keyboard.press('Control+KeyZ');
    await atRest();
    expect(await volume().locator('.tx.bl').innerText()).toMatch(/MIP · 20\s%/);
  });

  it('is in a picture that the host draws', async () => {
    await page.locator('.fusion [data-map=rainbow]').click();
    await page.locator('.fusion input[type=range]').first().fill('100');
    await page.keyboard.press('Control+Alt+KeyS');
    const download = page.waitForEvent('download', { timeout: 90_000 });
    await page.locator('[data-save=picture]').click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^Candela Se\d+ with Se \d+ PT 3D\.png$/);
    const png = readFileSync(await saved.path()).toString('base64');
    const red = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let found = 0;
      for (let n = 0; n < data.length; n += 4)
        if (data[n]! > 200 && data[n + 1]! + data[n + 2]! < 80) found += 1;
      return found / (data.length / 4);
    }, png);
    // Bones are not red: what takes up most is.
    expect(red).toBeGreaterThan(0.003);
    await page.locator('.fusion input[type=range]').first().fill('20');
  });

  it('is there again when the page is opened again', async () => {
    await page.reload();
    await atRest();
    expect(await volume().locator('.tx.bl').innerText()).toMatch(/fused with Se \d+ PT · MIP · 20\s%/);
  });
});
