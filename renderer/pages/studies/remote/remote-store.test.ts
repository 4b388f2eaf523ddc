import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { momentOf } from '../../../../core/terms/format-date.ts';
import { provideClient } from '../../../app/client.ts';
import type { Client } from '../../../app/transport/client.ts';
import { noFilter } from '../filter.ts';
import { useStudies } from '../studies-store.ts';
import { asksOtherwise, searchRemote, showRemote, stopSearch, useRemote } from './remote-store.ts';

/** Calls as the host got them; a search is answered when a test says so. */
const calls: { readonly name: string; readonly input: { readonly searchId: string } }[] = [];
const waiting = new Map<string, (result: Result<unknown>) => void>();
const answer = (searchId: string, result: Result<unknown>) => waiting.get(searchId)?.(result);
const found = ok({ rows: [], partial: false, tookMs: 1 });

beforeEach(() => {
  showRemote(null);
  calls.length = 0;
  waiting.clear();
  provideClient({
    call(name: string, input: { readonly searchId: string }) {
      calls.push({ name, input });
      if (name === 'remote.stop') return Promise.resolve(ok({}));
      return new Promise((resolve) => waiting.set(input.searchId, resolve));
    },
  } as unknown as Client);
});

const idOf = (index: number): string => calls[index]?.input.searchId ?? '';

describe('a search of another station', () => {
  it('is stopped there too, and what it says afterwards is dropped', async () => {
    showRemote({ nodeId: 'pacs', kind: 'studies' });
    const searching = searchRemote();
    expect(useRemote.getState().state).toBe('running');
    stopSearch();
    expect(calls.map(({ name }) => name)).toEqual(['remote.search', 'remote.stop']);
    expect(idOf(0)).not.toBe('');
    expect(idOf(1)).toBe(idOf(0));
    expect(useRemote.getState().state).toBe('idle');
    answer(idOf(0), fail(problem('CANCELLED')));
    await searching;
    expect(useRemote.getState()).toMatchObject({ state: 'idle', problem: null });
  });

  it('is stopped by the next one, and by looking elsewhere', async () => {
    showRemote({ nodeId: 'pacs', kind: 'studies' });
    const first = searchRemote();
    const second = searchRemote();
    expect(calls.map(({ name }) => name)).toEqual(['remote.search', 'remote.stop', 'remote.search']);
    expect(idOf(1)).toBe(idOf(0));
    expect(idOf(2)).not.toBe(idOf(0));
    answer(idOf(0), found);
    await first;
    expect(useRemote.getState().state).toBe('running');
    showRemote({ nodeId: 'list', kind: 'worklist' });
    expect(calls.slice(3).map(({ name }) => name)).toEqual(['remote.stop', 'worklist.search']);
    expect(idOf(3)).toBe(idOf(2));
    answer(idOf(2), found);
    await second;
    expect(useRemote.getState().view?.nodeId).toBe('list');
    showRemote(null);
    expect(idOf(5)).toBe(idOf(4));
  });

  it('finds the answer of a station again after looking elsewhere, with when and what was asked', async () => {
    const rows = [{ studyInstanceUID: '1.2', localStudyKey: null }];
    useStudies.setState({ filter: { ...noFilter, query: 'wang' } });
    showRemote({ nodeId: 'pacs', kind: 'studies' });
    const searching = searchRemote();
    answer(idOf(0), ok({ rows, partial: true, tookMs: 1 }));
    await searching;
    expect(useRemote.getState()).toMatchObject({ state: 'done', isKept: false });
    showRemote(null);
    expect(useRemote.getState().studies).toEqual([]);
    showRemote({ nodeId: 'other', kind: 'studies' });
    expect(useRemote.getState()).toMatchObject({ state: 'idle', studies: [] });
    showRemote({ nodeId: 'pacs', kind: 'studies' });
    const { answered, ...state } = useRemote.getState();
    expect(state).toMatchObject({ state: 'done', isKept: true, studies: rows, partial: true });
    const { filter } = useStudies.getState();
    const now = momentOf(new Date(answered?.atMs ?? 0));
    expect(answered && asksOtherwise(answered, filter, now)).toBe(false);
    expect(answered && asksOtherwise(answered, { ...filter, query: 'li' }, now)).toBe(true);
    expect(calls.map(({ name }) => name)).toEqual(['remote.search']);
    const again = searchRemote();
    answer(idOf(1), found);
    await again;
    expect(useRemote.getState()).toMatchObject({ isKept: false, studies: [] });
  });

  it('that has ended is not stopped', async () => {
    showRemote({ nodeId: 'pacs', kind: 'studies' });
    const searching = searchRemote();
    answer(idOf(0), found);
    await searching;
    expect(useRemote.getState().state).toBe('done');
    showRemote(null);
    expect(calls.map(({ name }) => name)).toEqual(['remote.search']);
  });
});
