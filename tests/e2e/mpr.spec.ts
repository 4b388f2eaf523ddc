/** Planes under a hand: handles, angles, slabs, measuring on an oblique plane, a picture of it, phases. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirstAsPlanes, plainText } from './planes.ts';

const reason = skipReason('browser');
/** Enough of a body for hands: computing a finer one would take longer than the tests. */
const coarseBody = ['--size', '96x96', '--spacing', '4.5,4.5,9', '--slices', '50'] as const;

const surface = (page: Page, name: string) => page.locator(`[data-plane="${name}"]`);
const corner = (page: Page, name: string, where: 'bl' | 'br') =>
  plainText(surface(page, name).locator(`.tx.${where}`));
const handleOf = (page: Page, plane: string, line: string, kind: 'rotate' | 'slab') =>
  surface(page, plane).locator(`[data-line="${line}"] [data-handle="${kind}"]`).last();

type Place = readonly [number, number];

async function middle(page: Page, plane: string, line: string, kind: 'rotate' | 'slab'): Promise<Place> {
  const box = await handleOf(page, plane, line, kind).boundingBox();
  if (!box) throw new Error(`no ${kind} handle`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Drags, and asks for what stands beside the pointer before the button is let go, where that is told. */
async function dragged(page: Page, from: Place, to: Place, said?: RegExp): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 6 });
  if (said) await expect.poll(() => page.locator('.drag-note').innerText(), soon).toMatch(said);
  await page.mouse.up();
}

/** The patient coordinates under a place, as the panel reads them out. */
async function patientAt(page: Page, at: Place): Promise<readonly number[]> {
  await page.mouse.move(at[0] + 1, at[1]);
  await page.mouse.move(...at);
  const text = await page.locator('.side dl.kv dd').first().innerText();
  return text.replaceAll('−', '-').trim().split(/\s+/).map(Number);
}

describe.skipIf(reason !== null)(
  `planes in the browser shell${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let app: LaunchedApp;
    let page: Page;
    const folder = mkdtempSync(join(tmpdir(), 'candela-mpr-'));
    beforeAll(async () => {
      const dataFolder = join(folder, 'data');
      importPhantom(dataFolder, join(folder, 'in'), [...coarseBody, '--phases', '2']);
      app = await launch('browser', { dataFolder, locale: 'en-US' });
      page = app.page;
      page.setDefaultTimeout(soon.timeout);
      await openFirstAsPlanes(page);
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('turns by the round handles, says the angle, and takes it back', async () => {
      const [x, y] = await middle(page, 'axial', 'coronal', 'rotate');
      await page.mouse.move(x, y);
      await expect.poll(() => surface(page, 'axial').getAttribute('data-over'), soon).toBe('rotate');
      await dragged(page, [x, y], [x - 10, y + 90], /^−\d+\.\d°$/);
      await expect.poll(() => corner(page, 'coronal', 'br'), soon).toMatch(/oblique \d+\.\d°/);
      // Down at the left end is anticlockwise; locked, the sagittal plane came along.
      expect(await corner(page, 'sagittal', 'br')).toContain('oblique');
      await page.keyboard.press('Control+KeyZ');
      await expect.poll(() => corner(page, 'coronal', 'br'), soon).toContain('Loc');
      await page.keyboard.press('Shift+KeyO');
      await dragged(page, await middle(page, 'axial', 'coronal', 'rotate'), [x - 10, y + 90]);
      await expect.poll(() => corner(page, 'coronal', 'br'), soon).toContain('oblique');
      expect(await corner(page, 'sagittal', 'br')).toContain('Loc');
      await page.keyboard.press('Shift+KeyA');
      await expect.poll(() => corner(page, 'coronal', 'br'), soon).toContain('Loc');
    });

    it('jumps to where one clicks, also beside the middle of the crosshair and on its lines', async () => {
      const box = await page.locator('[data-plane="axial"]').boundingBox();
      if (!box) throw new Error('no axial plane');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const places = () => Promise.all(['coronal', 'sagittal'].map((name) => corner(page, name, 'br')));
      const clickAt = async (dx: number, dy: number) => {
        const before = await places();
        await page.mouse.click(x + dx, y + dy);
        await expect.poll(places, soon).not.toEqual(before);
        return await places();
      };
      await page.keyboard.press('Shift+KeyX');
      const [, sagittal] = await clickAt(7, 0);
      const [coronal] = await clickAt(0, 90);
      // On the coronal plane's line, which lies there now.
      const [still, moved] = await clickAt(60, 90);
      expect(still).toBe(coronal);
      expect(moved).not.toBe(sagittal);
      await page.keyboard.press('Shift+KeyX');
    });

    it('shows all planes at one scale; a double click maximises one and moves no crosshair', async () => {
      await page.keyboard.press('Shift+KeyF');
      const names = ['axial', 'coronal', 'sagittal'] as const;
      const zoomOf = async (name: string) => /Zoom \d+ ?%/.exec(await corner(page, name, 'bl'))?.[0];
      const zooms = () => Promise.all(names.map(zoomOf));
      await expect.poll(async () => new Set(await zooms()).size, soon).toBe(1);
      // Bars of one length in mm are equally long on screen, to the pixel's fraction.
      const bars = await Promise.all(
        names.map((name) => surface(page, name).locator('.ruler').boundingBox()),
      );
      expect(bars.every((bar) => bar && Math.abs(bar.height - bars[0]!.height) < 0.6)).toBe(true);
      const [common] = await zooms();
      const places = () => Promise.all(names.map((name) => corner(page, name, 'br')));
      const before = await places();
      const box = await surface(page, 'coronal').boundingBox();
      if (!box) throw new Error('no coronal plane');
      const undo = page.getByRole('button', { name: 'Undo' });
      const couldUndo = await undo.getAttribute('class');
      await page.mouse.dblclick(box.x + box.width * 0.7, box.y + box.height * 0.7);
      await expect.poll(() => surface(page, 'axial').count(), soon).toBe(0);
      expect(await corner(page, 'coronal', 'br')).toBe(before[1]);
      // Alone it is as large as fits.
      await expect.poll(() => zoomOf('coronal'), soon).not.toBe(common);
      const large = await surface(page, 'coronal').boundingBox();
      if (!large) throw new Error('no coronal plane');
      await page.mouse.dblclick(large.x + large.width * 0.3, large.y + large.height * 0.6);
      await expect.poll(() => surface(page, 'axial').count(), soon).toBe(1);
      await expect.poll(places, soon).toEqual(before);
      await expect.poll(zooms, soon).toEqual([common, common, common]);
      expect(await undo.getAttribute('class')).toBe(couldUndo);
    });

    it('thickens the slab of one plane by its square handle', async () => {
      await page.keyboard.press('Shift+KeyG');
      const [x, y] = await middle(page, 'axial', 'coronal', 'slab');
      await dragged(page, [x, y], [x, y + 30], /^\d+\.\d mm$/);
      await expect.poll(() => corner(page, 'coronal', 'bl'), soon).toMatch(/MIP · slab [1-9]/);
      expect(await corner(page, 'axial', 'bl')).toContain('slab 0 mm');
      // The value under the pointer is of the plane in the middle of the slab, not of the projection seen.
      const hovered = async (name: string) => {
        await page.mouse.move(5, 5);
        await page.locator(`[data-plane="${name}"]`).hover();
        return await page.locator(`[data-plane="${name}"] .probe`).innerText();
      };
      expect(await hovered('coronal')).toContain('middle of the slab');
      expect(await hovered('axial')).not.toContain('middle of the slab');
      await page.keyboard.press('Control+KeyZ');
      await expect.poll(() => corner(page, 'coronal', 'bl'), soon).toContain('slab 0 mm');
    });

    it('measures patient millimetres on an oblique plane, and gives a picture of it', async () => {
      const [x, y] = await middle(page, 'sagittal', 'coronal', 'rotate');
      await dragged(page, [x, y], [x + 70, y - 20]);
      await expect.poll(() => corner(page, 'coronal', 'br'), soon).toContain('oblique');
      const box = await surface(page, 'coronal').boundingBox();
      if (!box) throw new Error('no viewport');
      const a: Place = [Math.round(box.x + box.width * 0.42), Math.round(box.y + box.height * 0.3)];
      const b: Place = [Math.round(box.x + box.width * 0.6), Math.round(box.y + box.height * 0.7)];
      const [p, q] = [await patientAt(page, a), await patientAt(page, b)];
      await page.keyboard.press('KeyL');
      await dragged(page, a, b);
      await page.keyboard.press('KeyW');
      const text = await page.locator('[data-measurement-row] .v').innerText();
      const apart = Math.hypot(...p.map((mm, axis) => mm - (q[axis] ?? 0)));
      expect(apart).toBeGreaterThan(50);
      // The panel reads coordinates to 0.1 mm.
      expect(Math.abs(Number.parseFloat(text) - apart)).toBeLessThan(0.2);
      const download = page.waitForEvent('download');
      await page.keyboard.press('Control+KeyS');
      const path = join(folder, 'plane.png');
      const saved = await download;
      expect(saved.suggestedFilename()).toMatch(/^Candela Se\d+ coronal\.png$/);
      await saved.saveAs(path);
      const png = readFileSync(path);
      expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
      expect(png.readUInt32BE(16)).toBe(Math.round(box.width));
      expect(png.length).toBeGreaterThan(20_000);
    });

    it('explains what the millimetres are worth', async () => {
      await surface(page, 'coronal').locator('[data-badge="verdict"]').click();
      const dialog = page.getByRole('dialog');
      await expect.poll(() => dialog.innerText(), soon).toContain('Position error');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      // So does what warns beside it, and a press there moves no crosshair; the wheel goes on.
      const place = () => corner(page, 'sagittal', 'br');
      const before = await place();
      expect(before).toContain('Loc');
      const interpolated = surface(page, 'sagittal').locator('[data-badge="interpolated"]');
      await interpolated.click();
      await expect.poll(() => plainText(dialog), soon).toContain('interpolated, spacing ≥ 2 mm');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await surface(page, 'coronal').locator('[data-badge="demo"]').click();
      expect(await place()).toBe(before);
      await interpolated.hover();
      await page.mouse.wheel(0, 120);
      await expect.poll(place, soon).not.toBe(before);
    });

    it('plays the phases while the planes stand still', async () => {
      const before = await corner(page, 'sagittal', 'br');
      const phase = () => page.locator('.phases').getAttribute('data-phase');
      expect(await phase()).toBe('0');
      await page.keyboard.press('KeyC');
      const seen = new Set<string | null>();
      await expect.poll(async () => seen.add(await phase()).size, { ...soon, interval: 20 }).toBe(2);
      await page.keyboard.press('KeyC');
      await page.locator('.phases input').fill('0');
      await expect.poll(() => corner(page, 'sagittal', 'br'), soon).toBe(before);
      // A slider that keys have reached would keep the arrows to itself.
      await page.locator('.phases input').blur();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(phase, soon).toBe('1');
    });
  },
);

describe.skipIf(reason !== null)(`PET over CT${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-fusion-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'ct'), coarseBody);
    const coarser = ['--size', '64x64', '--spacing', '7,7,9', '--slices', '50', '--contrast', 'pet'];
    importPhantom(dataFolder, join(folder, 'pt'), coarser);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('lies over it in colours with their bar, goes, and comes back by undo', async () => {
    await page.locator('.fusion select').selectOption({ index: 1 });
    // Whichever of the two was open: the uptake is on top.
    await expect.poll(() => corner(page, 'axial', 'bl'), soon).toMatch(/fused with Se \d+ PT · 60 %/);
    const fused = surface(page, 'coronal').locator('canvas.fused');
    const colours = () =>
      fused.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let clear = 0;
        let warm = 0;
        for (let n = 0; n < data.length; n += 4) {
          if (data[n + 3] === 0) clear += 1;
          else if (data[n]! > data[n + 2]! + 50) warm += 1;
        }
        return { clear: (4 * clear) / data.length, warm: (4 * warm) / data.length };
      });
    await expect.poll(async () => (await colours()).warm, soon).toBeGreaterThan(0.05);
    expect((await colours()).clear).toBeGreaterThan(0.2);
    expect(await surface(page, 'coronal').locator('.colour-bar').innerText()).toMatch(/Bq\/ml/);
    // The badge of the one above explains its own verdict: a voxel of 7 × 7 × 9 mm.
    for (const plane of ['coronal', 'volume']) {
      await surface(page, plane).locator('[data-badge=fused]').click();
      await expect
        .poll(() => plainText(page.getByRole('dialog')), soon)
        .toMatch(/PT · Geometry verdict: Exact[\s\S]+9\.000 mm/);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.locator('.fusion select').selectOption('');
    await fused.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+KeyZ');
    await fused.waitFor();
  });
});
