/** Volumes that are not whole: slices missing within, and pixels that do not fit into memory. */
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFolder, importPhantom } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst, openFirstAsPlanes, plainText } from './planes.ts';

const reason = skipReason('browser');
const slices = 40;
/** Two images are missing after the 20th. */
const gaps = Array.from({ length: slices - 1 }, (_, n) => (n === 19 ? 27 : 9));
const body = ['--size', '96x96', '--spacing', '4.5,4.5', '--slices', String(slices)] as const;

const surface = (page: Page, name: string) => page.locator(`[data-plane="${name}"]`);
const corner = (page: Page, name: string) => surface(page, name).locator('.tx.br').innerText();

describe.skipIf(reason !== null)(`volumes that are not whole${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-hard-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'in'), [...body, '--gaps', gaps.join(',')]);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('hatches planes where slices are made up, and says so', async () => {
    for (const plane of ['coronal', 'sagittal']) {
      const gap = surface(page, plane).locator('[data-gap]');
      await expect.poll(() => gap.count(), soon).toBe(1);
      expect(await gap.getAttribute('data-gap')).toBe('20');
    }
    const badge = surface(page, 'volume').locator('[data-badge="missing"]');
    expect(await badge.innerText()).toBe('2 slices missing');
    // The middle of 42 slices lies in the gap: scrolled through it, the axial plane says where it is.
    await surface(page, 'axial').hover();
    const seen = new Set<boolean>();
    for (let step = 0; step < 5; step += 1) {
      const text = await corner(page, 'axial');
      const k = Number(/Im (\d+)\/42/.exec(text)?.[1]);
      expect(text.includes('interpolated')).toBe(k === 21 || k === 22);
      expect(await surface(page, 'axial').locator('[data-gap]').count()).toBe(k === 21 || k === 22 ? 1 : 0);
      seen.add(k === 21 || k === 22);
      await page.keyboard.press(step === 0 ? 'ArrowUp' : 'ArrowDown');
      await expect.poll(() => corner(page, 'axial'), soon).not.toBe(text);
    }
    expect([...seen].sort()).toEqual([false, true]);
    const box = await surface(page, 'sagittal').locator('[data-gap]').boundingBox();
    if (!box) throw new Error('no band');
    await page.mouse.move(box.x + 3, box.y + box.height / 2);
    await expect
      .poll(() => plainText(page.getByRole('tooltip')), soon)
      .toBe('Interpolated between images 20 and 21: gap 27.0 mm');
    if (process.env['CANDELA_SHOTS'])
      await page.screenshot({ path: `${process.env['CANDELA_SHOTS']}/gaps.png` });
  });
});

describe.skipIf(reason !== null)(
  `volumes with damaged images${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let app: LaunchedApp;
    const folder = mkdtempSync(join(tmpdir(), 'candela-damaged-'));
    beforeAll(async () => {
      const [dataFolder, files] = [join(folder, 'data'), join(folder, 'in')];
      importPhantom(join(folder, 'whole'), files, [...body, '--gaps', '9']);
      const [, , third] = readdirSync(files)
        .filter((name) => name.endsWith('.dcm'))
        .sort();
      const path = join(files, third!);
      // Half of 96 × 96 pixels of 2 bytes go.
      truncateSync(path, statSync(path).size - 96 * 96);
      importFolder(dataFolder, files);
      app = await launch('browser', { dataFolder, locale: 'en-US' });
      app.page.setDefaultTimeout(soon.timeout);
      await openFirstAsPlanes(app.page);
    });
    afterAll(async () => {
      await app?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('say so on planes and 3D, and which images they are', async () => {
      const { page } = app;
      for (const plane of ['axial', 'coronal', 'sagittal', 'volume'])
        await surface(page, plane).locator('[data-badge="faulty"]').getByText('1 image damaged').waitFor();
      await surface(page, 'coronal').locator('[data-badge="faulty"]').hover();
      await expect.poll(() => page.getByRole('tooltip').innerText(), soon).toMatch(/^Images? (3|38) /);
    });
  },
);

/** Changes the host's settings, as the settings page does. */
const setReading = (page: Page, reading: Readonly<Record<string, string>>): Promise<void> =>
  page.evaluate(
    async (body) => {
      const headers = { 'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '' };
      await fetch('/call/settings.set', { method: 'POST', headers, body });
    },
    JSON.stringify({ changes: { reading } }),
  );

describe.skipIf(reason !== null)(`volumes beyond memory${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-large-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    importPhantom(dataFolder, join(folder, 'in'), [...body, '--gaps', '9']);
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    // 96 × 96 × 40 voxels of 2 bytes are 0.7 MB.
    await setReading(page, { volumeMegabytes: '0.3' });
    await page.reload();
    await openFirst(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('reads the stack as it is, and offers planes with averaged pixels', async () => {
    const dialog = page.getByRole('dialog', { name: 'Read reduced' });
    await page.keyboard.press('KeyM');
    await dialog.waitFor();
    const text = await plainText(dialog);
    expect(text).toContain('too large (1 MB)');
    expect(text).toContain('2 × 2 pixels averaged, 4.50 → 9.00 mm');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await surface(page, 'axial').count()).toBe(0);
    expect(await page.locator('[data-badge="reduced-pixels"]').count()).toBe(0);
    await page.keyboard.press('KeyM');
    await dialog.getByRole('button', { name: 'Read reduced, 4.50 → 9.00 mm' }).click();
    await surface(page, 'sagittal').locator('canvas[data-painted]').waitFor();
    for (const plane of ['axial', 'coronal', 'sagittal', 'volume']) {
      const badge = surface(page, plane).locator('[data-badge="reduced-pixels"]');
      expect(await plainText(badge)).toBe('Reduced 4.50 → 9.00 mm');
    }
    expect(await plainText(page.locator('.side'))).toContain('9.000 × 9.000 × 9.000 mm');
  });

  it('asks before measuring in averaged pixels, and says so', async () => {
    await page.keyboard.press('KeyL');
    const asked = page.getByRole('dialog');
    await expect.poll(() => asked.innerText(), soon).toContain('read reduced');
    await asked.getByRole('button', { name: 'Measure anyway' }).click();
    await asked.waitFor({ state: 'detached' });
    const box = await surface(page, 'axial').boundingBox();
    if (!box) throw new Error('no viewport');
    const y = box.y + box.height * 0.3;
    await page.mouse.move(box.x + box.width * 0.45, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.65, y, { steps: 4 });
    await page.mouse.up();
    const row = page.locator('[data-measurement-row]');
    await expect.poll(() => row.count(), soon).toBe(1);
    expect(await row.innerText()).toContain('Reduced plane');
    if (process.env['CANDELA_SHOTS']) {
      await page.screenshot({ path: `${process.env['CANDELA_SHOTS']}/reduced.png` });
    }
  });
});
