/** As a hospital's IT person: a restored store takes the place of the one in use, which is kept. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { t, type terms } from '../../core/terms/terms.ts';
import { ask, jobEnd, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { importPhantom, smallBody } from '../fixtures/phantom-folder.ts';
import { launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';

const reason = skipReason('browser');
const word = (key: keyof typeof terms) => t('zh-CN', key);
const folder = temporaryFolder();
const data = join(folder.path, 'data');
afterAll(() => folder.remove());

const toStorage = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: word('app.settings'), exact: true }).click();
  await page
    .locator('nav.src')
    .getByRole('button', { name: word('settings.storage'), exact: true })
    .click();
};

it.skipIf(reason !== null)('uses a restored store after a start, and keeps the other', async () => {
  importPhantom(data, join(folder.path, 'series'), smallBody);
  const host = await openHost(data);
  const backup = { folder: join(folder.path, 'backup') };
  await jobEnd(host, (await ask(host, 'backup.start', backup)).jobId);
  // Deleted since: only the backup has it in the list.
  const studyKeys = (await listAll(host)).rows.map(({ studyKey }) => studyKey);
  await ask(host, 'studies.delete', { studyKeys });
  const target = join(folder.path, 'restored');
  await jobEnd(host, (await ask(host, 'backup.restore', { ...backup, target })).jobId);
  await host.close();

  const app = await launch('browser', { locale: 'zh-CN', dataFolder: data });
  app.page.setDefaultTimeout(soon.timeout);
  await expect.poll(() => rowsOf(app.page).count(), soon).toBe(0);
  await toStorage(app.page);
  await app.page.getByText(word('backup.restoredNext')).waitFor();
  await app.page.getByRole('button', { name: word('backup.use') }).click();
  await app.page.getByRole('button', { name: word('backup.useNow') }).click();
  await app.page.getByText(word('quit.ended')).first().waitFor();
  expect(await app.page.locator('.quit').innerText()).toContain('before-restore-');
  await app.close();

  const again = await launch('browser', { locale: 'zh-CN', dataFolder: data });
  again.page.setDefaultTimeout(soon.timeout);
  await expect.poll(() => rowsOf(again.page).count(), soon).toBe(studyKeys.length);
  await rowsOf(again.page).first().dblclick();
  await again.page.locator('.surface canvas[data-painted]').first().waitFor();
  expect(existsSync(target)).toBe(false);
  const kept = () => readdirSync(data).filter((name) => name.startsWith('before-restore-'));
  expect(kept()).toHaveLength(1);
  expect(existsSync(join(data, kept()[0] ?? '', 'index.db'))).toBe(true);

  // What was in use stays until a person deletes it.
  await toStorage(again.page);
  const remove = again.page.getByRole('button', { name: word('kept.delete'), exact: true });
  await remove.click();
  await again.page.getByText(kept()[0] ?? '-').waitFor();
  await again.page.getByRole('button', { name: word('app.cancel'), exact: true }).click();
  expect(kept()).toHaveLength(1);
  await remove.click();
  await again.page.getByRole('button', { name: word('kept.forGood'), exact: true }).click();
  await expect.poll(() => remove.count(), soon).toBe(0);
  await expect.poll(kept, soon).toEqual([]);
  expect(existsSync(join(data, 'index.db'))).toBe(true);
  await again.close();
});
