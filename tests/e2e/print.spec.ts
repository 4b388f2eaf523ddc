/** What comes out of the printer: pictures with whom, what and where; the study list as a table; nothing of the window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTerms } from '../../core/terms/audit.ts';
import { printTerms } from '../../core/terms/print.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { terms } from '../../core/terms/terms.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');
const sheet = (page: Page) => page.locator('.print-root');

/** Ctrl+P; the sheet stays until the browser has its answer. */
async function print(page: Page): Promise<void> {
  await page.keyboard.press('Control+KeyP');
  await sheet(page).waitFor({ state: 'attached' });
}
const printed = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('afterprint')));

/** Pages of a PDF as Chromium writes them. */
const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

/** Share of the sheet's picture, between shares of its sides, that is of a kind of colour. */
const shareOf = (page: Page, kind: 'white' | 'yellow', [x0, y0, x1, y1]: readonly number[]) =>
  page.locator('.print-picture canvas').evaluate(
    (element, { kind: wanted, box }) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const [x = 0, y = 0, right = 1, bottom = 1] = box;
      const data =
        canvas
          .getContext('2d')
          ?.getImageData(x * width, y * height, (right - x) * width, (bottom - y) * height).data ?? [];
      let found = 0;
      for (let n = 0; n < data.length; n += 4) {
        const [r = 0, g = 0, b = 0] = [data[n], data[n + 1], data[n + 2]];
        if (wanted === 'white' ? Math.min(r, g, b) > 240 : r > 200 && g > 150 && b < 130) found += 1;
      }
      return found / (data.length / 4);
    },
    { kind, box: [x0, y0, x1, y1] },
  );

describe.skipIf(reason !== null)(`printing${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-print-'));

  beforeAll(async () => {
    importPhantom(join(folder, 'data'), join(folder, 'in'), smallBody);
    app = await launch('browser', { dataFolder: join(folder, 'data'), locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    // Without a screen nobody answers the dialogue, and Chromium asks one question only until somebody does.
    await page.evaluate(() => {
      window.print = () => void dispatchEvent(new Event('beforeprint'));
    });
    await rowsOf(page).first().waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('prints the study list as a table, in both languages', async () => {
    for (const language of ['en', 'zh'] as const) {
      await print(page);
      const text = await sheet(page).evaluate((root) => root.textContent ?? '');
      expect(text).toContain(terms['studies.table'][language]);
      expect(text).toContain(terms['studies.col.description'][language]);
      expect(text).toContain('DEMO-001');
      // Paper says the year.
      expect(text).toContain('2026-01-05 09:15');
      expect(await page.locator('.print-list tbody tr').count()).toBe(1);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.print-list').isVisible()).toBe(true);
      expect(await page.locator('.bar').isVisible()).toBe(false);
      await page.emulateMedia({ media: 'screen' });
      await printed(page);
      expect(await sheet(page).count()).toBe(0);
      await page.locator('.lang').click();
    }
    await page.locator('html[lang=en]').waitFor({ state: 'attached' });
  });

  it('prints what is read on one page: whose it is, what it shows, what it is for', async () => {
    await openFirst(page);
    await print(page);
    const text = await sheet(page).evaluate((root) => root.textContent ?? '');
    for (const words of [
      '演示体模',
      'DEMO-001',
      'Candela phantom 体模',
      '2026-01-05 09:15:00',
      'Chest abdomen pelvis',
      'CT phantom',
      readingTerms['reading.demo'].en,
      printTerms['print.scale'].en,
      printTerms['print.noDiagnosis'].en,
    ]) {
      expect(text).toContain(words);
    }
    const stage = await page.locator('.vps').boundingBox();
    const canvas = await page
      .locator('.print-picture canvas')
      .evaluate((element) => [(element as HTMLCanvasElement).width, (element as HTMLCanvasElement).height]);
    expect(canvas).toEqual([Math.round(2 * (stage?.width ?? 0)), Math.round(2 * (stage?.height ?? 0))]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.print-picture canvas').isVisible()).toBe(true);
    expect(await page.locator('.bar').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    // Chromium asks for the sheet again, and ends it.
    expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
    expect(await sheet(page).count()).toBe(0);
  });

  it('prints marks, and letters and the scale bar also where the screen hides them', async () => {
    await page.keyboard.press('KeyL');
    const box = await page.locator('.surface').first().boundingBox();
    if (!box) throw new Error('no viewport');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 5 });
    await page.mouse.up();
    await page.locator('[data-measurement]').first().waitFor();
    const letter = [0.48, 0, 0.52, 0.04] as const;
    const mark = [0.4, 0.45, 0.6, 0.55] as const;
    await page.keyboard.press('Space');
    await page.keyboard.press('Space');
    await expect.poll(() => page.locator('.ed').count(), soon).toBe(0);
    await print(page);
    expect(await shareOf(page, 'white', letter)).toBeGreaterThan(0.005);
    expect(await shareOf(page, 'yellow', mark)).toBeGreaterThan(0.001);
    await printed(page);
    // An empty place beside it is empty: what it says to a hand is not printed.
    await page.keyboard.press('Shift+Digit2');
    await page.locator('.vp-note').waitFor();
    await print(page);
    expect(await shareOf(page, 'white', [0, 0, 0.5, 1])).toBeGreaterThan(0.001);
    expect(await shareOf(page, 'white', [0.51, 0, 1, 1])).toBe(0);
    await printed(page);
    await page.keyboard.press('Shift+Digit1');
    // The screen is as it was.
    expect(await page.locator('.ed').count()).toBe(0);
    await page.keyboard.press('Space');
    await page.locator('.ed').first().waitFor();
  });

  it('prints one viewport alone from its menu, and the button prints all', async () => {
    await page.keyboard.press('KeyM');
    await page.locator('.surface[data-plane=sagittal] canvas[data-painted]').waitFor();
    const coronal = page.locator('.vp:has([data-plane=coronal])');
    const [one, all] = [await coronal.boundingBox(), await page.locator('.vps').boundingBox()];
    const sizeOf = () =>
      page
        .locator('.print-picture canvas')
        .evaluate((element) => [(element as HTMLCanvasElement).width, (element as HTMLCanvasElement).height]);
    await coronal.click({ button: 'right', position: { x: 150, y: 150 } });
    await page.getByRole('menuitem', { name: printTerms['print.viewport'].en }).click();
    await sheet(page).waitFor({ state: 'attached' });
    expect(await sizeOf()).toEqual([Math.round(2 * (one?.width ?? 0)), Math.round(2 * (one?.height ?? 0))]);
    await printed(page);
    await page.getByRole('button', { name: printTerms['print.layout'].en, exact: true }).click();
    await sheet(page).waitFor({ state: 'attached' });
    expect(await sizeOf()).toEqual([Math.round(2 * (all?.width ?? 0)), Math.round(2 * (all?.height ?? 0))]);
    await printed(page);
  });

  it('leaves out the patient in privacy mode, and is in the audit trail', async () => {
    await page.keyboard.press('Control+Comma');
    await page
      .locator('.set')
      .getByRole('button', { name: new RegExp(`^${terms['settings.reading'].en}`) })
      .click();
    await page.getByRole('switch', { name: terms['settings.privacy'].en }).click();
    await page.keyboard.press('Alt+2');
    await page.locator('.surface canvas[data-painted]').first().waitFor();
    await print(page);
    const text = await sheet(page).evaluate((root) => root.textContent ?? '');
    expect(text).toContain(printTerms['print.private'].en);
    expect(text).not.toContain('演示体模');
    expect(text).not.toContain('DEMO-001');
    await printed(page);
    await page.keyboard.press('Control+Comma');
    await page
      .locator('.set')
      .getByRole('button', { name: new RegExp(`^${terms['settings.audit'].en}`) })
      .click();
    const rows = page
      .locator('.audit tbody tr')
      .filter({ has: page.getByText(auditTerms['audit.study.print'].en, { exact: true }) });
    await rows.first().waitFor();
    expect(await rows.first().locator('.detail').innerText()).toMatch(/^study [\d.]+$/);
    expect(await rows.last().locator('.detail').innerText()).toBe('list of 1 study');
  });
});
