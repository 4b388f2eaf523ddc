/** Screenshots for the README, taken by the journey when CANDELA_UPDATE_IMAGES=1. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = join(import.meta.dirname, '../../docs/images');
const names = { list: 'studies', mpr: 'reading', volume: 'volume' } as const;

/** JPEG: a PNG of a picture with noise is over a megabyte. */
export async function takeImages(page: Page, what: keyof typeof names): Promise<void> {
  if (process.env['CANDELA_UPDATE_IMAGES'] !== '1') return;
  mkdirSync(folder, { recursive: true });
  // A passing message would lie over the pictures.
  const passing = page.locator('.messages .msg button:last-child');
  while ((await passing.count()) > 0) await passing.first().click();
  await page.mouse.move(960, 20);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join(folder, `${names[what]}.jpg`), type: 'jpeg', quality: 82 });
}
