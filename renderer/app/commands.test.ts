import { expect, it, vi } from 'vitest';
import { allCommands, commandForChord, registerCommand, registerCommands, runCommand } from './commands.ts';

const term = { zh: '甲', en: 'a' };

it('runs by id and by chord, the newest enabled first, and forgets on unregister', () => {
  const old = vi.fn();
  const fresh = vi.fn();
  let isOn = true;
  const endOld = registerCommand({ id: 'a.old', term, keys: ['KeyI'], run: old });
  const endNew = registerCommands([{ id: 'a.new', term, keys: ['KeyI'], run: fresh, enabled: () => isOn }]);
  commandForChord('KeyI')?.run();
  expect(fresh).toHaveBeenCalledTimes(1);
  isOn = false;
  commandForChord('KeyI')?.run();
  expect(old).toHaveBeenCalledTimes(1);
  expect(runCommand('a.new')).toBe(false);
  endNew();
  endOld();
  expect(commandForChord('KeyI')).toBeUndefined();
  expect(allCommands()).toEqual([]);
});

it('keeps a command that was registered again when the older registration ends', () => {
  const first = registerCommand({ id: 'b', term, run: () => undefined });
  const second = registerCommand({ id: 'b', term, run: () => undefined });
  first();
  expect(allCommands().map((command) => command.id)).toEqual(['b']);
  second();
});
