/** Along a vessel: two clicks, the curved pictures, one cursor in all of them, the stenosis, and all of it again after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { boxOf, clickPoint, iliacAt, openFirstAsPlanes, surface } from './planes.ts';

const reason = skipReason('browser');
/** The end of the aorta and the left iliac artery with its stenosis of 75 %. */
const iliacBlock = [
  '--center',
  '10,5,-165',
  '--size',
  '160x160',
  '--spacing',
  '0.9,0.9,1.5',
  '--slices',
  '80',
];
const arcs = { start: 14, lesion: 38, end: 72 } as const;

const corner = (page: Page, name: string, where: 'bl' | 'br') =>
  surface(page, name).locator(`.tx.${where}`).innerText();
const cursorMm = async (page: Page): Promise<number> =>
  Number(
    (await surface(page, 'straight').locator('[data-cursor-mm]').getAttribute('data-cursor-mm'))?.replace(
      '−',
      '-',
    ),
  );

/** A number of all pixels of a picture. */
const pictureSum = (page: Page, name: string): Promise<number> =>
  surface(page, name)
    .locator('canvas')
    .first()
    .evaluate((element: HTMLCanvasElement) => {
      const pixels = element.getContext('2d')!.getImageData(0, 0, element.width, element.height).data;
      return pixels.reduce((sum, value, n) => (sum * 31 + value * (1 + (n % 7))) % 1_000_003, element.width);
    });

/** A picture that has come to rest. */
async function settledSum(page: Page, name: string): Promise<number> {
  let last = -1;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await pictureSum(page, name);
        return last === before;
      },
      { ...soon, interval: 400 },
    )
    .toBe(true);
  return last;
}

/** Runs in the page: the strip along the vessel does not say in full what it is, and that its lengths are true. */
function isStripTitleCut(): boolean {
  const corner = document.querySelector('[data-plane="straight"] .tx.tl');
  return corner !== null && corner.scrollWidth > corner.clientWidth + 1;
}

/** Runs in the page: what of the corners lies over a letter of the sides. */
function textsOverLetters(): string[] {
  return [...document.querySelectorAll('.vp')].flatMap((viewport) => {
    const letters = [...viewport.querySelectorAll('.ed')].map((letter) => letter.getBoundingClientRect());
    const range = document.createRange();
    return [...viewport.querySelectorAll('.tx')].flatMap((corner) => {
      const frame = corner.getBoundingClientRect();
      range.selectNodeContents(corner);
      const badges = [...corner.querySelectorAll('.bd')].map((badge) => badge.getBoundingClientRect());
      return [...range.getClientRects(), ...badges]
        .filter((box) =>
          letters.some(
            (letter) =>
              Math.max(box.left, frame.left) < letter.right &&
              letter.left < Math.min(box.right, frame.right) &&
              box.top < letter.bottom &&
              letter.top < box.bottom,
          ),
        )
        .map(() => `${viewport.getAttribute('data-viewport')} ${corner.className}`);
    });
  });
}

const percent = async (page: Page): Promise<number> =>
  Number((await page.locator('[data-percent="diameter"]').innerText()).replace(/[^\d.]/g, ''));

describe.skipIf(reason !== null)(`along a vessel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-cpr-'));
  const dataFolder = join(folder, 'data');
  const start = async (): Promise<void> => {
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  };
  beforeAll(async () => {
    importPhantom(dataFolder, join(folder, 'in'), iliacBlock);
    await start();
    await openFirstAsPlanes(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says before there is a line what comes where, and takes its panel along when it is left', async () => {
    const chosen = page.getByRole('tab', { selected: true });
    expect(await chosen.innerText()).toBe('Measure');
    await page.keyboard.press('Shift+KeyC');
    await page.locator('.cpr-start', { hasText: 'click the start of the vessel' }).waitFor();
    const waiting = await page.getByText('shown here once there is a centreline').allInnerTexts();
    expect(waiting.map((text) => text.split(':')[0])).toEqual(['CPR straightened', 'Section ⊥', 'Profile']);
    expect(await chosen.innerText()).toBe('Vessel');
    await page.keyboard.press('KeyM');
    await expect.poll(() => chosen.innerText(), soon).toBe('Measure');
  });

  it('finds the path between two clicks, as long as it is', async () => {
    await page.getByRole('tab', { name: 'Vessel' }).click();
    await clickPoint(page, iliacAt(arcs.start));
    await page.locator('[data-line-row]').waitFor();
    await clickPoint(page, iliacAt(arcs.end));
    const length = page.locator('[data-line-length]');
    await length.waitFor();
    const mm = Number((await length.innerText()).replace(' mm', ''));
    expect(mm).toBeGreaterThan(arcs.end - arcs.start - 1.5);
    expect(mm).toBeLessThan(arcs.end - arcs.start + 1.5);
    expect(await page.locator('[data-vessel-head] .limit').count()).toBe(0);
  });

  it('finds it anew when a point is dragged along, and takes that back', async () => {
    const length = page.locator('[data-line-length]');
    const before = await length.innerText();
    const last = surface(page, 'coronal').locator('[data-control-point="1"] circle');
    const dot = await last.boundingBox();
    if (!dot) throw new Error('no end point');
    await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
    await page.mouse.down();
    await page.mouse.move(dot.x - 8, dot.y - 22, { steps: 6 });
    await page.mouse.up();
    // The path grows and shrinks with the hand: the last one is that of where it was let go.
    await expect.poll(() => length.innerText(), soon).not.toBe(before);
    const mm = async () => Number((await length.innerText()).replace(' mm', ''));
    await expect.poll(mm, soon).toBeLessThan(arcs.end - arcs.start - 3);
    expect(await page.locator('[data-vessel-head] .limit').count()).toBe(0);
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => length.innerText(), soon).toBe(before);
  });

  it('opens CPR with its pictures, the section’s contour and the stenosis', async () => {
    await page.keyboard.press('Shift+KeyC');
    for (const name of ['straight', 'curved', 'section']) {
      await surface(page, name).locator('canvas[data-painted]').waitFor();
    }
    await surface(page, 'section').locator('[data-contour]').waitFor();
    await page.locator('[data-lesion="1"]').waitFor();
    // 2 mm of 8 mm: below three voxels across, an estimate that says so.
    await expect.poll(() => percent(page), soon).toBeGreaterThan(68);
    expect(await percent(page)).toBeLessThan(82);
    expect(await page.locator('[data-at-limit]').count()).toBe(1);
    expect(await corner(page, 'curved', 'bl')).toContain('not to scale');
  });

  it('keeps its texts off the letters of the sides, also on a small screen, in both languages', async () => {
    const size = page.viewportSize()!;
    await page.keyboard.press('Shift+KeyC');
    for (const mode of ['KeyM', 'Shift+KeyC']) {
      await page.keyboard.press(mode);
      for (const viewport of [{ width: 1366, height: 768 }, size]) {
        await page.setViewportSize(viewport);
        for (const _ of ['zh-CN', 'en']) {
          await page.locator('.lang').click();
          await page.locator('.vp .ed').first().waitFor();
          await expect.poll(() => page.evaluate(textsOverLetters), soon).toEqual([]);
          await expect.poll(() => page.evaluate(isStripTitleCut), soon).toBe(false);
        }
      }
    }
  });

  it('turns about the line by keys and by a drag', async () => {
    const before = await settledSum(page, 'straight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => corner(page, 'straight', 'br'), soon).toContain('Turn 16°');
    await expect.poll(() => settledSum(page, 'straight'), soon).not.toBe(before);
    const box = await boxOf(page, 'curved');
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3 + 28, box.y + box.height * 0.3, { steps: 7 });
    await page.mouse.up();
    await expect.poll(() => corner(page, 'curved', 'br'), soon).toContain('Turn 30°');
  });

  it('has one cursor: picture, profile and planes move it and follow it', async () => {
    const profile = await page.locator('[data-profile]').boundingBox();
    if (!profile) throw new Error('no profile');
    await page.locator('[data-lesion-card] .lesion-show').click();
    const lesion = arcs.lesion - arcs.start;
    await expect.poll(async () => Math.abs((await cursorMm(page)) - lesion), soon).toBeLessThan(3);
    const place = await corner(page, 'axial', 'br');
    await page.mouse.click(profile.x + profile.width * 0.25, profile.y + profile.height / 2);
    await expect.poll(() => cursorMm(page), soon).toBeLessThan(lesion - 5);
    await expect.poll(() => corner(page, 'axial', 'br'), soon).not.toBe(place);
    // The other way: six slices on in the axial plane is about 9 mm down the vessel.
    const at = await cursorMm(page);
    const axial = await boxOf(page, 'axial');
    await page.mouse.move(axial.x + 40, axial.y + axial.height - 60);
    for (let n = 0; n < 6; n += 1) await page.mouse.wheel(0, 120);
    await expect.poll(async () => Math.abs((await cursorMm(page)) - at), soon).toBeGreaterThan(5);
    await page.locator('[data-lesion-card] .lesion-show').click();
  });

  it('maximises a curved picture by a double click that moves nothing', async () => {
    const places = async () => [await cursorMm(page), await corner(page, 'axial', 'br')];
    const before = await places();
    for (const name of ['curved', 'straight']) {
      for (const [isAlone, x] of [
        [true, 0.25],
        [false, 0.7],
      ] as const) {
        const box = await boxOf(page, name);
        await page.mouse.dblclick(box.x + box.width * x, box.y + box.height * 0.75);
        await expect.poll(() => surface(page, 'axial').count(), soon).toBe(isAlone ? 0 : 1);
      }
      await surface(page, 'straight').locator('[data-cursor-mm]').waitFor({ state: 'attached' });
      await expect.poll(places, soon).toEqual(before);
    }
  });

  it('measures true lengths on the straightened picture, none beyond its ends, and none on the projected one', async () => {
    const box = await boxOf(page, 'straight');
    await page.keyboard.press('KeyL');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
    await page.mouse.up();
    await expect
      .poll(() => surface(page, 'straight').locator('[data-measurement] text').count(), soon)
      .toBe(1);
    const label = await surface(page, 'straight').locator('[data-measurement] text').textContent();
    // The line fills the picture between two margins of 56 px.
    const length = Number((await page.locator('[data-line-length]').innerText()).replace(' mm', ''));
    const expected = (0.2 * box.width * length) / (box.width - 112);
    expect(Number.parseFloat(label ?? '')).toBeGreaterThan(expected * 0.98);
    expect(Number.parseFloat(label ?? '')).toBeLessThan(expected * 1.02);
    // Beyond the end of the line there is no place in the patient: refused, and nothing stays.
    await page.mouse.move(box.x + box.width * 0.6, y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 20, y + 20, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.getByText('CPR_BEYOND_LINE').count(), soon).toBeGreaterThan(0);
    expect(await surface(page, 'straight').locator('[data-measurement]').count()).toBe(1);
    const curved = await boxOf(page, 'curved');
    await page.mouse.move(curved.x + 200, curved.y + 200);
    await page.mouse.down();
    await page.mouse.move(curved.x + 300, curved.y + 200, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => page.getByText('CPR_NOT_TO_SCALE').count(), soon).toBeGreaterThan(0);
    expect(await surface(page, 'curved').locator('[data-measurement]').count()).toBe(0);
    // A click in the list brings back the picture that it was drawn on, turned as it was.
    await page.getByRole('tab', { name: 'Measure' }).click();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => surface(page, 'straight').locator('[data-measurement]').count(), soon).toBe(0);
    await page.keyboard.press('KeyM');
    await surface(page, 'straight').waitFor({ state: 'detached' });
    await page.locator('[data-measurement-row] .mi-name').first().click();
    await expect.poll(() => surface(page, 'straight').locator('[data-measurement]').count(), soon).toBe(1);
    await page.getByRole('tab', { name: 'Vessel' }).click();
  });

  it('lets a hand draw the contour, and takes it back', async () => {
    await page.keyboard.press('Shift+KeyL');
    const numbers = surface(page, 'section').locator('.section-numbers');
    const before = await numbers.innerText();
    const shape = await surface(page, 'section').locator('[data-contour] .contour').boundingBox();
    if (!shape) throw new Error('no contour');
    const [x, y] = [shape.x + shape.width - 1, shape.y + shape.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => numbers.innerText(), soon).toContain('contour edited');
    expect(await numbers.innerText()).not.toBe(before);
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => numbers.innerText(), soon).toBe(before);
  });

  it('is all there again after a restart', async () => {
    await page.locator('[data-cpr="stretched"]').click();
    await expect.poll(() => corner(page, 'curved', 'bl'), soon).toContain('true length');
    const seen = async () => ({
      length: await page.locator('[data-line-length]').innerText(),
      percent: await page.locator('[data-percent="diameter"]').innerText(),
      cursor: await cursorMm(page),
      straight: await settledSum(page, 'straight'),
      curved: await settledSum(page, 'curved'),
      section: await settledSum(page, 'section'),
    });
    const before = await seen();
    await app.untilKept();
    await app.close();
    await start();
    await surface(page, 'section').locator('[data-contour]').waitFor();
    await page.locator('[data-lesion="1"]').waitFor();
    await expect.poll(seen, soon).toEqual(before);
    await page.locator('[data-line-row]').waitFor();
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => corner(page, 'curved', 'bl'), soon).toContain('not to scale');
  });
});
