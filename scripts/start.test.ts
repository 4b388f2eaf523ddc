import { describe, expect, it } from 'vitest';
import { chooseShell } from './start.ts';

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
    ['no display', { hasScreen: false }, 'display'],
    ['asked for', { wantsBrowser: true }, 'asked'],
  ])('is the browser shell: %s, and Electron is not even looked for', (_what, change, word) => {
    const electron = () => {
      throw new Error('looked for');
    };
    const choice = chooseShell({ ...person, ...change, electron });
    expect(choice.shell).toBe('browser');
    expect(choice.because).toContain(word);
  });

  it('is the browser shell when Electron cannot be had, and says when it is tried again', () => {
    const lately = chooseShell({ ...person, electron: () => ({ reason: 'failed-lately' as const }) });
    expect(lately).toMatchObject({ shell: 'browser' });
    expect(lately.because).toContain('7 days');
    expect(chooseShell({ ...person, electron: () => ({ reason: 'unreachable' as const }) }).shell).toBe(
      'browser',
    );
  });
});
