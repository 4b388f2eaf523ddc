/** A dental arch: its name brings the panoramic picture, clicks along the teeth make it, and it is not mirrored. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeField } from '../fixtures/field-series.ts';
import {
  archRadiusMm,
  archZ,
  jawHu,
  jawOrigin,
  jawSize,
  jawSpacingMm,
  onArch,
  toothCount,
} from '../fixtures/jaw.ts';
import { importFolder } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');

const middle = jawSize.map(
  (n, axis) => jawOrigin[axis]! + ((n - 1) * jawSpacingMm) / 2,
) as unknown as readonly [number, number, number];

const surface = (page: Page, name: string) => page.locator(`.surface[data-plane="${name}"]`);

type Place = readonly [number, number];

async function patientAt(page: Page, [x, y]: Place): Promise<readonly number[]> {
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.move(x, y);
  const probe = surface(page, 'axial').locator('.probe');
  await probe.waitFor();
  const [, place = ''] = (await probe.innerText()).split('@');
  return place.replaceAll('−', '-').split(',').map(Number.parseFloat);
}

/** The way from the patient's x and y to the axial plane's screen. */
async function axialMap(page: Page): Promise<(x: number, y: number) => Place> {
  const box = (await surface(page, 'axial').boundingBox())!;
  const at = (share: number): Place => [box.x + box.width * share, box.y + box.height * share];
  const [from, to] = [at(0.42), at(0.58)];
  const [p, q] = [await patientAt(page, from), await patientAt(page, to)];
  const along = (axis: 0 | 1, value: number): number =>
    from[axis] + ((value - p[axis]!) / (q[axis]! - p[axis]!)) * (to[axis] - from[axis]);
  return (x, y) => [along(0, x), along(1, y)];
}

/** Tops of the teeth along the picture, as bright columns: place and height in canvas pixels, from left to right. */
const teethOf = (page: Page): Promise<{ x: number; top: number }[]> =>
  surface(page, 'straight')
    .locator('canvas')
    .first()
    .evaluate((element: HTMLCanvasElement) => {
      const { width, height } = element;
      const { data } = element.getContext('2d')!.getImageData(0, 0, width, height);
      const value = (x: number, y: number): number => data[4 * (y * width + x)]!;
      const middleRow = Math.round(height / 2) - Math.round(height / 20);
      const found: { x: number; top: number }[] = [];
      let from = -1;
      for (let x = 0; x <= width; x += 1) {
        const isTooth = x < width && value(x, middleRow) > 110;
        if (isTooth && from < 0) from = x;
        if (isTooth || from < 0) continue;
        const middle = (from + x) >> 1;
        if (x - from > 8) {
          let top = middleRow;
          while (top > 0 && value(middle, top) > 110) top -= 1;
          found.push({ x: middle, top });
        }
        from = -1;
      }
      return found;
    });

describe.skipIf(reason !== null)(`a dental arch${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-jaw-'));
  beforeAll(async () => {
    const { size, spacing } = { size: jawSize, spacing: [jawSpacingMm, jawSpacingMm, jawSpacingMm] as const };
    const value = (p: readonly [number, number, number]): number => jawHu(p);
    writeField(join(folder, 'in'), {
      size,
      spacing,
      row: [1, 0, 0],
      column: [0, 1, 0],
      middle,
      value,
      slope: 1,
    });
    const dataFolder = join(folder, 'data');
    importFolder(dataFolder, join(folder, 'in'));
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirst(page);
    await page.keyboard.press('Shift+KeyC');
    await surface(page, 'axial').locator('canvas[data-painted]').waitFor();
    await page.keyboard.press('KeyX');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is looked at as a panoramic picture once its name is chosen', async () => {
    await page.locator('select.vessel-name').selectOption('lower-dental-arch');
    await expect
      .poll(() => page.locator('[data-cpr="straightened"][aria-pressed="true"]').count(), soon)
      .toBe(1);
    expect(await page.locator('[data-how="hand"][aria-pressed="true"]').count()).toBe(1);
  });

  it('has every tooth in its order, the patient’s right at the left, and its true length', async () => {
    const toScreen = await axialMap(page);
    const at = await patientAt(page, toScreen(7, -38));
    // The planes start in the middle of the volume, a millimetre or two from the middle of the teeth.
    expect(Math.abs(at[2]! - archZ)).toBeLessThan(4);
    // From the patient's left to the right: against the picture's way.
    for (let n = 0; n <= 8; n += 1) {
      const [x, y] = onArch(1.5 - 0.375 * n);
      await page.mouse.click(...toScreen(x, y));
      await expect
        .poll(() => page.locator('[data-vessel-head]').innerText(), soon)
        .toContain(n === 0 ? 'click its end' : `${n + 1} points`);
    }
    await page.keyboard.press('Escape');
    const length = async (): Promise<number> =>
      Number.parseFloat(await page.locator('[data-line-length]').innerText());
    // Clicks fall on whole pixels.
    await expect.poll(async () => Math.abs((await length()) - archRadiusMm * 3), soon).toBeLessThan(1.5);
    expect(await page.locator('[data-cpr-slab="15"][aria-pressed="true"]').count()).toBe(1);
    await expect.poll(async () => (await teethOf(page)).length, soon).toBe(toothCount);
    const teeth = await teethOf(page);
    for (const [n, { top }] of teeth.entries()) if (n > 0) expect(top).toBeLessThan(teeth[n - 1]!.top + 1);
    expect(teeth.at(-1)!.top).toBeLessThan(teeth[0]!.top - 20);
    const edge = (side: string): Promise<string> =>
      surface(page, 'straight').locator(`.ed.${side}`).innerText();
    expect([await edge('l'), await edge('r'), await edge('t')]).toEqual(['R', 'L', 'H']);
    expect(await surface(page, 'straight').innerText()).toContain('Panoramic');
  });
});
