import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf } from './pages.ts';

const reason = skipReason('browser');
const viewport = '[data-plane=volume]';

/** Changes the host's settings; the page follows by the event stream. */
const setSettings = (page: Page, changes: unknown): Promise<void> =>
  page.evaluate(async (body) => {
    const headers = { 'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '' };
    await fetch('/call/settings.set', { method: 'POST', headers, body });
  }, JSON.stringify({ changes }));

/** Which pixels of the 3D viewport are not black, texts taken away; as it is on screen, by whatever road. */
async function silhouette(page: Page): Promise<boolean[]> {
  const box = await page.locator(viewport).boundingBox();
  if (!box) throw new Error('no 3D viewport');
  // The middle, free of texts, badges and the cube.
  const clip = {
    x: box.x + box.width * 0.2,
    y: box.y + box.height * 0.1,
    width: box.width * 0.6,
    height: box.height * 0.75,
  };
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
    const lit: boolean[] = [];
    for (let n = 0; n < data.length; n += 4) {
      lit.push((data[n] ?? 0) + (data[n + 1] ?? 0) + (data[n + 2] ?? 0) > 60);
    }
    return lit;
  }, png);
}

/** Intersection over union. */
function overlap(a: readonly boolean[], b: readonly boolean[]): number {
  let both = 0;
  let either = 0;
  for (let n = 0; n < a.length; n += 1) {
    if (a[n] && b[n]) both += 1;
    if (a[n] || b[n]) either += 1;
  }
  return both / either;
}

describe.skipIf(reason !== null)(
  `3D on the graphics card's road${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let app: LaunchedApp;
    let page: Page;
    let cpu: boolean[];
    const folder = mkdtempSync(join(tmpdir(), 'candela-gpu-'));
    const atRest = (road: 'cpu' | 'gpu') => {
      const picture = road === 'cpu' ? 'canvas[data-painted=rest]' : '.gpu[data-painted=rest]';
      return page.locator(`${viewport}[data-road=${road}] ${picture}`).waitFor({ timeout: 90_000 });
    };
    beforeAll(async () => {
      importPhantom(join(folder, 'data'), join(folder, 'in'), smallBody);
      app = await launch('browser', {
        dataFolder: join(folder, 'data'),
        locale: 'en-US',
        viewport: { width: 1280, height: 800 },
      });
      page = app.page;
      page.setDefaultTimeout(30_000);
      await rowsOf(page).first().dblclick();
      await page.locator('.surface canvas[data-painted]').first().waitFor();
      await page.keyboard.press('Shift+KeyM');
      await atRest('cpu');
      cpu = await silhouette(page);
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('draws the body that the CPU draws', async () => {
      expect(cpu.filter(Boolean).length / cpu.length).toBeGreaterThan(0.05);
      await setSettings(page, { renderer: 'gpu' });
      await atRest('gpu');
      const gpu = await silhouette(page);
      expect(overlap(cpu, gpu)).toBeGreaterThan(0.9);
    });

    it('hands over to the CPU when the card goes away, with the same picture', async () => {
      await page.locator(`${viewport} .gpu canvas`).evaluate((canvas) => {
        const gl = (canvas as HTMLCanvasElement).getContext('webgl2');
        gl?.getExtension('WEBGL_lose_context')?.loseContext();
      });
      await atRest('cpu');
      // Coarse at first, as after every change.
      await expect
        .poll(async () => overlap(cpu, await silhouette(page)), { timeout: 30_000 })
        .toBeGreaterThan(0.99);
      expect(await page.locator('.gpu canvas').count()).toBe(0);
    });
  },
);
