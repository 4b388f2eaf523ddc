import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');
const viewport = '[data-plane=volume]';

interface Shown {
  readonly painted: string | undefined;
  /** Pixels that are brighter than the background by 20. */
  readonly lit: number;
  /** Of the top left corner. */
  readonly corner: number;
  /** First and last column with lit pixels, as shares of the width. */
  readonly from: number;
  readonly to: number;
}

/** What the CPU road has painted. */
const shownOn = (page: Page): Promise<Shown> =>
  page.locator(`${viewport} > canvas`).evaluate((element): Shown => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const corner = data[0] ?? 0;
    let [lit, from, to] = [0, canvas.width, 0];
    for (let n = 0; n < data.length; n += 4) {
      if (Math.abs((data[n] ?? 0) - corner) < 20) continue;
      const x = (n / 4) % canvas.width;
      lit += 1;
      from = Math.min(from, x);
      to = Math.max(to, x);
    }
    return {
      painted: canvas.dataset['painted'],
      lit,
      corner,
      from: from / canvas.width,
      to: to / canvas.width,
    };
  });

describe.skipIf(reason !== null)(`How 3D looks${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-look-'));

  /** The picture at rest, once it satisfies a condition. */
  async function until(holds: (shown: Shown) => boolean): Promise<Shown> {
    let last: Shown | null = null;
    await expect
      .poll(
        async () => {
          last = await shownOn(page);
          return last.painted === 'rest' && holds(last);
        },
        { timeout: 90_000 },
      )
      .toBe(true);
    if (!last) throw new Error('nothing shown');
    return last;
  }
  const handle = (letter: string) => page.locator(`.clip-h[data-face=${letter}]`);

  beforeAll(async () => {
    importPhantom(join(folder, 'data'), join(folder, 'in'), smallBody);
    app = await launch('browser', {
      dataFolder: join(folder, 'data'),
      locale: 'en-US',
      viewport: { width: 1600, height: 900 },
    });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirst(page);
    await page.keyboard.press('Shift+KeyM');
    await page.locator(`${viewport} canvas[data-painted=rest]`).waitFor();
    await page.getByRole('tab', { name: '3D', exact: true }).click();
  });
  beforeEach(async () => {
    await page.locator(viewport).click({ position: { x: 30, y: 300 } });
    await page.keyboard.press('KeyA');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('comes back by a key to how it opened, and by undo to how it was turned', async () => {
    const opened = await until(({ lit }) => lit > 1000);
    await page.locator(viewport).hover();
    await page.mouse.wheel(0, -400);
    const zoomed = await until(({ lit }) => Math.abs(lit - opened.lit) > 500);
    await page.keyboard.press('KeyH');
    const turned = await until(({ from, lit }) => from !== zoomed.from && lit !== zoomed.lit);
    await page.keyboard.press('Shift+KeyF');
    await until(({ lit, from, to }) => lit === opened.lit && from === opened.from && to === opened.to);
    await page.keyboard.press('Control+KeyZ');
    await until(({ lit, from, to }) => lit === turned.lit && from === turned.from && to === turned.to);
    await page.keyboard.press('Shift+KeyF');
    await until(({ lit }) => lit === opened.lit);
  });

  it('a clip box cuts by dragging, by keys, and gives back by undo', async () => {
    const whole = await until(({ lit }) => lit > 1000);
    await page.keyboard.press('Shift+KeyB');
    expect(await page.locator('.clip-h').count()).toBe(6);
    expect(await handle('L').getAttribute('aria-label')).toContain('L');
    // From the front the patient's left is on the right: drag that face inwards.
    const box = await handle('L').boundingBox();
    if (!box) throw new Error('no handle');
    const [x, y] = [box.x + 8, box.y + 8];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 6 });
    await page.mouse.move(x - 200, y, { steps: 6 });
    await page.mouse.up();
    const moved = await handle('L').boundingBox();
    // The handle follows the hand.
    expect(Math.abs((moved?.x ?? 0) + 8 - (x - 200))).toBeLessThan(3);
    const cut = await until(({ to }) => to < whole.to - 0.03);
    expect(Math.abs(cut.from - whole.from)).toBeLessThan(0.01);
    const area = await page.locator(viewport).boundingBox();
    // Nothing is shown beyond the face.
    expect(cut.to).toBeLessThan((x - 200 - (area?.x ?? 0)) / (area?.width ?? 1) + 0.01);
    await handle('L').focus();
    for (let n = 0; n < 4; n += 1) await page.keyboard.press('Shift+ArrowDown');
    const further = await until(({ lit }) => lit < cut.lit);
    expect(further.to).toBeLessThan(cut.to);
    await page.keyboard.press('Shift+ArrowUp');
    await until(({ lit }) => lit > further.lit);
    await page.getByRole('button', { name: 'Reset the clip box' }).click();
    await until(({ lit }) => Math.abs(lit - whole.lit) < 5);
    await page.keyboard.press('Control+KeyZ');
    await until(({ lit }) => lit < whole.lit - 500);
    await page.getByRole('switch', { name: 'Clip box' }).click();
    await until(({ lit }) => Math.abs(lit - whole.lit) < 5);
    expect(await page.locator('.clip-h').count()).toBe(0);
  });

  it('shows what each preset would show', async () => {
    const cards = page.locator('.vpreset');
    const count = await cards.count();
    await expect.poll(() => page.locator('.vpreset canvas').count(), { timeout: 90_000 }).toBe(count);
    const pictures = await page.locator('.vpreset canvas').evaluateAll((canvases) =>
      canvases.map((element) => {
        const canvas = element as HTMLCanvasElement;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return Array.from(data).reduce((sum, level, n) => (sum * 31 + level * (n % 7)) % 1000003, 0);
      }),
    );
    // No two of them alike, but what shows nothing.
    expect(new Set(pictures).size).toBeGreaterThan(count - 3);
  });

  it('says of the airways that they have to be found, and shows them then', async () => {
    const card = page.locator('.vpreset[data-preset="airways"]');
    expect(await card.innerText()).toContain(readingTerms['reading.airwaysFirst'].en);
    // What a click on it shows by now: the MinIP of the body.
    await card.locator('canvas').waitFor();
    await card.click();
    await page.getByRole('button', { name: readingTerms['reading.maskAirwaysNow'].en }).click();
    // It says so no longer once the picture is theirs.
    await expect.poll(() => card.locator('small').count(), { timeout: 90_000 }).toBe(0);
    const lit = await card.locator('canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let count = 0;
      for (let n = 0; n < data.length; n += 4) if ((data[n + 2] ?? 0) > 40) count += 1;
      return count / (data.length / 4);
    });
    // A tree in the middle: neither nothing nor all the air around the patient.
    expect(lit).toBeGreaterThan(0.005);
    expect(lit).toBeLessThan(0.3);
    // Another preset leaves the picture where it is.
    await page.locator('.vpreset[data-preset="bone"]').click();
    await page.locator(viewport).getByText('Bone').first().waitFor();
    expect(await card.locator('canvas').count()).toBe(1);
    for (let n = 0; n < 3; n += 1) await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => card.innerText(), soon).toContain(readingTerms['reading.airwaysFirst'].en);
  });

  it('looks from the side of the cube that is clicked, and back', async () => {
    const sides = () =>
      page.locator('.ocube [data-face]').evaluateAll((all) => all.map((x) => x.getAttribute('data-face')));
    await page.locator(`${viewport} [data-view=L]`).click();
    await expect.poll(sides, soon).toEqual(['L']);
    const { x, y, width, height } = (await page.locator(viewport).boundingBox())!;
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    await page.mouse.move(middleX, middleY);
    await page.mouse.down();
    await page.mouse.move(middleX + 60, middleY + 60);
    await page.mouse.up();
    await expect.poll(sides, soon).toHaveLength(3);
    const seen = await sides();
    await page.locator('.ocube [data-face=H] text').click();
    await expect.poll(sides, soon).toEqual(['H']);
    await page.keyboard.press('Control+z');
    await expect.poll(sides, soon).toEqual(seen);
    await page.locator(`${viewport} [data-view=A]`).click();
    await expect.poll(sides, soon).toEqual(['A']);
  });
  it('shows perspective and other backgrounds', async () => {
    await page.keyboard.press('Shift+KeyP');
    await page.locator(viewport).getByText('Perspective').waitFor();
    await page.keyboard.press('Shift+KeyP');
    await page.locator(viewport).getByText('Orthographic').waitFor();
    await page.locator('button[data-background=light]').click();
    await until(({ corner }) => corner === 176);
    await page.locator('button[data-background=black]').click();
    await until(({ corner }) => corner === 0);
  });

  it('edits the transfer function, with the way back', async () => {
    const before = await until(({ lit }) => lit > 1000);
    const points = page.locator('.tfe circle');
    const count = await points.count();
    for (let n = 0; n < count; n += 1) {
      await points.nth(n).focus();
      for (let step = 0; step < 12; step += 1) await page.keyboard.press('Shift+ArrowDown');
    }
    const note = page.locator(`${viewport} .vp-note`);
    // What is black says why.
    await until(({ lit }) => lit === 0);
    expect(await note.innerText()).toContain('The 3D picture is empty');
    const corner = page.locator(`${viewport} .tx.bl`);
    expect(await corner.innerText()).toContain('Bone (edited)');
    await page.getByRole('button', { name: "Back to the preset's" }).click();
    await until(({ lit }) => Math.abs(lit - before.lit) < 5);
    expect(await note.count()).toBe(0);
    expect(await corner.innerText()).not.toContain('edited');
    await page.locator('.tfe').dblclick({ position: { x: 20, y: 30 } });
    await expect.poll(() => points.count()).toBe(count + 1);
    // A point low on the left shows air and soft tissue.
    await until(({ lit }) => lit > before.lit * 1.5);
    await page.keyboard.press('Control+KeyZ');
    await expect.poll(() => points.count()).toBe(count);
    await until(({ lit }) => Math.abs(lit - before.lit) < 5);
  });

  it('says along an axis which values the function lies at, also when it is moved', async () => {
    const points = () =>
      page.evaluate(() => {
        const number = (text: string | null) => Number(text?.replace('−', '-'));
        const ticks = [...document.querySelectorAll('.tfe-axis span')]
          .filter((tick) => tick.textContent !== '')
          .map((tick) => ({ x: tick.getBoundingClientRect().left, value: number(tick.textContent) }));
        const [first, last] = [ticks[0]!, ticks.at(-1)!];
        const perPx = (last.value - first.value) / (last.x - first.x);
        return [...document.querySelectorAll('.tfe circle')].map((point) => {
          const { left, right } = point.getBoundingClientRect();
          const said = number(/(−?\d+)\s+HU/.exec(point.getAttribute('aria-label') ?? '')?.[1] ?? null);
          return { said, drawn: first.value + ((left + right) / 2 - first.x) * perPx, perPx };
        });
      });
    expect(await page.locator('.tfe-axis em').innerText()).toBe('HU');
    const before = await points();
    for (const { said, drawn, perPx } of before) expect(Math.abs(said - drawn)).toBeLessThan(2 * perPx);
    await page.locator('#opacity-shift').fill('200');
    await expect.poll(async () => (await points())[0]?.said).toBe(before[0]!.said + 200);
    for (const { said, drawn, perPx } of await points()) {
      expect(Math.abs(said - drawn)).toBeLessThan(2 * perPx);
    }
    await page.locator('#opacity-shift').fill('0');
  });

  it('leaves its buttons free while images arrive', async () => {
    const arrive = Promise.withResolvers<void>();
    await page.context().route('**/pixels/**', async (route) => {
      await arrive.promise;
      await route.continue();
    });
    await page.reload();
    const loading = page.locator(`${viewport} .vp-load span`);
    await loading.waitFor();
    const words = await loading.boundingBox();
    const buttons = await page.locator(`${viewport} .views`).boundingBox();
    if (!words || !buttons) throw new Error('no words or no buttons');
    expect(words.y + words.height).toBeLessThanOrEqual(buttons.y);
    await page.locator(`${viewport} .views button[data-view=L]`).click();
    arrive.resolve();
    await until(({ lit }) => lit > 1000);
    await page.context().unroute('**/pixels/**');
  });
});
