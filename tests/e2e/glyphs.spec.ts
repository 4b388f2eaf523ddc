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

/** What names are made of; signs and frames of these tables are in no name. */
const lettersOf = (found: readonly string[]): string[] =>
  visible(found).filter((c) => /[\p{L}\p{M}\p{Nd}]/u.test(c) && c !== 'ⁿ');

/** Every letter of a table of one or two bytes, as the encoding standard's decoders read them. */
function tableOf(label: string, from: number, to: number, bytes: 1 | 2): string[] {
  const decoder = new TextDecoder(label);
  const found: string[] = [];
  for (let lead = from; lead <= to; lead++) {
    for (let trail = bytes === 1 ? 0xfe : from; trail <= 0xfe; trail++) {
      const text = decoder.decode(new Uint8Array(bytes === 1 ? [lead] : [lead, trail]));
      if ([...text].length === 1 && text !== '\ufffd') found.push(text);
    }
  }
  return lettersOf(found);
}

const singleByte = (label: string) => tableOf(label, 0xa0, 0xff, 1);

/** JIS X 0212 is the plane behind 8F of EUC-JP. */
function jisX0212(): string[] {
  const decoder = new TextDecoder('euc-jp');
  const found: string[] = [];
  for (let row = 0xa1; row <= 0xfe; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const text = decoder.decode(new Uint8Array([0x8f, row, cell]));
      if ([...text].length === 1 && text !== '\ufffd') found.push(text);
    }
  }
  return lettersOf(found);
}

const codes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));

/** What the page names first, without the system's fonts between. */
const shippedFamilies =
  '"Noto Sans SC", "Noto Sans Scripts", "Noto Sans JP Variable", "Noto Sans KR Variable"';

/** The Specific Character Sets of PS3.3 C.12.1.1.2, by their tables. */
const characterSets: Readonly<Record<string, () => string[]>> = {
  'ISO_IR 100, Latin 1': () => singleByte('windows-1252').filter((c) => c <= '\u00ff'),
  'ISO_IR 101, Latin 2': () => singleByte('iso-8859-2'),
  'ISO_IR 109, Latin 3': () => singleByte('iso-8859-3'),
  'ISO_IR 110, Latin 4': () => singleByte('iso-8859-4'),
  'ISO_IR 148, Latin 5': () => singleByte('windows-1254').filter((c) => c < '\u0192'),
  'ISO_IR 203, Latin 9': () => singleByte('iso-8859-15'),
  'ISO_IR 144, Cyrillic': () => singleByte('iso-8859-5'),
  'ISO_IR 126, Greek': () => singleByte('iso-8859-7'),
  'ISO_IR 127, Arabic': () => singleByte('iso-8859-6'),
  'ISO_IR 138, Hebrew': () => singleByte('iso-8859-8'),
  'ISO_IR 166, Thai': () => singleByte('windows-874'),
  'ISO_IR 13, half-width katakana': () => codes(0xff61, 0xff9f),
  'ISO 2022 IR 87, JIS X 0208': () => tableOf('euc-jp', 0xa1, 0xfe, 2),
  'ISO 2022 IR 159, JIS X 0212': jisX0212,
  'ISO 2022 IR 149, KS X 1001': () => tableOf('euc-kr', 0xa1, 0xfe, 2),
  'the syllables of Hangul': () => codes(0xac00, 0xd7a3),
};

/** Of GB 2312 these are in no slice that is shipped: docs/fonts.md tells them. */
const notShipped = new Set('劐坶塥弪戤毪犋猸稆筢耢耥脶膪蒈蟓赇轷铴镩骣鲰');

describe.skipIf(reason !== null)(`glyphs${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  beforeAll(async () => {
    app = await launch('browser', { locale: 'zh-CN' });
    await app.page.waitForSelector('[data-page="studies"]');
  });
  afterAll(() => app?.close());

  /** Characters that Chromium draws with another font than the one shipped, or as .notdef. */
  async function strangers(
    characters: readonly string[],
    families = '"Noto Sans SC"',
  ): Promise<readonly string[]> {
    const { page } = app;
    const drawn = { characters, families };
    await page.evaluate(async ({ characters: all, families }) => {
      document.querySelector('#glyphs')?.remove();
      const box = document.createElement('div');
      box.id = 'glyphs';
      box.style.fontFamily = families;
      for (const character of all) {
        const cell = document.createElement('span');
        cell.textContent = character;
        box.append(cell);
      }
      document.body.append(box);
      await document.fonts.load(`400 14px ${families}`, all.join(''));
      await document.fonts.ready;
    }, drawn);
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

  /** Characters that no font has at all: they are drawn as the box that an unassigned code point gets. */
  const boxes = (characters: readonly string[], families = '"Noto Sans SC"'): Promise<readonly string[]> =>
    app.page.evaluate(
      ({ characters: all, families }) => {
        const canvas = new OffscreenCanvas(40, 40);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        if (!context) throw new Error('no canvas');
        context.font = `400 24px ${families}`;
        const pixelsOf = (character: string) => {
          context.clearRect(0, 0, 40, 40);
          context.fillText(character, 4, 30);
          return context.getImageData(0, 0, 40, 40).data.join();
        };
        const box = pixelsOf('\u0378');
        return all.filter((character) => pixelsOf(character) === box);
      },
      { characters, families },
    );

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

  for (const [name, characters] of Object.entries(characterSets)) {
    it(`has every letter of ${name}`, async () => {
      const all = characters();
      expect(all.length).toBeGreaterThan(25);
      expect(await strangers(all, shippedFamilies)).toEqual([]);
      expect(await boxes(all, shippedFamilies)).toEqual([]);
    });
  }

  it('has GB 2312 but for the few that the document names', async () => {
    const all = tableOf('gbk', 0xa1, 0xf7, 2);
    expect(all.length).toBeGreaterThan(6763);
    const missing = [...(await strangers(all, shippedFamilies)), ...(await boxes(all, shippedFamilies))];
    expect(new Set(missing)).toEqual(notShipped);
  });

  it('names the shipped fonts in the page, the first one first', async () => {
    const font = await app.page.evaluate(() => getComputedStyle(document.body).fontFamily);
    expect(font.startsWith('"Noto Sans SC"')).toBe(true);
    for (const family of shippedFamilies.split(', ')) expect(font).toContain(family);
  });

  it.skipIf(shared === null)(
    `has the names of the samples, in all their scripts${shared === null ? ` (skipped: ${sharedDataMissing})` : ''}`,
    async () => {
      const names = readManifest(shared ?? '').files.flatMap((file) => file.patientName ?? []);
      // Rare ideographs such as U+3400 take the system's font.
      const characters = visible(names).filter((c) => !/[\u3400-\u4dbf]|\p{Co}|\ufffd/u.test(c));
      expect(characters.length).toBeGreaterThan(30);
      expect(await strangers(characters, shippedFamilies)).toEqual([]);
    },
  );

  it('notices characters that the font does not have', async () => {
    const missing = ['\u{13000}', 'ก', '𬭎'];
    const found = [...(await strangers(['好', ...missing])), ...(await boxes(['好', ...missing]))];
    expect(new Set(found)).toEqual(new Set(missing));
  });
});
