/** What the specs of the whole journey do on the pages, in words of a person. */
import type { Page } from 'playwright-core';
import type { Language } from '../../core/terms/term.ts';
import { t, type terms } from '../../core/terms/terms.ts';

/** Waits end at once on success; a busy machine gets its time. */
export const soon = { timeout: 90_000 };
export const rowsOf = (page: Page) => page.locator('tbody tr.tr');

/** Fills the import dialog with a path and presses one of its two buttons. */
export async function importPath(
  page: Page,
  path: string,
  how: 'import' | 'open',
  language: Language = 'en',
): Promise<void> {
  const word = (key: keyof typeof terms) => t(language, key);
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: word('import.title') });
  await dialog.getByRole('textbox').fill(path);
  await page.keyboard.press('Enter');
  await dialog.getByText(`${word('import.thisFolder')} · ${path}`).waitFor();
  const name = word(how === 'import' ? 'import.import' : 'import.readNow');
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** The numbers of the receipt page on screen: files, then the four parts they fall into. */
export async function receiptSums(page: Page): Promise<{ files: number; parts: readonly number[] }> {
  await page.locator('.bal-sum').first().waitFor();
  const sums = await page.locator('.bal-sum b').allInnerTexts();
  const [files = Number.NaN, ...parts] = sums.map((text) => Number(text.replaceAll(',', '')));
  return { files, parts };
}

/** What the first viewport shows, once it has settled. */
export interface Shown {
  /** Number of distinct colours on the canvas; 0 without a canvas. */
  readonly colours: number;
  readonly who: string;
  readonly badges: readonly string[];
  readonly note: string;
  readonly kept: string | null;
  /** Why MPR is off, and why there is nothing to play; empty when they are on. */
  readonly mprOff: string;
  readonly playOff: string;
  /** What is said of the image: its number, and how many there are. */
  readonly taken: string;
}

/** Waits until the viewport shows `seriesKey`: its picture, its error tile, or what it is. */
export async function settled(page: Page, seriesKey: string): Promise<Shown> {
  await page.waitForFunction(
    (key) => {
      const thumb = [...document.querySelectorAll<HTMLElement>('.sth')].find(
        (x) => x.dataset['series'] === key,
      );
      const note = document.querySelector('.vp-note');
      const canvas = document.querySelector<HTMLElement>('.surface canvas[data-painted]');
      const isPainted = canvas?.dataset['series'] === key;
      return thumb?.ariaCurrent === 'true' && (isPainted || (note !== null && note.textContent !== ''));
    },
    seriesKey,
    soon,
  );
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.surface canvas[data-painted]');
    const colours = new Set<number>();
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    const values = new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0));
    // A prime step meets every column; the whole canvas would cost seconds over all series.
    for (let n = 0; n < values.length; n += 17) colours.add(values[n] ?? 0);
    const text = (selector: string) => document.querySelector<HTMLElement>(selector)?.innerText ?? '';
    const off = (keys: string): string => {
      const button = document.querySelector<HTMLElement>(`[data-keys="${keys}"]`);
      return button?.ariaDisabled === 'true' ? (button.dataset['tip'] ?? '') : '';
    };
    return {
      colours: colours.size,
      who: text('.tx.tl'),
      badges: [...document.querySelectorAll<HTMLElement>('.bd')].map((badge) => badge.innerText),
      note: text('.vp-note'),
      kept: document.querySelector<HTMLElement>('[data-kept]')?.dataset['kept'] ?? null,
      mprOff: off('M'),
      playOff: off('C'),
      taken: text('.tx.br'),
    };
  });
}
