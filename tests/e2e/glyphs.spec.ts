/** No missing glyph: terms, common Chinese, and the names of the character set samples, in the shipped font. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemTable } from '../../core/base/problem-table.ts';
import { readingTerms } from '../../core/terms/reading.ts';
import { terms } from '../../core/terms/terms.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';

const shared = sharedDataFolder();
const reason = skipReason('browser');
const visible = (texts: readonly string[]): string[] => [
  ...new Set(texts.join('').replace(/[\s\p{Cc}\p{Cf}]/gu, '')),
];

/** GB 2312 level 1: rows 16 to 55, the 3755 characters in daily use. */
function gb2312Level1(): string[] {
  const decoder = new TextDecoder('gbk', { fatal: true });
  const found: string[] = [];
  for (let row = 16; row <= 55; row++) {
    for (let cell = 1; cell <= (row === 55 ? 89 : 94); cell++) {
      found.push(decoder.decode(new Uint8Array([row + 0xa0, cell + 0xa0])));
    }
  }
  return found;
}

describe.skipIf(reason !== null)(`glyphs${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  beforeAll(async () => {
    app = await launch('browser', { locale: 'zh-CN' });
    await app.page.waitForSelector('[data-page="studies"]');
  });
  afterAll(() => app?.close());

  /** Characters that Chromium draws with another font than the one shipped, or as .notdef. */
  async function strangers(characters: readonly string[]): Promise<readonly string[]> {
    const { page } = app;
    await page.evaluate(async (all) => {
      document.querySelector('#glyphs')?.remove();
      const box = document.createElement('div');
      box.id = 'glyphs';
      box.style.fontFamily = '"Noto Sans SC"';
      for (const character of all) {
        const cell = document.createElement('span');
        cell.textContent = character;
        box.append(cell);
      }
      document.body.append(box);
      await document.fonts.load('400 14px "Noto Sans SC"', all.join(''));
      await document.fonts.ready;
    }, characters);
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const { root } = await session.send('DOM.getDocument', { depth: 1 });
    const fontsOf = async (nodeId: number) =>
      (await session.send('CSS.getPlatformFontsForNode', { nodeId })).fonts;
    const whole = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: '#glyphs' });
    const missing: string[] = [];
    if ((await fontsOf(whole.nodeId)).some((font) => !font.isCustomFont)) {
      const cells = await session.send('DOM.querySelectorAll', {
        nodeId: root.nodeId,
        selector: '#glyphs span',
      });
      for (const [n, nodeId] of cells.nodeIds.entries()) {
        const fonts = await fontsOf(nodeId);
        if (fonts.some((font) => !font.isCustomFont)) missing.push(characters[n] ?? '');
      }
    }
    await session.detach();
    return missing;
  }

  it('has every character of every term and message, in both languages', async () => {
    const words = [
      ...Object.values({ ...terms, ...readingTerms }).flatMap((term) => [term.zh, term.en]),
      ...Object.values(problemTable).flatMap((row) => [row.zh, row.en, row.adviceZh, row.adviceEn]),
    ];
    const characters = visible(words);
    expect(characters.length).toBeGreaterThan(600);
    expect(await strangers(characters)).toEqual([]);
  });

  it('has the 3755 characters of GB 2312 level 1', async () => {
    const characters = gb2312Level1();
    expect(characters.length).toBe(3755);
    expect([characters[0], characters.at(-1)]).toEqual(['啊', '座']);
    expect(await strangers(characters)).toEqual([]);
  });

  it.skipIf(shared === null)(
    `has the Chinese and Latin names of the samples${shared === null ? ` (skipped: ${sharedDataMissing})` : ''}`,
    async () => {
      const names = readManifest(shared ?? '').files.flatMap((file) => file.patientName ?? []);
      // The shipped font is for Latin and the 20,992 common ideographs; other scripts, and rare ideographs such as
      // U+3400, take the system's font.
      const characters = visible(names).filter((c) => /[\u4e00-\u9fffA-Za-z0-9]/.test(c));
      expect(characters.length).toBeGreaterThan(30);
      expect(await strangers(characters)).toEqual([]);
    },
  );

  it('notices a character that the font does not have', async () => {
    expect(await strangers(['好', '\u{13000}'])).toEqual(['\u{13000}']);
  });
});
