/** A series in colour as planes: its colours where they lie, means as slabs, and words where values are needed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ColourSeries, writeColours } from '../fixtures/colour-series.ts';
import type { Triple } from '../fixtures/field-series.ts';
import { importFolder } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { boxOf, openFirstAsPlanes, plainText, surface } from './planes.ts';

const reason = skipReason('browser');

/** Uneven: two slices are missing, so that planes are resampled. */
const series: ColourSeries = {
  size: [60, 50, 30],
  spacing: [1.5, 1.5, 2.5],
  row: [1, 0, 0],
  column: [0, 1, 0],
  middle: [20, -35, 412],
  indexAt: ([x, y, z]: Triple) => 128 + 0.8 * (x - 20) - 0.9 * (y + 35) + 0.7 * (z - 412),
  colourOf: (n: number): Triple => [n, 255 - n, n / 2],
  coding: 'RGB',
  leftOut: [9, 10],
};

describe.skipIf(reason !== null)(`planes of colours${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-colours-'));
  beforeAll(async () => {
    const dataFolder = join(folder, 'data');
    writeColours(join(folder, 'in'), series);
    importFolder(dataFolder, join(folder, 'in'));
    app = await launch('browser', { dataFolder, locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirstAsPlanes(page);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Levels of the picture, and what the probe says, at a share of a plane's width and height. */
  async function at(name: string, across: number, down: number) {
    const box = await boxOf(page, name);
    const [x, y] = [Math.round(box.x + box.width * across), Math.round(box.y + box.height * down)];
    await page.mouse.move(x + 3, y + 3);
    await page.mouse.move(x, y);
    const probe = surface(page, name).locator('.probe');
    await probe.waitFor();
    const [value = '', place = ''] = (await plainText(probe)).replaceAll('−', '-').split('@');
    const levels = await surface(page, name)
      .locator('canvas[data-painted]')
      .evaluate(
        (canvas: HTMLCanvasElement, [px, py]) => {
          const { left, top } = canvas.getBoundingClientRect();
          const copy = new OffscreenCanvas(canvas.width, canvas.height);
          const context = copy.getContext('2d')!;
          context.drawImage(canvas, 0, 0);
          return [...context.getImageData(px! - left, py! - top, 1, 1).data];
        },
        [x, y],
      );
    const told = value.match(/-?\d+/g)?.map(Number) ?? [];
    return { value, told, levels, patient: place.split(',').map(Number.parseFloat) as unknown as Triple };
  }

  it('show the colour of each place, and the probe says it', async () => {
    for (const name of ['axial', 'coronal', 'sagittal'])
      for (const [across, down] of [
        [0.42, 0.45],
        [0.57, 0.38],
        [0.45, 0.6],
      ] as const) {
        await expect.poll(async () => (await at(name, across, down)).value, soon).toContain('RGB');
        const { told, levels, patient } = await at(name, across, down);
        const wanted = series.colourOf(series.indexAt(patient));
        for (const [channel, level] of wanted.entries()) {
          expect(Math.abs(levels[channel]! - level), `${name} ${channel}`).toBeLessThan(2.5);
          // The voxel itself, whose middle may lie half a voxel off along each axis.
          expect(Math.abs(told[channel]! - level), `${name} ${channel}`).toBeLessThan(3.5);
        }
      }
    expect(await plainText(surface(page, 'axial').locator('.tx.bl'))).toContain('Colour');
    await surface(page, 'coronal').locator('[data-badge="missing"]').waitFor();
  });

  it('have means as slabs, and neither MIP nor MinIP', async () => {
    const modes = page.locator('[data-projection]');
    const offered = () => modes.evaluateAll((all) => all.map((one) => one.getAttribute('data-projection')));
    expect(await offered()).toEqual(['none', 'mean']);
    await page.locator('[data-slab="10"]').click();
    await expect
      .poll(() => plainText(surface(page, 'axial').locator('.tx.bl')), soon)
      .toContain('Mean · slab 10 mm');
    const { levels, patient } = await at('axial', 0.57, 0.38);
    // Of a line the mean over a slab is its middle.
    for (const [channel, level] of series.colourOf(series.indexAt(patient)).entries())
      expect(Math.abs(levels[channel]! - level)).toBeLessThan(2.5);
    await page.locator('[data-slab="0"]').click();
  });

  it('say why there is no 3D and no mask', async () => {
    expect(await surface(page, 'volume').count()).toBe(0);
    const note = page.locator('.vp-note', { hasText: 'Colour images have no values' });
    await note.first().waitFor();
    await page.keyboard.press('KeyY');
    await page.locator('.hint', { hasText: 'Colour images have no values' }).first().waitFor();
  });
});
