import { expect, test } from 'vitest';
import { withCompany } from './panel-memory.ts';
import { type ReadingState, startState } from './reading-state.ts';

const change = (state: ReadingState, part: Partial<ReadingState>): ReadingState => ({
  ...state,
  ...withCompany(state, part),
});
const before = { ...startState('a'), mode: 'mpr', panel: 'tags' } as const;
const along = change(change(before, { mode: 'cpr' }), { panel: 'vessel' });

test('leaving CPR brings back the panel that was open before', () => {
  expect(along.panel).toBe('vessel');
  for (const mode of ['stack', 'mpr', '3d'] as const) expect(change(along, { mode }).panel).toBe('tags');
});

test('a panel chosen meanwhile stays, and one closed stays closed', () => {
  expect(change(change(along, { panel: 'measure' }), { mode: 'mpr' }).panel).toBe('measure');
  expect(change(change(along, { panel: null }), { mode: 'mpr' }).panel).toBeNull();
});

test('who had the vessel panel, or none, keeps it', () => {
  const vessel = change({ ...before, panel: 'vessel' }, { mode: 'cpr' });
  expect(change(vessel, { mode: 'stack' }).panel).toBe('vessel');
  const none = change({ ...before, panel: null }, { mode: 'cpr' });
  expect(change(change(none, { panel: 'vessel' }), { mode: 'stack' }).panel).toBe('vessel');
});

test('what is remembered is used up', () => {
  const left = change(along, { mode: 'mpr' });
  expect(left.panelBefore).toBeNull();
  expect(change(change({ ...left, panel: 'vessel' }, { mode: 'cpr' }), { mode: 'mpr' }).panel).toBe('vessel');
});

test('a tool of volumes is put down where stacks are shown, any other stays in the hand', () => {
  for (const tool of ['centreline', 'crosshair', 'scissors', 'brush'] as const) {
    expect(change({ ...along, tool }, { mode: 'stack' }).tool).toBe('window');
    expect(change({ ...along, tool }, { mode: 'mpr' }).tool).toBe(tool);
  }
  for (const tool of ['length', 'zoom', 'probe'] as const) {
    expect(change({ ...along, tool }, { mode: 'stack' }).tool).toBe(tool);
  }
});
