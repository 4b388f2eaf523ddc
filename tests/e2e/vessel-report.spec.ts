/** The report of a vessel from its panel: one page with pictures as PDF and HTML, and the numbers in the study as SR. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { clickPoint, iliacAt, openFirstAsPlanes } from './planes.ts';

const reason = skipReason('browser');
/** The end of the aorta and the left iliac artery with its stenosis of 75 %. */
const iliacBlock = '--center 10,5,-165 --size 160x160 --spacing 0.9,0.9,1.5 --slices 80'.split(' ');

describe.skipIf(reason !== null)(`the vessel report${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-report-'));

  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'in'), iliacBlock);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
    await page.getByRole('tab', { name: 'Vessel' }).click();
    await clickPoint(page, iliacAt(14));
    await page.locator('[data-line-row]').waitFor();
    await clickPoint(page, iliacAt(72));
    await page.locator('[data-line-length]').waitFor();
    await page.keyboard.press('Shift+KeyC');
    await page.locator('.vessel-name').selectOption('left-common-iliac');
    await page.locator('[data-lesion="1"]').waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function saved(format: 'pdf' | 'html'): Promise<{ name: string; path: string }> {
    const coming = page.waitForEvent('download');
    await page.locator(`[data-report=${format}]`).click();
    const download = await coming;
    return { name: download.suggestedFilename(), path: await download.path() };
  }

  it('is a web page with the pictures and the stenosis', async () => {
    const { name, path } = await saved('html');
    expect(name).toMatch(/^Candela Se\d+ Left common iliac artery\.html$/);
    const html = readFileSync(path, 'utf8');
    expect(html.match(/<img /g)).toHaveLength(6);
    expect(html.match(/<polygon /g)?.length).toBeGreaterThanOrEqual(4);
    const percent = Number(/diameter stenosis (\d+) %/.exec(html)?.[1]);
    expect(percent).toBeGreaterThan(68);
    expect(percent).toBeLessThan(82);
    expect(html).toContain('At the limit of resolution');
  });

  it('is a PDF of one page', async () => {
    const { name, path } = await saved('pdf');
    expect(name).toMatch(/\.pdf$/);
    expect(readFileSync(path).toString('latin1', 0, 5)).toBe('%PDF-');
    if (spawnSync('which', ['pdftotext']).status !== 0) return;
    const text = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout;
    expect(text.split('\f')).toHaveLength(2);
    expect(text).toContain('Left common iliac artery');
  });

  it('is a structured report in the study', async () => {
    const tiles = await page.locator('.tl-thumbs [data-series]').count();
    await page.locator('[data-report=sr]').click();
    await page.getByText('The structured report is in the study').waitFor();
    await expect.poll(() => page.locator('.tl-thumbs [data-series]').count(), soon).toBe(tiles + 1);
  });
});
