import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recallPlace, rememberPlace } from './window.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-window-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const laptop = { x: 0, y: 0, width: 1366, height: 728 };
const second = { x: 1366, y: -200, width: 2560, height: 1400 };
const bounds = { x: 1500, y: 20, width: 1800, height: 1100 };

it('takes its screen the first time, and where what was kept cannot be read', () => {
  expect(recallPlace(folder, [laptop])).toEqual({ bounds: {}, isMaximised: true });
  mkdirSync(join(folder, 'electron'));
  writeFileSync(join(folder, 'electron', 'window.json'), '{"x":');
  expect(recallPlace(folder, [laptop])).toEqual({ bounds: {}, isMaximised: true });
});

it.each([true, false])('stands where it stood, maximised or not (%s)', (isMaximised) => {
  rememberPlace(folder, { bounds, isMaximised });
  expect(recallPlace(folder, [laptop, second])).toEqual({ bounds, isMaximised });
});

it('comes to the first screen, no larger than that, when its own is gone', () => {
  rememberPlace(folder, { bounds, isMaximised: false });
  expect(recallPlace(folder, [laptop])).toEqual({ bounds: { width: 1366, height: 728 }, isMaximised: false });
});

it('reads what was kept before it knew of maximised windows', () => {
  mkdirSync(join(folder, 'electron'));
  writeFileSync(join(folder, 'electron', 'window.json'), JSON.stringify(bounds));
  expect(recallPlace(folder, [second])).toEqual({ bounds, isMaximised: false });
});
