/** The reading page as a radiologist uses it: a real chest CT from the list to stack, measurement, MPR and 3D. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingTerms } from '../../core/terms/reading.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, type ShellName, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { plainText } from './planes.ts';

const shared = sharedDataFolder();

/** Asks the browser shell's host directly; the page's own client is not reachable from a test. */
async function call<T>(page: Page, name: string, input: unknown): Promise<T> {
  const text = await page.evaluate(
    async ([call, body]) => {
      const headers = {
        'content-type': 'application/json',
        'x-candela-nonce': sessionStorage.getItem('candela.nonce') ?? '',
      };
      const response = await fetch(`/call/${call}`, { method: 'POST', headers, body });
      return await response.text();
    },
    [name, JSON.stringify(input)] as const,
  );
  const answer = JSON.parse(text) as { ok: boolean; value: T };
  expect(answer.ok, text).toBe(true);
  return answer.value;
}

async function importAndOpen(page: Page, folder: string): Promise<void> {
  const { jobId } = await call<{ jobId: string }>(page, 'import.start', { paths: [folder], mode: 'import' });
  type Jobs = readonly { readonly jobId: string; readonly state: string }[];
  const isDone = async (): Promise<boolean> =>
    (await call<Jobs>(page, 'jobs.list', {})).some((job) => job.jobId === jobId && job.state === 'done');
  for (let n = 0; n < 300 && !(await isDone()); n += 1) await page.waitForTimeout(200);
  await page.locator('tbody tr.tr').first().dblclick();
  await page.locator('.surface canvas[data-painted]').waitFor();
}

const image = (page: Page): Promise<string | null> =>
  page.locator('.surface canvas').first().getAttribute('data-painted');
const texts = (page: Page): Promise<string> => plainText(page.locator('.vp').first());

/** Share of pixels of a canvas that are neither black nor all the same. */
const greys = (page: Page, selector: string): Promise<number> =>
  page.locator(selector).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy?.drawImage(canvas as HTMLCanvasElement, 0, 0);
    const data = copy?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    const seen = new Set<number>();
    for (let n = 0; n < data.length; n += 4 * 97) seen.add(data[n] ?? 0);
    return seen.size;
  });

for (const shell of ['browser'] satisfies ShellName[]) {
  const reason = skipReason(shell) ?? (shared === null ? sharedDataMissing : null);
  describe.skipIf(reason !== null)(
    `reading in the ${shell} shell${reason ? ` (skipped: ${reason})` : ''}`,
    () => {
      let app: LaunchedApp;
      let page: Page;
      beforeAll(async () => {
        app = await launch(shell, { locale: 'en-US' });
        page = app.page;
        page.setDefaultTimeout(soon.timeout);
        await importAndOpen(page, join(shared ?? '', 'series/ct-chest-philips'));
      });
      afterAll(() => app?.close());

      it('shows the middle image with its texts, letters and verdict', async () => {
        expect(await image(page)).toBe('50');
        const words = await texts(page);
        for (const part of ['LIDC-IDRI-0314', 'W 2000  L −450', 'Im 50/100', '120 kV'])
          expect(words).toContain(part);
        const edges = await page.locator('.vp .ed').allInnerTexts();
        expect(edges).toEqual(['R', 'L', 'A', 'P']);
        expect(await page.locator('[data-badge=verdict]').innerText()).toContain(
          readingTerms['reading.verdict.exact'].en,
        );
        expect(await greys(page, '.surface canvas')).toBeGreaterThan(60);
      });

      it('scrolls by wheel and keys, windows by number key, turns and flips with its badge', async () => {
        await page.locator('.surface').hover();
        await page.mouse.wheel(0, 120);
        await expect.poll(() => image(page)).toBe('51');
        await page.keyboard.press('Home');
        await expect.poll(() => image(page)).toBe('1');
        await page.keyboard.press('Shift+ArrowDown');
        await expect.poll(() => image(page)).toBe('11');
        await page.keyboard.press('Digit1');
        await expect.poll(() => texts(page)).toContain('W 1500  L −600');
        await page.keyboard.press('KeyR');
        expect(await page.locator('.vp .ed').allInnerTexts()).toEqual(['P', 'A', 'R', 'L']);
        await page.keyboard.press('KeyH');
        await page.locator('[data-badge=flipped]').waitFor();
        await page.keyboard.press('Shift+KeyF');
        expect(await page.locator('.vp .ed').allInnerTexts()).toEqual(['R', 'L', 'A', 'P']);
      });

      it('counts and scrolls as the scanner numbered, from the head down, in stack and planes alike', async () => {
        const at = async (where: string) => {
          const words = await plainText(page.locator(where).first());
          const [, mm, n] = /Loc (\S+) mm.*Im (\d+)\/100/s.exec(words) ?? [];
          return [Number(n), Number(mm?.replace('−', '-'))] as const;
        };
        // Files 0001 and 0100 of the series: its lowest slice has number 240, its highest 42.
        await page.keyboard.press('Home');
        await expect.poll(() => at('.vp .tx.br'), soon).toEqual([1, -446.8]);
        await page.keyboard.press('End');
        await expect.poll(() => at('.vp .tx.br'), soon).toEqual([100, -644.8]);
        for (let n = 0; n < 4; n++) await page.keyboard.press('Shift+ArrowUp');
        await expect.poll(() => at('.vp .tx.br'), soon).toEqual([60, -564.8]);
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=axial] canvas[data-painted]').waitFor();
        expect((await at('[data-plane=axial] .tx.br'))[0]).toBe(60);
        await page.locator('[data-plane=axial]').hover();
        await page.mouse.wheel(0, 120);
        await expect.poll(() => at('[data-plane=axial] .tx.br'), soon).toEqual([61, -566.8]);
        await page.keyboard.press('KeyM');
        await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
        await expect.poll(() => image(page), soon).toBe('61');
      });

      it('measures a length in millimetres that zoom and rotation do not change; undo takes it back', async () => {
        await page.keyboard.press('KeyL');
        const box = await page.locator('.surface').boundingBox();
        if (!box) throw new Error('no viewport');
        const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
        await page.mouse.move(...at(0.45, 0.5));
        await page.mouse.down();
        await page.mouse.move(...at(0.55, 0.5), { steps: 4 });
        await page.mouse.up();
        const value = page.locator('[data-measurement-row] .v');
        const before = await value.innerText();
        // A tenth of the viewport's width; 512 rows of 0.78125 mm fill its height.
        const expected = (0.1 * box.width * 512 * 0.78125) / box.height;
        expect(Math.abs(Number.parseFloat(before) - expected)).toBeLessThan(0.6);
        await page.keyboard.press('KeyR');
        await page.keyboard.press('KeyF');
        expect(await value.innerText()).toBe(before);
        await page.keyboard.press('Shift+KeyF');
        // Undo goes back through the view's changes first (reset, fit, turn), then takes the length.
        for (let step = 0; step < 4; step++) await page.keyboard.press('Control+KeyZ');
        await expect.poll(() => value.count()).toBe(0);
        await page.keyboard.press('KeyW');
      });

      it('takes back with Esc what the hand is doing, and nothing else', async () => {
        await page.keyboard.press('KeyL');
        const box = await page.locator('.surface').boundingBox();
        if (!box) throw new Error('no viewport');
        const rows = page.locator('[data-measurement-row]');
        await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.5);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.5, { steps: 4 });
        await expect.poll(() => rows.count()).toBe(1);
        await page.keyboard.press('Escape');
        await expect.poll(() => rows.count()).toBe(0);
        await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6, { steps: 4 });
        await page.mouse.up();
        expect(await rows.count()).toBe(0);
        // The tool is still in hand; only a second Esc puts it away.
        expect(await page.locator('.surface').getAttribute('class')).toContain('tool-length');
        await page.keyboard.press('Escape');
        await page.locator('.surface.tool-window').waitFor();
      });

      it('tells the value under a resting pointer of the image on screen, never of one before', async () => {
        const probe = page.locator('.vp .probe');
        const told = async () => ((await probe.count()) === 0 ? '' : await plainText(probe.first()));
        const box = await page.locator('.surface').boundingBox();
        if (!box) throw new Error('no viewport');
        const [x, y] = [box.x + box.width * 0.47, box.y + box.height * 0.62];
        /** Scrolls without moving the pointer, reads, then moves it away and back to ask anew. */
        const afterStep = async (step: () => Promise<void>) => {
          const before = await image(page);
          await step();
          await expect.poll(() => image(page), soon).not.toBe(before);
          const resting = await told();
          await page.mouse.move(x + 30, y);
          await page.mouse.move(x, y);
          return [resting, await told()] as const;
        };
        await page.keyboard.press('Home');
        await expect.poll(() => image(page)).toBe('1');
        await page.mouse.move(x, y);
        await expect.poll(told, soon).toMatch(/^−?\d+ HU @ \d+, \d+ px$/m);
        const seen = new Set<string>();
        for (const step of [
          () => page.mouse.wheel(0, 1000),
          () => page.keyboard.press('Shift+ArrowDown'),
          () => page.keyboard.press('End'),
        ]) {
          const [resting, fresh] = await afterStep(step);
          expect(resting).toBe(fresh);
          seen.add(fresh);
        }
        // Values that do not differ would prove nothing.
        expect(seen.size).toBeGreaterThan(1);
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=axial] canvas[data-painted]').waitFor();
        expect(await probe.count()).toBe(0);
        await page.keyboard.press('KeyM');
        await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
      });

      it('opens planes on the image that was looked at, and goes back to the one they were left on', async () => {
        const slice = () => page.locator('[data-plane=axial] .tx.br').innerText();
        await page.keyboard.press('Home');
        for (let n = 0; n < 3; n++) await page.keyboard.press('Shift+ArrowDown');
        await expect.poll(() => image(page)).toBe('31');
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=axial] canvas[data-painted]').waitFor();
        expect(await slice()).toMatch(/Im 31\/100$/);
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await expect.poll(slice).toMatch(/Im 33\/100$/);
        const left = /Im (\d+)\//.exec(await slice())?.[1];
        await page.keyboard.press('KeyM');
        await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
        await expect.poll(() => image(page)).toBe(left);
      });

      it('links three planes by the crosshair, and draws 3D', async () => {
        await page.keyboard.press('KeyM');
        const plane = (name: string) => page.locator(`[data-plane=${name}] canvas`).first();
        for (const name of ['axial', 'coronal', 'sagittal']) {
          await page.locator(`[data-plane=${name}] canvas[data-painted]`).waitFor();
          expect(await greys(page, `[data-plane=${name}] canvas`)).toBeGreaterThan(20);
        }
        // What does nothing to planes says so.
        const rotate = page.getByRole('button', { name: readingTerms['reading.rotate'].en });
        expect(await rotate.getAttribute('aria-disabled')).toBe('true');
        expect(await rotate.getAttribute('data-tip')).toBe(readingTerms['reading.onlyStack'].en);
        const coronal = await page.locator('[data-viewport="1"]').innerText();
        const before = await plane('coronal').getAttribute('data-painted');
        const box = await page.locator('[data-plane=axial]').boundingBox();
        if (!box) throw new Error('no axial plane');
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 40, { steps: 4 });
        await page.mouse.up();
        await expect.poll(() => page.locator('[data-viewport="1"]').innerText()).not.toBe(coronal);
        await expect.poll(() => plane('coronal').getAttribute('data-painted')).not.toBe(before);
        await page.locator('[data-plane=volume] canvas[data-painted=rest]').waitFor();
        expect(await greys(page, '[data-plane=volume] canvas')).toBeGreaterThan(60);
        // Without a line the layout along vessels says what to do, and gives the tool for it.
        await page.keyboard.press('Shift+KeyC');
        await page.keyboard.press('Escape');
        const note = page.locator('.cpr-start');
        await note.getByRole('button', { name: readingTerms['reading.centreline'].en }).click();
        await page.locator('[data-plane=axial].tool-centreline').waitFor();
        expect(await note.getByRole('button').count()).toBe(0);
        await page.keyboard.press('Escape');
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=volume] canvas[data-painted=rest]').waitFor();
        await page.locator('[data-view=L]').click();
        await page.locator('.ocube [data-face=L]').waitFor();
        await expect.poll(() => page.locator('.ocube [data-face]').count(), soon).toBe(1);
        await page.keyboard.press('KeyM');
        await page.locator('.surface canvas[data-painted]').first().waitFor();
      });

      it('goes from region to region by F6, within them by Tab, and steps a slider by arrows', async () => {
        await page.keyboard.press('KeyM');
        await page.locator('[data-plane=axial] canvas[data-painted]').waitFor();
        await page.getByRole('tab', { name: readingTerms['reading.measurements'].en }).click();
        await page.locator('.side input[type=range]').first().waitFor();
        await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
        const region = () =>
          page.evaluate(() =>
            ['.bar', '.tl-thumbs', '.tools', '.side', '.strip'].find((one) =>
              document.activeElement?.closest(one),
            ),
          );
        const seen: (string | undefined)[] = [];
        for (let n = 0; n < 6; n++) {
          await page.keyboard.press('F6');
          seen.push(await region());
        }
        expect(seen).toEqual(['.side', '.strip', '.bar', '.tl-thumbs', '.tools', undefined]);
        const active = () => page.locator('.vp.act').first().getAttribute('data-viewport');
        await page.keyboard.press('F6');
        const viewport = await active();
        // The slab's slider is a few controls on; arrows are its own there.
        const slab = page.locator('.side input[type=range]').first();
        for (let n = 0; n < 30 && !(await slab.evaluate((one) => one === document.activeElement)); n++) {
          await page.keyboard.press('Tab');
        }
        expect(await region()).toBe('.side');
        expect(await active()).toBe(viewport);
        const before = Number(await slab.inputValue());
        await page.keyboard.press('ArrowRight');
        await expect.poll(async () => Number(await slab.inputValue())).toBeGreaterThan(before);
        await page.keyboard.press('Shift+F6');
        expect(await region()).toBeUndefined();
        await page.keyboard.press('Control+KeyZ');
        await page.keyboard.press('KeyM');
        await page.locator('[data-cell="0"] canvas[data-painted]').waitFor();
      });

      it('speaks Chinese at once when asked', async () => {
        await page.getByRole('button', { name: '切换为中文' }).or(page.locator('.lang')).first().click();
        await expect
          .poll(() => page.locator('[data-badge=verdict]').first().innerText())
          .toContain(readingTerms['reading.verdict.exact'].zh);
      });
    },
  );
}
