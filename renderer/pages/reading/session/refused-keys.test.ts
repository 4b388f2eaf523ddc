import { expect, it } from 'vitest';
import type { OpenStack } from '../../../volumes/open-stack.ts';
import { startMprView } from '../mpr/mpr-view.ts';
import { readingCommands } from '../reading-commands.ts';
import { type Mode, volumeCells } from './layouts.ts';
import { ReadingSession } from './reading-session.ts';
import { changeCell, startState } from './reading-state.ts';
import { refusedKeys, whyOff } from './refused-keys.ts';

const window = {
  voi: { kind: 'window', center: 40, width: 400, function: 'LINEAR' },
  isInverted: false,
  presetId: null,
} as const;

interface At {
  readonly mode: Mode;
  readonly cell?: (typeof volumeCells)[number];
  readonly slices?: number;
  readonly isColour?: boolean;
  readonly isWhole?: boolean;
}

/** A study with one series, looked at so; nothing of it is drawn. */
function lookedAt({ mode, cell = 'axial', slices = 10, isColour = false, isWhole = true }: At) {
  const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
  const geometry = { size: [10, 10, slices], patientFromIndex: matrix } as unknown as Parameters<
    typeof startMprView
  >[2];
  const stack = {
    count: slices,
    isColour,
    isWhole,
    unit: 'HU',
    groupIndex: 0,
    group: { displayReversed: false, regular: geometry },
    plan: { common: { Modality: 'CT' }, groups: [{}] },
    loader: { store: { state: () => ({ kind: 'waiting' }) } },
    volumeRefusal: () => null,
  } as unknown as OpenStack;
  const start = startState('s');
  const state = {
    ...start,
    study: {} as unknown as typeof start.study,
    mode,
    mpr: mode === 'stack' ? null : startMprView('a', 0, geometry, window, 'CT'),
    cells: changeCell(start, 0, { seriesKey: 'a', window }),
    active: mode === 'stack' ? 0 : volumeCells.indexOf(cell),
  };
  const session: ReadingSession = Object.assign(Object.create(ReadingSession.prototype), {
    store: { getState: () => state },
    stackOf: () => stack,
    mprStack: () => stack,
    volumeStackOf: () => stack,
    phaseStack: () => undefined,
  });
  return session;
}

/** What a key does: a command's id, why it does nothing, or nothing at all. */
function pressed(session: ReadingSession, chord: string): string {
  const held = readingCommands(session).filter(({ keys }) => keys?.includes(chord));
  const on = held.findLast((command) => command.enabled?.() ?? true);
  return on?.id.replace('reading.', '') ?? whyOff(session, held) ?? 'silence';
}

it.each<readonly [string, At, string]>([
  ['KeyT', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['Shift+KeyT', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['KeyB', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['Shift+KeyS', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['Shift+KeyB', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['Comma', { mode: 'stack' }, 'KEY_OF_PLANES'],
  ['BracketLeft', { mode: 'stack' }, 'KEY_OF_CINE'],
  ['KeyC', { mode: 'stack', slices: 1 }, 'KEY_OF_SEVERAL'],
  ['KeyC', { mode: 'stack' }, 'cine'],
  ['Digit9', { mode: 'stack', isColour: true }, 'KEY_OF_WINDOW'],
  ['KeyI', { mode: 'stack', isColour: true }, 'KEY_OF_WINDOW'],
  ['KeyI', { mode: 'stack' }, 'invert'],
  ['KeyC', { mode: 'mpr' }, 'KEY_OF_PHASES'],
  ['ArrowRight', { mode: 'mpr' }, 'KEY_OF_PHASES'],
  ['KeyV', { mode: 'mpr' }, 'KEY_OF_IMAGES'],
  ['PageDown', { mode: 'stack' }, 'KEY_OF_BOOKMARKS'],
  ['Home', { mode: 'mpr' }, 'KEY_OF_IMAGES'],
  ['KeyJ', { mode: 'mpr' }, 'KEY_OF_IMAGES'],
  ['KeyA', { mode: 'mpr' }, 'KEY_OF_3D'],
  ['KeyA', { mode: 'mpr', cell: 'volume' }, 'viewA'],
  ['BracketRight', { mode: 'mpr' }, 'faster'],
  ['BracketRight', { mode: 'mpr', slices: 2 }, 'VOLUME_THIN'],
  ['BracketRight', { mode: '3d', cell: 'volume' }, 'KEY_OF_PLANE'],
  ['ArrowUp', { mode: '3d', cell: 'volume' }, 'KEY_OF_PLANE'],
  ['ArrowUp', { mode: 'mpr', slices: 2 }, 'previousImage'],
  ['Shift+KeyT', { mode: 'mpr', isWhole: false }, 'KEY_WHILE_LOADING'],
  ['Shift+KeyT', { mode: 'mpr', isColour: true }, 'VOLUME_COLOUR'],
  ['Shift+KeyV', { mode: 'mpr' }, 'KEY_OF_VESSELS'],
])('%s at %o: %s', (chord, at, what) => {
  expect(pressed(lookedAt(at), chord)).toBe(what);
});

it('no key of the reading page is silent in a stack, in planes or in 3D', () => {
  for (const at of [
    { mode: 'stack' },
    { mode: 'mpr' },
    { mode: 'mpr', cell: 'volume' },
    { mode: '3d', cell: 'volume' },
    { mode: '3d', cell: 'coronal' },
    { mode: 'mpr', slices: 2, isWhole: false },
  ] as const) {
    const session = lookedAt(at);
    const commands = readingCommands(session);
    const chords = refusedKeys(session, commands).flatMap(({ keys = [] }) => keys);
    expect(chords.length).toBeGreaterThan(50);
    const silent = chords.filter((chord) => pressed(session, chord) === 'silence');
    expect(silent, JSON.stringify(at)).toEqual([]);
  }
});
