/** Clean 3D: the table goes by one click, bones go and the aorta stays, scissors, undo, and all of it again after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatientPoint, VolumeGeometry } from '../../core/geometry/types.ts';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { fitCamera } from '../../core/scene/camera.ts';
import { canvasFromPatient } from '../../core/scene/project.ts';
import { ask, listAll, openHost } from '../fixtures/host.ts';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');
/** Chest and abdomen, coarse, with the table below. */
const trunk = [
  ...['--center', '0,20,0', '--size', '200x200'],
  ...['--spacing', '2.2,2.2,3', '--slices', '110'],
];
/** As pages start: from the front, whole in the viewport, with room beside where it is wide. */
const startCamera = (geometry: VolumeGeometry, size: { readonly width: number; readonly height: number }) =>
  fitCamera(geometry, 'A', Math.min(1.3, size.width / size.height));

const { vessels, ribs } = knownAnswers();
const aortaPoints = vessels.find(({ id }) => id === 'aorta')!.pointsMm as unknown as readonly PatientPoint[];
/** The aorta below the kidneys: nothing but vessels before it. */
const aorta = aortaPoints.reduce((a, b) => (Math.abs(b[2] + 110) < Math.abs(a[2] + 110) ? b : a));
/** The side of a lower rib: nothing but bone there. */
const ribPoints = ribs.find(({ id }) => id === 'rib-left-8')!.pointsMm as unknown as readonly PatientPoint[];
const ribSide = ribPoints.reduce((a, b) => (b[0] > a[0] ? b : a));

const volume = (page: Page) => page.locator('.surface[data-plane="volume"]');
const layers = (page: Page) => page.locator('[data-mask-row]');
const doIt = (page: Page, what: string) => page.locator(`[data-mask-do="${what}"]`);

async function geometryOf(dataFolder: string): Promise<VolumeGeometry> {
  const host = await openHost(dataFolder);
  const studyKey = (await listAll(host)).rows[0]?.studyKey ?? '';
  const { series } = await ask(host, 'studies.show', { studyKey });
  const { seriesKey } = series[0]!;
  const plan = await ask(host, 'series.plan', { seriesKey, purpose: 'measure' });
  await host.close();
  return plan.groups[0]!.regular!;
}

/** Brightest value in a small square of the 3D picture about a point of the patient. */
async function brightness(page: Page, geometry: VolumeGeometry, point: PatientPoint): Promise<number> {
  const box = (await volume(page).boundingBox())!;
  const size = { width: box.width, height: box.height };
  const spot = canvasFromPatient(startCamera(geometry, size), size)(point)!;
  const [x, y] = [spot.x / size.width, spot.y / size.height];
  return volume(page)
    .locator('canvas')
    .first()
    .evaluate(
      (element: HTMLCanvasElement, at) => {
        const context = element.getContext('2d')!;
        const left = Math.round(at.x * element.width) - 3;
        const top = Math.round(at.y * element.height) - 3;
        const { data } = context.getImageData(left, top, 7, 7);
        let most = 0;
        for (let n = 0; n < data.length; n += 4)
          most = Math.max(most, data[n]! + data[n + 1]! + data[n + 2]!);
        return most;
      },
      { x, y },
    );
}

/** Of a PNG, the brightest pixel's r + g + b. */
const brightest = (page: Page, png: string): Promise<number> =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let most = 0;
    for (let n = 0; n < data.length; n += 4) most = Math.max(most, data[n]! + data[n + 1]! + data[n + 2]!);
    return most;
  }, png);

/** A number of all pixels of the 3D picture once it has come to rest. */
async function settledSum(page: Page): Promise<number> {
  let last = -1;
  await volume(page).locator('canvas[data-painted="rest"]').waitFor();
  await expect
    .poll(
      async () => {
        const before = last;
        last = await volume(page)
          .locator('canvas')
          .first()
          .evaluate((element: HTMLCanvasElement) => {
            if (element.dataset['painted'] !== 'rest') return -2;
            const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
            return data.reduce(
              (sum, value, n) => (sum * 31 + value * (1 + (n % 7))) % 1_000_003,
              element.width,
            );
          });
        return last === before && last >= 0;
      },
      { ...soon, interval: 500 },
    )
    .toBe(true);
  return last;
}

const millilitres = async (page: Page, n: number): Promise<number> =>
  Number((await layers(page).nth(n).locator('.v').innerText()).replace(/[^\d.]/g, ''));

describe.skipIf(reason !== null)(`clean 3D${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  let geometry: VolumeGeometry;
  let withTable = 0;
  let clean = 0;
  const folder = mkdtempSync(join(tmpdir(), 'candela-clean-'));
  const dataFolder = join(folder, 'data');
  const start = async (): Promise<void> => {
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  };
  beforeAll(async () => {
    importPhantom(dataFolder, join(folder, 'in'), trunk);
    geometry = await geometryOf(dataFolder);
    await start();
    await openFirst(page);
    await page.keyboard.press('Shift+KeyM');
    await page.keyboard.press('KeyY');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('takes the table away by one click', async () => {
    withTable = await settledSum(page);
    await doIt(page, 'table').click();
    await layers(page).waitFor();
    await expect.poll(() => doIt(page, 'table').getAttribute('aria-pressed'), soon).toBe('true');
    expect(await millilitres(page, 0)).toBeGreaterThan(500);
  });

  it('takes the bones away and keeps the aorta', async () => {
    expect(await brightness(page, geometry, ribSide)).toBeGreaterThan(200);
    await doIt(page, 'bones').click();
    await layers(page).nth(1).waitFor();
    await expect.poll(() => brightness(page, geometry, ribSide), soon).toBeLessThan(60);
    clean = await settledSum(page);
    expect(clean).not.toBe(withTable);
    expect(await brightness(page, geometry, ribSide)).toBeLessThan(60);
    expect(await brightness(page, geometry, aorta)).toBeGreaterThan(200);
  });

  it('cuts with scissors, and undoes it to the same picture', async () => {
    await doIt(page, 'scissors').click();
    const box = (await volume(page).boundingBox())!;
    const spot = canvasFromPatient(startCamera(geometry, box), box)(aorta)!;
    const corners = [
      [-40, -30],
      [40, -30],
      [40, 30],
      [-40, 30],
    ] as const;
    await page.mouse.move(box.x + spot.x - 40, box.y + spot.y - 30);
    await page.mouse.down();
    for (const [dx, dy] of corners)
      await page.mouse.move(box.x + spot.x + dx, box.y + spot.y + dy, { steps: 6 });
    await page.locator('[data-outline]').waitFor();
    await page.mouse.up();
    await layers(page).nth(2).waitFor();
    await expect.poll(() => brightness(page, geometry, aorta), soon).toBeLessThan(60);
    await page.keyboard.press('Control+z');
    await layers(page).nth(2).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await expect.poll(() => brightness(page, geometry, aorta), soon).toBeGreaterThan(200);
    await expect.poll(() => settledSum(page), soon).toBe(clean);
  });

  it('paints a layer that planes show, and says its volume', async () => {
    await doIt(page, 'brush').click();
    const axial = (await page.locator('.surface[data-plane="axial"]').boundingBox())!;
    await page.mouse.move(axial.x + axial.width * 0.45, axial.y + axial.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(axial.x + axial.width * 0.55, axial.y + axial.height * 0.5, { steps: 8 });
    await page.mouse.up();
    await layers(page).nth(2).waitFor();
    expect(await millilitres(page, 2)).toBeGreaterThan(0.5);
    await page.locator('.surface[data-plane="axial"] canvas.mask-layer').waitFor();
    await page.keyboard.press('Control+z');
    await layers(page).nth(2).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });

  it('saves the layers as a segmentation, and reads the same volumes back', async () => {
    const volumes = await layers(page).locator('.v').allInnerTexts();
    await page.locator('[data-save-seg]').click();
    const row = page.locator('[data-seg-row]');
    await row.waitFor();
    await row.getByRole('button').click();
    await layers(page).nth(3).waitFor();
    const read = await layers(page).locator('.v').allInnerTexts();
    expect(read.slice(2)).toEqual(volumes);
    expect(await layers(page).nth(3).locator('.mask-name').innerText()).toContain('Bones');
    await page.keyboard.press('Control+z');
    await layers(page).nth(3).waitFor({ state: 'detached' });
  });

  it('looks the same from the graphics card’s road', async () => {
    const setRoad = (renderer: 'auto' | 'gpu'): Promise<void> =>
      page.evaluate(
        async (body) => {
          const headers = { 'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '' };
          await fetch('/call/settings.set', { method: 'POST', headers, body });
        },
        JSON.stringify({ changes: { renderer } }),
      );
    await setRoad('gpu');
    await volume(page).locator('.gpu[data-painted=rest]').waitFor();
    const at = async (point: PatientPoint): Promise<number> => {
      const box = (await volume(page).boundingBox())!;
      const spot = canvasFromPatient(startCamera(geometry, box), box)(point)!;
      const clip = { x: box.x + spot.x - 2, y: box.y + spot.y - 2, width: 5, height: 5 };
      return brightest(page, (await page.screenshot({ clip })).toString('base64'));
    };
    await expect.poll(() => at(ribSide), soon).toBeLessThan(90);
    expect(await at(aorta)).toBeGreaterThan(200);
    await setRoad('auto');
    await volume(page).locator('canvas[data-painted="rest"]').first().waitFor();
  });

  it('is the same after a restart', async () => {
    const volumes = await layers(page).locator('.v').allInnerTexts();
    await app.untilKept();
    await app.close();
    await start();
    await volume(page).locator('canvas[data-painted="rest"]').waitFor();
    await page.keyboard.press('KeyY');
    await layers(page).nth(1).waitFor();
    expect(await layers(page).locator('.v').allInnerTexts()).toEqual(volumes);
    await expect.poll(() => settledSum(page), soon).toBe(clean);
  });
});
