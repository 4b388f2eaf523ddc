/** The built desktop shell while it receives, against the recording fake: tray, one question, no sleep, log-in. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trayTerms } from '../../../core/terms/tray.ts';
import { DimsePeer } from '../../fixtures/dimse-peer.ts';
import { ask, openHost } from '../../fixtures/host.ts';
import { freePort } from '../../fixtures/orthanc.ts';
import { createFakeElectron, type FakeElectron } from './fake-electron.ts';

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'out/main/electron.js');
const reason = existsSync(bundle)
  ? process.platform === 'linux'
    ? ''
    : ' (skipped: its entry at log-in is read as on Linux)'
  : ' (skipped: not built)';
const waits = { timeout: 90_000 };

describe.skipIf(reason !== '')(`the desktop while it receives${reason}`, () => {
  describe.each([
    ['zh', 'zh-CN'],
    ['en', 'en'],
  ] as const)('in %s', (words, language) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'candela-tray-'));
    let fake: FakeElectron;
    let port = 0;
    const call = async (name: string, input: object): Promise<unknown> => {
      const { webContents } = fake.windows[0]!;
      const event = { sender: webContents, senderFrame: webContents.mainFrame };
      const answer = await fake.handlers.get('candela:call')?.(event, name, JSON.stringify(input));
      return (JSON.parse(String(answer)) as { value?: unknown }).value;
    };
    const network = async () =>
      ((await call('settings.get', {})) as { network: { receiver: object } }).network;

    beforeAll(async () => {
      vi.stubEnv('XDG_CONFIG_HOME', join(dataFolder, 'config'));
      port = await freePort();
      const host = await openHost(dataFolder);
      const settings = await ask(host, 'settings.get', {});
      const receiver = { ...settings.network.receiver, enabled: true, port, address: '127.0.0.1' as const };
      await ask(host, 'settings.set', {
        changes: { language, network: { ...settings.network, receiver } },
      });
      await host.close();
      fake = createFakeElectron({ isPackaged: true });
      vi.resetModules();
      vi.doMock('electron', () => fake.module);
      const before = process.argv;
      process.argv = ['electron', root, '--data', dataFolder];
      await import(/* @vite-ignore */ bundle).finally(() => {
        process.argv = before;
      });
      await vi.waitFor(() => expect(fake.trays).toHaveLength(1), waits);
    });
    afterAll(async () => {
      fake.app.emit('will-quit', { preventDefault: () => undefined });
      await vi.waitFor(() => expect(fake.order).toContain('quit'), waits);
      vi.unstubAllEnvs();
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('says in the tray that it waits, and what can be done there', async () => {
      const [tray] = fake.trays;
      expect(existsSync(tray!.icon.paths[0]!)).toBe(true);
      const state = trayTerms.listening[words]
        .replace('{aeTitle}', 'CANDELA')
        .replace('{port}', String(port));
      await vi.waitFor(() => expect(tray!.setToolTip).toHaveBeenLastCalledWith(`Candela · ${state}`), waits);
      const menu = fake.module.Menu.buildFromTemplate.mock.calls.at(-1)?.[0] as { label?: string }[];
      expect(menu.flatMap(({ label }) => label ?? [])).toEqual([
        trayTerms.open[words],
        state,
        trayTerms.quit[words],
      ]);
    });

    it('keeps the machine awake while a device is connected', async () => {
      expect(fake.module.powerSaveBlocker.start).not.toHaveBeenCalled();
      const peer = await DimsePeer.open({ port });
      await vi.waitFor(
        () => expect(fake.module.powerSaveBlocker.start.mock.calls).toEqual([['prevent-app-suspension']]),
        waits,
      );
      peer.abort();
      await peer.closed;
    });

    it('asks once whether to stay when its window is closed, in words of the person', async () => {
      const { showMessageBox } = fake.module.dialog;
      showMessageBox.mockResolvedValue({ response: 0 });
      fake.app.emit('window-all-closed');
      await vi.waitFor(
        async () => expect((await network()).receiver).toMatchObject({ keepInTray: true }),
        waits,
      );
      expect(showMessageBox.mock.calls).toEqual([
        [
          expect.objectContaining({
            message: trayTerms.askTitle[words],
            detail: trayTerms.askDetail[words],
            buttons: [trayTerms.askKeep[words], trayTerms.askQuit[words]],
          }),
        ],
      ]);
      fake.app.emit('window-all-closed');
      await network();
      expect(showMessageBox).toHaveBeenCalledOnce();
      expect(fake.order).not.toContain('quit');
    });

    it('starts at log-in where it was told to, and no more when it was told not to', async () => {
      const entry = join(dataFolder, 'config/autostart/candela.desktop');
      const tell = async (startAtLogin: boolean) => {
        const now = await network();
        const receiver = { ...now.receiver, startAtLogin };
        await call('settings.set', { changes: { network: { ...now, receiver } } });
      };
      await tell(true);
      await vi.waitFor(() => expect(readFileSync(entry, 'utf8')).toContain('--hidden'), waits);
      await tell(false);
      await vi.waitFor(() => expect(existsSync(entry)).toBe(false), waits);
    });
  });
});
