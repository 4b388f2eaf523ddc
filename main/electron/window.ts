/** The window's own settings (D1), its remembered place, and its return after a crash (F32). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import * as v from 'valibot';
import { sessionPartition } from './session-policy.ts';

/** Every switch of D1 by name, also those that are Electron's default today. */
export function windowOptions(conditions: {
  readonly preload: string;
  readonly isPackaged: boolean;
  readonly bounds: Partial<Rectangle>;
}): BrowserWindowConstructorOptions {
  return {
    width: 1600,
    height: 1000,
    minWidth: 1024,
    minHeight: 640,
    ...conditions.bounds,
    title: 'Candela',
    // The page's own background: no white flash in a dark room.
    backgroundColor: '#0d0e10',
    show: false,
    webPreferences: {
      preload: conditions.preload,
      partition: sessionPartition,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      safeDialogs: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      plugins: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !conditions.isPackaged,
    },
  };
}

/** Where a window stands, or would stand were it not maximised. */
export interface WindowPlace {
  readonly bounds: Partial<Rectangle>;
  readonly isMaximised: boolean;
}

const placeSchema = v.object({
  x: v.pipe(v.number(), v.integer()),
  y: v.pipe(v.number(), v.integer()),
  width: v.pipe(v.number(), v.integer(), v.minValue(200)),
  height: v.pipe(v.number(), v.integer(), v.minValue(200)),
  isMaximised: v.optional(v.boolean(), false),
});

const placeFile = (dataFolder: string) => join(dataFolder, 'electron', 'window.json');

/**
 * Where the window stood last time, no larger than the first of the given screens if that one is gone; the first time
 * it takes its screen, as pictures do.
 */
export function recallPlace(dataFolder: string, screens: readonly Rectangle[]): WindowPlace {
  try {
    const kept = JSON.parse(readFileSync(placeFile(dataFolder), 'utf8'));
    const { isMaximised, ...bounds } = v.parse(placeSchema, kept);
    const isVisible = screens.some(
      ({ x, y, width, height }) =>
        bounds.x < x + width - 100 &&
        bounds.x + bounds.width > x + 100 &&
        bounds.y >= y - 20 &&
        bounds.y < y + height - 100,
    );
    if (isVisible) return { bounds, isMaximised };
    const { width = bounds.width, height = bounds.height } = screens[0] ?? {};
    return {
      bounds: { width: Math.min(bounds.width, width), height: Math.min(bounds.height, height) },
      isMaximised,
    };
  } catch {
    return { bounds: {}, isMaximised: true };
  }
}

export function rememberPlace(dataFolder: string, place: WindowPlace): void {
  const file = placeFile(dataFolder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { bounds, isMaximised } = place;
  writeFileSync(file, JSON.stringify({ ...bounds, isMaximised }), { mode: 0o600 });
}

const reloadsMax = 3;
const reloadWindowMs = 60_000;

/** Loads the page again when its process died; gives up when it dies three times a minute. */
export function reviveOnCrash(
  window: Pick<BrowserWindow, 'webContents'>,
  nowMs: () => number,
  giveUp: () => void,
): void {
  let crashesMs: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = nowMs();
    crashesMs = [...crashesMs.filter((atMs) => now - atMs < reloadWindowMs), now];
    if (crashesMs.length > reloadsMax) giveUp();
    else window.webContents.reload();
  });
}
