/** Views that are kept: each comes back to the pixel whatever was changed since, as one step of undo, and after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { clickPoint, iliacAt, openFirst, placeOf, surface } from './planes.ts';

const reason = skipReason('browser');
/** The left iliac artery; the MR series beside it is there to be deleted. */
const block = ['--center', '10,5,-165', '--spacing', '1.2,1.2,2'];
const ctBlock = [...block, '--size', '120x120', '--slices', '60'];
const mrBlock = [...block, '--size', '96x96', '--slices', '24', '--contrast', 'mr'];

const rows = (page: Page) => page.locator('[data-bookmark]');
const note = (page: Page, text: string) => page.locator('.messages').getByText(text);

/** Every picture on the stage by a number of all its pixels, with how it is arranged. */
const numbersOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.vps .surface')].map((box) => {
      const canvas = box.querySelector('canvas');
      if (!canvas || !('painted' in canvas.dataset) || canvas.dataset['painted'] === 'moving')
        return 'not yet';
      const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
      let sum = 0;
      for (const value of new Uint32Array(pixels.buffer))
        sum = (Math.imul(sum ^ value, 16_777_619) >>> 0) + 1;
      const { left, top } = box.getBoundingClientRect();
      return `${box.dataset['plane'] ?? 'stack'} ${left},${top} ${canvas.width}×${canvas.height} ${sum}`;
    }),
  );

/** Once all of them have come to rest. */
async function seen(page: Page): Promise<readonly string[]> {
  let last: readonly string[] = [];
  await expect
    .poll(
      async () => {
        const before = last.join();
        last = await numbersOf(page);
        return last.length > 0 && !last.includes('not yet') && last.join() === before;
      },
      { ...soon, interval: 400 },
    )
    .toBe(true);
  return last;
}

/** Presses a key and waits for the pictures that it makes: those of before are at rest, too. */
async function press(page: Page, key: string): Promise<void> {
  const before = (await seen(page)).join();
  await page.keyboard.press(key);
  await expect.poll(async () => (await seen(page)).join(), soon).not.toBe(before);
}

describe.skipIf(reason !== null)(`bookmarks${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-bookmarks-'));
  const dataFolder = join(folder, 'data');
  const views: Record<string, readonly string[]> = {};
  const start = async (): Promise<void> => {
    app = await launch('browser', { dataFolder, locale: 'en-US', viewport: { width: 1366, height: 768 } });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  };
  /** Keeps the view under a name. */
  const keep = async (name: string): Promise<void> => {
    views[name] = await seen(page);
    const count = await rows(page).count();
    await page.keyboard.press('KeyK');
    await page.keyboard.press('Control+KeyB');
    const row = rows(page).last();
    await row.waitFor();
    expect(count).toBe(0);
    await row.hover();
    await row.getByRole('button', { name: 'Name and note' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('textbox', { name: 'Note' }).fill(`note of ${name}`);
    await page.getByRole('button', { name: 'Done' }).click();
    await row.getByText(name, { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await row.waitFor({ state: 'detached' });
  };
  const recall = async (name: string): Promise<void> => {
    if ((await rows(page).count()) === 0) await page.keyboard.press('Control+KeyB');
    await rows(page).getByText(name, { exact: true }).click();
    await page.keyboard.press('Escape');
  };
  const isSeen = (name: string) => expect.poll(() => seen(page), soon).toEqual(views[name]);
  beforeAll(async () => {
    importPhantom(dataFolder, join(folder, 'ct'), ctBlock);
    importPhantom(dataFolder, join(folder, 'mr'), mrBlock);
    await start();
    await openFirst(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are kept of stacks, planes, 3D and a line by one key', async () => {
    await page.keyboard.press('Control+KeyB');
    await page.getByText('No bookmarks yet.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.sth').filter({ hasText: 'MR' }).click();
    await keep('mr alone');
    await page.locator('.sth').filter({ hasText: 'CT' }).click();
    await page.keyboard.press('Shift+Digit2');
    await expect.poll(() => page.locator('.vp').count(), soon).toBe(2);
    await page.keyboard.press('KeyR');
    for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowDown');
    await press(page, 'ArrowDown');
    await keep('side by side');
    await page.keyboard.press('KeyM');
    await surface(page, 'sagittal').locator('canvas[data-painted]').waitFor();
    await clickPoint(page, iliacAt(14));
    await clickPoint(page, iliacAt(72));
    // Esc before the path is found would give it up.
    await surface(page, 'coronal').locator('[data-control-point="1"]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('KeyO');
    await page.mouse.click(...(await placeOf(page, 'axial', [0, 1], iliacAt(50))));
    await page.keyboard.press('Digit7');
    await press(page, 'Period');
    await keep('planes');
    await page.keyboard.press('Shift+KeyM');
    await press(page, 'KeyL');
    await keep('from the left');
    await page.keyboard.press('Shift+KeyC');
    await surface(page, 'straight').locator('canvas[data-painted]').waitFor();
    await surface(page, 'section').locator('[data-contour]').waitFor();
    await page.keyboard.press('Shift+KeyV');
    await page.keyboard.press('ArrowRight');
    await press(page, 'ArrowRight');
    await keep('along');
    expect(await page.locator('[data-bookmark-count]').innerText()).toBe('5');
  });

  it('show each view to the pixel, whatever was changed since', async () => {
    // Everything is changed, and a length is measured, which no bookmark takes away.
    await page.keyboard.press('Shift+KeyC');
    await page.keyboard.press('Shift+Digit1');
    await page.keyboard.press('Digit1');
    await page.keyboard.press('KeyL');
    const box = (await page.locator('.surface').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.press('KeyM');
    await page.keyboard.press('Shift+KeyA');
    await page.keyboard.press('Shift+KeyX');
    await page.keyboard.press('Shift+KeyS');
    await page.keyboard.press('Shift+KeyB');
    await page.keyboard.press('Shift+KeyC');
    await page.keyboard.press('Shift+KeyV');
    await page.keyboard.press('ArrowLeft');
    for (const name of ['planes', 'along', 'mr alone', 'from the left', 'side by side', 'along', 'planes']) {
      await recall(name);
      await isSeen(name);
    }
  });

  it('are one step of undo, which brings back the place too', async () => {
    await recall('side by side');
    await isSeen('side by side');
    await page.keyboard.press('ArrowUp');
    await press(page, 'Shift+ArrowUp');
    const before = await seen(page);
    expect(before).not.toEqual(views['side by side']);
    await recall('planes');
    await isSeen('planes');
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => seen(page), soon).toEqual(before);
    await page.keyboard.press('Control+Shift+KeyZ');
    await isSeen('planes');
    // The same view in another place of it.
    await recall('side by side');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    await recall('side by side');
    await isSeen('side by side');
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => seen(page), soon).toEqual(before);
  });

  it('are gone through by keys, moved, deleted and put back', async () => {
    await recall('mr alone');
    await isSeen('mr alone');
    await page.keyboard.press('PageDown');
    await isSeen('side by side');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('PageUp');
    await isSeen('along');
    await page.keyboard.press('Control+KeyB');
    const names = () => rows(page).locator('b').allInnerTexts();
    await rows(page).last().hover();
    await rows(page).last().getByRole('button', { name: 'Up' }).click();
    expect(await names()).toEqual(['mr alone', 'side by side', 'planes', 'along', 'from the left']);
    await rows(page).nth(2).hover();
    await rows(page).nth(2).getByRole('button', { name: 'Delete the bookmark' }).click();
    expect(await names()).toEqual(['mr alone', 'side by side', 'along', 'from the left']);
    await page.locator('.messages').getByRole('button', { name: 'Put back' }).click();
    expect(await names()).toEqual(['mr alone', 'side by side', 'planes', 'along', 'from the left']);
    await page.keyboard.press('Escape');
  });

  it('take another view in their place', async () => {
    await recall('planes');
    await isSeen('planes');
    await press(page, 'Shift+KeyS');
    views['planes'] = await seen(page);
    await page.keyboard.press('Control+KeyB');
    await rows(page).nth(2).hover();
    await rows(page).nth(2).getByRole('button', { name: 'Replace by the present view' }).click();
    await note(page, 'Replaced by the present view: planes').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('PageUp');
    await isSeen('side by side');
    await recall('planes');
    await isSeen('planes');
  });

  it('are there again after a restart', async () => {
    await app.untilKept();
    await app.close();
    await start();
    await page.locator('.surface canvas[data-painted]').first().waitFor();
    await page.keyboard.press('Control+KeyB');
    await rows(page).getByText('note of along').waitFor();
    expect(await rows(page).locator('img').count()).toBe(5);
    await page.keyboard.press('Escape');
    for (const name of ['along', 'side by side', 'from the left', 'planes']) {
      await recall(name);
      await isSeen(name);
    }
    expect(await page.locator('.messages').innerText()).toBe('');
  });

  it('say that their line is gone, and show the rest', async () => {
    await page.keyboard.press('Shift+KeyC');
    await surface(page, 'straight').locator('canvas[data-painted]').waitFor();
    await page.locator('.tools').getByRole('button', { name: 'Panel' }).click();
    await page.locator('[data-line-row]').hover();
    await page.locator('[data-line-row]').getByRole('button').last().click();
    await expect.poll(() => page.locator('[data-line-row]').count(), soon).toBe(0);
    await page.locator('.tools').getByRole('button', { name: 'Panel' }).click();
    await page.keyboard.press('Shift+KeyC');
    await recall('along');
    await note(page, 'The centreline of this view was deleted; the rest is shown.').waitFor();
    await surface(page, 'coronal').locator('canvas[data-painted]').waitFor();
    await recall('from the left');
    await surface(page, 'volume').locator('canvas[data-painted="rest"]').waitFor();
    await app.untilKept();
  });

  it('say that their series is gone, and show the rest', async () => {
    await app.close();
    const index = new DatabaseSync(join(dataFolder, 'index.db'));
    expect(index.prepare("DELETE FROM series WHERE modality = 'MR'").run().changes).toBe(1);
    index.close();
    await start();
    await page.locator('.surface canvas[data-painted]').first().waitFor();
    await expect.poll(() => page.locator('.sth').count(), soon).toBe(1);
    const before = await seen(page);
    await recall('mr alone');
    await note(page, 'nothing of it is left, and the screen stays as it is').waitFor();
    expect(await seen(page)).toEqual(before);
    await recall('side by side');
    await note(page, '1 series of this view is no longer in the study; the rest is shown.').waitFor();
    await expect.poll(async () => (await numbersOf(page))[0], soon).toBe(views['side by side']![0]);
  });
});
