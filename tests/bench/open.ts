/** Opening a series of 400 slices in the browser shell: first picture, whole volume, memory. */
import type { Page, Request } from 'playwright-core';
import { matrix } from './ct-series.ts';
import { type Figure, figure, median } from './figure.ts';
import { watchPageMemory } from './processes.ts';
import { checkPicture, freshList, type Opened, openStudy, withShell } from './reading-page.ts';

const slices = 400;
const rounds = 5;
const voxelBytes = matrix * matrix * slices * 2;

export const run = (): Promise<Figure[]> =>
  withShell(slices, { width: 1920, height: 1080 }, async ({ page }) => {
    let pixelsPath = '';
    page.on('request', (request: Request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/pixels/')) pixelsPath = pathname;
    });
    const opened: Opened[] = [];
    const oneFrameMs: number[] = [];
    const allFramesMs: number[] = [];
    let peakBytes = 0;
    for (let round = 0; round <= rounds; round++) {
      await freshList(page);
      const memory = watchPageMemory();
      const times = await openStudy(page);
      await page.keyboard.press('m');
      await page.locator('[data-plane="coronal"] canvas[data-painted]').waitFor();
      await page.waitForTimeout(500);
      peakBytes = Math.max(peakBytes, memory.stop());
      await checkPicture(page);
      const one = await fetchMs(page, `${pixelsPath}?frames=${slices >> 1}`);
      const all = await fetchMs(page, `${pixelsPath}?frames=0-${slices - 1}`);
      if (round === 0) continue;
      opened.push(times);
      oneFrameMs.push(one);
      allFramesMs.push(all);
    }
    const mb = 1e6;
    return [
      figure(
        'open.firstFrame',
        'ms',
        median(opened.map(({ firstFrameMs }) => firstFrameMs)),
        'fetching one frame in the same page',
        median(oneFrameMs),
        { valueAtMost: 300 },
      ),
      figure(
        'open.volume',
        'ms',
        median(opened.map(({ volumeMs }) => volumeMs)),
        'fetching the same frames in the same page',
        median(allFramesMs),
        { valueAtMost: 2000 },
      ),
      figure('open.peakMemory', 'MB', peakBytes / mb, 'bytes of the voxels', voxelBytes / mb, {
        valueAtMost: Math.round((2.5 * voxelBytes + 400 * mb) / mb),
      }),
    ];
  });

/** A plain loop over the body, each chunk dropped. */
const fetchMs = (page: Page, path: string): Promise<number> =>
  page.evaluate(async (address) => {
    const startMs = performance.now();
    const nonce = sessionStorage.getItem('candela.nonce') ?? '';
    const { body, status } = await fetch(address, { headers: { 'x-candela-nonce': nonce } });
    if (status !== 200 || !body) throw new Error(`pixels: ${status}`);
    const reader = body.getReader();
    while (!(await reader.read()).done);
    return performance.now() - startMs;
  }, path);
