/** What needs no host: a list of 100,000 studies, glyphs of the shipped font, small screens, both languages. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemTable } from '../../core/base/problem-table.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { terms } from '../../core/terms/terms.ts';
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts';
import { serveFakePage } from './fake-page/serve.ts';
import { soon } from './pages.ts';

const executablePath = findChromium();
const noBrowser = 'no Chromium, Chrome or Edge is installed';

describe.skipIf(!executablePath)(
  `the window over a made-up host${executablePath ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let served: Awaited<ReturnType<typeof serveFakePage>>;
    let browser: Browser;
    const faults: string[] = [];

    beforeAll(async () => {
      served = await serveFakePage();
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: chromiumFlags() });
    });
    afterAll(async () => {
      await browser?.close();
      await served?.close();
    });

    async function open(query: string, size = { width: 1920, height: 1080 }): Promise<Page> {
      const page = await browser.newPage({ viewport: size });
      page.setDefaultTimeout(soon.timeout);
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(`${served.url}?${query}`);
      await page.locator('.win').waitFor();
      return page;
    }

    it('draws only the rows in view of 100,000 and jumps anywhere', async () => {
      const page = await open('studies=100000&language=en');
      const rows = page.locator('tbody tr.tr');
      await rows.first().waitFor();
      expect(await rows.count()).toBeLessThan(80);
      const scroller = page.locator('tbody.rows');
      await scroller.evaluate((element) => {
        element.scrollTop = 28 * 77_777;
      });
      const wanted = page.locator('#row-77777');
      await expect
        .poll(() => wanted.innerText(), soon)
        .toContain(String((77_777 * 3921) % 1_000_000).padStart(6, '0'));
      expect(await rows.count()).toBeLessThan(80);
      await page.locator('table.grid').focus();
      await page.keyboard.press('End');
      await expect.poll(() => page.locator('#row-99999').getAttribute('aria-selected'), soon).toBe('true');
      await page.keyboard.press('Shift+Home');
      await expect
        .poll(() => page.locator('.search [role=status]').innerText(), soon)
        .toContain('10,000 of 100,000');
      // The preview counts what is selected, not what of it is loaded.
      await expect.poll(() => page.locator('.pv .big').innerText(), soon).toContain('10,000');
      await page.close();
    });

    it('has no horizontal overflow at 1366 × 768 in either language', async () => {
      for (const language of ['en', 'zh-CN']) {
        const page = await open(`language=${language}`, { width: 1366, height: 768 });
        await page.locator('#row-0').click();
        // The widest the bar becomes: with two dates.
        await page.locator('.search .seg label').last().click();
        await page.locator('.search .dates').waitFor();
        const hidden = await page.evaluate(() =>
          [...document.querySelectorAll('.bar, .search, .strip')]
            .filter((box) => box.scrollWidth > box.clientWidth + 1)
            .map((box) => box.className),
        );
        expect(hidden).toEqual([]);
        await page.close();
      }
    });

    it('draws every term and problem in the shipped font', async () => {
      const words = [
        ...Object.values({ ...terms, ...readingTerms }).flatMap((term) => [term.zh, term.en]),
        ...Object.values(problemTable).flatMap((row) => [row.zh, row.en, row.adviceZh, row.adviceEn]),
      ];
      const characters = [...new Set(words.join(''))].join('');
      const page = await open('language=zh-CN');
      await page.evaluate(async (text) => {
        const box = document.createElement('p');
        box.id = 'glyphs';
        box.textContent = text;
        box.style.fontFamily = '"Noto Sans SC"';
        document.body.append(box);
        await document.fonts.load('400 14px "Noto Sans SC"', text);
        await document.fonts.ready;
      }, characters);
      const session = await page.context().newCDPSession(page);
      await session.send('DOM.enable');
      await session.send('CSS.enable');
      const { root } = await session.send('DOM.getDocument');
      const { nodeId } = await session.send('DOM.querySelector', {
        nodeId: root.nodeId,
        selector: '#glyphs',
      });
      const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
      expect(fonts.filter((font) => !font.isCustomFont).map((font) => font.familyName)).toEqual([]);
      const drawn = fonts.reduce((sum, font) => sum + font.glyphCount, 0);
      expect(drawn).toBeGreaterThanOrEqual(characters.replace(/\s/g, '').length);
      await page.close();
    });

    it('names every control for a screen reader', async () => {
      const page = await open('language=en');
      await page.locator('#row-0').click();
      await page.locator('.tile').first().waitFor();
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, input, [role=option]')]
          .filter((element) => {
            const label =
              element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent;
            return !(element.getAttribute('aria-label') || label?.trim());
          })
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect(nameless).toEqual([]);
      await page.close();
    });

    it('broke no policy and threw nothing', () => expect(faults).toEqual([]));
  },
);
