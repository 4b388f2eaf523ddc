/** Volumes that are not whole: slices missing within, and pixels that do not fit into memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';

const reason = skipReason('browser');
const slices = 40;
/** Two images are missing after the 20th. */
const gaps = Array.from({ length: slices - 1 }, (_, n) => (n === 19 ? 27 : 9));
const body = ['--size', '96x96', '--spacing', '4.5,4.5', '--slices', String(slices)] as const;

const surface = (page: Page, name: string) => page.locator(`[data-plane="${name}"]`);
const corner = (page: Page, name: string) => surface(page, name).locator('.tx.br').innerText();

describe.skipIf(reason !== null)(`volumes that are not whole${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-hard-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'in'), [...body, '--gaps', gaps.join(',')]);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(30_000);
    await rowsOf(page).first().dblclick();
    await page.locator('.surface canvas[data-painted]').first().waitFor();
    await page.keyboard.press('KeyM');
    await surface(page, 'sagittal').locator('canvas[data-painted]').waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('hatches planes where slices are made up, and says so', async () => {
    for (const plane of ['coronal', 'sagittal']) {
      const gap = surface(page, plane).locator('[data-gap]');
      await expect.poll(() => gap.count(), soon).toBe(1);
      expect(await gap.getAttribute('data-gap')).toBe('20');
    }
    const badge = surface(page, 'volume').locator('[data-badge="missing"]');
    expect(await badge.innerText()).toBe('2 slices missing');
    // The middle of 42 slices lies in the gap: scrolled through it, the axial plane says where it is.
    await surface(page, 'axial').hover();
    const seen = new Set<boolean>();
    for (let step = 0; step < 5; step += 1) {
      const text = await corner(page, 'axial');
      const k = Number(/Im (\d+)\/42/.exec(text)?.[1]);
      expect(text.includes('interpolated')).toBe(k === 21 || k === 22);
      expect(await surface(page, 'axial').locator('[data-gap]').count()).toBe(k === 21 || k === 22 ? 1 : 0);
      seen.add(k === 21 || k === 22);
      await page.keyboard.press(step === 0 ? 'ArrowUp' : 'ArrowDown');
      await expect.poll(() => corner(page, 'axial'), soon).not.toBe(text);
    }
    expect([...seen].sort()).toEqual([false, true]);
    const box = await surface(page, 'sagittal').locator('[data-gap]').boundingBox();
    if (!box) throw new Error('no band');
    await page.mouse.move(box.x + 3, box.y + box.height / 2);
    await expect
      .poll(() => page.getByRole('tooltip').innerText(), soon)
      .toBe('Interpolated between images 20 and 21: gap 27.0 mm');
    if (process.env['CANDELA_SHOTS'])
      await page.screenshot({ path: `${process.env['CANDELA_SHOTS']}/gaps.png` });
  });
});
