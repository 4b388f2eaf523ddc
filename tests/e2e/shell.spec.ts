/** What both shells owe the page (reliability.md D2, D8). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terms } from '../../core/terms/terms.ts';
import { isIsolatedEverywhere, type LaunchedApp, launch, type ShellName, skipReason } from './driver.ts';

const studiesPage = '[data-page="studies"]';

for (const shell of ['browser', 'electron'] satisfies ShellName[]) {
  const reason = skipReason(shell);
  describe.skipIf(reason !== null)(`${shell} shell${reason ? ` (skipped: ${reason})` : ''}`, () => {
    let app: LaunchedApp;
    beforeAll(async () => {
      app = await launch(shell);
    });
    afterAll(() => app?.close());

    it('shows the Studies page', async () => {
      await app.page.waitForSelector(studiesPage);
      expect(app.page.url()).toBe(`${app.origin}/`);
    });

    it('is isolated, so that volumes can be shared with workers', async () => {
      expect(await isIsolatedEverywhere(app.page)).toBe(true);
      expect(await app.page.evaluate(() => new SharedArrayBuffer(8).byteLength)).toBe(8);
    });

    it('has a host that answers through the page', async () => {
      await app.page.waitForSelector(studiesPage);
      await app.page.reload();
      await app.page.waitForSelector(studiesPage);
    });

    it.skipIf(shell === 'electron')('says to a second tab that it is not signed in', async () => {
      const second = await app.context.newPage();
      await second.goto(`${app.origin}/`);
      const told = second.locator('.lost');
      await told.waitFor();
      const said: readonly string[] = [terms['app.notSignedIn'].zh, terms['app.notSignedIn'].en];
      await expect.poll(async () => said.includes(await told.innerText())).toBe(true);
      expect(await told.getByRole('button').count()).toBe(0);
      await second.close();
      // The first one stays as it is.
      expect(await app.page.locator('.lost').count()).toBe(0);
    });

    it('runs no code made from text and loads nothing from elsewhere', async () => {
      const page = await app.context.newPage().catch(() => app.page);
      await page.goto(app.origin === 'candela://app' ? `${app.origin}/` : `${app.origin}/enter`);
      const outcome = await page.evaluate(async () => {
        const tried = async (work: () => unknown) => {
          try {
            await work();
            return 'worked';
          } catch {
            return 'refused';
          }
        };
        return {
          fetch: await tried(() => fetch('http://192.0.2.1/', { mode: 'no-cors' })),
          html: await tried(() => {
            document.createElement('div').innerHTML = '<b>x</b>';
          }),
          worker: await tried(() => new Worker(`data:text/javascript,${'0'}`)),
        };
      });
      expect(outcome).toEqual({ fetch: 'refused', html: 'refused', worker: 'refused' });
      if (page !== app.page) await page.close();
      // These violations were made on purpose.
      (app.faults as string[]).length = 0;
    });
  });
}
