/** What Settings tell of the machine and of what was done, in words. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTerms } from '../../core/terms/audit.ts';
import { terms } from '../../core/terms/terms.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { soon } from './pages.ts';
import { openFirst } from './planes.ts';

const reason = skipReason('browser');

describe.skipIf(reason !== null)(`Settings${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'candela-settings-'));
  const group = (key: 'settings.audit' | 'settings.storage') =>
    page.locator('.set').getByRole('button', { name: new RegExp(`^${terms[key].en}`) });

  beforeAll(async () => {
    importPhantom(join(folder, 'data'), join(folder, 'in'), smallBody);
    app = await launch('browser', { dataFolder: join(folder, 'data'), locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await openFirst(page);
    await page.keyboard.press('Control+Comma');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('tell in words what was done', async () => {
    await group('settings.audit').click();
    const detail = (event: keyof typeof auditTerms | keyof typeof terms) =>
      page
        .locator('.audit tbody tr')
        .filter({ has: page.getByText(terms[event].en, { exact: true }) })
        .first()
        .locator('.detail');
    await detail('audit.study.open').waitFor();
    expect(await detail('audit.study.import').innerText()).toBe('90 objects, 1 study');
    expect(await detail('audit.study.open').innerText()).toMatch(/^90 objects, series [\d.]+, study [\d.]+$/);
    expect(await detail('audit.app.start').innerText()).toBe(auditTerms['audit.detail.browser'].en);
    await page.locator('.lang').click();
    const started = page.getByText(auditTerms['audit.detail.browser'].zh, { exact: true }).first();
    await started.waitFor();
    await page.locator('.lang').click();
  });

  it('show the whole disk: Candela, other files, free space', async () => {
    await group('settings.storage').click();
    const shares = page.locator('.use-list.whole li');
    await expect.poll(() => shares.count(), soon).toBe(3);
    const parts = await page.locator('.use-bar').evaluate((bar) => {
      const widthOf = (part: Element | null) => part?.getBoundingClientRect().width ?? 0;
      const others = widthOf(bar.querySelector('.use-others'));
      const all = [...bar.children].reduce((sum, part) => sum + widthOf(part), 0);
      return { others, own: all - others, whole: bar.getBoundingClientRect().width };
    });
    expect(parts.own).toBeGreaterThan(0);
    // The operating system, at least, is there too, and some space is left.
    expect(parts.others).toBeGreaterThan(parts.whole / 100);
    expect(parts.own + parts.others).toBeLessThan(parts.whole);
    for (const name of ['own', 'others', 'free']) {
      expect(await page.locator(`[data-share=${name}] .num`).innerText()).toMatch(/\d (KB|MB|GB|TB)$/);
    }
  });

  it('list the receipt of a rebuild as soon as it is there', async () => {
    await page.getByRole('button', { name: terms['storage.rebuildStart'].en, exact: true }).click();
    const receipt = page.locator('.set .line').filter({ hasText: terms['receipt.title.rebuild'].en });
    await receipt.first().waitFor();
    await receipt.first().click();
    await page.getByRole('heading', { name: terms['receipt.title.rebuild'].en }).waitFor();
  });
});
