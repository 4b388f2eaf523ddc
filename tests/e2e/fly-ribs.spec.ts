/** From inside an airway, and the ribs laid flat: what a hand does in one picture, the others follow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { clickPoint, openFirst, type Point, placeOf, surface } from './planes.ts';
import { coloursIn } from './saved-pictures.ts';
import { boxSize, savingOf } from './sized.ts';

const reason = skipReason('browser');
/** The chest: all ribs, trachea, spine from T1 to L1. */
const chest = ['--center', '0,-4,85', '--size', '188x136', '--spacing', '2,2,2.5', '--slices', '132'];
const known = knownAnswers();

const corner = (page: Page, name: string) => surface(page, name).locator('.tx.br').innerText();

const tracheaAt = (z: number): Point =>
  known.airways
    .find(({ id }) => id === 'trachea')!
    .pointsMm.toSorted((a, b) => Math.abs(a[2] - z) - Math.abs(b[2] - z))[0] as unknown as Point;

/** Brings the axial plane to a point by the wheel, and clicks there. */
async function clickAxial(page: Page, want: Point): Promise<void> {
  const box = await surface(page, 'axial').boundingBox();
  if (!box) throw new Error('no axial plane');
  const z = async (): Promise<number> =>
    Number(/Loc (\S+)/.exec(await corner(page, 'axial'))?.[1]?.replace('−', '-'));
  await page.mouse.move(box.x + 24, box.y + box.height - 60);
  // Slices of 2.5 mm; the first step shows which way they run.
  let before = await z();
  await page.mouse.wheel(0, 120);
  await expect.poll(z, soon).not.toBe(before);
  const stepMm = (await z()) - before;
  for (let n = 0; n < 60; n += 1) {
    before = await z();
    const steps = Math.round((want[2] - before) / stepMm);
    if (steps === 0) break;
    await page.mouse.wheel(0, 120 * Math.sign(steps));
    await expect.poll(z, soon).not.toBe(before);
  }
  await page.mouse.click(...(await placeOf(page, 'axial', [0, 1], want)));
}

const flown = async (page: Page): Promise<number> =>
  Number((await page.locator('.fly').getAttribute('data-fly-mm'))?.replace('−', '-'));

/** Share of pixels that are not black. */
const litShare = (page: Page, selector: string): Promise<number> =>
  page.locator(selector).evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    let lit = 0;
    for (let n = 0; n < data.length; n += 4) if (data[n]! > 24) lit += 1;
    return (4 * lit) / data.length;
  });

describe.skipIf(reason !== null)(`inside and flat${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-fly-'));
  const dataFolder = join(folder, 'data');
  const start = async (): Promise<void> => {
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  };
  beforeAll(async () => {
    importPhantom(dataFolder, join(folder, 'in'), chest);
    await start();
    await openFirst(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('sees an airway from inside', async () => {
    await page.keyboard.press('Shift+KeyC');
    await surface(page, 'coronal').locator('canvas[data-painted]').waitFor();
    // Its lines would be taken by a press beside them.
    await page.keyboard.press('KeyX');
    await page.locator('[data-how="hand"]').click();
    await clickPoint(page, tracheaAt(235));
    await clickPoint(page, tracheaAt(150));
    await page.locator('[data-line-length]').waitFor();
    await page.locator('[data-cpr="fly"]').click();
    await page.locator('.fly canvas[data-painted="rest"]').waitFor();
    // Gas is looked through, its wall is lit: nearly all of the picture.
    await expect.poll(() => litShare(page, '.fly > canvas'), soon).toBeGreaterThan(0.6);
    expect(await page.locator('.fly-faint').count()).toBe(0);
  });

  it('flies, and the planes follow', async () => {
    await page.getByRole('button', { name: 'Back to the start' }).click();
    await expect.poll(() => flown(page), soon).toBeLessThan(0.5);
    const before = await corner(page, 'axial');
    await page.keyboard.press('KeyC');
    await expect.poll(() => flown(page), soon).toBeGreaterThan(12);
    expect(await page.locator('[data-fly-play="on"]').count()).toBe(1);
    await expect.poll(() => corner(page, 'axial'), soon).not.toBe(before);
    await page.keyboard.press('KeyC');
    await page.locator('[data-fly-play="off"]').waitFor();
    const at = await flown(page);
    const cursor = surface(page, 'straight').locator('[data-cursor-mm]');
    await expect
      .poll(async () => Number(await cursor.getAttribute('data-cursor-mm')), soon)
      .toBeCloseTo(at, 0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => Math.abs((await flown(page)) - at - 2), soon).toBeLessThan(0.11);
    await page.keyboard.press('KeyR');
    await page.getByRole('button', { name: 'Look ahead' }).click();
  });

  it('lays the ribs flat and names them from one click', async () => {
    expect(await page.locator('[data-vessel-head]').count()).toBe(1);
    await page.keyboard.press('Shift+KeyH');
    await page.locator('[data-find-ribs]:not([disabled])').click();
    // Over the ribs the vessel panel would only hide them; bone is read in its window.
    await page.locator('[data-vessel-head]').waitFor({ state: 'detached' });
    await expect
      .poll(() => surface(page, 'axial').locator('.tx.bl').innerText(), soon)
      .toContain('W 1500  L 300');
    await page.locator('[data-rib]').first().waitFor({ timeout: 90_000 });
    expect(await page.locator('[data-rib="L?"]').count()).toBeGreaterThan(0);
    // The lowest rib of the left side is the twelfth.
    await page.locator('[data-rib="L?"]').last().click();
    await page.getByRole('menuitem', { name: 'This is Left rib 12', exact: true }).click();
    const truth = known.ribs.map(({ side, number }) => `${side === 'left' ? 'L' : 'R'}${number}`);
    const named = async () =>
      (await page.locator('[data-rib]').allInnerTexts()).filter((mark) => truth.includes(mark)).length;
    await expect.poll(named, soon).toBeGreaterThanOrEqual(22);
    await expect.poll(() => page.locator('[data-vertebra="T8"]').count(), soon).toBe(1);
    // The broken rib asks to be checked.
    await expect.poll(() => page.locator('.bone-bar').innerText(), soon).toMatch(/please check: L8/);
  });

  it('brings the planes to a place of the sheet, and the sheet to theirs', async () => {
    const before = await corner(page, 'axial');
    const mark = await page.locator('[data-rib="R5"]').boundingBox();
    if (!mark) throw new Error('no R5');
    await page.mouse.click(mark.x + mark.width + 60, mark.y + mark.height / 2);
    await page.locator('[data-sheet-cursor="R5"]').waitFor();
    await expect.poll(() => corner(page, 'axial'), soon).not.toBe(before);
    const cursor = page.locator('[data-sheet-cursor] .at');
    const x = await cursor.getAttribute('cx');
    const axial = await surface(page, 'axial').boundingBox();
    if (!axial) throw new Error('no axial plane');
    await page.mouse.move(axial.x + 30, axial.y + 30);
    await page.mouse.wheel(0, 120);
    await expect.poll(() => cursor.getAttribute('cx'), soon).not.toBe(x);
  });

  it('saves the sheet and the spine in any size as they are seen', async () => {
    const saving = savingOf(page);
    for (const [name, at] of [
      ['spine', { x: 90, y: 20 }],
      ['ribs', { x: 20, y: 60 }],
    ] as const) {
      const of = `[data-plane=${name}]`;
      await surface(page, name).click({ position: at, button: 'middle' });
      await saving.expectTheScreen(new RegExp(`^Candela Se\\d+ ${name}\\.png$`), await boxSize(page, of));
    }
    // Without what a reader has called up over it the strips are there still.
    const bare = await saving.times(1, /ribs\.png$/, async () => {
      await saving.dialog().locator('[data-texts=none]').click();
      await saving.dialog().getByRole('switch').click();
    });
    expect((await coloursIn(page, bare, [0.1, 0.1, 0.8, 0.7])).bright).toBeGreaterThan(0.001);
  });

  it('mends names in two clicks, takes it back, and keeps it', async () => {
    const marksNow = () => page.locator('[data-rib]').allInnerTexts();
    const before = await marksNow();
    await page.locator('[data-rib="R7"]').click();
    await page.getByRole('menuitem', { name: 'From here down: Right rib 6 and on' }).click();
    await expect.poll(() => page.locator('[data-rib="R6"]').count(), soon).toBe(2);
    await expect.poll(() => page.locator('.bone-bar').innerText(), soon).toContain('given twice: R6');
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(marksNow, soon).toEqual(before);
    await page.locator('[data-rib="R11"]').click();
    await page.getByRole('menuitem', { name: 'Drop: this is no rib' }).click();
    await expect.poll(() => page.locator('[data-rib]').count(), soon).toBe(before.length - 1);
    // Two clicks bring it back: where it leaves the spine, and its front end.
    const lost = known.ribs.find(({ id }) => id === 'rib-right-11')!.pointsMm;
    await page.locator('[data-add-rib]').click();
    await clickAxial(page, lost[Math.round(lost.length * 0.12)] as unknown as Point);
    await page.locator('.bone-bar').getByText('front end').waitFor();
    await clickAxial(page, lost[lost.length - 4] as unknown as Point);
    await expect.poll(marksNow, soon).toEqual(before);
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => page.locator('[data-rib]').count(), soon).toBe(before.length - 1);
    const kept = await marksNow();
    await app.untilKept();
    await app.close();
    await start();
    await page.locator('[data-rib="L8"]').waitFor();
    await expect.poll(marksNow, soon).toEqual(kept);
    await page.locator('.rib-sheet canvas[data-painted]').waitFor();
    await expect.poll(() => litShare(page, '.rib-sheet canvas'), soon).toBeGreaterThan(0.2);
  });
});
