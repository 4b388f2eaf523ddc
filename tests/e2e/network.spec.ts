/** As a department's IT person: the receiver, a node, a search, a retrieval, a send; against real peers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { t, terms } from '../../core/terms/terms.ts';
import { freePort, type Orthanc, orthancMissing, startOrthanc } from '../fixtures/orthanc.ts';
import { sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';
import { type LaunchedApp, launch, skipReason } from './driver.ts';
import { rowsOf, soon } from './pages.ts';
import { openFirst } from './planes.ts';

const shared = sharedDataFolder();
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const reason =
  skipReason('browser') ??
  (shared === null ? sharedDataMissing : null) ??
  (has('storescu') ? null : 'storescu is not installed') ??
  orthancMissing;
const word = (key: keyof typeof terms) => t('en', key);
/** Without it Nagle's algorithm makes DCMTK wait 40 ms for each packet. */
const env = { ...process.env, TCP_NODELAY: '1' };
const filesOf = (series: string): string[] => {
  const folder = join(shared ?? '', 'series', series);
  return readdirSync(folder).map((name) => join(folder, name));
};

describe.skipIf(reason !== null)(`in the network${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let app: LaunchedApp;
  let page: Page;
  let orthanc: Orthanc;
  let port = 0;
  let sentCount = 0;
  const dcmtk = (tool: string, ...words: readonly string[]): string =>
    execFileSync(tool, [...words, '127.0.0.1', String(port)], { env, encoding: 'utf8', stdio: 'pipe' });
  const dcmtkWith = (tool: string, words: readonly string[], files: readonly string[]): string =>
    execFileSync(tool, [...words, '127.0.0.1', String(port), ...files], {
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const inSettings = async (group: keyof typeof terms): Promise<void> => {
    await page.getByRole('button', { name: word('app.settings'), exact: true }).click();
    await page
      .locator('nav.src')
      .getByRole('button', { name: word(group), exact: true })
      .click();
  };
  const studies = (): Promise<void> =>
    page.getByRole('button', { name: word('app.studies'), exact: true }).click();

  beforeAll(async () => {
    orthanc = await startOrthanc();
    await orthanc.upload(filesOf('mr-hitachi').map((path) => readFileSync(path)));
    port = await freePort();
    app = await launch('browser', { locale: 'en-US' });
    page = app.page;
    page.setDefaultTimeout(soon.timeout);
  });
  afterAll(async () => {
    await app?.close();
    await orthanc?.stop();
  });

  it('receives after one click and a port, and the study comes in sight by itself', async () => {
    await inSettings('settings.receiver');
    const field = page.getByRole('textbox', { name: word('network.receiver.port'), exact: true });
    await field.fill(String(port));
    await field.press('Enter');
    await page.getByRole('button', { name: word('network.receiver.start') }).click();
    await page.getByText(word('network.state.listening'), { exact: true }).waitFor();
    dcmtk('echoscu', '-aec', 'CANDELA');
    await studies();
    const sent = filesOf('mr-multi-echo-siemens');
    sentCount = sent.length;
    execFileSync('storescu', ['-aec', 'CANDELA', '127.0.0.1', String(port), ...sent], { env, stdio: 'pipe' });
    await expect.poll(() => rowsOf(page).first().innerText(), soon).toContain('MR');
    await expect
      .poll(async () => (await rowsOf(page).first().innerText()).split('\n'), soon)
      .toContain(String(sent.length));
    await openFirst(page);
  });

  it('says that a device calls another title, and what to do', async () => {
    expect(() => dcmtk('echoscu', '-aec', 'WRONG')).toThrow();
    await page.getByText('WRONG', { exact: false }).first().waitFor();
    await inSettings('settings.receiver');
    await expect.poll(() => page.locator('.net-table').last().innerText(), soon).toContain('WRONG');
  });

  it('demands a user name and passcode, and says whom it turned away for that', async () => {
    await inSettings('settings.receiver');
    const choose = (choice: 'none' | 'password') =>
      page
        .getByText(word(`network.receiver.identity.${choice}`), { exact: true })
        .first()
        .click();
    const fill = async (key: keyof typeof terms, text: string) => {
      const field = page.getByLabel(word(key), { exact: true }).last();
      await field.fill(text);
      await field.press('Enter');
    };
    await choose('password');
    await page.getByText(word('network.receiver.identityMissing')).waitFor();
    await fill('network.receiver.identityUser', 'ct');
    await fill('network.receiver.passcode', 'open sesame');
    await page.getByText(word('network.receiver.identityMissing')).waitFor({ state: 'detached' });
    const [first = ''] = filesOf('mr-multi-echo-siemens');
    const isTaken = (...words: string[]): boolean => {
      try {
        dcmtkWith('storescu', [...words, '-aet', 'CT9', '-aec', 'CANDELA'], [first]);
        return true;
      } catch {
        return false;
      }
    };
    // What the page changes is in force a moment later.
    await expect.poll(() => isTaken('-usr', 'ct', '-pwd', 'wrong'), soon).toBe(false);
    await expect.poll(() => page.locator('.net-table').last().innerText(), soon).toContain('CT9');
    expect(await page.locator('.net-table').last().innerText()).toContain('gave no user identity');
    await expect.poll(() => isTaken('-usr', 'ct', '-pwd', 'open sesame'), soon).toBe(true);
    await choose('none');
    await expect.poll(() => isTaken(), soon).toBe(true);
  });

  it('asks one station for a user of its own, and keeps its passcode unseen', async () => {
    await inSettings('settings.nodes');
    await page.getByRole('button', { name: word('nodes.add') }).click();
    const dialog = page.getByRole('dialog');
    const fill = (key: keyof typeof terms, text: string) =>
      dialog.getByLabel(word(key), { exact: true }).fill(text);
    await fill('nodes.name', 'Scanner');
    await fill('nodes.aeTitle', 'CT7');
    await fill('nodes.host', '127.0.0.1');
    await dialog.getByText(word('nodes.callerHint.receiver')).waitFor();
    await dialog.getByLabel(word('nodes.callerIdentity'), { exact: true }).selectOption('password');
    await dialog.getByText(word('nodes.callerHint.password')).waitFor();
    const save = dialog.getByRole('button', { name: word('nodes.save') });
    expect(await save.isDisabled()).toBe(true);
    await fill('nodes.callerUser', 'seven');
    const passcode = dialog.getByLabel(word('nodes.callerPasscode'), { exact: true });
    expect(await passcode.getAttribute('placeholder')).toBe(word('nodes.secretNew'));
    await passcode.fill('lucky');
    await save.click();
    await dialog.waitFor({ state: 'detached' });
    const [first = ''] = filesOf('mr-multi-echo-siemens');
    const isTaken = (...words: string[]): boolean => {
      try {
        dcmtkWith('storescu', [...words, '-aet', 'CT7', '-aec', 'CANDELA'], [first]);
        return true;
      } catch {
        return false;
      }
    };
    await expect.poll(() => isTaken('-usr', 'seven', '-pwd', 'lucky'), soon).toBe(true);
    expect(isTaken()).toBe(false);
    await page.getByRole('button', { name: t('en', 'nodes.edit', { name: 'Scanner' }) }).click();
    expect(await passcode.inputValue()).toBe('');
    expect(await passcode.getAttribute('placeholder')).toBe(word('nodes.secretKept'));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: t('en', 'nodes.delete', { name: 'Scanner' }) }).click();
    await expect.poll(() => isTaken(), soon).toBe(true);
  });

  it('tries a node step by step, and says in words what fails', async () => {
    await inSettings('settings.nodes');
    await page.getByRole('button', { name: word('nodes.add') }).click();
    const dialog = page.getByRole('dialog');
    const fill = (key: keyof typeof terms, text: string) =>
      dialog.getByRole('textbox', { name: word(key), exact: true }).fill(text);
    await fill('nodes.name', 'Archive');
    await fill('nodes.aeTitle', orthanc.aeTitle);
    await fill('nodes.host', '127.0.0.1');
    await fill('nodes.port', String(await freePort()));
    await dialog.getByRole('button', { name: word('nodes.test') }).click();
    await dialog.locator('.node-steps .danger').waitFor();
    await expect.poll(() => dialog.locator('.node-steps').innerText(), soon).toContain('Nothing answers');
    await fill('nodes.port', String(orthanc.dimsePort));
    await dialog.getByRole('button', { name: word('nodes.test') }).click();
    await expect.poll(() => dialog.locator('.node-steps .ok').count(), soon).toBe(5);
    await dialog.getByRole('button', { name: word('nodes.save') }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('searches it with the same box, and retrieves and opens by a double click', async () => {
    await studies();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('searchbox').first().press('Enter');
    await expect.poll(() => rowsOf(page).count(), soon).toBe(1);
    await printsFound(page);
    await rowsOf(page).first().click();
    await expect.poll(() => page.locator('.remote-series li').count(), soon).toBe(1);
    await rowsOf(page).first().dblclick();
    await page.locator('.page .surface canvas[data-painted]').first().waitFor();
    await studies();
    await expect.poll(() => rowsOf(page).first().innerText(), soon).toContain(word('remote.allHere'));
  });

  it('sends a study, and lists what became of each object', async () => {
    await page
      .getByRole('button', { name: word('studies.all'), exact: false })
      .first()
      .click();
    await expect.poll(() => rowsOf(page).count(), soon).toBe(2);
    const row = rowsOf(page).filter({ hasText: 'phantom' });
    await row.click();
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: word('send.menu') }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: word('send.start') })
      .click();
    const stored = async () =>
      ((await (await orthanc.rest('GET', '/statistics')).json()) as Statistics).CountInstances;
    await expect.poll(stored, soon).toBe(sentCount + filesOf('mr-hitachi').length);
    await page.keyboard.press('Control+KeyJ');
    await page
      .getByRole('button', { name: word('outcomes.show') })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: word('outcomes.title') });
    await expect.poll(() => dialog.locator('tbody tr').count(), soon).toBe(sentCount);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+KeyJ');
  });

  it('asks before it ends, and the tab says so afterwards', async () => {
    await page.getByRole('button', { name: word('command.quit') }).click();
    await page.getByText(word('quit.askReceiving')).waitFor();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: word('app.cancel') })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    dcmtk('echoscu', '-aec', 'CANDELA');
  });
});

/** Ctrl+P prints what the station answered as a table, in both languages; nothing of the window. */
async function printsFound(page: Page): Promise<void> {
  // Without a screen nobody answers the dialogue.
  await page.evaluate(() => {
    window.print = () => void dispatchEvent(new Event('beforeprint'));
  });
  const [onScreen = ''] = await rowsOf(page).first().locator('td').allInnerTexts();
  for (const language of ['en', 'zh'] as const) {
    await page.keyboard.press('Control+KeyP');
    const sheet = page.locator('.print-root');
    await sheet.waitFor({ state: 'attached' });
    const text = await sheet.evaluate((root) => root.textContent ?? '');
    for (const words of [
      'Archive',
      onScreen,
      terms['remote.table'][language],
      terms['remote.description'][language],
    ])
      expect(text).toContain(words);
    expect(await sheet.locator('tbody tr').count()).toBe(1);
    expect(await sheet.locator('th').count()).toBe(await page.locator('.remote-grid th').count());
    await page.emulateMedia({ media: 'print' });
    expect(await sheet.locator('.print-list').isVisible()).toBe(true);
    expect(await page.locator('.bar').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
    expect(await sheet.count()).toBe(0);
    await page.locator('.lang').click();
  }
  await page.locator('html[lang=en]').waitFor({ state: 'attached' });
}

interface Statistics {
  readonly CountInstances: number;
}
