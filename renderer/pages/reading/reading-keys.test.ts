import { expect, test } from 'vitest';
import { problem } from '../../../core/base/problem.ts';
import { matchScore } from '../../../core/terms/pinyin.ts';
import { t } from '../../../core/terms/terms.ts';
import { commandTerm, isEnabled } from '../../app/commands.ts';
import { groupKeys } from '../../app/keys-sheet.tsx';
import { setMaskWork } from './masks/mask-set.ts';
import { readingCommands } from './reading-commands.ts';
import { readingKeys } from './reading-keys.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { type ReadingState, startState } from './session/reading-state.ts';

test('lists every key of the reading page without a study', () => {
  const named = readingKeys();
  const keys = named.flatMap((command) => command.keys ?? []);
  expect(new Set(named.map((command) => command.id)).size).toBe(named.length);
  expect(keys).toEqual(
    expect.arrayContaining(['KeyW', 'KeyL', 'KeyM', 'Shift+KeyM', 'Shift+Digit9', 'Space', 'Home']),
  );
});

test.each(['zh-CN', 'en'] as const)('calls no two keys of a group the same (%s)', (language) => {
  for (const { group, commands } of groupKeys(readingKeys())) {
    const names = commands.map((command) => t(language, commandTerm(command)));
    expect([t(language, group), ...new Set(names)]).toEqual([t(language, group), ...names]);
  }
});

test('finds window presets by what they are on the picture that is looked at', () => {
  const commandsOf = (modality: string, unit: string) => {
    const loader = { store: { state: () => ({ kind: 'waiting' }) } };
    const stack = { plan: { common: { Modality: modality } }, unit, loader };
    const session = {
      state: startState('study'),
      activeCell: () => ({ k: 0 }),
      stackOf: () => stack,
      windowOf: () => ({}),
    } as unknown as ReadingSession;
    return readingCommands(session).filter(({ id }) => id.startsWith('reading.preset'));
  };
  const found = (query: string, modality: string, unit: string): readonly string[] =>
    commandsOf(modality, unit)
      .filter((command) => isEnabled(command) && matchScore(query, commandTerm(command)) > 0)
      .map((command) => t('en', commandTerm(command)));
  expect(found('fei', 'CT', 'HU')).toEqual(['Lung · Window preset 1', 'PE · Window presets']);
  expect(found('spine', 'CT', 'HU')).toEqual(['Spine · Window presets']);
  expect(found('fei', 'MR', '')).toEqual([]);
  expect(found('mean', 'PT', 'Bq/ml').length).toBe(4);
  // Without a study keys have numbers.
  expect(readingKeys().map((command) => t('en', commandTerm(command)))).toContain('Window preset 1');
});

test.each(['undo', 'redo', 'escape', 'tool.length'])(
  'what went wrong with a mask is forgotten when the reader goes on: %s',
  (id) => {
    const session = {
      state: startState('study'),
      set(part: Partial<ReadingState>): void {
        this.state = { ...this.state, ...part };
      },
      undo: () => undefined,
      redo: () => undefined,
      annotate: () => undefined,
      mprStack: () => undefined,
    };
    setMaskWork(session, { problem: problem('MASK_EMPTY') });
    const commands = readingCommands(session as unknown as ReadingSession);
    commands.find((command) => command.id === `reading.${id}`)!.run();
    expect(session.state.maskWork.problem).toBeNull();
  },
);
