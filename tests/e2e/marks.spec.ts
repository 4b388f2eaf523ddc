/** Marks in the patient: drawn on an image, seen on the plane that shows the same slice, and the other way; nowhere else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';
import { plainText } from './planes.ts';

const reason = skipReason('browser');
const coarseBody = ['--size', '96x96', '--spacing', '4.5,4.5,9', '--slices', '20'] as const;
const coarsePet = ['--size', '64x64', '--spacing', '7,7,9', '--slices', '20', '--contrast', 'pet'] as const;

type Place = readonly [number, number];

const axial = (page: Page) => page.locator('.surface[data-plane="axial"]');
const stack = (page: Page) => page.locator('.surface[data-cell="0"]');
const marksOn = (on: ReturnType<typeof stack>) => on.locator('g.mark');

async function dragged(page: Page, on: ReturnType<typeof stack>, from: Place, to: Place): Promise<void> {
  const box = await on.boundingBox();
  if (!box) throw new Error('no viewport');
  const at = ([x, y]: Place): Place => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 5 });
  await page.mouse.up();
}

/** A step of the wheel over a viewport, beside its marks. */
async function stepped(page: Page, on: ReturnType<typeof stack>, notches: number): Promise<void> {
  const box = await on.boundingBox();
  if (!box) throw new Error('no viewport');
  await page.mouse.move(box.x + 20, box.y + box.height * 0.6);
  await page.mouse.wheel(0, 120 * notches);
}

/** Left, top, right and bottom of a mark's outline, in patient millimetres by what the panel reads out there. */
async function extentMm(page: Page, mark: ReturnType<typeof stack>): Promise<readonly number[]> {
  const rect = await mark
    .locator('path.m')
    .first()
    .evaluate((path) => {
      const { left, top, right, bottom } = path.getBoundingClientRect();
      return [left, top, right, bottom] as const;
    });
  const read = async (x: number, y: number): Promise<readonly number[]> => {
    await page.mouse.move(x + 2, y + 2);
    await page.mouse.move(x, y);
    const text = await page.locator('.side dl.kv dd').first().innerText();
    return text.replaceAll('−', '-').trim().split(/\s+/).map(Number);
  };
  return [...(await read(rect[0], rect[1])), ...(await read(rect[2], rect[3]))];
}

describe.skipIf(reason !== null)(`marks in the patient${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-marks-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'ct'), coarseBody);
    importPhantom(dataFolder, join(folder, 'pt'), coarsePet);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await rowsOf(page).first().dblclick();
    await stack(page).locator('canvas[data-painted]').waitFor();
    await page.locator('.sth', { hasText: 'CT' }).dblclick();
    await stack(page).locator('.tx', { hasText: 'CT Analytic body' }).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('drawn on an image is seen on the plane that shows it, and on no other', async () => {
    await page.keyboard.press('KeyE');
    await dragged(page, stack(page), [0.42, 0.4], [0.56, 0.58]);
    await page.keyboard.press('KeyW');
    const drawn = await extentMm(page, marksOn(stack(page)));
    const numbers = await marksOn(stack(page)).locator('text').allTextContents();
    expect(numbers.length).toBe(2);
    await page.keyboard.press('KeyM');
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(1);
    for (const name of ['coronal', 'sagittal'])
      expect(await page.locator(`[data-plane="${name}"] g.mark`).count()).toBe(0);
    // Its numbers are those of its image, which it names; the PET has the same series number.
    const seen = await marksOn(axial(page)).locator('text').allTextContents();
    expect(seen.slice(0, 2)).toEqual(numbers);
    expect(seen[2]).toMatch(/^Se 2 CT phantom · Im \d+$/);
    // The panel reads to 0.1 mm, and a pixel of the plane is about a millimetre.
    const there = await extentMm(page, marksOn(axial(page)));
    for (const [n, mm] of drawn.entries()) expect(Math.abs(mm - (there[n] ?? 0))).toBeLessThan(2.5);
    await stepped(page, axial(page), 1);
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(0);
    await stepped(page, axial(page), -1);
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(1);
  });

  it('says there why it is not changed, and stays as it is', async () => {
    const before = await page.locator('[data-measurement-row]').innerText();
    const top = await marksOn(axial(page))
      .locator('.m-tip')
      .evaluate((path): [number, number] => {
        const { left, width, y } = path.getBoundingClientRect();
        return [left + width / 2, y];
      });
    const [start] = readingTerms['reading.drawnOn'].en.split('{');
    await page.mouse.move(top[0], top[1] - 2);
    await page.mouse.move(top[0], top[1] + 1);
    await expect.poll(() => page.getByRole('tooltip').innerText(), soon).toContain(start);
    await page.mouse.down();
    await page.mouse.move(top[0] + 60, top[1] + 50, { steps: 5 });
    expect(await page.locator('.drag-note').innerText()).toContain(start);
    await page.mouse.up();
    expect(await page.locator('[data-measurement-row]').innerText()).toBe(before);
    expect(await marksOn(axial(page)).getAttribute('class')).toBe('mark selected seen');
    await page.keyboard.press('Escape');
  });

  it('drawn on a plane is seen on the image that it shows, also over it, and after a restart of the page', async () => {
    await page.keyboard.press('KeyL');
    // It begins on the outline of the ellipse, which cannot be taken hold of here.
    const edge = await marksOn(axial(page))
      .locator('.m-tip')
      .evaluate((path): [number, number] => {
        const { right, top, height } = path.getBoundingClientRect();
        return [right, top + height / 2];
      });
    await page.mouse.move(...edge);
    await page.mouse.down();
    await page.mouse.move(edge[0] + 90, edge[1] + 40, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.press('Escape');
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(2);
    const length = await page.locator('[data-measurement-row] .v').last().innerText();
    expect(length).toMatch(/ mm$/);
    await page.keyboard.press('KeyM');
    const lengths = () => stack(page).locator('g.mark.seen text').allTextContents();
    await expect.poll(lengths, soon).toEqual([length]);
    await stepped(page, stack(page), 1);
    await expect.poll(() => marksOn(stack(page)).count(), soon).toBe(0);
    await stepped(page, stack(page), -1);
    await expect.poll(lengths, soon).toEqual([length]);
    await page.reload();
    await stack(page).locator('canvas[data-painted]').waitFor();
    // To the image of the ellipse, whichever was kept: scrolling is no change.
    await page.locator('[data-measurement-row] .mi-name').first().click();
    await expect.poll(lengths, soon).toEqual([length]);
    expect(await marksOn(stack(page)).count()).toBe(2);
  });

  it('of a slab is only seen in a thin plane, and a click in the list brings the slab back', async () => {
    await page.keyboard.press('KeyM');
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(2);
    const thickness = async () => /slab [\d.]+ mm/.exec(await plainText(axial(page).locator('.tx.bl')))?.[0];
    const thicken = async (mm: number) => {
      await page
        .locator('.side')
        .getByRole('button', { name: String(mm), exact: true })
        .click();
      await expect.poll(thickness, soon).toBe(`slab ${mm} mm`);
    };
    await thicken(10);
    await page.keyboard.press('KeyU');
    await dragged(page, axial(page), [0.36, 0.62], [0.44, 0.72]);
    await page.keyboard.press('Escape');
    const region = page.locator('[data-measurement-row]').last();
    const numbers = await plainText(region);
    expect(numbers).toContain('slab 10 mm');
    const seen = () => axial(page).locator('g.mark.seen').count();
    const others = await seen();
    await thicken(0);
    await expect.poll(seen, soon).toBe(others + 1);
    await region.locator('.mi-name').click();
    await expect.poll(thickness, soon).toBe('slab 10 mm');
    await expect.poll(seen, soon).toBe(others);
    expect(await plainText(region)).toBe(numbers);
    await page.keyboard.press('Delete');
    await expect.poll(() => page.locator('[data-measurement-row]').count(), soon).toBe(2);
    await thicken(0);
    await page.keyboard.press('KeyM');
  });

  it('is seen in another series of its frame of reference, names its own, and goes from all pictures at once', async () => {
    await page.keyboard.press('KeyM');
    await expect.poll(() => marksOn(axial(page)).count(), soon).toBe(2);
    await page.keyboard.press('KeyM');
    await page.locator('.sth', { hasText: 'PET' }).dblclick();
    await stack(page).locator('.tx', { hasText: 'PT Analytic body' }).waitFor();
    // Its slices lie elsewhere: one of two neighbours holds the marks.
    const seen = () => marksOn(stack(page)).count();
    const image = () => stack(page).locator('canvas').first().getAttribute('data-painted');
    for (let n = 0; n < 3 && (await seen()) === 0; n += 1) {
      const before = await image();
      await stepped(page, stack(page), n === 0 ? 1 : -1);
      await expect.poll(image, soon).not.toBe(before);
    }
    await expect.poll(seen, soon).toBe(2);
    const words = await marksOn(stack(page)).locator('text').allTextContents();
    expect(words.some((line) => /^Se 2 CT phantom · Im \d+$/.test(line))).toBe(true);
    expect(words.some((line) => line.includes('HU'))).toBe(true);
    const top = await marksOn(stack(page))
      .locator('.m-tip')
      .first()
      .evaluate((path): [number, number] => {
        const { left, width, y } = path.getBoundingClientRect();
        return [left + width / 2, y];
      });
    await page.mouse.click(...top);
    await page.keyboard.press('Delete');
    await expect.poll(seen, soon).toBe(1);
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(seen, soon).toBe(2);
  });
});
