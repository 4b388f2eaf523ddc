import { expect, it, vi } from 'vitest';
import { problem } from '../../core/base/problem.ts';
import { useApp } from './app-store.ts';
import {
  dismissMessage,
  dismissOfStudy,
  mostUrgent,
  showMessage,
  showProblem,
  showRefusal,
} from './messages.ts';

it('keeps what happened, not its words: an old message follows the language', () => {
  useApp.setState({ language: 'zh-CN', messages: [] });
  const id = showProblem(problem('CONNECTION_REFUSED', { host: 'pacs', port: 104 }));
  const [message] = useApp.getState().messages;
  const said = (language: 'zh-CN' | 'en') =>
    typeof message?.text === 'function' ? message.text(language) : '';
  expect(said('zh-CN')).toBe('pacs 的端口 104 没有程序应答。');
  expect(said('en')).toBe('Nothing answers on port 104 of pacs.');
  dismissMessage(id);
});

it('says again in place of what was said before, and not beside it', () => {
  useApp.setState({ language: 'zh-CN', messages: [] });
  showProblem(problem('PATH_NO_LUMEN', { n: 1 }));
  const other = showProblem(problem('IO_ERROR'));
  const again = showProblem(problem('PATH_NO_LUMEN', { n: 1 }));
  expect(useApp.getState().messages.map(({ id }) => id)).toEqual([other, again]);
  showProblem(problem('PATH_NO_LUMEN', { n: 2 }));
  expect(useApp.getState().messages.length).toBe(3);
  useApp.setState({ messages: [] });
});

it('tells first, where there is room for one, what went wrong, else what came last', () => {
  useApp.setState({ messages: [] });
  const shown = () => mostUrgent(useApp.getState().messages)?.id;
  expect(shown()).toBeUndefined();
  showMessage({ tone: 'ok', text: 'a' });
  const newer = showMessage({ tone: 'info', text: 'b' });
  expect(shown()).toBe(newer);
  const failed = showProblem(problem('IO_ERROR'));
  showMessage({ tone: 'ok', text: 'c' });
  expect(shown()).toBe(failed);
  useApp.setState({ messages: [] });
});

it('leaves by itself what the next click puts right; what a machine did wrong stays', () => {
  vi.useFakeTimers();
  try {
    useApp.setState({ messages: [] });
    showProblem(problem('PATH_NO_LUMEN', { n: 1 }));
    const failed = showProblem(problem('IO_ERROR'));
    expect(useApp.getState().messages.map(({ tone }) => tone)).toEqual(['warn', 'danger']);
    vi.advanceTimersByTime(60_000);
    expect(useApp.getState().messages.map(({ id }) => id)).toEqual([failed]);
  } finally {
    vi.useRealTimers();
    useApp.setState({ messages: [] });
  }
});

it('takes what was said of a study away with it, and nothing else', () => {
  useApp.setState({ messages: [] });
  const ofStore = showMessage({ tone: 'ok', text: 'imported' });
  showMessage({ tone: 'ok', text: 'view kept', ofStudy: 's.1' });
  const failed = showProblem(problem('IO_ERROR'));
  dismissOfStudy();
  expect(useApp.getState().messages.map(({ id }) => id)).toEqual([ofStore, failed]);
  useApp.setState({ messages: [] });
});

it('says nothing late of one study over the pictures of another, and still on the list', () => {
  const reading = { page: { kind: 'reading' }, activeStudyKey: 's.2' } as const;
  useApp.setState({ ...reading, messages: [] });
  showMessage({ tone: 'ok', text: 'film ready', ofStudy: 's.1' });
  expect(useApp.getState().messages).toEqual([]);
  const own = showMessage({ tone: 'ok', text: 'picture ready', ofStudy: 's.2' });
  expect(useApp.getState().messages.map(({ id }) => id)).toEqual([own]);
  useApp.setState({ page: { kind: 'studies' } });
  showMessage({ tone: 'ok', text: 'film ready', ofStudy: 's.1' });
  expect(useApp.getState().messages.length).toBe(2);
  useApp.setState({ activeStudyKey: null, messages: [] });
});

it('takes what a hand did wrong on pictures away with them; what a machine did wrong stays', () => {
  useApp.setState({ page: { kind: 'reading' }, activeStudyKey: 's.2', messages: [] });
  showProblem(problem('PATH_NO_LUMEN', { n: 1 }));
  const failed = showProblem(problem('IO_ERROR'));
  dismissOfStudy();
  expect(useApp.getState().messages.map(({ id }) => id)).toEqual([failed]);
  useApp.setState({ page: { kind: 'studies' }, activeStudyKey: null, messages: [] });
});

it('says in amber what pictures cannot be shown as, and takes it away with them or by itself', () => {
  vi.useFakeTimers();
  try {
    useApp.setState({ page: { kind: 'reading' }, activeStudyKey: 's.2', messages: [] });
    showRefusal(problem('VOLUME_COLOUR'));
    expect(useApp.getState().messages).toMatchObject([{ tone: 'warn', ofStudy: 's.2' }]);
    dismissOfStudy();
    expect(useApp.getState().messages).toEqual([]);
    showRefusal(problem('VOLUME_COLOUR'));
    vi.advanceTimersByTime(20_000);
    expect(useApp.getState().messages).toEqual([]);
  } finally {
    vi.useRealTimers();
    useApp.setState({ page: { kind: 'studies' }, activeStudyKey: null, messages: [] });
  }
});
