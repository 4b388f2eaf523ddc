import { beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../../core/contract/jobs.ts';

const receipts: Record<string, { studies: readonly string[] }> = {
  one: { studies: ['1.2'] },
  two: { studies: ['1.2', '1.3'] },
  none: { studies: [] },
};
const call = async (_: string, { receiptId }: { receiptId?: string }) => {
  const value = receipts[receiptId ?? ''];
  return value ? { ok: true, value } : { ok: false };
};
vi.mock('./client.ts', () => ({ client: () => ({ call }) }));
vi.mock('./actions.ts', () => ({ goTo: vi.fn(), openStudyByKey: vi.fn() }));
vi.mock('./messages.ts', () => ({ showMessage: vi.fn(), showProblem: vi.fn(), words: (key: string) => key }));

const { awaitJob, onStudyBrought, receiveJob, showJob } = await import('./jobs.ts');
const { useApp } = await import('./app-store.ts');
const { showMessage } = await import('./messages.ts');

const jobOf = (jobId: string, state: Job['state']): Job => ({
  jobId,
  kind: 'import',
  title: '',
  state,
  phase: 'finishing',
  done: 1,
  total: 1,
  bytes: 1,
  startedAtMs: 0,
  finishedAtMs: state === 'running' ? null : Date.now() + 60_000,
  remainingMs: null,
  receiptId: null,
  place: null,
  problem: null,
});

let told: string[] = [];
beforeEach(() => {
  told = [];
});
const note = (job: Job): void => void told.push(job.jobId);

test('whoever awaits a job is told when it is done, also when it was done before', () => {
  receiveJob(jobOf('slow', 'running'));
  awaitJob('slow', note);
  expect(told).toEqual([]);
  receiveJob(jobOf('slow', 'done'));
  expect(told).toEqual(['slow']);
  receiveJob(jobOf('quick', 'running'));
  receiveJob(jobOf('quick', 'done'));
  awaitJob('quick', note);
  expect(told).toEqual(['slow', 'quick']);
  receiveJob(jobOf('bad', 'running'));
  receiveJob(jobOf('bad', 'failed'));
  awaitJob('bad', note);
  expect(told).toEqual(['slow', 'quick']);
});

test('the panel that shows a job goes when it is done, unless it was wanted or something failed or runs', () => {
  const isOpen = (): boolean => useApp.getState().isJobsPanelOpen;
  const made = (jobId: string, end: 'done' | 'failed'): boolean => {
    receiveJob(jobOf(jobId, 'running'));
    showJob(jobId, note);
    expect(isOpen()).toBe(true);
    receiveJob(jobOf(jobId, end));
    return isOpen();
  };
  expect(made('film', 'done')).toBe(false);
  expect(told).toEqual(['film']);
  receiveJob(jobOf('copy', 'running'));
  expect(made('meanwhile', 'done')).toBe(true);
  receiveJob(jobOf('copy', 'done'));
  useApp.setState({ isJobsPanelOpen: true });
  expect(made('looked at', 'done')).toBe(true);
  useApp.setState({ isJobsPanelOpen: false });
  expect(made('broken', 'failed')).toBe(true);
  useApp.setState({ isJobsPanelOpen: false });
});

test('an import that brought exactly one study tells which', async () => {
  const brought: string[] = [];
  const end = onStudyBrought((studyKey) => void brought.push(studyKey));
  for (const [jobId, kind, receiptId] of [
    ['a', 'import', 'two'],
    ['b', 'import', 'none'],
    ['c', 'import', null],
    ['d', 'verify', 'one'],
    ['e', 'import', 'one'],
    ['f', 'demo', 'one'],
  ] as const) {
    receiveJob({ ...jobOf(jobId, 'running'), kind, receiptId });
    receiveJob({ ...jobOf(jobId, 'done'), kind, receiptId });
  }
  await expect.poll(() => brought).toEqual(['s.1.2', 's.1.2']);
  end();
});

test('what ended before this window was opened is told again by the host, not to the reader', async () => {
  const shown = vi.mocked(showMessage);
  shown.mockClear();
  const brought: string[] = [];
  const end = onStudyBrought((studyKey) => void brought.push(studyKey));
  const ended = { startedAtMs: Date.now() - 90_000, finishedAtMs: Date.now() - 60_000, receiptId: 'one' };
  const past = (state: Job['state']): Job => ({ ...jobOf('past', state), ...ended });
  receiveJob({ ...past('running'), finishedAtMs: null });
  receiveJob(past('done'));
  receiveJob({ ...past('running'), jobId: 'broken', finishedAtMs: null });
  receiveJob({ ...past('failed'), jobId: 'broken', problem: { code: 'NOT_FOUND' } });
  // One that ran when the window was opened, and ends now, is news.
  receiveJob({ ...jobOf('now', 'running'), startedAtMs: ended.startedAtMs, receiptId: 'one' });
  receiveJob({ ...jobOf('now', 'done'), startedAtMs: ended.startedAtMs, receiptId: 'one' });
  await expect.poll(() => shown.mock.calls.length).toBe(1);
  expect(brought).toEqual(['s.1.2']);
  end();
});

test('a job that has to try again says why as soon as it does, once for each reason', () => {
  const shown = vi.mocked(showMessage);
  shown.mockClear();
  const running: Job = {
    ...jobOf('send', 'running'),
    kind: 'send',
    title: 'PACS',
    phase: 'retrying',
    startedAtMs: Date.now(),
  };
  const refused = { code: 'CONNECTION_REFUSED', params: { host: 'pacs', port: 104 } } as const;
  for (const problem of [null, refused, refused, null, { code: 'CONNECTION_LOST' } as const]) {
    receiveJob({ ...running, problem });
  }
  const said = shown.mock.calls.map(([{ text, tone }]) => [
    tone,
    typeof text === 'function' ? text('en') : text,
  ]);
  expect(said).toEqual([
    ['warn', expect.stringMatching(/^Send \(PACS\): .*104.*pacs/)],
    ['warn', expect.stringMatching(/^Send \(PACS\): .+/)],
  ]);
});

test('a station that has not promised yet is a warning, and its promise, or that it keeps not all, is told when it comes', () => {
  const said = (job: Job): string[] => {
    vi.mocked(showMessage).mockClear();
    receiveJob(job);
    return vi.mocked(showMessage).mock.calls.map(([{ tone }]) => tone);
  };
  const sent: Job = { ...jobOf('sent', 'running'), kind: 'send' };
  const pending: Job = { ...sent, state: 'failed', problem: { code: 'COMMITMENT_PENDING' } };
  expect(said(sent)).toEqual([]);
  expect(said(pending)).toEqual(['warn']);
  expect(said({ ...pending, retriedBy: 'other' })).toEqual([]);
  const code = 'COMMITMENT_INCOMPLETE' as const;
  expect(said({ ...pending, problem: { code, params: { objects: 1 } } })).toEqual(['danger']);
  expect(said({ ...sent, state: 'done', problem: null })).toEqual(['ok']);
  expect(said({ ...sent, state: 'done', problem: null })).toEqual([]);
});

test('a send that fails says where to and whose, and leads to the jobs', () => {
  vi.mocked(showMessage).mockClear();
  const sending: Job = { ...jobOf('send', 'running'), kind: 'send', title: 'PACS · 王伟' };
  const lost = { code: 'CONNECTION_LOST' } as const;
  receiveJob(sending);
  receiveJob({ ...sending, problem: lost });
  receiveJob({ ...sending, state: 'failed', finishedAtMs: Date.now() + 60_000, problem: lost });
  const told = vi.mocked(showMessage).mock.calls.map(([message]) => message);
  expect(told).toHaveLength(2);
  for (const { text, action } of told) {
    for (const language of ['zh-CN', 'en'] as const)
      expect(typeof text === 'function' && text(language)).toContain('PACS · 王伟');
    useApp.setState({ isJobsPanelOpen: false });
    action?.run();
    expect(useApp.getState().isJobsPanelOpen).toBe(true);
  }
});
