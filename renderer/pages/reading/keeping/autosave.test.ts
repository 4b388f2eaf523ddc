import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problem } from '../../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../../core/base/result.ts';
import { Autosave } from './autosave.ts';

describe('autosave', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const started = (answers: Result<unknown>[]) => {
    const saved: string[] = [];
    const problems: string[] = [];
    let text = '';
    const autosave = new Autosave({
      write: () => text,
      save: async (now) => {
        saved.push(now);
        return answers.shift() ?? ok({});
      },
      onProblem: ({ code }) => problems.push(code),
    });
    const change = (to: string): void => {
      text = to;
      autosave.changed();
    };
    return { saved, problems, change, autosave };
  };

  test('within a second of the first change, however many follow', async () => {
    const { saved, change } = started([]);
    for (let n = 0; n < 30; n += 1) {
      change(`state ${n}`);
      await vi.advanceTimersByTimeAsync(33);
    }
    expect(saved.length).toBe(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(saved.at(-1)).toBe('state 29');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saved.length).toBe(2);
  });

  test('what failed is told once and tried again until it is kept', async () => {
    const full = fail(problem('DISK_FULL'));
    const { saved, problems, change } = started([full, full, full]);
    change('x');
    await vi.advanceTimersByTimeAsync(600);
    expect([saved.length, problems]).toEqual([1, ['DISK_FULL']]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([saved.length, problems]).toEqual([4, ['DISK_FULL']]);
  });

  test('at once when the page goes; nothing when nothing changed', async () => {
    const { saved, change, autosave } = started([]);
    await autosave.flush();
    expect(saved).toEqual([]);
    change('x');
    await autosave.flush();
    expect(saved).toEqual(['x']);
  });

  test('the last state is sent beside a save that never ends', async () => {
    const saved: string[] = [];
    let text = '';
    const autosave = new Autosave({
      write: () => text,
      save: (now, isLast) => {
        saved.push(`${now} ${isLast}`);
        return new Promise(() => undefined);
      },
      onProblem: () => undefined,
    });
    autosave.leave();
    expect(saved).toEqual([]);
    for (const now of ['first', 'last']) {
      text = now;
      autosave.changed();
      await vi.advanceTimersByTimeAsync(600);
    }
    expect(saved).toEqual(['first false']);
    autosave.leave();
    expect(saved.at(-1)).toBe('last true');
  });

  test('a study that is gone is given up quietly', async () => {
    const { saved, problems, change } = started([fail(problem('NOT_FOUND'))]);
    change('x');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([saved.length, problems]).toEqual([1, []]);
  });
});
