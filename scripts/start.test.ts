import { describe, expect, it } from 'vitest';
import { chooseShell } from './start.ts';
import { startWords } from './start-words.ts';

const person = {
  wantsBrowser: false,
  isRoot: false,
  hasScreen: true,
  electron: () => ({ path: '/electron' }),
};

describe('chooseShell', () => {
  it('is Electron where its binary is there', () => {
    expect(chooseShell(person)).toMatchObject({ shell: 'electron', path: '/electron' });
  });

  it.each([
    ['root', { isRoot: true }, 'root'],
    ['no display', { hasScreen: false }, 'noDisplay'],
    ['asked for', { wantsBrowser: true }, 'asked'],
  ])('is the browser shell: %s, and Electron is not even looked for', (_what, change, word) => {
    const electron = () => {
      throw new Error('looked for');
    };
    const choice = chooseShell({ ...person, ...change, electron });
    expect(choice).toEqual({ shell: 'browser', because: word });
  });

  it('is the browser shell when Electron cannot be had, and says when it is tried again', () => {
    const lately = () => ({ reason: 'failed-lately' as const });
    expect(chooseShell({ ...person, electron: lately })).toEqual({
      shell: 'browser',
      because: 'failedLately',
    });
    const never = () => ({ reason: 'unreachable' as const });
    expect(chooseShell({ ...person, electron: never })).toEqual({ shell: 'browser', because: 'unreachable' });
    expect(startWords.failedLately.en).toContain('7 days');
  });
});
