/** The tray, the one question, the machine kept awake: against a recording stand-in for Electron. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeImage } from 'electron';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../core/contract/host.ts';
import type { HostEvent } from '../../core/contract/index.ts';
import { settingsSchema } from '../../core/contract/settings.ts';
import { type BackgroundElectron, followInBackground } from './background.ts';

const settingsWith = (receiver: object) => v.parse(settingsSchema, { language: 'en', network: { receiver } });
const statusWith = (associations: number) => ({
  state: 'listening' as const,
  aeTitle: 'CANDELA',
  address: '0.0.0.0',
  port: 11112,
  tlsPort: null,
  problem: null,
  associations: Array.from({ length: associations }, (_, associationId) => ({
    associationId,
    aeTitle: 'CT',
    address: '10.0.0.2',
    encrypted: false,
    startedAtMs: 0,
    received: 0,
    bytes: 0,
  })),
  received: 0,
  refusals: [],
});

function standIn(response = 0) {
  const log: string[] = [];
  class FakeTray {
    constructor() {
      log.push('tray');
    }
    setToolTip = (text: string) => log.push(`tip ${text}`);
    setContextMenu = () => undefined;
    destroy = () => log.push('no tray');
    on = () => this;
  }
  const electron = {
    app: {
      quit: () => log.push('quit'),
      getLocale: () => 'en',
      setLoginItemSettings: (settings: object) => log.push(`login ${JSON.stringify(settings)}`),
    },
    Tray: FakeTray,
    Menu: { buildFromTemplate: () => ({}) },
    dialog: {
      showMessageBox: async () => {
        log.push('asked');
        return { response, checkboxChecked: false };
      },
    },
    powerSaveBlocker: {
      start: () => {
        log.push('awake');
        return 7;
      },
      stop: (id: number) => log.push(`may sleep ${id}`) > 0,
    },
  } as unknown as BackgroundElectron;
  return { electron, log };
}

function hostWith(receiver: object) {
  let settings = settingsWith(receiver);
  const listeners: ((event: HostEvent) => void)[] = [];
  const emit = (topic: string, payload: unknown) => {
    for (const listener of listeners) listener({ seq: 1, topic, payload } as HostEvent);
  };
  const host = {
    async call(name: string, input: { changes?: object }) {
      if (name === 'settings.set') {
        settings = { ...settings, ...input.changes };
        emit('settings', settings);
      }
      return { ok: true, value: settings };
    },
    subscribe(_from: number, listener: (event: HostEvent) => void) {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as Host;
  return { host, emit, settings: () => settings };
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-autostart-'));
  vi.stubEnv('XDG_CONFIG_HOME', folder);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const follow = async (
  receiver: object,
  response = 0,
  platform: NodeJS.Platform = 'linux',
  isHidden = false,
  dataFolder = '/data/50% "x"',
) => {
  const { electron, log } = standIn(response);
  const { host, emit, settings } = hostWith(receiver);
  const options = {
    electron,
    host,
    icon: () => ({}) as NativeImage,
    dataFolder,
    show: () => log.push('shown'),
    platform,
    isHidden,
  };
  const background = followInBackground(options);
  await Promise.resolve();
  await Promise.resolve();
  return { background, log, emit, settings };
};

describe('life without a window', () => {
  it('quits with the last window while the receiver is off', async () => {
    const { background, log } = await follow({ enabled: false });
    await background.lastWindowClosed();
    expect(log).toEqual(['quit']);
  });

  it('asks once with the receiver on, stays, and remembers', async () => {
    const { background, log, settings } = await follow({ enabled: true });
    await background.lastWindowClosed();
    await background.lastWindowClosed();
    expect(log.filter((line) => line === 'asked')).toHaveLength(1);
    expect(log).not.toContain('quit');
    expect(settings().network.receiver.keepInTray).toBe(true);
  });

  it('quits, and remembers, when that was the answer', async () => {
    const { background, log, settings } = await follow({ enabled: true }, 1);
    await background.lastWindowClosed();
    expect(log.slice(-2)).toEqual(['no tray', 'quit']);
    expect(settings().network.receiver.keepInTray).toBe(false);
  });

  it('says in the tray what the receiver does, and keeps the machine awake a minute longer', async () => {
    vi.useFakeTimers();
    const { log, emit } = await follow({ enabled: true, keepInTray: true });
    emit('receiver', statusWith(0));
    expect(log.at(-1)).toBe('tip Candela · Waiting for images (CANDELA, port 11112)');
    emit('receiver', statusWith(2));
    expect(log.slice(-2)).toEqual(['awake', 'tip Candela · Receiving, 2 connections']);
    emit('receiver', statusWith(0));
    vi.advanceTimersByTime(59_000);
    expect(log.at(-1)).not.toBe('may sleep 7');
    vi.advanceTimersByTime(2000);
    expect(log.at(-1)).toBe('may sleep 7');
  });

  it.each<[object, string]>([
    [{ enabled: true }, 'tray'],
    [{ enabled: true, keepInTray: true }, 'tray'],
    [{ enabled: true, keepInTray: false }, 'shown'],
    [{ enabled: false }, 'shown'],
  ])('started with the system is in sight somewhere: %o', async (receiver, first) => {
    const { log } = await follow(receiver, 0, 'linux', true);
    expect(log[0]).toBe(first);
    expect(log.includes('shown')).toBe(first === 'shown');
  });

  it('starts with the system: an entry of the desktop on Linux, Electron’s own way elsewhere', async () => {
    const { emit } = await follow({ enabled: true });
    emit('settings', settingsWith({ enabled: true, startAtLogin: true }));
    const entry = () => readFileSync(join(folder, 'autostart', 'candela.desktop'), 'utf8');
    await vi.waitFor(() => expect(entry()).toContain('"--hidden" "--data" "/data/50%% \\"x\\""'));
    emit('settings', settingsWith({ enabled: true, startAtLogin: false }));
    await vi.waitFor(() => expect(entry).toThrow());
    const mac = await follow({ enabled: true }, 0, 'darwin');
    mac.emit('settings', settingsWith({ startAtLogin: true }));
    expect(mac.log).toContain('login {"openAtLogin":true}');
  });

  it.each([
    [String.raw`C:\Users\Zhang San\Candela`, String.raw`"C:\Users\Zhang San\Candela"`],
    ['D:\\', '"D:\\\\"'],
  ])('starts with Windows on %s, however Windows takes the words apart', async (dataFolder, word) => {
    const { emit, log } = await follow({ enabled: true }, 0, 'win32', false, dataFolder);
    emit('settings', settingsWith({ startAtLogin: true }));
    const args = ['--hidden', '--data', word];
    expect(log).toContain(`login ${JSON.stringify({ openAtLogin: true, path: process.execPath, args })}`);
  });

  it.each([
    ['APPIMAGE', 'linux'],
    ['PORTABLE_EXECUTABLE_FILE', 'win32'],
  ] as const)('starts the file that lies there, not its temporary folder (%s)', async (name, platform) => {
    vi.stubEnv(name, '/apps/Candela');
    const { emit, log } = await follow({ enabled: true }, 0, platform);
    emit('settings', settingsWith({ enabled: true, startAtLogin: true }));
    const entry = () => readFileSync(join(folder, 'autostart', 'candela.desktop'), 'utf8');
    if (platform === 'linux') await vi.waitFor(() => expect(entry()).toContain('Exec="/apps/Candela" '));
    else expect(log.find((line) => line.startsWith('login'))).toContain('"path":"/apps/Candela"');
  });
});
