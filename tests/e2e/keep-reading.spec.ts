import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, type ShellName, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const values = (page: Page) => page.locator('[data-measurement-row] .v').allInnerTexts();
/** Without the value under the pointer, which stands above it. */
const bottomLeft = (page: Page) =>
  page
    .locator('.vp')
    .first()
    .locator('.tx.bl')
    .evaluate((corner) =>
      [...corner.childNodes]
        .filter((node) => !(node instanceof Element && node.matches('.probe')))
        .map((node) => node.textContent)
        .join(''),
    );
const corner = (page: Page, where: string, which: 'br' | 'bl') =>
  page.locator(where).first().locator(`.tx.${which}`).innerText();
const openTab = (page: Page) => page.locator('.ptabs [aria-selected=true]').innerText();
const canUndo = (page: Page) => page.locator('.tools .tb[data-keys="Ctrl Z"]').getAttribute('class');

async function drag(
  page: Page,
  tool: string,
  from: readonly [number, number],
  to: readonly [number, number],
) {
  await page.keyboard.press(tool);
  const box = await page.locator('.surface').first().boundingBox();
  if (!box) throw new Error('no viewport');
  const at = (p: readonly [number, number]) => [box.x + box.width * p[0], box.y + box.height * p[1]] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 5 });
  await page.mouse.up();
}

for (const shell of ['browser', 'electron'] satisfies ShellName[]) {
  const reason = skipReason(shell);
  describe.skipIf(reason !== null)(
    `what a reader does in the ${shell} shell${reason ? ` (skipped: ${reason})` : ''}`,
    () => {
      let app: LaunchedApp;
      let page: Page;
      const folder = mkdtempSync(join(tmpdir(), 'candela-keep-'));
      const dataFolder = join(folder, 'data');
      const start = async (): Promise<void> => {
        app = await launch(shell, { dataFolder, locale: 'en-US' });
        page = app.page;
        page.setDefaultTimeout(soon.timeout);
      };
      const open = async (): Promise<void> => {
        await page.getByText('Studies', { exact: true }).first().click();
        await openFirst(page);
      };
      beforeAll(async () => {
        importPhantom(dataFolder, join(folder, 'in'), smallBody);
        await start();
        await open();
      });
      afterAll(async () => {
        await app?.close();
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      });

      it('can all be undone and done again: window, turn, zoom, marks, layout', async () => {
        const first = await bottomLeft(page);
        await page.keyboard.press('Digit2');
        await expect.poll(() => bottomLeft(page), soon).toContain('W 350  L 40');
        await page.keyboard.press('KeyR');
        await drag(page, 'KeyL', [0.4, 0.5], [0.6, 0.5]);
        await drag(page, 'KeyZ', [0.3, 0.7], [0.3, 0.6]);
        await page.keyboard.press('Shift+Digit2');
        await expect.poll(() => page.locator('.vp').count(), soon).toBe(2);
        const marks = await values(page);
        expect(marks.length).toBe(1);
        const last = await bottomLeft(page);
        for (let n = 0; n < 5; n += 1) await page.keyboard.press('Control+KeyZ');
        await expect.poll(() => bottomLeft(page), soon).toBe(first);
        expect(await page.locator('.vp').count()).toBe(1);
        expect(await values(page)).toEqual([]);
        expect(await canUndo(page)).toContain('idle');
        const again = page.getByRole('button', { name: readingTerms['reading.redo'].en, exact: true });
        for (let n = 0; n < 3; n += 1) await again.click();
        await page.keyboard.press('Control+KeyY');
        expect(await again.getAttribute('class')).not.toContain('idle');
        await page.keyboard.press('Control+Shift+KeyZ');
        await expect.poll(() => again.getAttribute('class'), soon).toContain('idle');
        await expect.poll(() => bottomLeft(page), soon).toBe(last);
        expect(await page.locator('.vp').count()).toBe(2);
        expect(await values(page)).toEqual(marks);
      });

      it('is there again after a restart, and can still be undone', async () => {
        await page.keyboard.press('Shift+Digit1');
        const before = { marks: await values(page), text: await bottomLeft(page) };
        await app.untilKept();
        await app.close();
        await start();
        await open();
        await expect.poll(() => values(page), soon).toEqual(before.marks);
        await expect.poll(() => bottomLeft(page), soon).toBe(before.text);
        for (let n = 0; n < 4; n += 1) await page.keyboard.press('Control+KeyZ');
        await expect.poll(() => values(page), soon).toEqual([]);
      });

      it.runIf(shell === 'browser')(
        'keeps what changed while a save was under way, although the tab is closed then',
        async () => {
          await page.evaluate(() => {
            const real = window.fetch;
            let isHeld = false;
            window.fetch = (path, init) => {
              if (isHeld || !String(path).endsWith('/call/reading.save')) return real(path, init);
              isHeld = true;
              document.documentElement.dataset['held'] = 'save';
              return new Promise(() => undefined);
            };
          });
          await drag(page, 'KeyL', [0.4, 0.5], [0.6, 0.5]);
          await expect.poll(() => page.locator('html').getAttribute('data-held'), soon).toBe('save');
          await drag(page, 'KeyL', [0.4, 0.6], [0.6, 0.6]);
          await expect.poll(() => values(page).then(({ length }) => length), soon).toBe(2);
          const marks = await values(page);
          await page.close();
          await app.close();
          await start();
          await open();
          await expect.poll(() => values(page), soon).toEqual(marks);
        },
        180_000,
      );

      it('keeps the place in a stack and in planes, without a step of undo or writing at each step', async () => {
        const saves: string[] = [];
        page.on('request', (request) => request.url().endsWith('/call/reading.save') && saves.push('save'));
        const undo = await canUndo(page);
        await page.locator('.surface').first().hover();
        for (let n = 0; n < 12; n += 1) {
          await page.mouse.wheel(0, 120);
          await page.waitForTimeout(60);
        }
        const image = () => corner(page, '.vp', 'br');
        await expect.poll(image, soon).toContain('Im');
        const there = await image();
        expect(saves.length).toBeLessThan(2);
        expect(await canUndo(page)).toBe(undo);
        await app.untilKept();
        await app.close();
        await start();
        await open();
        await expect.poll(image, soon).toBe(there);
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
        await page.locator('[data-plane=coronal]').hover();
        for (let n = 0; n < 7; n += 1) await page.mouse.wheel(0, 120);
        const planes = () =>
          Promise.all(['coronal', 'axial'].map((name) => corner(page, `[data-plane=${name}]`, 'br')));
        await page.waitForTimeout(300);
        const lying = await planes();
        await page.getByRole('tab', { name: readingTerms['reading.tags'].en }).click();
        await expect.poll(() => openTab(page), soon).toBe(readingTerms['reading.tags'].en);
        // The window is closed at once: what was waiting to be saved is saved then.
        if (shell === 'browser') await page.close();
        else await app.untilKept();
        await app.close();
        await start();
        await open();
        await page.locator('[data-plane=coronal] canvas[data-painted]').waitFor();
        await expect.poll(planes, soon).toEqual(lying);
        expect(await openTab(page)).toBe(readingTerms['reading.tags'].en);
      });
    },
  );
}
