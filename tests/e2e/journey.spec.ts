/** The whole way of a new user, from an empty list to a study that is read, kept, deleted and brought back. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import type { Language } from '../../core/terms/term.ts';
import { t, terms } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { zipOf } from '../fixtures/zip.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { takeImages } from './images.ts';
import { importPath, receiptSums, rowsOf, soon } from './pages.ts';

const reason = skipReason('browser');
const shared = sharedDataFolder();
/** Reads as the reader's own language: the demo is made under Chinese and read again under English. */
const sizes = { width: 1920, height: 1080 };

const word = (language: Language, key: keyof typeof terms) => t(language, key);
const corner = (page: Page, where: string, name: 'tl' | 'bl' | 'br') =>
  page.locator(`${where} .tx.${name}`).innerText();
const stack = '[data-viewport="0"]';
const plane = (name: string) => `[data-plane="${name}"]`;

async function drag(
  page: Page,
  where: string,
  from: readonly number[],
  to: readonly number[],
): Promise<void> {
  const box = await page.locator(where).boundingBox();
  if (!box) throw new Error(`nothing at ${where}`);
  const at = ([x = 0, y = 0]: readonly number[]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 8 });
  await page.mouse.up();
}

/** Each viewport on screen, and whether it says DEMO. */
const demoBadges = (page: Page): Promise<readonly boolean[]> =>
  page.locator('.vp').evaluateAll((all) => all.map((vp) => vp.querySelector('[data-badge="demo"]') !== null));

/** Drops files or folders of this machine onto the page, as a file manager does. */
async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 600, y: 500, data });
  const dialog = page.locator('.dropped');
  // A page that has not yet said that it takes files gets none: the browser drops nothing there, so try again.
  for (let attempt = 0; attempt < 5 && !(await dialog.isVisible()); attempt++) {
    await send('dragEnter');
    await send('dragOver');
    await page.locator('.drop').waitFor();
    await send('dragOver');
    await send('drop');
    await dialog.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  await session.detach();
}

async function receiptOf(
  page: Page,
  language: Language,
  title: string,
): Promise<{ files: number; sum: number }> {
  const done = page.locator('.msg', { hasText: t(language, 'jobs.doneImport', { title }) });
  await done.getByRole('button', { name: word(language, 'jobs.receipt') }).click(soon);
  const { files, parts } = await receiptSums(page);
  await page.keyboard.press('Alt+1');
  return { files, sum: parts.reduce((sum, part) => sum + part, 0) };
}

/** Opens the study that is selected, or is first, and waits for its picture. */
async function openByKeys(page: Page, isSelected = false): Promise<void> {
  if (!isSelected) await page.keyboard.press('ArrowUp');
  await page.locator('tr.sel').first().waitFor(soon);
  await page.keyboard.press('Enter');
  await page.locator(`${stack} canvas[data-painted]`).waitFor(soon);
}

describe.skipIf(reason !== null)(`a new user's way${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'candela-journey-'));
  const dataFolder = join(folder, 'data');
  let app: LaunchedApp;
  let page: Page;
  const start = async (locale: 'zh-CN' | 'en-US'): Promise<void> => {
    app = await launch('browser', { dataFolder, locale, viewport: sizes });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  };
  beforeAll(() => start('zh-CN'));
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('begins with an empty list and a demo study to load, with progress', async () => {
    await page.getByRole('heading', { name: terms['studies.empty'].zh }).waitFor();
    await page.locator('.bigb', { hasText: terms['studies.emptyDemo'].zh }).click();
    await page.locator('.strip [role=progressbar]').waitFor();
    const ready = page.locator('.msg', { hasText: terms['jobs.doneDemo'].zh });
    await ready.waitFor({ timeout: 270_000 });
    await expect.poll(() => rowsOf(page).count(), soon).toBe(1);
    expect(await rowsOf(page).first().innerText()).toContain(terms['studies.status.demo'].zh);
    // It is the one that is meant: selected, with its pictures, and Enter would open it.
    await page.locator('tr.sel').waitFor();
    await page.locator('.th3 .tile').first().waitFor();
  });

  it('opens, scrolls, windows and measures without the mouse', async () => {
    await openByKeys(page, true);
    const first = await corner(page, stack, 'br');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => corner(page, stack, 'br'), soon).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => corner(page, stack, 'br'), soon).toBe(first);
    await page.keyboard.press('End');
    await expect.poll(() => corner(page, stack, 'br'), soon).toMatch(/Im (\d+)\/\1$/);
    await page.keyboard.press('Home');
    await expect.poll(() => corner(page, stack, 'br'), soon).toMatch(/Im 1\//);
    await page.keyboard.press('1');
    await expect.poll(() => corner(page, stack, 'bl'), soon).toContain('W 1500  L −600');
    await page.keyboard.press('2');
    await expect.poll(() => corner(page, stack, 'bl'), soon).toContain('W 350  L 40');
    expect(await demoBadges(page)).toEqual([true]);
  });

  it('measures a length in mm', async () => {
    await page.keyboard.press('l');
    await drag(page, `${stack} .surface`, [0.4, 0.5], [0.6, 0.5]);
    await expect
      .poll(() => page.locator('[data-measurement-row] .v').innerText(), soon)
      .toMatch(/^\d+\.\d mm/);
    await page.keyboard.press('Escape');
  });

  it('reconstructs planes that follow the crosshair', async () => {
    const series = page.locator('.sth').first();
    await series.click();
    await page.keyboard.press('2');
    await page.keyboard.press('m');
    for (const name of ['axial', 'coronal', 'sagittal']) {
      await page.locator(`${plane(name)} canvas[data-painted]`).waitFor(soon);
    }
    const places = () => Promise.all(['coronal', 'sagittal'].map((name) => corner(page, plane(name), 'br')));
    const before = await places();
    await drag(page, plane('axial'), [0.5, 0.5], [0.58, 0.42]);
    await expect.poll(async () => (await places()).every((text, n) => text !== before[n]), soon).toBe(true);
    expect(await demoBadges(page)).toEqual([true, true, true, true]);
    await takeImages(page, 'mpr');
  });

  it('shows the body in 3D, which a drag turns', async () => {
    await page.keyboard.press('Shift+M');
    await page
      .locator(`${plane('volume')} canvas`)
      .first()
      .waitFor(soon);
    const faces = () =>
      page
        .locator('.ocube g[data-face]')
        .evaluateAll((all) => all.map((g) => g.getAttribute('data-face')).join());
    const before = await faces();
    await page.waitForTimeout(3000);
    await takeImages(page, 'volume');
    await drag(page, plane('volume'), [0.4, 0.5], [0.75, 0.55]);
    await expect.poll(faces, soon).not.toBe(before);
    expect((await demoBadges(page)).every(Boolean)).toBe(true);
    await page.keyboard.press('Shift+M');
  });

  it('goes back, stars, deletes and undoes', async () => {
    await page.keyboard.press('Shift+Digit2');
    await expect.poll(() => page.locator('.vp').count(), soon).toBe(2);
    await page.keyboard.press('Alt+1');
    await page.locator('tr.sel').waitFor();
    await takeImages(page, 'list');
    // The pointer over a thumbnail runs through its series.
    const tile = page.locator('.th3 .tile').first();
    const shown = () => tile.locator('img').getAttribute('src');
    const middle = await shown();
    await tile.hover({ position: { x: 5, y: 30 } });
    await expect.poll(shown, soon).not.toBe(middle);
    await page.mouse.move(960, 700);
    await expect.poll(shown, soon).toBe(middle);
    await page.locator('.pv-name').getByRole('button', { name: terms['studies.star'].zh }).click();
    await page.locator('.pv-name').getByRole('button', { name: terms['studies.unstar'].zh }).waitFor();
    await page.locator('table.grid').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('heading', { name: terms['studies.empty'].zh }).waitFor();
    await page.locator('.msg').getByRole('button', { name: terms['app.undo'].zh }).last().click();
    await expect.poll(() => rowsOf(page).count(), soon).toBe(1);
  });

  it('remembers language, layout and window over a restart', async () => {
    await page.getByRole('button', { name: terms['app.switchLanguage'].zh }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang), soon).toBe('en');
    await app.untilKept();
    await app.close();
    // The system speaks Chinese still; the choice of the person wins.
    await start('zh-CN');
    await rowsOf(page).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.locator('.pv-none, tr.sel').first().waitFor();
    await openByKeys(page);
    expect(await page.locator('.vp').count()).toBe(2);
    expect(await corner(page, stack, 'bl')).toContain('W 350  L 40');
    expect(await corner(page, stack, 'tl')).not.toBe('');
    expect(await page.locator('[data-badge="demo"]').first().innerText()).toBe(
      readingTerms['reading.demo'].en,
    );
    await page.keyboard.press('Alt+1');
    await rowsOf(page).first().click();
    await page.getByRole('button', { name: terms['studies.unstar'].en }).waitFor();
  });

  describe.skipIf(shared === null)(
    shared === null ? `dropping (skipped: ${sharedDataMissing})` : 'dropping',
    () => {
      const charsets = join(shared ?? '', 'charset');
      const names = shared === null ? [] : readdirSync(charsets);

      for (const language of ['en', 'zh-CN'] satisfies Language[]) {
        it(`takes a ZIP and a folder, and the receipts balance (${language})`, async () => {
          if (language === 'zh-CN')
            await page.getByRole('button', { name: terms['app.switchLanguage'].en }).click();
          const zip = join(folder, `disc ${language} 光盘.zip`);
          const entries = names
            .slice(0, 5)
            .map((name) => ({ name, bytes: readFileSync(join(charsets, name)) }));
          writeFileSync(zip, await zipOf([...entries, { name: 'readme.txt', bytes: Buffer.from('hello') }]));
          for (const [path, count] of [
            [zip, 6],
            [charsets, names.length],
          ] as const) {
            const title = path === zip ? `disc ${language} 光盘.zip` : 'charset';
            await dropPaths(page, [path]);
            const dialog = page.getByRole('dialog', { name: title });
            // The button says in the same breath what importing does.
            await dialog
              .getByRole('button', { name: new RegExp(`^${word(language, 'import.import')}`) })
              .click();
            await dialog.waitFor({ state: 'detached' });
            expect(await receiptOf(page, language, title)).toEqual({ files: count, sum: count });
          }
        });
      }

      it('stops an import when told, and keeps what it has acknowledged', async () => {
        await page.getByRole('button', { name: terms['strip.jobs'].zh }).click();
        await page.evaluate((name) => {
          const watch = new MutationObserver(() => {
            const button = document.querySelector<HTMLElement>(`[aria-label="${name}"]`);
            if (!button) return;
            watch.disconnect();
            button.click();
          });
          watch.observe(document, { subtree: true, childList: true });
        }, terms['jobs.cancel'].zh);
        await importPath(page, shared ?? '', 'import', 'zh-CN');
        await page.getByText(terms['jobs.state.cancelled'].zh).first().waitFor(soon);
        await page
          .locator('.job', { hasText: terms['jobs.state.cancelled'].zh })
          .first()
          .getByRole('button', { name: terms['jobs.receipt'].zh })
          .click();
        const { files, parts } = await receiptSums(page);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(files);
        expect(files).toBeLessThan(700);
        // A part of a disc must not read as the whole of it.
        expect(await page.locator('.verd').innerText()).toContain(terms['receipt.partOnly'].zh);
        expect(await page.locator('.verd.good').count()).toBe(0);
      });
    },
  );

  it('broke no policy and threw nothing', () => expect(app.faults).toEqual([]));
});
