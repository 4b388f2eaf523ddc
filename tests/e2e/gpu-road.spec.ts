import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t } from '../../core/terms/terms.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

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

/** A sum over the pixels of the CPU road's canvas. */
const pixels = (page: Page): Promise<string> =>
  page.locator(`${viewport} > canvas`).evaluate(async (element) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', data ?? new Uint8ClampedArray()));
    return `${canvas.dataset['painted']} ${sum.join(' ')}`;
  });

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
      page.setDefaultTimeout(soon.timeout);
      await openFirst(page);
      // A machine with a card would draw by it.
      await setSettings(page, { renderer: 'cpu' });
      await page.keyboard.press('Shift+KeyM');
      await atRest('cpu');
      cpu = await silhouette(page);
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('draws the body that the CPU draws, also where the driver takes the first context away', async () => {
      expect(cpu.filter(Boolean).length / cpu.length).toBeGreaterThan(0.05);
      // As Chromium with Vulkan does: lost as soon as something is drawn, and every later one is good.
      await page.evaluate(() => {
        const { getContext } = HTMLCanvasElement.prototype;
        let made = 0;
        HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...asked: unknown[]) {
          const context = Reflect.apply(getContext, this, asked) as RenderingContext | null;
          const isView = asked[0] === 'webgl2' && this.closest('.gpu') && !this.dataset['seen'];
          if (!isView || !context) return context;
          this.dataset['seen'] = 'true';
          made += 1;
          document.body.dataset['contexts'] = String(made);
          const gl = context as WebGL2RenderingContext;
          if (made === 1) setTimeout(() => gl.getExtension('WEBGL_lose_context')?.loseContext());
          return context;
        } as typeof getContext;
      });
      await setSettings(page, { renderer: 'gpu' });
      await atRest('gpu');
      const gpu = await silhouette(page);
      expect(overlap(cpu, gpu)).toBeGreaterThan(0.9);
      expect(await page.evaluate(() => document.body.dataset['contexts'])).toBe('2');
    });

    it('hands over to the CPU within a second when the card goes away, with the same picture', async () => {
      // Turned while the card drew: the scene goes along.
      await page.locator(viewport).click({ position: { x: 20, y: 200 } });
      await page.keyboard.press('KeyL');
      await page.locator(`${viewport}[data-road=gpu] .gpu[data-painted=rest]`).waitFor({ timeout: 90_000 });
      const tookMs = await page.evaluate(async (selector) => {
        const box = document.querySelector<HTMLElement>(selector);
        const cpuCanvas = box?.querySelector<HTMLCanvasElement>(':scope > canvas');
        const gpuCanvas = box?.querySelector<HTMLCanvasElement>('.gpu canvas');
        if (!box || !cpuCanvas || !gpuCanvas) throw new Error('no canvases');
        delete cpuCanvas.dataset['painted'];
        const startedMs = performance.now();
        gpuCanvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
        for (;;) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
          const afterMs = performance.now() - startedMs;
          if (box.dataset['road'] === 'cpu' && cpuCanvas.dataset['painted']) return afterMs;
          if (afterMs > 20_000) return Number.NaN;
        }
      }, viewport);
      // A second is the promise; a busy test machine gets three.
      expect(tookMs).toBeLessThan(3000);
      await atRest('cpu');
      expect(await page.locator('.gpu canvas').count()).toBe(0);
      const fromLeft = await pixels(page);
      // Drawn anew by the CPU from the same side: not one pixel differs.
      await page.keyboard.press('KeyA');
      await expect.poll(() => pixels(page), { timeout: 90_000 }).not.toBe(fromLeft);
      await page.keyboard.press('KeyL');
      await expect.poll(() => pixels(page), { timeout: 90_000 }).toBe(fromLeft);
    });

    it.each([
      ['en', 'The graphics card was lost; the processor draws now.'],
      ['zh-CN', '显卡中断，已改用处理器绘图。'],
    ] as const)('Settings says what draws and why, in %s', async (language, sentence) => {
      await setSettings(page, { language });
      await page.keyboard.press('Control+Comma');
      await page.locator('.src-row', { hasText: t(language, 'settings.rendering') }).click();
      await page.locator('.st[data-road=cpu]').getByText(sentence).waitFor();
      const forced = language === 'en' ? 'You have chosen it.' : '由您选定。';
      await setSettings(page, { renderer: 'gpu' });
      await page.locator('.st[data-road=gpu]').getByText(forced).waitFor();
      await setSettings(page, { renderer: 'auto' });
    });
  },
);
