/** The Studies page as a clerk and a reader use it, over the real host and real files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t, terms } from '../../core/terms/terms.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, type ShellName, skipReason } from './driver.ts';
import { soon } from './pages.ts';

const shared = sharedDataFolder();
const charsets = join(shared ?? '', 'charset');
const hasData = shared !== null;

/** Fills the import dialog and presses one of its two buttons. */
async function importFolder(page: Page, folder: string, how: 'import' | 'open'): Promise<void> {
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: terms['import.title'].en });
  await dialog.getByRole('textbox').fill(folder);
  await page.keyboard.press('Enter');
  await dialog.getByText(`${terms['import.thisFolder'].en} · ${folder}`).waitFor();
  await dialog
    .getByRole('button', { name: terms[`import.${how === 'import' ? 'import' : 'readNow'}`].en, exact: true })
    .click();
  await dialog.waitFor({ state: 'detached' });
}

const rows = (page: Page) => page.locator('tbody tr.tr');
const countWords = (page: Page) => page.locator('.search [role=status]');
const source = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Source' }).getByRole('button', { name });

for (const shell of ['browser', 'electron'] satisfies ShellName[]) {
  const reason = skipReason(shell);
  describe.skipIf(reason !== null)(
    `studies in the ${shell} shell${reason ? ` (skipped: ${reason})` : ''}`,
    () => {
      let app: LaunchedApp;
      let page: Page;
      beforeAll(async () => {
        app = await launch(shell, { locale: 'en-US' });
        page = app.page;
      });
      afterAll(() => app?.close());

      it('offers three ways in, and switches language at run time', async () => {
        await page.getByRole('heading', { name: terms['studies.empty'].en }).waitFor();
        for (const key of ['studies.emptyImport', 'studies.emptyDemo', 'studies.emptyOpen'] as const) {
          expect(await page.locator('.bigb', { hasText: terms[key].en }).isVisible()).toBe(true);
        }
        await page.getByRole('button', { name: terms['app.switchLanguage'].en }).click();
        await page.getByRole('heading', { name: terms['studies.empty'].zh }).waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
        await page.getByRole('button', { name: terms['app.switchLanguage'].zh }).click();
        await page.getByRole('heading', { name: terms['studies.empty'].en }).waitFor();
        expect(await page.title()).toBe('Candela');
      });

      it('finds actions in Chinese, pinyin and English', async () => {
        // The demo study too, as the list offers it only while it is empty.
        for (const [query, key] of [
          ['yanshi', 'studies.emptyDemo'],
          ['demo', 'studies.emptyDemo'],
        ] as const) {
          await page.keyboard.press('Control+k');
          await page.getByRole('combobox').fill(query);
          await page.getByRole('option', { name: terms[key].en }).waitFor();
          await page.keyboard.press('Escape');
        }
        for (const query of ['设置', 'shezhi', 'settings']) {
          await page.keyboard.press('Control+k');
          await page.getByRole('combobox').fill(query);
          await page.getByRole('option', { name: terms['command.goSettings'].en }).waitFor();
          // Tab goes round, never to the page behind.
          for (let n = 0; n < 3; n += 1) {
            await page.keyboard.press('Tab');
            await expect
              .poll(() => page.evaluate(() => document.activeElement?.closest('dialog') !== null))
              .toBe(true);
          }
          await page.keyboard.press('Escape');
        }
      });

      describe.skipIf(!hasData)(
        `with the shared data${hasData ? '' : ` (skipped: ${sharedDataMissing})`}`,
        () => {
          const files = hasData ? readdirSync(charsets).length : 0;

          it('reads a folder in place, marked as not stored, and keeps one study', async () => {
            await importFolder(page, charsets, 'open');
            await page.locator('tr.sel').first().waitFor();
            await expect
              .poll(() => source(page, terms['studies.places'].en).getAttribute('aria-current'), soon)
              .toBe('true');
            await expect
              .poll(() => rows(page).first().innerText(), soon)
              .toContain(terms['studies.status.notStored'].en);
            await rows(page).first().click();
            await page.getByRole('button', { name: terms['studies.keep'].en }).click();
            await expect
              .poll(() => rows(page).first().innerText(), soon)
              .toContain(terms['studies.status.kept'].en);
            await source(page, terms['studies.all'].en).click();
            await expect.poll(() => countWords(page).innerText(), soon).toBe('1 study');
          });

          it('imports it, with a receipt that balances', async () => {
            await importFolder(page, charsets, 'import');
            const done = page.locator('.msg', { hasText: t('en', 'jobs.doneImport', { title: 'charset' }) });
            await done.getByRole('button', { name: terms['jobs.receipt'].en }).click();
            await page.locator('.bal-sum').first().waitFor();
            const sums = await page.locator('.bal-sum b').allInnerTexts();
            const [read, ...parts] = sums.map((text) => Number(text.replaceAll(',', '')));
            expect(read).toBe(files);
            expect(parts.reduce((sum, part) => sum + part, 0)).toBe(files);
            await page.getByRole('button', { name: terms['app.back'].en }).click();
            await rows(page).first().waitFor();
          });

          it('searches from the first letter typed anywhere, in pinyin too', async () => {
            await page.locator('body').click({ position: { x: 5, y: 700 } });
            await page.keyboard.type('wang');
            await expect.poll(() => page.getByRole('searchbox').inputValue(), soon).toBe('wang');
            await expect.poll(() => rows(page).first().innerText(), soon).toContain('王');
            await page.keyboard.press('ArrowDown');
            await expect.poll(() => page.locator('tr.sel').count(), soon).toBe(1);
            await expect.poll(() => page.locator('tr.sel').innerText(), soon).toContain('王');
            expect(await page.getByRole('searchbox').inputValue()).toBe('wang');
            await page.keyboard.press('Escape');
            await expect.poll(() => page.getByRole('searchbox').inputValue(), soon).toBe('');
            await expect.poll(() => countWords(page).innerText(), soon).toMatch(/^\d\d studies$/);
          });

          it('opens whom a quick hand means: Enter pressed before the rows have come waits for them', async () => {
            // The study chosen before must not be the one that opens.
            await rows(page).first().click();
            expect(await rows(page).first().innerText()).not.toContain('王');
            await page.keyboard.type('wang');
            await page.keyboard.press('Enter');
            await page.keyboard.press('Enter');
            await page.locator('.tab.on').waitFor();
            await expect.poll(() => page.locator('.tab.on').innerText(), soon).toContain('王');
            await page.keyboard.press('Alt+1');
            await page.getByRole('searchbox').press('Escape');
            await expect.poll(() => countWords(page).innerText(), soon).toMatch(/^\d\d studies$/);
          });

          it('selects with Shift, deletes with undo', async () => {
            const before = await countWords(page).innerText();
            await rows(page).nth(0).click();
            await rows(page)
              .nth(2)
              .click({ modifiers: ['Shift'] });
            expect(await page.locator('tr.sel').count()).toBe(3);
            await page.keyboard.press('Delete');
            const left = `${Number.parseInt(before, 10) - 3} studies`;
            await expect.poll(() => countWords(page).innerText(), soon).toBe(left);
            // What is told stays readable when the language changes.
            await page.locator('.lang').click();
            const told = page.locator('.msg', { hasText: t('zh-CN', 'studies.deleted', { n: 3 }) });
            await told.getByRole('button', { name: terms['app.undo'].zh }).waitFor();
            await page.locator('.lang').click();
            await page.locator('.msg').getByRole('button', { name: terms['app.undo'].en }).last().click();
            await expect.poll(() => countWords(page).innerText(), soon).toBe(before);
          });

          it('takes back a deletion by Ctrl+Z, and what was said of it', async () => {
            const before = await countWords(page).innerText();
            await rows(page).nth(1).click();
            await page.keyboard.press('Delete');
            const told = page.locator('.msg', { hasText: t('en', 'studies.deleted', { n: 1 }) });
            await told.waitFor();
            await page.keyboard.press('Control+z');
            await told.waitFor({ state: 'detached' });
            await expect.poll(() => countWords(page).innerText(), soon).toBe(before);
          });

          it('takes the path in the field at its word, also before the folder was listed', async () => {
            await page.keyboard.press('Control+o');
            const dialog = page.getByRole('dialog', { name: terms['import.title'].en });
            await dialog.getByRole('textbox').fill('/');
            await page.keyboard.press('Enter');
            await dialog.getByText(`${terms['import.thisFolder'].en} · /`).waitFor();
            await dialog.getByRole('textbox').fill(charsets);
            await dialog.locator('.dlg-foot').getByText(charsets, { exact: true }).waitFor();
            await dialog.getByRole('button', { name: terms['import.import'].en, exact: true }).click();
            await dialog.waitFor({ state: 'detached' });
            await page
              .locator('.msg', { hasText: t('en', 'jobs.doneImport', { title: 'charset' }) })
              .waitFor();
          });

          it('moves by keys and opens with Enter; the tab wears a stripe; it is read then', async () => {
            await rows(page).first().click();
            await page.keyboard.press('ArrowDown');
            await expect.poll(() => rows(page).nth(1).getAttribute('aria-selected'), soon).toBe('true');
            await page.keyboard.press('Enter');
            await page.locator('.tab.on').waitFor();
            expect(await page.locator('.win').getAttribute('data-page')).toBe('reading');
            await page.keyboard.press('Alt+1');
            await expect.poll(() => rows(page).nth(1).getAttribute('class'), soon).not.toContain('unread');
          });

          it('cuts no name in a tab while there is room for anything else', async () => {
            await rows(page).first().click();
            await rows(page)
              .nth(7)
              .click({ modifiers: ['Shift'] });
            await page.keyboard.press('Enter');
            await expect.poll(() => page.locator('.tab').count(), soon).toBeGreaterThan(7);
            const size = page.viewportSize()!;
            const cutBesideWords = () =>
              page.locator('.tab-name').evaluateAll((all) =>
                all.flatMap((tab) => {
                  const [name, words] = [tab.querySelector('b'), tab.querySelector('.off')];
                  if (!name) return [];
                  // Whole pixels would hide what cuts a letter: a hundredth of one.
                  const text = document.createRange();
                  text.selectNodeContents(name);
                  const isCut =
                    text.getBoundingClientRect().width > name.getBoundingClientRect().width + 0.001;
                  return isCut && (words?.clientWidth ?? 0) > 1 ? [name.textContent] : [];
                }),
              );
            for (const width of [1920, 1500, 1366, 1200]) {
              await page.setViewportSize({ width, height: size.height });
              // The page measures the tabs anew a moment after the window has another size.
              await expect.poll(cutBesideWords, soon).toEqual([]);
            }
            await page.setViewportSize(size);
            await page.keyboard.press('Alt+1');
          });

          it('takes dropped files as an upload', async () => {
            const bytes = [...readFileSync(join(charsets, 'chrH31.dcm'))];
            await page.evaluate((content) => {
              const data = new DataTransfer();
              data.items.add(new File([new Uint8Array(content)], 'dropped.dcm'));
              for (const type of ['dragenter', 'dragover', 'drop']) {
                window.dispatchEvent(
                  new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }),
                );
              }
            }, bytes);
            const dialog = page.getByRole('dialog', { name: 'dropped.dcm' });
            if (shell === 'electron') return void (await page.keyboard.press('Escape'));
            await dialog.getByRole('button', { name: terms['import.import'].en }).click();
            await dialog.waitFor({ state: 'detached' });
            await page.locator('.msg.ok', { hasText: 'dropped.dcm' }).waitFor();
          });

          it('remembers language, columns and tabs over a reload', async () => {
            const grip = page.getByRole('separator', { name: 'Resize column Patient ID' });
            await grip.focus();
            await page.keyboard.press('ArrowRight');
            await expect.poll(() => grip.getAttribute('aria-valuenow'), soon).toBe('132');
            // At once: what was waiting to be kept is sent as the page goes.
            await page.reload();
            await page.locator('.tab').first().waitFor();
            await rows(page).first().waitFor();
            await expect.poll(() => grip.getAttribute('aria-valuenow'), soon).toBe('132');
          });

          it('says on a receipt what was done: read in place, or verified', async () => {
            // The sheet of before stands until the next is read: its title tells them apart.
            const receiptOf = async (message: string, title: string): Promise<string> => {
              await page
                .locator('.msg', { hasText: message })
                .getByRole('button', { name: terms['jobs.receipt'].en })
                .click();
              const sheet = page.locator('.sheet', { hasText: title });
              await sheet.locator('.meta').waitFor();
              return sheet.innerText();
            };
            await importFolder(page, charsets, 'open');
            const opened = await receiptOf(
              t('en', 'jobs.doneOpen', { title: 'charset' }),
              terms['receipt.title.open'].en,
            );
            expect(opened).toContain(terms['receipt.state.open'].en);
            expect(opened).not.toContain(terms['receipt.safe'].en);
            await page.getByRole('button', { name: terms['receipt.verify'].en }).click();
            const verified = await receiptOf(terms['jobs.doneVerify'].en, terms['receipt.title.verify'].en);
            expect(verified).toContain(terms['receipt.state.verify'].en);
          });
        },
      );
    },
  );
}
