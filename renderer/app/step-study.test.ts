import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { StudyRow } from '../../core/contract/studies.ts';

const study = (studyKey: string, deletedAtMs: number | null = null) =>
  ({
    studyKey,
    patientId: studyKey,
    patientName: { alphabetic: studyKey },
    birthDate: '',
    modalities: ['CT'],
    description: '',
    deletedAtMs,
    unread: true,
    stored: true,
  }) as unknown as StudyRow;

const begun = new Set<string>();
const gone = new Set<string>();
const binned = new Set<string>();
const held = { until: Promise.resolve() };
const call = vi.fn(async (name: string, { studyKey = '' }: { studyKey?: string; studyKeys?: string[] }) => {
  if (name !== 'studies.show') return { ok: true, value: {} };
  await held.until;
  if (gone.has(studyKey)) return { ok: false, problem: { code: 'NOT_FOUND' } };
  return { ok: true, value: { study: study(studyKey, binned.has(studyKey) ? 1 : null) } };
});
vi.mock('./late-reading.ts', () => ({
  lateReading: () => ({ begin: vi.fn(), isBusy: (key: string) => begun.has(key) }),
}));
vi.mock('./client.ts', () => ({ client: () => ({ call }) }));
const told: unknown[] = [];
const dismissOfStudy = vi.fn();
vi.mock('./messages.ts', () => ({
  dismissOfStudy: () => dismissOfStudy(),
  showProblem: vi.fn(),
  showMessage: ({ text }: { text: unknown }) => told.push(text),
  words: (term: string) => term,
}));
const changed: Record<string, unknown> = {};
vi.mock('./settings-sync.ts', () => ({ changeSettings: (some: object) => Object.assign(changed, some) }));

// All files of a worker share their modules: another may have loaded these with other clients, and none may get ours.
vi.resetModules();
afterAll(() => void vi.resetModules());
const { activateStudy, closeStudy, goTo, keepStudy, openStudies, stepStudy } = await import('./actions.ts');
const { useApp } = await import('./app-store.ts');
const tabs = (): string[] => useApp.getState().openStudies.map(({ studyKey }) => studyKey);
const active = (): string | null => useApp.getState().activeStudyKey;

beforeEach(() => {
  gone.clear();
  binned.clear();
  told.length = 0;
  call.mockClear();
  held.until = Promise.resolve();
  const readingOrder = ['a', 'b', 'c', 'd'];
  useApp.setState({ openStudies: [], activeStudyKey: null, recentStudies: [], readingOrder });
  openStudies([study('b')]);
});

test('goes through the list in one tab, marks each as read, and says where it ends', async () => {
  await stepStudy(1);
  expect([tabs(), active()]).toEqual([['c'], 'c']);
  expect(call).toHaveBeenCalledWith('studies.setUnread', { studyKeys: ['c'], unread: false });
  await stepStudy(1);
  await stepStudy(1);
  expect([tabs(), active(), told]).toEqual([['d'], 'd', ['command.noNextStudy']]);
  for (let n = 0; n < 4; n += 1) await stepStudy(-1);
  expect([tabs(), active(), told.at(-1)]).toEqual([['a'], 'a', 'command.noPreviousStudy']);
});

test('shows what has a tab already, and keeps tabs of others', async () => {
  openStudies([study('x')]);
  openStudies([study('b')]);
  await stepStudy(1);
  expect([tabs(), active()]).toEqual([['c', 'x'], 'c']);
  useApp.setState({ readingOrder: ['c', 'x'] });
  await stepStudy(1);
  expect([tabs(), active()]).toEqual([['c', 'x'], 'x']);
});

test('passes over studies that are gone or in the bin', async () => {
  gone.add('c');
  await stepStudy(1);
  expect(active()).toBe('d');
  binned.add('c');
  gone.clear();
  await stepStudy(-1);
  expect(active()).toBe('b');
});

test('of a study opened elsewhere goes through the tabs, round the end', async () => {
  openStudies([study('x')]);
  await stepStudy(1);
  expect([tabs(), active()]).toEqual([['b', 'x'], 'b']);
});

test('a hand that goes on does not wait; who has gone to another page stays there', async () => {
  const hold = (): (() => void) => {
    let release = (): void => undefined;
    held.until = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  const release = hold();
  const steps = [stepStudy(1), stepStudy(1)];
  release();
  await Promise.all(steps);
  expect([tabs(), active()]).toEqual([['d'], 'd']);
  const again = hold();
  const step = stepStudy(-1);
  goTo({ kind: 'studies' });
  again();
  await step;
  expect([active(), useApp.getState().page.kind]).toEqual(['d', 'studies']);
});

const openOneByOne = (keys: string): void => {
  for (const key of keys) openStudies([study(key)]);
};

test('studies opened one after the other take no more than six tabs: what was looked at longest ago gives way', () => {
  openOneByOne('cdefg');
  activateStudy('b');
  openOneByOne('h');
  expect([tabs().join(''), active()]).toEqual(['bdefgh', 'h']);
  // Many that are opened together are all shown.
  openStudies([...'pqrstuvw'].map((key) => study(key)));
  expect(tabs().join('')).toBe('hpqrstuvw');
});

test('a tab that is kept, or where something was begun, stays', async () => {
  keepStudy('b');
  begun.add('c');
  openOneByOne('cdefghi');
  expect(tabs().join('')).toBe('bcefghi');
  expect([changed['openStudies'], changed['keptStudies']]).toEqual([[...'bcefghi'], ['b']]);
  begun.clear();
  openOneByOne('j');
  expect(tabs().join('')).toBe('befghij');
  keepStudy('b');
  openOneByOne('k');
  expect(tabs().join('')).toBe('fghijk');
  useApp.setState({ readingOrder: ['k', 'l'] });
  keepStudy('k');
  await stepStudy(1);
  expect(tabs().join('')).toBe('fghijkl');
});

test('what was said of a study goes when another comes on screen, whatever way', async () => {
  const ways: readonly (() => unknown)[] = [
    () => stepStudy(1),
    () => openStudies([study('x')]),
    () => activateStudy('c'),
    () => goTo({ kind: 'studies' }),
    () => closeStudy('c'),
  ];
  for (const way of ways) {
    dismissOfStudy.mockClear();
    await way();
    expect(dismissOfStudy).toHaveBeenCalled();
  }
});
