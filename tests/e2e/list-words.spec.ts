/** What the study list says: whole columns on usual screens, and what Delete does to studies that are not stored here. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import { t, type terms } from '../../core/terms/terms.ts';
import { type Gate, startGate } from '../fixtures/gate.ts';
import { ask, importPaths, openHost, temporaryFolder } from '../fixtures/host.ts';
import { untilListening } from '../fixtures/listening.ts';
import { freePort } from '../fixtures/orthanc.ts';
import { writeStudy } from '../fixtures/small-study.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { importPath, rowsOf, soon } from './pages.ts';

const reason = skipReason('browser');
const word = (key: keyof typeof terms, params?: Record<string, string | number>) => t('en', key, params);

describe.skipIf(reason !== null)(`the study list${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const folder = temporaryFolder();
  const files = (name: string) => join(folder.path, name);
  let app: LaunchedApp;
  let page: Page;
  let archive: Host;
  let gate: Gate;

  const message = (key: keyof typeof terms, params?: Record<string, string | number>) =>
    page.locator('.msg', { hasText: word(key, params) });
  const source = (name: string) => page.locator('nav.src').getByRole('button', { name });
  const node = { protocol: 'dimse', host: '127.0.0.1', aeTitle: 'CANDELA' } as const;

  /** A store with one study, a receiver and a station; and that station, with another study. */
  beforeAll(async () => {
    const [ours, theirs] = [await freePort(), await freePort()];
    gate = await startGate(ours);
    archive = await openHost(files('archive'), {
      shell: 'browser',
      receiver: { enabled: true, port: theirs, address: '127.0.0.1', answersQueries: true },
    });
    await untilListening(archive);
    await importPaths(
      archive,
      writeStudy(files('a'), {
        uid: '2.25.701',
        images: 30,
        size: 256,
        patientId: 'FAR1',
        patientName: 'Far^Away',
      }),
    );
    await ask(archive, 'nodes.save', { node: { ...node, nodeId: 'us', name: 'Us', port: gate.port } });
    const host = await openHost(files('data'));
    await ask(host, 'nodes.save', { node: { ...node, nodeId: 'far', name: 'Archive', port: theirs } });
    const { network } = await ask(host, 'settings.get', {});
    const receiver = { ...network.receiver, enabled: true, port: ours, address: '127.0.0.1' as const };
    await ask(host, 'settings.set', { changes: { network: { ...network, receiver } } });
    await importPaths(
      host,
      writeStudy(files('b'), { uid: '2.25.702', patientId: 'NEAR1', patientName: 'Near^By' }),
    );
    await host.close();
    writeStudy(files('disc'), { uid: '2.25.703', patientId: 'DISC1', patientName: 'Disc^Only' });
    app = await launch('browser', { locale: 'en-US', dataFolder: files('data') });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
    await rowsOf(page).first().waitFor();
  });
  afterAll(async () => {
    await app?.close();
    await archive?.close();
    gate?.close();
    folder.remove();
  });

  it('shows every column whole beside the preview, also what a study that arrives says', async () => {
    gate.shutAfter(2_000_000);
    await ask(archive, 'remote.send', { nodeId: 'us', studyKeys: ['s.2.25.701'] });
    const status = rowsOf(page).filter({ hasText: 'FAR1' }).locator('.arriving');
    await status.waitFor();
    for (const width of [1366, 1501, 1600, 1701, 1881]) {
      await page.setViewportSize({ width, height: 900 });
      const cut = () =>
        page.evaluate(() => {
          const list = document.querySelector('.list')?.getBoundingClientRect();
          const whole = [...document.querySelectorAll('.grid .th > th, .search > *')];
          const outside = whole.filter((one) => one.getBoundingClientRect().right > (list?.right ?? 0) + 0.5);
          const said = document.querySelector('.rows .arriving')?.closest('td');
          return { outside: outside.length, isCut: !said || said.scrollWidth > said.clientWidth };
        });
      await expect.poll(cut, soon).toEqual({ outside: 0, isCut: false });
    }
    gate.open();
    await status.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1600, height: 900 });
  });

  it('deletes nothing that is read in place, says so, and closes the place when asked', async () => {
    await importPath(page, files('disc'), 'open');
    const row = rowsOf(page).filter({ hasText: 'DISC1' });
    await row.click();
    await page.keyboard.press('Delete');
    await message('studies.deleteInPlace').waitFor();
    expect(await row.count()).toBe(1);
    await message('studies.deleteInPlace')
      .getByRole('button', { name: word('studies.closePlace') })
      .click();
    await row.waitFor({ state: 'detached' });
  });

  it('says of what is in the bin that it is there, and restores it', async () => {
    await source(word('studies.all')).first().click();
    const row = rowsOf(page).filter({ hasText: 'NEAR1' });
    await row.click();
    await page.keyboard.press('Delete');
    await message('studies.deleted', { n: 1 }).waitFor();
    await row.waitFor({ state: 'detached' });
    await source(word('studies.bin')).click();
    await row.click();
    await page.keyboard.press('Delete');
    await message('studies.deleteInBin')
      .getByRole('button', { name: word('studies.restore') })
      .click();
    await message('studies.restored', { n: 1 }).waitFor();
    await source(word('studies.all')).first().click();
    await row.waitFor();
  });

  it('deletes nothing at another station, nor here while that is shown', async () => {
    await source('Archive').click();
    // As the guide says: choose it, press Enter.
    await page.keyboard.press('Enter');
    const row = rowsOf(page).filter({ hasText: 'FAR1' });
    await row.waitFor();
    await row.click();
    await page.keyboard.press('Delete');
    await message('remote.deleteThere', { name: 'Archive' }).waitFor();
    await source(word('studies.all')).first().click();
    await expect.poll(() => rowsOf(page).count(), soon).toBe(2);
  });
});
