import { beforeEach, expect, test, vi } from 'vitest';
import type { StudyRow } from '../../core/contract/studies.ts';

const study = (studyKey: string) =>
  ({
    studyKey,
    patientId: studyKey,
    patientName: { alphabetic: studyKey },
    birthDate: '',
    modalities: [],
    description: '',
    deletedAtMs: null,
    unread: false,
    stored: true,
  }) as unknown as StudyRow;

let lastPage = 'studies';
let tabs: string[] = [];
let activeStudy = '';
const held = { release: (): void => undefined, until: Promise.resolve() };
const call = vi.fn(async (name: string, { studyKey = '' }: { studyKey?: string }) => {
  await held.until;
  if (name === 'settings.get') return { ok: true, value: { lastPage, openStudies: tabs, activeStudy } };
  return { ok: true, value: name === 'studies.show' ? { study: study(studyKey) } : {} };
});
vi.mock('./client.ts', () => ({
  client: () => ({ call, subscribe: () => () => undefined, watchConnection: () => () => undefined }),
}));
vi.mock('./jobs.ts', () => ({ loadJobs: vi.fn(), receiveJob: vi.fn() }));
vi.mock('./receiver.ts', () => ({ readStatus: vi.fn(), receiveStatus: vi.fn() }));
vi.mock('./messages.ts', () => ({ dismissOfStudy: vi.fn(), showProblem: vi.fn() }));
const changed: Record<string, unknown> = {};
vi.mock('./settings-sync.ts', () => ({
  changeSettings: (some: object) => Object.assign(changed, some),
  flushSettings: vi.fn(),
  receiveSettings: vi.fn(),
}));
vi.stubGlobal('window', { addEventListener: () => undefined });

const { startSession } = await import('./session.ts');
const { activateStudy, goTo, openStudies } = await import('./actions.ts');
const { useApp } = await import('./app-store.ts');

const keys = (): string[] => useApp.getState().openStudies.map(({ studyKey }) => studyKey);
/** The host answers nothing until this is released. */
function hold(): void {
  held.until = new Promise((resolve) => {
    held.release = resolve;
  });
}

beforeEach(() => {
  useApp.setState({ page: { kind: 'studies' }, openStudies: [], activeStudyKey: null });
  tabs = ['a', 'b'];
  lastPage = 'reading';
  activeStudy = '';
  hold();
});

test('brings back the tabs and the page of the last run', async () => {
  held.release();
  await startSession();
  await vi.waitFor(() => expect(keys()).toEqual(['a', 'b']));
  expect(useApp.getState()).toMatchObject({ activeStudyKey: 'a', page: { kind: 'reading' } });
});

test('brings back the study that was on screen, and remembers it', async () => {
  activeStudy = 'b';
  held.release();
  await startSession();
  await vi.waitFor(() => expect(useApp.getState().activeStudyKey).toBe('b'));
  activateStudy('a');
  expect(changed['activeStudy']).toBe('a');
});

test('leaves who has gone to another page there', async () => {
  const started = startSession();
  goTo({ kind: 'studies' });
  held.release();
  await started;
  await vi.waitFor(() => expect(keys()).toEqual(['a', 'b']));
  expect(useApp.getState().page.kind).toBe('studies');
  lastPage = 'settings';
  goTo({ kind: 'reading' });
  const again = startSession();
  goTo({ kind: 'reading' });
  await again;
  expect(useApp.getState().page.kind).toBe('reading');
});

test('keeps a study that was opened before the tabs came back, and shows it', async () => {
  const started = startSession();
  openStudies([study('new')]);
  held.release();
  await started;
  await vi.waitFor(() => expect(keys()).toEqual(['a', 'b', 'new']));
  expect(useApp.getState()).toMatchObject({ activeStudyKey: 'new', page: { kind: 'reading' } });
  expect(changed['openStudies']).toEqual(['a', 'b', 'new']);
});
